/** Phone numbers and sender ids as Twilio reads them. */
import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** Twilio's magic numbers and those of the mock's own scheme (`codeInNumber`): they lie outside of every plan. */
const OF_NO_PLAN = /^\+1500(?:555\d{4}|\d{5}00)$/;

/**
 * US and Canadian numbers are accepted loosely (`4158675309`, `+1 (415) 867 5309`), everything else needs `+CC`; a number
 * that the plan of its country has no place for is none (error dictionary, 21211): `0612345678` is not `+10612345678`, as
 * area codes of North America begin with 2 to 9.
 *
 * @returns the number in E.164, or undefined when it cannot be one
 */
export function readNumber(text: string): string | undefined {
  const trimmed = text.trim();
  const number = parsePhoneNumberFromString(trimmed, { defaultCountry: 'US', extract: false });
  if (!number || number.ext) return undefined;
  if (!trimmed.startsWith('+') && number.countryCallingCode !== '1') return undefined;
  return OF_NO_PLAN.test(number.number) || number.isValid() ? number.number : undefined;
}

const WHATSAPP = 'whatsapp:';
/** Whether an address is one of WhatsApp (`whatsapp:+15552229999`) and not of SMS. */
export const isWhatsApp = (address: string): boolean => address.startsWith(WHATSAPP);
/** The number of an address, without its channel. */
export const numberOf = (address: string): string =>
  isWhatsApp(address) ? address.slice(WHATSAPP.length) : address;

/** A number, or an address of WhatsApp, whose number needs its plus; undefined when it cannot be one. */
export function readAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (!isWhatsApp(trimmed)) return readNumber(trimmed);
  const written = numberOf(trimmed);
  const number = written.startsWith('+') ? readNumber(written) : undefined;
  return number && `${WHATSAPP}${number}`;
}

/** Two-letter country of a number or address, when it is known. */
export function countryOf(address: string): string | null {
  const number = numberOf(address);
  return parsePhoneNumberFromString(number)?.country ?? (number.startsWith('+1') ? 'US' : null);
}

/** As people write it with its country, such as `+1 201 555 0123`; what is no number stays as it is. */
export function prettyNumber(address: string): string {
  const number = numberOf(address);
  const pretty = parsePhoneNumberFromString(number)?.formatInternational() ?? number;
  return isWhatsApp(address) ? `WhatsApp ${pretty}` : pretty;
}

/** A short code, or an alphanumeric sender id: up to 11 characters, at least one of them a letter. */
export const isSenderId = (text: string): boolean =>
  /^\d{5,6}$/.test(text) || (/^[A-Za-z0-9 +\-_&]{1,11}$/.test(text) && /[A-Za-z]/.test(text));

/** Numbers are compared by their digits, so `+1 415…` and `1415…` are one phone. */
export const digitsOf = (phone: string): string =>
  phone.includes('@') ? phone.trim().toLowerCase() : phone.replace(/\D/g, '');
