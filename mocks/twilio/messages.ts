/** The Message resource: validation, creation, life cycle (Twilio Messages API 2010-04-01; facts: twilio.md §2–§4). */
import { randomBytes } from 'node:crypto';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Clock } from '../clock.ts';
import { type Delivery, distort, type HttpAnswer } from '../faults.ts';
import { registerSecret } from '../redact.ts';
import type { Scopes } from '../scope.ts';
import type { TwilioAccount } from './accounts.ts';
import { type ErrorCode, errorAnswer, hideEnd, magicFrom, magicTo } from './errors.ts';
import type { Inbox } from './inbox.ts';
import { countSegments } from './segments.ts';
import { recognise, type SmsTemplate } from './templates.ts';

/** The 20 properties of a message, in Twilio's order and types (twilio.md §2). */
export interface Message {
  body: string | null;
  num_segments: string;
  direction: 'outbound-api';
  from: string | null;
  to: string;
  date_updated: string;
  price: string | null;
  error_message: string | null;
  uri: string;
  account_sid: string;
  num_media: string;
  status: string;
  messaging_service_sid: string | null;
  sid: string;
  date_sent: string | null;
  date_created: string;
  error_code: number | null;
  price_unit: string | null;
  api_version: '2010-04-01';
  subresource_uris: { media: string; feedback?: string };
}

export type Form = Record<string, string | string[] | undefined>;

/** RFC 2822 in GMT, `ddd, DD MMM YYYY HH:mm:ss +0000`. */
export const twilioDate = (milliseconds: number): string =>
  new Date(milliseconds).toUTCString().replace('GMT', '+0000');
export const newSid = (prefix: string): string => prefix + randomBytes(16).toString('hex');
const one = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value.at(-1) ?? '') : (value ?? '');

/** US and Canadian numbers are accepted loosely, everything else needs a plus (21211, twilio.md §3). */
export function readNumber(text: string): string | undefined {
  const number = parsePhoneNumberFromString(text.trim(), 'US');
  const loose = !text.trim().startsWith('+') && number?.countryCallingCode !== '1';
  return number?.isPossible() && !loose && number.number.length >= 8 ? number.number : undefined;
}

export interface MessageStore {
  create(
    account: TwilioAccount,
    form: Form,
    scope: string | undefined,
  ): { answer: HttpAnswer; message?: Message };
  messages: Map<string, Message>;
}

const MESSAGES_MAX = 20_000;

export function createMessageStore(context: {
  clock: Clock;
  scopes: Scopes;
  inbox: Inbox;
  templates: () => readonly SmsTemplate[];
  /** Told each status after the first one. */
  onStatus?: (message: Message, form: Form, account: TwilioAccount) => void;
}): MessageStore {
  const { clock, scopes, inbox } = context;
  const messages = new Map<string, Message>();
  const waiting = new Set<{
    due: number;
    scope: string | undefined;
    run: () => void;
    timer: NodeJS.Timeout;
  }>();
  const held = new Map<string, (() => void)[]>();

  clock.onMove(() => {
    for (const entry of [...waiting].sort((a, b) => a.due - b.due)) {
      if (entry.due > clock.now(entry.scope)) continue;
      clearTimeout(entry.timer);
      waiting.delete(entry);
      entry.run();
    }
  });
  const later = (delayMs: number, scope: string | undefined, run: () => void) => {
    const entry = { due: clock.now(scope) + delayMs, scope, run, timer: setTimeout(() => {}, 0) };
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      waiting.delete(entry);
      run();
    }, delayMs).unref();
    waiting.add(entry);
  };

  function reach(message: Message, copy: Delivery['deliveries'][number], scope: string | undefined) {
    const { count, encoding } = countSegments(copy.body);
    const known = recognise(copy.body, context.templates());
    registerSecret('one-time code', known.code);
    inbox.add({
      sid: message.sid,
      to: copy.to,
      from: message.from,
      body: copy.body,
      ...known,
      segments: count,
      encoding,
      at: new Date().toISOString(),
      scope: scope ?? null,
      status: message.status,
    });
    const after = held.get(copy.to) ?? [];
    held.delete(copy.to);
    for (const run of after) run();
  }

  function deliver(account: TwilioAccount, message: Message, form: Form, scope: string | undefined) {
    const body = message.body ?? '';
    const delivery = distort<Delivery>(
      scopes.armed('delivery', scope),
      { deliveries: [{ to: message.to, body, delayMs: 0 }], status: 'delivered', errorCode: null },
      { issuer: '', clientId: '', redirectUri: '', now: Math.floor(Date.now() / 1000) },
    );
    const step = (status: string) => {
      message.status = status;
      message.date_updated = twilioDate(Date.now());
      context.onStatus?.(message, form, account);
    };
    // A message of a Messaging Service is accepted first: only then a sender is chosen (twilio.md §4).
    if (message.status === 'accepted') {
      message.from = account.numbers[0] ?? null;
      message.num_segments = String(countSegments(body).count);
      step('queued');
    }
    step('sending');
    message.date_sent = twilioDate(Date.now());
    message.price = `-${(0.0079 * Number(message.num_segments)).toFixed(5)}`;
    step('sent');
    for (const copy of delivery.deliveries) {
      const arrive = () => reach(message, copy, scope);
      if (copy.delayMs > 0) later(copy.delayMs, scope, arrive);
      else if (copy.afterNext) held.set(copy.to, [...(held.get(copy.to) ?? []), arrive]);
      else arrive();
    }
    message.error_code = delivery.errorCode;
    message.error_message = delivery.errorCode ? 'Unknown error' : null;
    step(delivery.status);
  }

  return {
    messages,
    create(account, form, scope) {
      const problem = validate(account, form);
      if (problem) return { answer: errorAnswer(problem.code, problem.values) };
      const service = one(form.MessagingServiceSid) || null;
      const sid = newSid(form.MediaUrl ? 'MM' : 'SM');
      const uri = `/2010-04-01/Accounts/${account.sid}/Messages/${sid}`;
      const now = twilioDate(Date.now());
      const body = one(form.Body);
      const message: Message = {
        body,
        num_segments: service ? '0' : String(countSegments(body).count),
        direction: 'outbound-api',
        from: service ? null : one(form.From),
        to: readNumber(one(form.To)) ?? one(form.To),
        date_updated: now,
        price: null,
        error_message: null,
        uri: `${uri}.json`,
        account_sid: account.sid,
        num_media: String([form.MediaUrl ?? []].flat().length),
        status: service ? 'accepted' : 'queued',
        messaging_service_sid: service,
        sid,
        date_sent: null,
        date_created: now,
        error_code: null,
        price_unit: 'USD',
        api_version: '2010-04-01',
        subresource_uris: { media: `${uri}/Media.json` },
      };
      messages.set(sid, message);
      if (messages.size > MESSAGES_MAX) messages.delete(messages.keys().next().value as string);
      const answer = { status: 201, headers: {}, body: structuredClone(message) };
      deliver(account, message, form, scope ?? scopes.of('phone', message.to));
      return { answer, message };
    },
  };
}

/** The first thing wrong with a request, in Twilio's order: To before From before Body (twilio.md §3). */
function validate(
  account: TwilioAccount,
  form: Form,
): { code: ErrorCode; values: Record<string, string> } | undefined {
  const to = one(form.To).trim();
  const from = one(form.From).trim();
  const service = one(form.MessagingServiceSid).trim();
  const body = one(form.Body);
  const wrong = (code: ErrorCode) => ({ code, values: { to: code === 21211 ? hideEnd(to) : to, from } });
  if (!to) return wrong(21604);
  const number = readNumber(to);
  if (!number) return wrong(21211);
  if (magicTo[number]) return wrong(magicTo[number]);
  if (!from && !service) return wrong(21603);
  if (service && !/^MG[0-9a-fA-F]{32}$/.test(service)) return wrong(21705);
  if (service && !account.messagingServices.some((sid) => sid.toLowerCase() === service.toLowerCase()))
    return wrong(21701);
  if (from && magicFrom[from]) return wrong(magicFrom[from]);
  if (from && !account.numbers.includes(from))
    return wrong(readNumber(from) || /^\d{5,6}$/.test(from) ? 21606 : 21212);
  if (!body && !form.MediaUrl && !form.ContentSid) return wrong(service ? 21619 : 21602);
  if ([...body].length > 1600) return wrong(21617);
  return undefined;
}
