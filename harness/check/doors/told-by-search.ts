/** What a member has made, looked for by another at the lists and searches of the app: by its word, and by values that a database would take for a condition. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { ALWAYS_TRUE, NO_CLAIM } from './approach.ts';
import { isDynamic, mayBeDoor } from './crawl.ts';
import { bare, lastOf, type OwnThing } from './own-collections.ts';
import { PARAMETER, SEARCHES } from './searches.ts';
import { send } from './send.ts';

/** Parameters that narrow a list, beside those of searches. */
const NARROWS = /^(?:filter|find|word|where|like|name|title)$/i;
/** Characters from which on an id is found by itself in an answer. */
const LONG_ID = 8;
const PATHS_MAX = 8;
const THINGS_MAX = 2;

/** The text as it stands for itself, and within no longer one. */
const holds = (text: string, part: string): boolean =>
  new RegExp(`(?<![\\w-])${part.replace(/[^\w]/g, '\\$&')}(?![\\w-])`).test(text);

/** Whether an answer tells of a thing what the request has not said itself. */
const tellsOf = (text: string, { mark, word }: OwnThing, said: string): boolean =>
  (!said.includes(word) && holds(text, word)) ||
  (lastOf(mark).length >= LONG_ID && holds(text, lastOf(mark)));

/** Addresses of the app that take something to look for, with the parameters that their sources read. */
export function lookedAt(lab: LabDescription, lists: readonly string[]): { path: string; names: string[] }[] {
  const read = (lab.routes?.paths ?? []).flatMap(({ path, parameters = [] }) => {
    const names = parameters.filter((name) => !NO_CLAIM.test(name));
    const takes = SEARCHES.test(path) || names.some((name) => PARAMETER.test(name) || NARROWS.test(name));
    return takes && !isDynamic(path) ? [{ path, names: names.length > 0 ? names : ['q'] }] : [];
  });
  const known = new Set(read.map(({ path }) => path));
  const guessed = [...new Set(lists.map(bare))]
    .filter((path) => !known.has(path))
    .map((path) => ({ path, names: ['q', 'search'] }));
  return [...read, ...guessed].filter(({ path }) => mayBeDoor(path, lab)).slice(0, PATHS_MAX);
}

/**
 * Looks for what the first has made, and the other is refused at its own address.
 *
 * @returns how the other was told of it, as an answer named the thing that no request had named; undefined where none did
 */
export async function toldBySearch(
  things: readonly OwnThing[],
  other: Visitor,
  lab: LabDescription,
): Promise<string | undefined> {
  for (const { path, names } of lookedAt(
    lab,
    things.map(({ list }) => list),
  )) {
    const plain = await send(other, lab.app.origin, { path });
    for (const thing of things.slice(0, THINGS_MAX)) {
      if (!plain || tellsOf(plain.text, thing, '')) continue;
      // A page says again what was looked for: what stands behind the part of a word that was sent is the app's.
      const [part, whole] = [thing.word.slice(0, -1), thing.word];
      for (const value of [part, whole, ...ALWAYS_TRUE]) {
        const asked = `${path}?${new URLSearchParams(names.map((name) => [name, value]))}`;
        const answer = await send(other, lab.app.origin, { path: asked });
        if (answer && answer.status < 400 && tellsOf(answer.text, thing, value))
          return `GET ${path} with ${names.join(', ')} = ${whole.startsWith(value) ? 'a word of it' : value.trim()} names ${thing.path}`;
      }
    }
  }
  return undefined;
}
