/** Whether an app takes one person for another, by what both are shown. */
import { createHash } from 'node:crypto';
import { digitsOf, issuedOf } from '../../../mocks/issued.ts';
import type { Person } from '../../../mocks/people.ts';
import { isNamedAlone, isNameOrId } from '../doors/lists-people.ts';
import { hasFigures, textsIn } from '../doors/marks.ts';
import { addToIndex, type IssuedIndex, issuedIn } from '../issued-in.ts';
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

const MASK = /[*•·…#]+|[xX]{2,}|\.{3,}/g;

/** Whether a text holds what is around the hidden part of a number that somebody has, and no other digit: `12•••62`, `+120 *** 163`. */
function isMasked(text: string, own: readonly string[]): boolean {
  const parts = text.split(MASK).map(digitsOf);
  const [before = '', after = ''] = [parts[0], parts.at(-1)];
  return (
    parts.length > 1 &&
    parts.slice(1, -1).every((part) => part === '') &&
    own.some((value) => /^\d+$/.test(value) && value.startsWith(before) && value.endsWith(after))
  );
}

/** What is left of a text when everything that a person has is taken out of it. */
function withoutOwn(text: string, own: readonly string[]): string {
  if (isMasked(text, own)) return text.replace(/\d+/g, '');
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

/** Places that name others to somebody who shares nothing with them, and tell nothing else of those: lists of people. */
function listsIn({ person, bodies }: Look, others: readonly Person[]): Set<string> {
  const lists = [...bodies].filter(([, body]) => {
    const told = others.flatMap((other) => issuedIn(body, onlyOf(other, person)));
    return isNamedAlone(told);
  });
  return new Set(lists.map(([place]) => place));
}

/** Whether what was seen may have stood there for a moment alone: a name, or a text. An id, a number or an address of somebody else was told. */
export const mayPass = (why: string): boolean =>
  /what (?:only )?the first one had|the (?:user)?name of/.test(why);

/** Where it was seen that somebody was taken for another, as `takenFor` says it: a path, or a member of the session. */
export const seenAt = (why: string): string | undefined =>
  /has the id of the first one \(([^)]+)\)/.exec(why)?.[1] ??
  /(?:of the first one|had written,|only the first one had) at (the session|\S+?)(?:[:.]?$|: ")/.exec(
    why,
  )?.[1];

/**
 * Why the second person was taken for the first.
 *
 * @param first what the first was shown, before the second came
 * @param second what the second was shown, who shares something with the first
 * @param control what somebody was shown who shares nothing with them, and came in between
 * @param options.texts whether texts count that both are shown and `control` is not: of people who have nothing, and one who has a
 *   name, they tell those who have nothing, not whose account it is
 * @returns in words that read after "the second person …"; undefined when they were kept apart
 */
export function takenFor(
  first: Look,
  second: Look,
  control: Look,
  { texts = true }: { texts?: boolean } = {},
): string | undefined {
  for (const [member, value] of first.ids)
    if (second.ids.get(member) === value && control.ids.get(member) !== value)
      return `has the id of the first one (${member})`;
  const isWritten = (word: string, { bodies }: Look) => [...bodies].find(([, body]) => body.includes(word));
  for (const word of first.written ?? []) {
    const [place] = isWritten(word, second) ?? [];
    if (place && !isWritten(word, control)) return `was shown what the first one had written, at ${place}`;
  }
  const only = onlyOf(first.person, second.person);
  const lists = listsIn(control, [first.person, second.person]);
  for (const [place, body] of second.bodies) {
    // What somebody else is shown as well, such as a list of members, is nothing of an account.
    const all = issuedIn(control.bodies.get(place) ?? '', only);
    const found = issuedIn(body, only).find(
      (each) => !all.includes(each) && !(lists.has(place) && isNameOrId(each)),
    );
    if (found) return `was shown the ${found.kind} of the first one at ${place}`;
  }
  if (!texts) return undefined;
  const own = ownOf(second.person);
  const others = new Set([...control.bodies.values()].flatMap(textsIn));
  for (const [place, body] of second.bodies) {
    // Who stands in a list is the same for whoever looks at it, until somebody comes.
    if (lists.has(place)) continue;
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
