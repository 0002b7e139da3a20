/** Lists of people, as forums, teams and scoreboards have them: who shows the names of several mixes nobody up. */
import type { Issued } from '../../../mocks/issued.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';

/** Names alone: an app may have a list of its members. */
export const isName = ({ kind }: Pick<Issued, 'kind'>): boolean => kind === 'name' || kind === 'username';

/** A name, or the id that stands beside it in lists: the address of a profile, the author of a post. */
export const isNameOrId = (each: Pick<Issued, 'kind'>): boolean => isName(each) || each.kind === 'user id';

/** Whether somebody is named, and nothing else is told of them. */
export const isNamedAlone = (found: readonly Pick<Issued, 'kind'>[]): boolean =>
  found.some(isName) && found.every(isNameOrId);

/**
 * Whether a text names each of several people, and tells nothing else of any of them.
 *
 * @param people what is unique to each
 */
export const listsPeople = (text: string, people: readonly IssuedIndex[]): boolean =>
  people.every((index) => isNamedAlone(issuedIn(text, index)));

/** So many names are a list: two may be somebody and whom they were taken for. */
const SEVERAL = 3;

/**
 * Whether a text names a person, and tells nothing else of them, beside others of whom it tells no more either: the first eight
 * of a list, which whoever joins later does not reach.
 *
 * @param person what is unique to the one
 * @param others what was given out to people of before
 */
export function listsAmongOthers(text: string, person: IssuedIndex, others: IssuedIndex): boolean {
  if (!listsPeople(text, [person])) return false;
  const owners = new Map<string | null, Issued[]>();
  for (const each of issuedIn(text, others))
    if (!person.has(each.value)) owners.set(each.owner, [...(owners.get(each.owner) ?? []), each]);
  return [...owners.values()].filter(isNamedAlone).length + 1 >= SEVERAL;
}

/** Names of members that hold what is told to nobody but its owner, whoever may read who made the thing. */
const PRIVATE =
  /addr|street|ship|postal|zip|birth|iban|card|invoice|total|amount|salary|balance|secret|token|password|diagnos|passport|tax|ssn|license/i;

/** What stands in data below such names, as text. */
export function privateIn(body: string): string[] {
  const found: string[] = [];
  const collect = (value: unknown, isPrivate: boolean): void => {
    if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) collect(inner, isPrivate || PRIVATE.test(name));
    else if (isPrivate && (typeof value === 'string' || typeof value === 'number') && value !== '')
      found.push(String(value));
  };
  try {
    collect(JSON.parse(body), false);
  } catch {
    // A page has no names for what it says.
  }
  return found;
}

/** Whether data tell nothing private but what the lists that lead to them tell as well. */
export const tellsNoMore = (body: string, lists: readonly string[]): boolean =>
  privateIn(body).every((value) => lists.some((list) => list.includes(value)));
