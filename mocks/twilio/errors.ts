/** Twilio's error documents: code → HTTP status and message (facts: twilio.md §5; [W] recorded, [D] dictionary). */
import type { HttpAnswer } from '../faults.ts';

interface CatalogueEntry {
  status: number;
  /** `{to}`, `{from}`, `{uri}` … are filled in. */
  message: string;
  detail?: string;
}

export const errorCatalogue = {
  20003: { status: 401, message: 'Authenticate', detail: 'Your AccountSid or AuthToken was incorrect.' },
  20004: { status: 405, message: 'Method not allowed' },
  20006: { status: 403, message: 'Access Denied' },
  20007: { status: 400, message: 'Page size too large. The maximum page size is 1000' },
  20008: { status: 403, message: 'Resource not accessible with Test Account Credentials' },
  20009: { status: 409, message: 'Cannot delete this resource before it is complete' },
  20404: { status: 404, message: 'The requested resource {uri} was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'Internal Server Error' },
  20503: { status: 503, message: 'Service Unavailable' },
  21211: { status: 400, message: "Invalid 'To' Phone Number: {to}" },
  21212: {
    status: 400,
    message: "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID.",
  },
  21408: {
    status: 400,
    message:
      "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}",
  },
  21481: { status: 400, message: 'Invalid PageToken' },
  21602: { status: 400, message: 'Message body is required.' },
  21603: { status: 400, message: "A 'From' phone number is required." },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21606: {
    status: 400,
    message:
      'The From phone number {from} is not a valid, SMS-capable inbound phone number or short code for your account.',
  },
  21608: {
    status: 400,
    message:
      'The number {to} is unverified. Trial accounts cannot send messages to unverified numbers; verify {to} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers',
  },
  21609: { status: 400, message: 'Invalid StatusCallback url' },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: 'SMS queue is full.' },
  21612: {
    status: 400,
    message:
      "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {from} via SMS.",
  },
  21614: { status: 400, message: 'To number: {to}, is not a mobile number' },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit.' },
  21619: { status: 400, message: 'A text message body or media urls must be specified' },
  21635: { status: 400, message: "The 'To' phone number cannot be a landline" },
  21701: { status: 404, message: 'The Messaging Service does not exist' },
  21703: {
    status: 400,
    message: 'The Messaging Service does not have a phone number available to send a message',
  },
  21704: { status: 400, message: 'The Messaging Service contains no phone numbers' },
  21705: { status: 400, message: 'The Messaging Service Sid is invalid' },
  30409: { status: 409, message: 'This message cannot be canceled' },
} as const satisfies Record<number, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Twilio shows a wrong number with its last four digits hidden ([W], facts: twilio.md §5, 21211). */
export const hideEnd = (number: string): string => number.replace(/.{1,4}$/, (end) => 'X'.repeat(end.length));

/** The error answer of a code, with its placeholders filled in. */
export function errorAnswer(code: ErrorCode, values: Record<string, string> = {}): HttpAnswer {
  const entry: CatalogueEntry = errorCatalogue[code];
  const message = entry.message.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return {
    status: entry.status,
    headers: entry.status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {},
    body: {
      code,
      ...(entry.detail && { detail: entry.detail }),
      message,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status: entry.status,
    },
  };
}

/** Errors that the magic numbers of the test credentials cause; here also with a Messaging Service (twilio.md §6). */
export const magicTo: Record<string, ErrorCode> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};
export const magicFrom: Record<string, ErrorCode> = {
  '+15005550001': 21212,
  '+15005550007': 21606,
  '+15005550008': 21611,
};
