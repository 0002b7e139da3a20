/** Whether an app takes one person for another, by what both are shown. */
import { createHash } from 'node:crypto';
import { digitsOf, issuedOf } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';
import { isName } from '../doors/judge.ts';
import { hasFigures, textsIn } from '../doors/marks.ts';
import { addToIndex, type IssuedIndex, issuedIn } from '../sightings.ts';
import type { Look } from './look.ts';

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** What is unique to a person and differs from everything of another one. */
export function onlyOf(person: Person, other: Person): IssuedIndex {
  const others = issuedOf(other).map(({ value }) => value);
  const index: IssuedIndex = new Map();
  addToIndex(
    index,
    issuedOf(person).filter(({ value }) => !others.some((each) => same(each, value))),
  );
  return index;
}

/** What the second person has of their own, with what is made of it: hashes name pictures and colours. */
function ownOf(person: Person): string[] {
  const values = [person.name, person.email, person.username, digitsOf(person.phone)].filter(
    (value): value is string => Boolean(value),
  );
  const hashes = ['md5', 'sha1', 'sha256'].flatMap((algorithm) =>
    values.map((value) => createHash(algorithm).update(value.trim().toLowerCase()).digest('hex').slice(0, 8)),
  );
  return [...values, ...hashes];
}

/** A text that stands for one account: figures, or a word with a digit that is no word of a language. */
const isTelling = (text: string) => hasFigures(text) || /(?=[\w-]*\d)[\w-]{8,}/.test(text);

/** What is left of a text when everything that a person has is taken out of it. */
function withoutOwn(text: string, own: readonly string[]): string {
  let left = text;
  for (const value of own)
    for (
      let at = left.toLowerCase().indexOf(value.toLowerCase());
      at >= 0;
      at = left.toLowerCase().indexOf(value.toLowerCase())
    )
      left = left.slice(0, at) + left.slice(at + value.length);
  const digits = digitsOf(left);
  return digits.length >= 4 && own.some((value) => /^\d+$/.test(value) && value.includes(digits)) ? '' : left;
}

/** Whether a place shows the name of somebody who has nothing to do with whoever looks: it is a list of members. */
const listsMembers = (body: string, { name }: Person): boolean => Boolean(name && body.includes(name));

/**
 * Why the second person was taken for the first.
 *
 * @param first what the first was shown, before the second came
 * @param second what the second was shown, who shares something with the first
 * @param control what somebody was shown who shares nothing with them, and came in between
 * @returns in words that read after "the second person …"; undefined when they were kept apart
 */
export function takenFor(first: Look, second: Look, control: Look): string | undefined {
  for (const [member, value] of first.ids)
    if (second.ids.get(member) === value && control.ids.get(member) !== value)
      return `has the id of the first one (${member})`;
  const only = onlyOf(first.person, second.person);
  for (const [place, body] of second.bodies) {
    // What somebody else is shown as well, such as a list of members, is nothing of an account.
    const all = issuedIn(control.bodies.get(place) ?? '', only);
    const shown = issuedIn(body, only).filter((each) => !all.includes(each));
    const isList = listsMembers(body, control.person);
    const found = shown.find(({ kind }) => !(isList && isName(kind)));
    if (found) return `was shown the ${found.kind} of the first one at ${place}`;
  }
  const own = ownOf(second.person);
  const others = new Set([...control.bodies.values()].flatMap(textsIn));
  for (const [place, body] of second.bodies) {
    if (listsMembers(body, control.person)) continue;
    const before = new Set(textsIn(first.bodies.get(place) ?? ''));
    const mark = textsIn(body).find(
      (text) =>
        before.has(text) &&
        !others.has(text) &&
        !/^\S*[/:#]\S*$/.test(text) &&
        isTelling(withoutOwn(text, own)),
    );
    if (mark) return `was shown what only the first one had at ${place}: "${mark.slice(0, 60)}"`;
  }
  return undefined;
}
