/** Phone numbers as Logto keeps them: digits only, country code first, no plus (packages/shared utils/phone.ts). */
import { parsePhoneNumberWithError } from 'libphonenumber-js';
import { assertThat } from './errors.ts';
import type { Tenant, User } from './tenant.ts';

/** What the APIs take for a phone number; no further check is made on sending (recording 638). */
export const PHONE = /^\d+$/;
export const EMAIL = /^\S+@\S+\.\S+$/;
export const USERNAME = /^[A-Z_a-z]\w*$/;

const parse = (digits: string) => {
  try {
    const { countryCallingCode, nationalNumber } = parsePhoneNumberWithError(`+${digits}`);
    return { countryCallingCode, nationalNumber };
  } catch {
    return undefined;
  }
};

/** Both ways in which one number may have been stored: with and without the 0 after the country code. */
export function sameNumbers(digits: string): string[] {
  const parsed = parse(digits);
  if (!parsed) return [digits];
  const { countryCallingCode, nationalNumber } = parsed;
  return [`${countryCallingCode}${nationalNumber}`, `${countryCallingCode}0${nationalNumber}`];
}

/**
 * The form in which a number is stored: without the 0 after the country code (recordings 737 to 739).
 *
 * @throws LogtoError user.invalid_phone (422) when no country has such a code
 */
export function storedNumber(digits: string): string {
  const parsed = parse(digits);
  assertThat(parsed, 'user.invalid_phone', { status: 422 });
  return `${parsed.countryCallingCode}${parsed.nationalNumber}`;
}

/** The one form that counts for limits: E.164 digits, or the text as it is when it is no number. */
export const canonicalNumber = (digits: string): string => sameNumbers(digits)[0] as string;

/** A number as people read it, `+1 415 555 0101`. */
export function readableNumber(digits: string): string {
  try {
    return parsePhoneNumberWithError(`+${digits}`).formatInternational();
  } catch {
    return `+${digits}`;
  }
}

/** The user with this number, however it was stored; the exact form wins, then the newest. */
export function findByPhone(tenant: Pick<Tenant, 'users'>, digits: string): User | undefined {
  const forms = sameNumbers(digits);
  // Looking through the rows is ten times as fast as a query, which counts with ten thousand people.
  const found = tenant.users
    .all()
    .filter(({ primaryPhone: phone }) => phone !== null && forms.includes(phone));
  return (
    found.find(({ primaryPhone }) => primaryPhone === digits) ??
    [...found].sort((a, b) => b.createdAt - a.createdAt)[0]
  );
}
