/** The forms of members' pages that take texts, and how they are posted. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { type Form, formKey, formsIn, withWritten } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { linkedThings, linksIn, spokenRoutes } from './crawl.ts';
import type { Ask } from './door.ts';
import type { Survey } from './survey.ts';

const FORMS_MAX = 6;

/**
 * A form as somebody posts it who writes one word into each of its texts.
 *
 * @param word or what is written where so many characters are taken
 */
export const filledIn = (form: Form, word: string | ((most: number) => string)): Ask => {
  const fields = withWritten(form, (_, most) => (typeof word === 'string' ? word : word(most)));
  const { type, body } = encodeForm({ ...form, fields });
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

const THINGS_MAX = 6;
const FORMS_OF_THINGS_MAX = 6;

/**
 * The forms with texts on the pages of what a member has, which stand at addresses of their own for each of them: the comments of
 * a note, the settings of a workspace.
 *
 * @param known keys of forms that are not wanted again
 */
export async function formsOfThings(
  member: Visitor,
  survey: Survey,
  lab: LabDescription,
  known: ReadonlySet<string>,
): Promise<{ path: string; form: Form }[]> {
  const links: { path: string; page: string }[] = [];
  for (const path of pagesOfMembers(survey)) {
    const answer = await member.get(path);
    if (answer.status < 300)
      links.push(...linksIn(answer.text, answer.url).map((to) => ({ path: to, page: path })));
  }
  const seen = new Set(known);
  const found: { path: string; form: Form }[] = [];
  for (const { path } of linkedThings(lab, links, spokenRoutes(lab)).slice(0, THINGS_MAX)) {
    const answer = await member.get(path);
    if (answer.status >= 300) continue;
    for (const form of formsIn(answer.text, answer.url, lab.app.basePath)) {
      if (form.texts.length === 0 || seen.has(formKey(form))) continue;
      seen.add(formKey(form));
      found.push({ path, form });
    }
  }
  return found.slice(0, FORMS_OF_THINGS_MAX);
}
