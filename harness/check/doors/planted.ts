/** What another member writes for the first, whom they name as its owner: into a list of that one, or in their name. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { encodeForm } from '../../visitor/encode-form.ts';
import { withWritten } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { Ask } from './door.ts';
import { textFieldsOf, USUAL_TEXTS } from './made-by-member.ts';
import { formsOf } from './member-forms.ts';
import { newWord } from './new-word.ts';
import { postedLists } from './posted-lists.ts';
import { REACHES_OUT } from './reaches-out.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';

/** Members of data that say whose a thing is. */
const OWNERS = [
  'owner',
  'ownerId',
  'owner_id',
  'userId',
  'user_id',
  'user',
  'authorId',
  'author_id',
  'memberId',
  'accountId',
];
const LISTS_POSTED_MAX = 6;
/**
 * What is posted to a list: one word in its texts, and whose it shall be.
 *
 * @param names of its texts (default: those that things usually have)
 */
export const plantedBy = (
  path: string,
  word: string,
  names: readonly string[] = USUAL_TEXTS,
  owner: Record<string, string> = {},
): Ask => ({
  path,
  method: 'POST',
  json: { ...Object.fromEntries(names.map((name) => [name, word])), ...owner },
});

/** Whose it shall be, by the usual names and by those of the sources. */
const ownedBy = (id: string | undefined, { routes }: LabDescription): Record<string, string> =>
  id ? Object.fromEntries([...OWNERS, ...(routes?.owners ?? [])].map((name) => [name, id])) : {};

/**
 * The first page of a member that shows what another has written by the form of it, who added the first as its owner, and that
 * shows nothing that the other writes by the form as it is.
 */
async function plantedByForms(
  { first, other, ids }: { first: Visitor; other: Visitor; ids: readonly string[] },
  survey: Survey,
  lab: LabDescription,
): Promise<string | undefined> {
  const forms = lab.live ? [] : await formsOf(other, survey);
  for (const { path, form } of forms.filter(({ form: { action } }) => !REACHES_OUT.test(action))) {
    const plant = async (owner?: string) => {
      const word = newWord();
      const said = withWritten(form, () => word);
      // What a form says of its own is said as it is.
      const added = Object.entries(ownedBy(owner, lab)).filter(([name]) => !(name in form.fields));
      const { type, body } = encodeForm({ ...form, fields: { ...said, ...Object.fromEntries(added) } });
      await send(other, lab.app.origin, {
        path: form.action,
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      return (await first.get(path)).text.includes(word);
    };
    if (await plant()) continue;
    for (const id of ids) if (await plant(id)) return path;
  }
  return undefined;
}

/** The innermost object of data that holds a word, as text. */
export function itemWith(text: string, word: string): string | undefined {
  let found: string | undefined;
  const look = (value: unknown): boolean => {
    if (typeof value === 'string') return value.includes(word);
    if (typeof value !== 'object' || value === null) return false;
    const holds = Object.values(value).map(look).some(Boolean);
    if (holds && !Array.isArray(value)) found ??= JSON.stringify(value);
    return holds;
  };
  try {
    look(JSON.parse(text));
  } catch {
    return undefined;
  }
  return found;
}

/**
 * The first list of a member into which another has written by naming its owner. Of a list in which each sees what others post, the
 * first that says of such a post that the named one wrote it, and of a plain one that somebody else did.
 */
export async function plantedIn(
  { first, other, ids }: { first: Visitor; other: Visitor; ids: readonly string[] },
  headers: Record<string, string>,
  survey: Survey,
  lab: LabDescription,
): Promise<{ path: string; isSaid: boolean } | undefined> {
  const { app, routes } = lab;
  const names = textFieldsOf(survey, []);
  const isNamed = (item: string, named: readonly (string | null | undefined)[]) =>
    named.some((each) => each && each.length >= 3 && item.includes(each));
  for (const { path, to } of postedLists(survey, routes?.posts, { most: LISTS_POSTED_MAX })) {
    const plant = async (owner?: string) => {
      const word = newWord();
      await send(other, app.origin, { ...plantedBy(to, word, names, ownedBy(owner, lab)), headers });
      const { text } = await first.get(path);
      const item = itemWith(text, word) ?? '';
      // What says as well who really wrote it keeps what it is sent, and believes none of it.
      const isTheirs =
        isNamed(item, [first.person.name, ...ids]) &&
        !isNamed(item, [other.person.name, other.person.userId]);
      return { isShown: text.includes(word), isTheirs };
    };
    const own = await plant();
    if (own.isShown && own.isTheirs) continue;
    for (const id of ids) {
      const { isShown, isTheirs } = await plant(id);
      if (isShown && (!own.isShown || isTheirs)) return { path, isSaid: own.isShown };
    }
  }
  const path = await plantedByForms({ first, other, ids }, survey, lab);
  return path ? { path: `the form of ${path}`, isSaid: false } : undefined;
}
