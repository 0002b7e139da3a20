/** What a member says, signed by another: a hidden field of the form names its author. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { type Form, formKey } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { filledIn, formsOf, formsOfThings } from '../doors/member-forms.ts';
import { newWord } from '../doors/new-word.ts';
import { rowOf } from '../doors/row-of.ts';
import { send } from '../doors/send.ts';
import type { Survey } from '../doors/survey.ts';
import { idsOf } from '../doors/things-made.ts';
import { shapeOf } from './forms-of-others.ts';

/** Names of fields that say who speaks; a field may name its member for another reason: a task given to somebody, a message's recipient. */
const NAMES_AUTHOR =
  /author|autor|\bby$|[a-z]By$|_by$|sender|from|poster|writer|creat|owner|user|member|account|profile|person|\bsub$|^uid$|^id$|^me$/i;

/** A form in which hidden fields name another author; undefined where none of them names its member. */
export function signedBy(form: Form, own: readonly string[], other: readonly string[]): Form | undefined {
  const named = Object.entries(form.fields).flatMap(([name, value]) => {
    const at = form.texts.includes(name) || !NAMES_AUTHOR.test(name) ? -1 : own.indexOf(value);
    const theirs = at >= 0 ? other[at] : undefined;
    return theirs && theirs !== value ? [[name, theirs] as const] : [];
  });
  return named.length ? { ...form, fields: { ...form.fields, ...Object.fromEntries(named) } } : undefined;
}

/** The forms of a member's pages, and of what they have. */
async function allFormsOf(
  member: Visitor,
  survey: Survey,
  lab: LabDescription,
): Promise<{ path: string; form: Form }[]> {
  const forms = await formsOf(member, survey);
  const known = new Set(forms.map(({ form }) => formKey(form)));
  return [...forms, ...(await formsOfThings(member, survey, lab, known))];
}

/**
 * The first form of Eve's by which she says something that the page puts into the mouth of Ada. Only pages count that say whose each
 * thing is: beside what Eve says in her own name stands something else than beside what Ada says.
 *
 * @returns the path of its page, and how many forms were tried
 */
export async function signedAsAnother(
  ada: Visitor,
  eve: Visitor,
  survey: Survey,
  lab: LabDescription,
): Promise<{ path?: string; tried: number }> {
  const { origin } = survey.grounds;
  const [theirs, own] = [await idsOf(ada), await idsOf(eve)];
  /** What stands beside something that somebody says. */
  const besides = async (member: Visitor, path: string, form: Form): Promise<string> => {
    const word = newWord();
    await send(member, origin, filledIn(form, word));
    return (rowOf((await member.get(path)).text, word) ?? '').replaceAll(word.replace(/\d+/g, ''), '').trim();
  };
  const formsOfAda = await allFormsOf(ada, survey, lab);
  let tried = 0;
  for (const { path, form } of await allFormsOf(eve, survey, lab)) {
    const signed = signedBy(form, own, theirs);
    const same = formsOfAda.find((each) => shapeOf(each.form) === shapeOf(form));
    if (!signed || !same) continue;
    const byAda = await besides(ada, same.path, same.form);
    const byEve = await besides(eve, path, form);
    if (!byAda || !byEve || byAda === byEve) continue;
    tried += 1;
    if ((await besides(eve, path, signed)) === byAda && (await besides(eve, path, form)) === byEve)
      return { path, tried };
  }
  return { tried };
}
