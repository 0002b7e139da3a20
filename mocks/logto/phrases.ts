/** Logto's messages in the language of whoever asks (i18next with fallback `en`; recordings 125 and 626). */
import { readFileSync } from 'node:fs';
import type { HasHeaders } from './context.ts';

type Phrases = { [key: string]: string | Phrases };
export type PhraseBook = 'errors' | 'experience';

/** Languages that Logto's error messages are written in (packages/phrases). */
export const LANGUAGES = [
  'ar',
  'de',
  'en',
  'es',
  'fa-IR',
  'fr',
  'it',
  'ja',
  'ko',
  'pl-PL',
  'pt-BR',
  'pt-PT',
  'ru',
  'th',
  'tr-TR',
  'zh-CN',
  'zh-HK',
  'zh-TW',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** Languages of the pages, in the order in which Logto looks for a related one (packages/phrases-experience). */
export const PAGE_LANGUAGES = [
  'ar',
  'cs',
  'de',
  'en',
  'es',
  'fa-IR',
  'fr',
  'it',
  'ja',
  'ko',
  'pl-PL',
  'pt-PT',
  'pt-BR',
  'ru',
  'th',
  'tr-TR',
  'uk-UA',
  'zh-CN',
  'zh-HK',
  'zh-TW',
] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

const books = new Map<string, Phrases>();

function book(name: PhraseBook, language: PageLanguage): Phrases {
  const key = `${name}/${language}`;
  const known = books.get(key);
  if (known) return known;
  const read = JSON.parse(readFileSync(new URL(`phrases/${key}.json`, import.meta.url), 'utf8')) as Phrases;
  books.set(key, read);
  return read;
}

/** Languages of an Accept-Language header, most wanted first (Logto's i18n/detect-language.ts). */
export function acceptedLanguages({ headers }: HasHeaders): string[] {
  const header = headers['accept-language'];
  return (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((part) => {
      const [language = '', ...parameters] = part.split(';').map((text) => text.trim());
      const quality = parameters.map((text) => /^q=(.*)$/.exec(text)).find(Boolean)?.[1];
      const weight = Number(quality ?? 1);
      return { language, weight: Number.isNaN(weight) ? 1 : weight };
    })
    .filter(({ language }) => language !== '')
    .sort((a, b) => b.weight - a.weight)
    .map(({ language }) => language);
}

const canonical = (code: string): string => {
  try {
    return Intl.getCanonicalLocales(code)[0] ?? code;
  } catch {
    return code;
  }
};

/** The language of error messages: the first wanted one that is written exactly so, else English. */
export const errorLanguage = (wanted: readonly string[]): Language =>
  wanted.map(canonical).find((code): code is Language => (LANGUAGES as readonly string[]).includes(code)) ??
  'en';

/** The language of pages: `de-AT` is served by `de`, `pt` by the first `pt-…` (Logto's utils/i18n.ts). */
export function pageLanguage(wanted: readonly string[], fallback: string = 'en'): PageLanguage {
  for (const code of [...wanted, fallback].map(canonical)) {
    const exact = PAGE_LANGUAGES.find((language) => language === code);
    const base = code.split('-')[0];
    const match =
      exact ??
      PAGE_LANGUAGES.find((language) => language === base) ??
      PAGE_LANGUAGES.find((language) => language.split('-')[0] === base);
    if (match) return match;
  }
  return 'en';
}

const lookUp = (phrases: Phrases, code: string): string | undefined => {
  const found = code
    .split('.')
    .reduce<string | Phrases | undefined>(
      (at, key) => (typeof at === 'object' ? at[key] : undefined),
      phrases,
    );
  return typeof found === 'string' ? found : undefined;
};

/**
 * A message by its code, in one language.
 *
 * @param values what stands for `{{name}}`; a name without a value stays as it is written, as recording 266 shows
 * @returns the English message when the language lacks it, the code when English lacks it too
 */
export function phrase(
  name: PhraseBook,
  language: PageLanguage,
  code: string,
  values: Record<string, unknown> = {},
): string {
  const written = name === 'errors' ? errorLanguage([language]) : language;
  const text = lookUp(book(name, written), code) ?? lookUp(book(name, 'en'), code) ?? code;
  const shown = (value: unknown) =>
    Array.isArray(value)
      ? new Intl.ListFormat(written, { type: 'conjunction' }).format(value.map(String))
      : String(value);
  return text.replace(/\{\{\s*([\w.]+)(?:,[^}]*)?\s*\}\}/g, (placeholder, key) =>
    key in values ? shown(values[key]) : placeholder,
  );
}

/** All texts of the pages in one language, as `GET /api/.well-known/phrases` gives them out. */
export const pageTexts = (language: PageLanguage): Phrases => book('experience', language);
