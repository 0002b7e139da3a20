/** Twilio's error documents, and the numbers that cause them (Twilio's error dictionary and recorded answers). */
import type { HttpAnswer } from '../fault.ts';
import { deliveryErrors, type ErrorCode, errorCatalogue } from './error-catalogue.ts';

export { deliveryErrors, type ErrorCode, errorCatalogue } from './error-catalogue.ts';

/** Twilio shows a wrong number with its last four digits hidden (recorded for 21211: `+123456XXXX`); the plus stays. */
export const hideEnd = (number: string): string =>
  number.replace(/[^+]{1,4}$/, (end) => 'X'.repeat(end.length));

/** An error as a catalogue has it. */
export interface ErrorEntry {
  status: number;
  /** `{to}`, `{uri}` … are filled in. */
  message: string;
  detail?: string;
}

/**
 * The error answer of a code, with its placeholders filled in.
 *
 * @param values values of the placeholders; `message` and `detail` replace the catalogue's own
 */
export const errorAnswer = (code: ErrorCode, values: Record<string, string> = {}): HttpAnswer =>
  errorDocument(code, errorCatalogue[code], values);

/** The error answer of any catalogue's entry. */
export function errorDocument(
  code: number,
  entry: ErrorEntry,
  values: Record<string, string> = {},
): HttpAnswer {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  // A message of its own says all; the catalogue's detail goes with the catalogue's message only.
  const detail = values.detail ?? (values.message === undefined ? entry.detail : undefined);
  return {
    status: entry.status,
    headers: entry.status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {},
    body: {
      code,
      ...(detail && { detail }),
      message: values.message ?? fill(entry.message),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status: entry.status,
    },
  };
}

/** Errors that the magic numbers of the test credentials cause; here also with a Messaging Service. */
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

const ERROR_NUMBER = /^\+1500(\d{5})00$/;

/**
 * The code that a number asks for: `+1500` + five digits of the code + `00`, so that each error of the catalogue can
 * be had without a fault.
 *
 * This scheme is the mock's own. At Twilio only the eight magic numbers of the test credentials do anything
 * (`magicTo`, `magicFrom`; https://www.twilio.com/docs/iam/test-credentials), never with a Messaging Service. The area
 * code 500 belongs to no place and its `+1500…00` to no handset that a test would mean.
 *
 * @returns 21704 for `+15002170400`, 30003 for `+15003000300`; undefined for every other number
 */
export function codeInNumber(number: string): number | undefined {
  const digits = ERROR_NUMBER.exec(number)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A number that causes an error, as the inbox's help lists it. */
export interface ErrorNumber {
  number: string;
  code: number;
  /** HTTP status of a message that is refused; null of one that is taken and not delivered. */
  http: number | null;
  /** Last status of a message that is taken and not delivered. */
  status: string | null;
  reason: string;
  /** Said of Twilio's own magic numbers. */
  magic: string | null;
}

/** Every error with a number that causes it: Twilio's magic ones first, then the mock's own. */
export function errorNumbers(): ErrorNumber[] {
  const plain = (message: string) =>
    message.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'channel' ? 'SMS' : '…'));
  const refused = (number: string, code: ErrorCode, magic: string | null = null): ErrorNumber => {
    const { status, message } = errorCatalogue[code];
    return { number, code, http: status, status: null, reason: plain(message), magic };
  };
  const own = (code: string) => `+1500${code}00`;
  return [
    ...Object.entries(magicTo).map(([number, code]) => refused(number, code, "Twilio's magic number, as To")),
    ...Object.entries(magicFrom).map(([number, code]) =>
      refused(number, code, "Twilio's magic number, as From"),
    ),
    ...Object.keys(errorCatalogue).map((code) => refused(own(code), Number(code) as ErrorCode)),
    ...Object.entries(deliveryErrors).map(([code, { status, message }]) => ({
      number: own(code),
      code: Number(code),
      http: null,
      status,
      reason: message,
      magic: null,
    })),
  ];
}
