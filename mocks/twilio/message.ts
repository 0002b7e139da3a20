/** The Message resource: its 20 properties, and what the mock keeps beside them (OpenAPI `api.v2010.account.message`). */
import { randomBytes } from 'node:crypto';
import type { TwilioAccount } from './accounts.ts';
import { readAddress } from './numbers.ts';
import { countSegments } from './segments.ts';
import type { SmsTemplate } from './templates.ts';

export type MessageStatus =
  | 'accepted'
  | 'scheduled'
  | 'canceled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed';

/** In Twilio's order and types: numbers of segments and media are strings, the error code is an integer. */
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
  status: MessageStatus;
  messaging_service_sid: string | null;
  sid: string;
  date_sent: string | null;
  date_created: string;
  error_code: number | null;
  price_unit: string | null;
  api_version: '2010-04-01';
  subresource_uris: { media: string; feedback?: string };
}

export interface StatusChange {
  status: MessageStatus;
  /** ISO 8601, on the mock's clock. */
  at: string;
}

export interface Media {
  sid: string;
  account_sid: string;
  parent_sid: string;
  content_type: string;
  date_created: string;
  date_updated: string;
  uri: string;
}

/** A message with its history; `resource` is what the API shows. */
export interface StoredMessage {
  resource: Message;
  account: TwilioAccount;
  form: Form;
  scope: string | undefined;
  /** What Logto asked its connector for, when the message came from one. */
  usageType?: string;
  /** The request that made it, when it was none of the Messages API. */
  via?: { url: string; form: Form; answer: object };
  /** The template that it was made from, when that is known for certain. */
  templates?: readonly SmsTemplate[];
  timeline: StatusChange[];
  /** The answer that its sender got. */
  created: Message;
  media: { row: Media; url: string }[];
  /** Milliseconds since the epoch, on the mock's clock. */
  sentAt: number | null;
  /** Milliseconds since the epoch, on the mock's clock. */
  createdAt: number;
  /** When it is to be sent, in the same milliseconds; it stands in lists by this, as it never changes. */
  due: number;
}

export type Form = Record<string, string | string[] | undefined>;

/** RFC 2822 in GMT, `ddd, DD MMM YYYY HH:mm:ss +0000`. */
export const twilioDate = (milliseconds: number): string =>
  new Date(milliseconds).toUTCString().replace('GMT', '+0000');
export const newSid = (prefix: string): string => prefix + randomBytes(16).toString('hex');
/** The last value of a parameter, '' when there is none. */
export const one = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value.at(-1) ?? '') : (value ?? '');
export const many = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : [value].flat();

/** "Used to cancel not-yet-sent messages" (OpenAPI, UpdateMessage). */
export const isCancelable = (status: MessageStatus): boolean =>
  ['accepted', 'queued', 'scheduled'].includes(status);
/** Statuses after which nothing follows. */
export const isFinal = (status: MessageStatus): boolean =>
  ['delivered', 'undelivered', 'failed', 'canceled'].includes(status);

const MEDIA_TYPES: Record<string, string> = {
  png: 'image/png',
  gif: 'image/gif',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
};

const FORM_LIMITS = { names: 64, values: 16, characters: 4096 };
/** Parameters that are looked at again after the creation. */
const NEEDED = new Set([
  'To',
  'From',
  'MessagingServiceSid',
  'Body',
  'StatusCallback',
  'SendAt',
  'SmartEncoded',
]);
/** A form without what no message needs: a caller may add a megabyte of unknown parameters to each. */
export const clipped = (form: Form): Form =>
  Object.fromEntries(
    Object.entries(form)
      .filter(([name], place) => place < FORM_LIMITS.names || NEEDED.has(name))
      .map(([name, value]) => {
        const short = many(value)
          .slice(-FORM_LIMITS.values)
          .map((one) => one.slice(0, FORM_LIMITS.characters));
        return [name.slice(0, FORM_LIMITS.characters), Array.isArray(value) ? short : short[0]];
      }),
  );

/**
 * A message as it is right after its creation.
 *
 * @param now milliseconds since the epoch, on the mock's clock
 */
export function newMessage(
  account: TwilioAccount,
  form: Form,
  scope: string | undefined,
  now: number,
): StoredMessage {
  const service = one(form.MessagingServiceSid) || null;
  const urls = many(form.MediaUrl);
  const sid = newSid(urls.length ? 'MM' : 'SM');
  const uri = `/2010-04-01/Accounts/${account.sid}/Messages/${sid}`;
  const date = twilioDate(now);
  const body = one(form.Body);
  const from = one(form.From) ? (readAddress(one(form.From)) ?? one(form.From)) : null;
  const to = readAddress(one(form.To)) ?? one(form.To);
  const first: MessageStatus = form.SendAt ? 'scheduled' : service ? 'accepted' : 'queued';
  const resource: Message = {
    body,
    // "Initially 0, since a sender hasn't yet been assigned" (OpenAPI, createWithMessagingService).
    num_segments: service
      ? '0'
      : String(countSegments(body, one(form.SmartEncoded) === 'true', { from, to }).count),
    direction: 'outbound-api',
    from,
    to,
    date_updated: date,
    price: null,
    error_message: null,
    uri: `${uri}.json`,
    account_sid: account.sid,
    num_media: String(urls.length),
    status: first,
    messaging_service_sid: service,
    sid,
    date_sent: null,
    date_created: date,
    error_code: null,
    price_unit: 'USD',
    api_version: '2010-04-01',
    subresource_uris: { media: `${uri}/Media.json` },
  };
  const media = urls.map((url) => {
    const row: Media = {
      sid: newSid('ME'),
      account_sid: account.sid,
      parent_sid: sid,
      content_type: MEDIA_TYPES[url.split(/[?#]/)[0]?.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'image/jpeg',
      date_created: date,
      date_updated: date,
      uri: '',
    };
    row.uri = `${uri}/Media/${row.sid}.json`;
    return { row, url };
  });
  const timeline: StatusChange[] = [{ status: first, at: new Date(now).toISOString() }];
  const created = structuredClone(resource);
  return {
    resource,
    created,
    account,
    form: clipped(form),
    scope,
    timeline,
    media,
    sentAt: null,
    createdAt: now,
    due: Date.parse(one(form.SendAt)) || now,
  };
}
