/** Which languages an app puts in front of its addresses, as its sources name them. */

const QUOTED = /['"`]([a-z]{2}(?:-[A-Za-z]{2,4})?)['"`]/g;
const LIST =
  /\b(?:locales|languages|supportedLngs|LOCALES|LANGUAGES|LANGS|const langs)\b(?:\s*:[^=\n]{0,40})?\s*[:=]\s*\[([^\]]{0,400})\]/g;
const DEFAULT = /\bdefault(?:Locale|Language|Lng)\b\s*[:=]\s*(['"`][a-z]{2}(?:-[A-Za-z]{2,4})?['"`])/g;

/** The languages that a source names: `locales: ['en', 'de']`, `defaultLocale: 'en'`; each once, the default first. */
export const languagesIn = (text: string): string[] => [
  ...new Set(
    [DEFAULT, LIST].flatMap((pattern) =>
      [...text.matchAll(pattern)].flatMap(([, list = '']) =>
        [...list.matchAll(QUOTED)].map(([, locale = '']) => locale),
      ),
    ),
  ),
];

/** What `next-intl` and its like say of the usual language: it has no place in addresses. */
const UNSPOKEN = /\blocalePrefix\b\s*:\s*(?:\{\s*mode\s*:\s*)?['"](?:as-needed|never)['"]/;
const named = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([, said = '']) => said);
const firstIn = (said: readonly string[]) => languagesIn(`locales = [${said.join()}]`)[0];

/**
 * The language that addresses of an app with one in front (`app/[locale]/…`) are asked for.
 *
 * @returns empty where they have none for the usual language
 */
export function localeOf(sources: readonly { text: string }[]): string | undefined {
  if (sources.some(({ text }) => UNSPOKEN.test(text))) return '';
  return [DEFAULT, LIST]
    .map((pattern) => firstIn(sources.flatMap(({ text }) => named(pattern, text))))
    .find((each) => each !== undefined);
}
