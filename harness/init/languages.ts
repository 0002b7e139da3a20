/** Which languages an app puts in front of its addresses, as its sources name them. */

const QUOTED = /['"`]([a-z]{2}(?:-[A-Za-z]{2,4})?)['"`]/g;
const LIST =
  /\b(?:locales|languages|supportedLngs|LOCALES)\b(?:\s*:[^=\n]{0,40})?\s*[:=]\s*\[([^\]]{0,400})\]/g;
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
