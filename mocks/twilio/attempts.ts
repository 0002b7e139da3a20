/** Messages that reached no phone, and why: refused by the carrier, or taken and never delivered. */
import type { HttpAnswer } from '../fault.ts';
import { type Form, one } from './message.ts';
import { digitsOf, readAddress } from './numbers.ts';

export interface InboxAttempt {
  /** The sid of a message that was taken, a name of its own for one that was refused. */
  id: string;
  kind: 'refused' | 'undelivered';
  /** As in a message where it can be read as a number, else as it was written; '' when there was none. */
  to: string;
  from: string | null;
  body: string;
  /** HTTP status of the answer; null when there was none. */
  http: number | null;
  /** Twilio's error code, when there is one. */
  code: number | null;
  reason: string;
  moreInfo: string | null;
  /** Usage type of the connector template it was made from. */
  template: string | null;
  /** All usage types whose template has this text. */
  templates: string[];
  /** ISO 8601 time. */
  at: string;
  scope: string | null;
  request: { method: 'POST'; url: string; form: Form };
  answer: { status: number; body: unknown } | null;
}

export interface Attempts {
  /** Oldest first. */
  list(): readonly InboxAttempt[];
  add(attempt: InboxAttempt): void;
  /** Forgets those that fit, and names them. */
  remove(fits: (attempt: InboxAttempt) => boolean): string[];
}

const ATTEMPTS_MAX = 2_000;

/** @param max attempts kept; the oldest leave first */
export function createAttempts(max = ATTEMPTS_MAX): Attempts {
  let attempts: InboxAttempt[] = [];
  return {
    list: () => attempts,
    add(attempt) {
      attempts.push(attempt);
      if (attempts.length > max + max / 10) attempts = attempts.slice(-max);
    },
    remove(fits) {
      const gone = attempts.filter(fits).map(({ id }) => id);
      if (gone.length) attempts = attempts.filter((attempt) => !fits(attempt));
      return gone;
    },
  };
}

/** What became of a refused request, in one clause, with the code and the HTTP status it got. */
export function outcomeOf({
  status,
  body,
  wire,
}: HttpAnswer): Pick<InboxAttempt, 'http' | 'code' | 'reason' | 'moreInfo' | 'answer'> {
  const nothing = { http: null, code: null, moreInfo: null, answer: null };
  if (wire === 'hang') return { ...nothing, reason: 'The carrier never answered.' };
  if (wire === 'reset') return { ...nothing, reason: 'The carrier reset the connection.' };
  const error = (typeof body === 'object' ? body : null) as {
    code?: number;
    message?: string;
    more_info?: string;
  } | null;
  return {
    http: status,
    code: error?.code ?? null,
    reason: error?.message ?? `The carrier answered ${status} without one of its error documents.`,
    moreInfo: error?.more_info ?? null,
    answer: { status, body },
  };
}

/** The request as its sender meant it. */
export const requestOf = (account: string, form: Form): InboxAttempt['request'] => ({
  method: 'POST',
  url: `https://api.twilio.com/2010-04-01/Accounts/${account}/Messages.json`,
  form,
});

/** Recipient of a form: the number that it means, else what stands there. */
export const recipientOf = (form: Form): string => readAddress(one(form.To)) ?? one(form.To).slice(0, 64);

/** Whether an attempt was for a phone; one whose number cannot be read is found by the text it was given. */
export const isFor = (attempt: Pick<InboxAttempt, 'to'>, phone: string): boolean =>
  attempt.to === phone || (digitsOf(phone) !== '' && digitsOf(attempt.to) === digitsOf(phone));
