/** Forms by which a member takes away what is theirs, posted by nobody and by another member. */

import { demand } from '../../errors.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { type Form, formKey, takingFormsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { LabFixtures } from '../check.ts';
import { writeInto } from './changed-within.ts';
import { linkedThings, linksIn, mayBeDoor, spokenRoutes } from './crawl.ts';
import { tokenIn } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { idsOnPage, isId } from './ids-on-pages.ts';
import { type MadeByMember, makeByForms } from './made-by-member.ts';
import { FORGERY_FIELD } from './marks.ts';
import { pagesOfMembers } from './member-forms.ts';
import { namedWho } from './named-who.ts';
import { newWord } from './new-word.ts';
import { rowOf } from './row-of.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

const FORMS_MAX = 6;

/** The id of a thing that a form names, in a field or in its address, which stands on this page and not on that of another. */
function namedBy({ fields, action }: Form, ids: readonly string[]): string | undefined {
  const said = [...Object.values(fields), ...action.split(/[/?&=]/)];
  return ids.find((id) => said.some((value) => value === id || value.includes(`"${id}"`)));
}

/** What the hidden fields of such forms name that does not stand on the page of another, however they are called: `task`. */
const namedIn = (forms: readonly Form[], elsewhere: string): string[] =>
  forms.flatMap(({ fields, texts }) =>
    Object.entries(fields).flatMap(([name, value]) =>
      !texts.includes(name) &&
      !/^\$|^_/.test(name) &&
      !FORGERY_FIELD.test(name) &&
      isId(value) &&
      !elsewhere.includes(value)
        ? [value]
        : [],
    ),
  );

/** The forms of a page that name something, one of each kind: that of each task in a list is the same. */
function kindsOf(forms: readonly Form[], ids: readonly string[]): { form: Form; id: string }[] {
  const kinds = new Map<string, { form: Form; id: string }>();
  for (const form of forms) {
    const id = namedBy(form, ids);
    const kind = `${form.action.replaceAll(id ?? '', '')} ${Object.keys(form.fields)}`;
    if (id && !kinds.has(kind)) kinds.set(kind, { form, id });
  }
  return [...kinds.values()];
}

const LISTS_MAX = 12;
const THINGS_MAX = 8;
const WITHIN_MAX = 2;
/** Forms of a page: a thing that is deleted, and what stands inside it. */
const FORMS_OF_PAGE_MAX = 2;

/**
 * Pages of a member's own things: where the app led them when they had made one, and what the pages that all members have lead to.
 * A list of all that everybody has made would hide those of one.
 */
async function pagesOfThings(
  member: Visitor,
  made: readonly MadeByMember[],
  survey: Survey,
  lab: LabFixtures['lab'],
): Promise<string[]> {
  const led = made.flatMap(({ at }) =>
    at && /\/[^/?]*\d[^/?]*(?:\?|$)/.test(at) && mayBeDoor(at, lab) ? [at] : [],
  );
  const links: { path: string; page: string }[] = [];
  for (const path of pagesOfMembers(survey).slice(0, LISTS_MAX)) {
    const answer = await member.get(path);
    if (answer.status < 300)
      links.push(...linksIn(answer.text, answer.url).map((to) => ({ path: to, page: path })));
  }
  const things = linkedThings(lab, links, spokenRoutes(lab)).map(({ path }) => path);
  return [...new Set([...led, ...things])].slice(0, THINGS_MAX);
}

/** A form with the token against forged requests that whoever posts it was shown, in the place of another's. */
export function withOwnToken(form: Form, shown: string): Form {
  const token = tokenIn(shown);
  if (!token) return form;
  const names = Object.keys(form.fields).filter((name) => FORGERY_FIELD.test(name));
  return { ...form, fields: { ...form.fields, ...Object.fromEntries(names.map((name) => [name, token])) } };
}

/**
 * Posts what takes away a thing of the first, as nobody and as another.
 *
 * @returns the pages whose forms could be judged
 * @throws ConformanceFailure when the thing is gone from the page of its member, or a list of theirs says something else of it
 */
export async function takenByForms(
  { first, other, nobody }: { first: Visitor; other: Visitor; nobody: Visitor },
  survey: Survey,
  lab: LabFixtures['lab'],
): Promise<string[]> {
  const { origin, basePath } = lab.app;
  // Whoever is new has nothing yet that could be taken away.
  const made = await makeByForms(first, survey, lab);
  const judged: string[] = [];
  const lists = pagesOfMembers(survey);
  const things = await pagesOfThings(first, made, survey, lab);
  // What stands inside a thing has its own forms: the tasks of a project.
  for (const path of things.slice(0, WITHIN_MAX))
    await writeInto({ path }, first, newWord(), { survey, lab });
  const [withToken] = [...survey.pages].find(([, body]) => tokenIn(body)) ?? [];
  const tokenPage = async (browser: Visitor) => (withToken ? (await browser.get(withToken)).text : '');
  for (const path of new Set([...lists, ...things])) {
    if (judged.length >= FORMS_MAX) continue;
    // A page that says that there is no such thing may name it, too.
    const page = async () => {
      const answer = await first.get(path);
      return keepsOut(answer) ? '' : answer.text;
    };
    const now = await page();
    const forms = takingFormsIn(now, new URL(path, origin), basePath);
    if (forms.length === 0) continue;
    const theirs = await other.get(path);
    const isThing = things.includes(path);
    // What another is shown as well may be for all to change, unless its forms are shown to its member alone.
    const shared = new Set(
      keepsOut(theirs) ? [] : takingFormsIn(theirs.text, theirs.url, basePath).map(formKey),
    );
    const alone = isThing ? forms.filter((form) => !shared.has(formKey(form))) : forms;
    const named = isThing ? path.split('/').filter((part) => /\d/.test(part)) : [];
    const ids = [...idsOnPage(now, [theirs.text]), ...namedIn(alone, theirs.text), ...named];
    const naming = kindsOf(alone, ids).slice(0, FORMS_OF_PAGE_MAX);
    if (naming.length > 0) judged.push(path);
    for (const { form, id } of naming)
      for (const [who, browser] of [
        ['nobody', nobody],
        ['another member', other],
      ] as const) {
        // Whoever has a page of their own has a token of their own: a token of another is refused, whoever may do what.
        const { type, body } = encodeForm(withOwnToken(form, await tokenPage(browser)));
        const ask = { path: form.action, method: 'POST', headers: { 'content-type': type }, body };
        const before = await page();
        if (!before.includes(id)) continue;
        const said = rowOf(before, id);
        const isSteady = said !== undefined && said === rowOf(await page(), id);
        await send(browser, origin, ask);
        if (who === 'nobody') await browser.agent.jar.removeAllCookies();
        demand(
          (await page()).includes(id) || (await page()).includes(id),
          `Let ${namedWho(who)} take away what belongs to a member: it is gone from ${path} after they posted the form of its member.`,
        );
        // What is cancelled or revoked may stay in the list, which says so.
        demand(
          !isSteady || rowOf(await page(), id) === said || rowOf(await page(), id) === said,
          `Let ${namedWho(who)} change what belongs to a member: ${path} says something else of it after they posted the form of its member.`,
        );
      }
  }
  return judged;
}
