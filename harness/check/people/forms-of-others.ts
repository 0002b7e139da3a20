/** Forms of one member, posted by another with all that stands in them: hidden fields say whose record it is. */

import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { type Form, formKey, formsIn } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { linkedThings, linksIn, spokenRoutes } from '../doors/crawl.ts';
import { keepsOut } from '../doors/gives-nothing.ts';
import { shownIn } from '../doors/judge.ts';
import { FORGERY_FIELD, personalOf } from '../doors/marks.ts';
import { filledIn, formsOf, pagesOfMembers } from '../doors/member-forms.ts';
import { newWord } from '../doors/new-word.ts';
import { send } from '../doors/send.ts';
import type { Survey } from '../doors/survey.ts';

/**
 * The first form of Ada's that writes for her when Eve posts it; undefined when none does.
 *
 * @returns the path of its page, and how many forms show what their member writes
 */
export async function writtenByOther(
  ada: Visitor,
  eve: Visitor,
  survey: Survey,
): Promise<{ path?: string; judged: number }> {
  const { origin } = survey.grounds;
  const shows = async (path: string, word: string) => (await ada.get(path)).text.includes(word);
  const theirs = await formsOf(eve, survey);
  let judged = 0;
  for (const { path, form } of await formsOf(ada, survey)) {
    const same = theirs.find((each) => each.path === path && formKey(each.form) === formKey(form));
    if (!same) continue;
    const [own, shared, wrong] = [newWord(), newWord(), newWord()];
    await send(ada, origin, filledIn(form, own));
    if (!(await shows(path, own))) continue;
    // A board shows everybody what any member writes.
    await send(eve, origin, filledIn(same.form, shared));
    if (await shows(path, shared)) continue;
    judged += 1;
    await send(eve, origin, filledIn(form, wrong));
    if (await shows(path, wrong)) return { path, judged };
  }
  return { judged };
}

/** A form on the page of one thing (`/notes/17`), which names the thing in its address or in a hidden field. */
export interface ThingForm {
  /** Page of the thing. */
  page: string;
  form: Form;
}

const PAGES_MAX = 12;
const THINGS_MAX = 8;

/** The forms on the pages of this member's own things, which their lists lead to. */
async function formsOfThings(member: Visitor, survey: Survey, lab: LabDescription): Promise<ThingForm[]> {
  const links: { path: string; page: string }[] = [];
  for (const path of pagesOfMembers(survey).slice(0, PAGES_MAX)) {
    const answer = await member.get(path);
    if (answer.status < 300)
      links.push(...linksIn(answer.text, answer.url).map((to) => ({ path: to, page: path })));
  }
  const found: ThingForm[] = [];
  for (const { path } of linkedThings(lab, links, spokenRoutes(lab)).slice(0, THINGS_MAX)) {
    const answer = await member.get(path);
    if (answer.status < 300)
      for (const form of formsIn(answer.text, answer.url, lab.app.basePath)) found.push({ page: path, form });
  }
  return found;
}

const isId = (value: string) => /^[\w-]{1,64}$/.test(value) && /\d/.test(value);

/** What two forms of the same kind have in common: the address without ids, and the names of the fields. */
export const shapeOf = ({ action, fields }: Form): string =>
  [
    action
      .split('?')[0]
      ?.split('/')
      .map((part) => (isId(part) ? '*' : part))
      .join('/'),
    ...Object.keys(fields).sort(),
  ].join(' ');

/**
 * The form of one's own thing with what names the thing of another: tokens against forged requests stay one's own.
 *
 * @returns undefined where the two name no different things
 */
export function crossedForm(own: Form, theirs: Form): Form | undefined {
  const named = Object.entries(theirs.fields).filter(
    ([name, value]) =>
      !own.texts.includes(name) && !FORGERY_FIELD.test(name) && isId(value) && own.fields[name] !== value,
  );
  if (own.action === theirs.action && named.length === 0) return undefined;
  return { ...own, action: theirs.action, fields: { ...own.fields, ...Object.fromEntries(named) } };
}

/** A form that takes a text and that somebody else, who is shown the same page, is not shown. */
const shownToOwnerAlone = (form: Form, seen: Answer, { app }: LabDescription): boolean =>
  form.texts.length > 0 &&
  !formsIn(seen.text, seen.url, app.basePath).some((each) => formKey(each) === formKey(form));

/**
 * What Eve reads or writes of a thing of Ada's, by the form of a thing of her own that names the other one. Only things count whose
 * page she is refused, or is shown without the form.
 *
 * @returns in words, and how many forms were tried
 */
export async function crossedByForm(
  ada: Visitor,
  eve: Visitor,
  survey: Survey,
  lab: LabDescription,
): Promise<{ told?: string; tried: number }> {
  const { origin } = lab.app;
  const [theirs, own] = [await formsOfThings(ada, survey, lab), await formsOfThings(eve, survey, lab)];
  const personal = personalOf(ada.person);
  let tried = 0;
  for (const { page, form } of theirs) {
    const same = own.find((each) => shapeOf(each.form) === shapeOf(form));
    const seen = await eve.get(page);
    const crossed = keepsOut(seen)
      ? same && crossedForm(same.form, form)
      : shownToOwnerAlone(form, seen, lab)
        ? form
        : undefined;
    if (!crossed) continue;
    tried += 1;
    const word = newWord();
    const ask = filledIn(crossed, word);
    const answer = await send(eve, origin, ask);
    const led = answer && answer.location?.origin === origin ? await eve.agent.hop(answer.location) : answer;
    const [shown] = led ? shownIn(led, { texts: [] }, { personal, said: `${ask.path}\n${ask.body}` }) : [];
    if (shown)
      return {
        tried,
        told: `Told another member what belongs to the first: the form of ${page}, with its id, showed ${shown}`,
      };
    if ((await ada.get(page)).text.includes(word))
      return {
        tried,
        told: keepsOut(seen)
          ? `Wrote for another: what a member posted to ${crossed.action}, by the form of a thing of their own, stands at ${page}, which they are refused`
          : `Wrote for another: what a member posted to ${crossed.action} stands at ${page}, which shows that form to its owner alone`,
      };
  }
  return { tried };
}
