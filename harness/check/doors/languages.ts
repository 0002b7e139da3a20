/** Addresses with a language in front: the same page in another one, which a guard may not know. */

const LOCALE = /^[a-z]{2}(?:-[A-Za-z]{2,4})?$/;
/** What apps offer most; asked for where nothing names the languages of the app. */
const USUAL = ['en', 'de', 'fr', 'es', 'en-US'];
const OTHERS_MAX = 6;

/** Language and rest of an address that has one in front; of two letters alone only where the app is known to have it. */
function inFront(path: string, locales: readonly string[]): { locale: string; rest: string } | undefined {
  const [, first = '', rest = ''] = /^\/([^/?]+)(.*)$/.exec(path) ?? [];
  return LOCALE.test(first) && [...locales, ...USUAL].includes(first) ? { locale: first, rest } : undefined;
}

/** The same address in the other languages, and in none; nothing where it has no language in front. */
export function inOtherLanguages(path: string, locales: readonly string[]): string[] {
  const own = inFront(path, locales);
  if (!own) return [];
  const others = [...new Set([...locales, ...USUAL])].filter((locale) => locale !== own.locale);
  return [...others.slice(0, OTHERS_MAX).map((locale) => `/${locale}${own.rest}`), own.rest].filter((each) =>
    each.startsWith('/'),
  );
}

/** `/[lang]/account`: the segment that routers by file give to the language. */
const IS_LANGUAGE = /^\/(?:\[(?:locale|lang|lng|language)\]|:(?:locale|lang|lng|language))(?=\/|$)/;

/** A path of a router with its language filled in, by those that the app is asked in. */
export const spokenIn = (path: string, declared: readonly string[], locales: readonly string[]): string => {
  if (!IS_LANGUAGE.test(path)) return path;
  const used = declared.flatMap((each) => inFront(each, locales)?.locale ?? []);
  const [locale] = [...used, ...locales];
  return locale ? path.replace(IS_LANGUAGE, `/${locale}`) : path;
};
