/** The words of the pages, in the language that the request asks for. */
import type { HasHeaders, Interaction, LogtoContext } from '../context.ts';
import { acceptedLanguages, type PageLanguage, pageLanguage, phrase } from '../phrases.ts';
import { type Html, html } from './html.ts';

export interface Texts {
  language: PageLanguage;
  direction: 'ltr' | 'rtl';
  (key: string, values?: Record<string, unknown>): string;
}

/** Wanted languages of a browser: `ui_locales`, then Accept-Language when the tenant detects it. */
export function textsFor(
  context: LogtoContext,
  request: HasHeaders,
  interaction: Interaction | undefined,
): Texts {
  const { autoDetect = true, fallbackLanguage = 'en' } = (context.tenant.signInExperience.languageInfo ??
    {}) as {
    autoDetect?: boolean;
    fallbackLanguage?: string;
  };
  const asked =
    typeof interaction?.params.ui_locales === 'string'
      ? interaction.params.ui_locales.split(/\s+/).filter(Boolean)
      : [];
  const language = pageLanguage(
    [...asked, ...(autoDetect ? acceptedLanguages(request) : [])],
    fallbackLanguage,
  );
  const say = (key: string, values?: Record<string, unknown>) => phrase('experience', language, key, values);
  return Object.assign(say, {
    language,
    direction: ['ar', 'fa-IR'].includes(language) ? ('rtl' as const) : ('ltr' as const),
  });
}

/** Choices in one sentence: "Email or Phone number". */
export const oneOf = (t: Texts, names: string[]): string =>
  new Intl.ListFormat(t.language, { type: 'disjunction' }).format(names);

/** A text with one `<tag>…</tag>` in it, whose inside is rendered by `wrap`; a text without it comes as it is. */
export function withTag(text: string, tag: string, wrap: (inside: string) => Html): Html {
  const [, before = text, inside, after = ''] =
    new RegExp(`^([\\s\\S]*?)<${tag}>([\\s\\S]*?)</${tag}>([\\s\\S]*)$`).exec(text) ?? [];
  return inside === undefined ? html`${before}` : html`${before}${wrap(inside)}${after}`;
}
