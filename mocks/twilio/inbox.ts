/** What reached the phones: kept by number, handed out to whoever waits for it. */
import { maskPhone } from '../redact.ts';
import { createAttempts, type InboxAttempt, isFor } from './attempts.ts';
import { digitsOf } from './numbers.ts';

export interface InboxMessage {
  sid: string;
  /** 1 for the first copy that arrived, more for those of a message that came twice. */
  copy: number;
  to: string;
  from: string | null;
  body: string;
  /** The one-time code in it. */
  code: string | null;
  /** Usage type of the connector template it was made from; null when none fits, or several and nobody said which. */
  template: string | null;
  /** All usage types whose template has this text. */
  templates: string[];
  /** Usage type that Logto asked its connector for; null when the message came from elsewhere. */
  usageType: string | null;
  segments: number;
  encoding: 'GSM-7' | 'UCS-2';
  /** ISO 8601 time at which it reached the phone. */
  at: string;
  scope: string | null;
  /** Status of the message at Twilio, kept up to date. */
  status: string;
}

/** A message as it reaches the phone; the inbox numbers its copies. */
export type NewInboxMessage = Omit<InboxMessage, 'copy'>;

export interface InboxQuery {
  to?: string;
  /** ISO 8601; only messages at or after it. */
  since?: string;
  /** Text that must stand in the number or the body. */
  search?: string;
}

export type InboxEvent =
  | { type: 'message'; message: InboxMessage }
  | { type: 'attempt'; attempt: InboxAttempt }
  | { type: 'status'; sid: string; status: string }
  | { type: 'deleted'; sids: string[] };

export interface Inbox {
  list(query?: InboxQuery): InboxMessage[];
  /** Why the messages to a number are not whole, in words; undefined when they are. */
  missing(to: string): string | undefined;
  /** Messages that reached no phone, oldest first. */
  attempts(query?: InboxQuery): InboxAttempt[];
  /**
   * The first message to a number since a time, now or as soon as it arrives.
   * @throws Error at the limit (milliseconds), which says what did arrive, and what was refused; at once for a number
   *   without digits
   */
  waitFor(query: {
    to: string;
    since?: string;
    limitMs: number;
    scope?: string;
    signal?: AbortSignal;
  }): Promise<InboxMessage>;
  add(message: NewInboxMessage): void;
  addAttempt(attempt: InboxAttempt): void;
  /** Tells the copies of a message its new status. */
  update(sid: string, change: { status: string }): void;
  delete(sid: string): boolean;
  clear(to?: string): void;
  /** Told each message as it arrives. */
  subscribe(listener: (message: InboxMessage) => void): () => void;
  /** Told everything that changes. */
  watch(listener: (event: InboxEvent) => void): () => void;
}

const MESSAGES_MAX = 10_000;
/** Numbers of which it is known that they lost messages; no run has so many people. */
const NUMBERS_MAX = 50_000;

/** Milliseconds of an ISO 8601 time in any offset; texts of different precision cannot be compared as texts. */
function timeOf(since: string): number {
  if (since === '') return 0;
  const time = Date.parse(since);
  if (Number.isNaN(time))
    throw Object.assign(new Error(`"${since}" is no ISO 8601 time (since)`), { statusCode: 400 });
  return time;
}

/** @param max messages kept for certain; up to a tenth more stay until the oldest leave together */
export function createInbox(max = MESSAGES_MAX): Inbox {
  let messages: InboxMessage[] = [];
  const byPhone = new Map<string, InboxMessage[]>();
  const bySid = new Map<string, InboxMessage[]>();
  const tried = createAttempts();
  /** Numbers that lost messages, because there were too many. */
  const left = new Set<string>();
  const leave = (gone: readonly InboxMessage[]) => {
    for (const { to } of gone) {
      left.delete(digitsOf(to));
      left.add(digitsOf(to));
    }
    for (const phone of left) {
      if (left.size <= NUMBERS_MAX) break;
      left.delete(phone);
    }
  };
  const watchers = new Set<(event: InboxEvent) => void>();
  const tell = (event: InboxEvent) => {
    for (const watcher of [...watchers]) watcher(event);
  };
  const put = (index: Map<string, InboxMessage[]>, key: string, message: InboxMessage) => {
    const thread = index.get(key);
    if (thread) thread.push(message);
    else index.set(key, [message]);
  };

  /** Keeps some messages; both indexes are built anew, which costs no more than looking at each message once. */
  const keep = (left: InboxMessage[]) => {
    messages = left;
    byPhone.clear();
    bySid.clear();
    for (const message of left) {
      put(byPhone, digitsOf(message.to), message);
      put(bySid, message.sid, message);
    }
  };
  const drop = (gone: readonly InboxMessage[]) => {
    if (gone.length === 0) return;
    const leaving = new Set(gone);
    keep(messages.filter((message) => !leaving.has(message)));
    tell({ type: 'deleted', sids: [...new Set(gone.map(({ sid }) => sid))] });
  };

  /** Whether something fits time and search words: a part of the number, or of the text. */
  const fitsQuery = ({ since = '', search = '' }: InboxQuery) => {
    const least = timeOf(since);
    const wanted = search.trim().toLowerCase();
    const number = /^[+\d\s().-]+$/.test(wanted) ? digitsOf(wanted) : '';
    return ({ to, body, at }: { to: string; body: string; at: string }) =>
      Date.parse(at) >= least &&
      (!wanted ||
        (number !== '' && digitsOf(to).includes(number)) ||
        `${to}\n${body}`.toLowerCase().includes(wanted));
  };
  const list = (query: InboxQuery = {}) =>
    (query.to === undefined ? messages : (byPhone.get(digitsOf(query.to)) ?? [])).filter(fitsQuery(query));
  const attempts = (query: InboxQuery = {}) =>
    tried
      .list()
      .filter((attempt) => query.to === undefined || isFor(attempt, query.to))
      .filter(fitsQuery(query));
  /** What a wait that ended in vain had in view: what came elsewhere, what was refused, what came too early. */
  const happened = (to: string, since: string) => {
    const others = list({ since })
      .slice(-5)
      .map((message) => `${message.template ?? 'a message'} to ${maskPhone(message.to)} at ${message.at}`);
    const refused = attempts({ to, since })
      .slice(-3)
      .map(({ kind, code, reason }) => `${kind}${code === null ? '' : ` with ${code}`}: ${reason}`);
    const early = list({ to }).findLast(({ at }) => Date.parse(at) < timeOf(since));
    return [
      others.length
        ? `what did arrive since then: ${others.join('; ')}`
        : 'nothing at all arrived since then',
      ...(refused.length ? [`to this number a message was ${refused.join('; ')}`] : []),
      ...(early ? [`the one before came at ${early.at}, earlier than asked for`] : []),
    ].join('; ');
  };

  const watch: Inbox['watch'] = (listener) => {
    watchers.add(listener);
    return () => watchers.delete(listener);
  };
  const subscribe: Inbox['subscribe'] = (listener) =>
    watch((event) => {
      if (event.type === 'message') listener(event.message);
    });

  return {
    list,
    missing: (to) =>
      left.has(digitsOf(to))
        ? `the inbox keeps ${max} messages, and some of those to ${maskPhone(to)} have left it`
        : undefined,
    attempts,
    watch,
    subscribe,
    async waitFor({ to, since = '', limitMs, scope, signal }) {
      const phone = digitsOf(to);
      if (phone === '') throw new Error(`"${to}" is no phone number to wait for`);
      const least = timeOf(since);
      const fits = (message: InboxMessage) =>
        digitsOf(message.to) === phone &&
        Date.parse(message.at) >= least &&
        (scope === undefined || message.scope === scope);
      const found = list({ to, since }).find(fits);
      if (found) return found;
      if (signal?.aborted) throw new Error('nobody waits any more');
      return new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          stop();
          signal?.removeEventListener('abort', leave);
        };
        const leave = () => {
          end();
          reject(new Error('nobody waits any more'));
        };
        const stop = subscribe((message) => {
          if (!fits(message)) return;
          end();
          resolve(message);
        });
        const timer = setTimeout(() => {
          end();
          reject(
            new Error(`no message reached ${maskPhone(to)} within ${limitMs} ms; ${happened(to, since)}`),
          );
        }, limitMs);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    add(arrived) {
      const message = { ...arrived, copy: (bySid.get(arrived.sid)?.length ?? 0) + 1 };
      messages.push(message);
      put(byPhone, digitsOf(message.to), message);
      put(bySid, message.sid, message);
      // A tenth at once, so that each message is looked at a few times, however many pass through.
      if (messages.length > max + max / 10) {
        leave(messages.slice(0, -max));
        keep(messages.slice(-max));
      }
      tell({ type: 'message', message });
    },
    addAttempt(attempt) {
      tried.add(attempt);
      tell({ type: 'attempt', attempt });
    },
    update(sid, { status }) {
      const copies = bySid.get(sid) ?? [];
      for (const message of copies) message.status = status;
      if (copies.length) tell({ type: 'status', sid, status });
    },
    delete(sid) {
      const gone = bySid.get(sid) ?? [];
      drop([...gone]);
      const sids = tried.remove(({ id }) => id === sid);
      if (sids.length) tell({ type: 'deleted', sids });
      return gone.length + sids.length > 0;
    },
    clear(to) {
      if (to === undefined) left.clear();
      else left.delete(digitsOf(to));
      drop([...list({ to })]);
      const sids = tried.remove((attempt) => to === undefined || isFor(attempt, to));
      if (sids.length) tell({ type: 'deleted', sids });
    },
  };
}
