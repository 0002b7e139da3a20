/** What people type into the identifier field, as Logto's APIs want it. */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js';
import type { Identifier } from '../experience/state.ts';
import { EMAIL, USERNAME } from '../phones.ts';

export type IdentifierKind = 'phone' | 'email' | 'username';

/** Countries with their calling code, by name in the reader's language. */
export function countries(language: string): { code: CountryCode; label: string }[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  return getCountries()
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, language))
    .map(({ code, name }) => ({ code, label: `+${getCountryCallingCode(code)} ${name}` }));
}

/** The country of a browser by its languages (`de-AT` → AT), else the United States. */
export function countryOf(languages: readonly string[]): CountryCode {
  const known = new Set<string>(getCountries());
  const region = languages
    .map((code) => code.split('-').find((part) => /^[A-Z]{2}$/.test(part)))
    .find((code) => code && known.has(code));
  return (region as CountryCode | undefined) ?? 'US';
}

/** A typed phone number as digits with country code, or undefined when it cannot be one. */
export function phoneDigits(typed: string, country: string | undefined): string | undefined {
  const text = typed.trim();
  if (!/^\+?[\d\s().-]+$/.test(text)) return undefined;
  const national = text.startsWith('+')
    ? undefined
    : parsePhoneNumberFromString(text, (country ?? 'US') as CountryCode);
  const international = parsePhoneNumberFromString(`+${text.replace(/\D/g, '')}`);
  // Digits may be a local number or one with its country code: what is a real number wins over what has a fitting length.
  const readings = [national, international];
  const parsed =
    readings.find((reading) => reading?.isValid()) ?? readings.find((reading) => reading?.isPossible());
  return parsed?.number.slice(1);
}

/** Which of the enabled kinds was typed, in Logto's order of guessing (SmartInputField utils.ts). */
export function readIdentifier(
  typed: string,
  enabled: readonly IdentifierKind[],
  country: string | undefined,
): Identifier | undefined {
  const text = typed.trim();
  const phone = enabled.includes('phone') ? phoneDigits(text, country) : undefined;
  if (phone) return { type: 'phone', value: phone };
  if (enabled.includes('email') && EMAIL.test(text) && text.length <= 256)
    return { type: 'email', value: text };
  if (enabled.includes('username') && USERNAME.test(text)) return { type: 'username', value: text };
  return undefined;
}
