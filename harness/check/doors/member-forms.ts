/** The forms of members' pages that take texts, and how they are posted. */
import { encodeForm, type Form, formKey, formsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from './door.ts';
import type { Survey } from './survey.ts';

const FORMS_MAX = 6;

/** A form as somebody posts it who writes one word into each of its texts. */
export const filledIn = (form: Form, word: string): Ask => {
  const texts = Object.fromEntries(form.texts.map((name) => [name, word]));
  const { type, body } = encodeForm({ ...form, fields: { ...form.fields, ...texts } });
  return { path: form.action, method: 'POST', headers: { 'content-type': type }, body };
};

const PAGES_MAX = 24;

/**
 * Pages that a member was shown, doors first. One that holds nothing yet for somebody new shows them no more than a stranger is
 * shown elsewhere, and has its forms all the same.
 */
export const pagesOfMembers = ({ doors, pages }: Pick<Survey, 'doors' | 'pages'>): string[] => {
  const first = doors.filter(({ isPage }) => isPage).map(({ path }) => path);
  const others = [...pages].flatMap(([path, body]) =>
    !path.includes('?') && /^\s*<(?:!doctype|html)/i.test(body) ? [path] : [],
  );
  return [...new Set([...first, ...others])].slice(0, Math.max(first.length, PAGES_MAX));
};

/** The forms with texts that this member has and no stranger, each with its page. */
export async function formsOf(member: Visitor, survey: Survey): Promise<{ path: string; form: Form }[]> {
  const { publicPages, grounds } = survey;
  const base = (path: string) => new URL(path, grounds.origin);
  const known = new Set(
    publicPages.flatMap((page) => formsIn(page, base('/'), grounds.basePath)).map(formKey),
  );
  const found: { path: string; form: Form }[] = [];
  for (const path of pagesOfMembers(survey)) {
    for (const form of formsIn((await member.get(path)).text, base(path), grounds.basePath)) {
      if (form.texts.length === 0 || known.has(formKey(form))) continue;
      known.add(formKey(form));
      found.push({ path, form });
    }
  }
  return found.slice(0, FORMS_MAX);
}
