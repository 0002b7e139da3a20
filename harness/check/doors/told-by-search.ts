/** What a member has made, looked for by another at the lists and searches of the app: by its word, and by values that a database would take for a condition. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { ALWAYS_TRUE, NO_CLAIM } from './approach.ts';
import { isDynamic, mayBeDoor } from './crawl.ts';
import type { OwnThing } from './own-collections.ts';
import { send } from './send.ts';

/** Parameters that say what is looked for. */
const SEARCHES = /^(?:q|s|query|search|term|keywords?|text|filter|find|word|where|like|name|title)$/i;
const SEARCH_PATH = /\/(?:search|find|suggest(?:ions)?|autocomplete|lookup|typeahead)\/?$/i;
const PATHS_MAX = 8;
const THINGS_MAX = 2;

const bare = (path: string) => path.split('?')[0] ?? '';
const idOf = ({ mark }: OwnThing) => bare(mark).split('/').at(-1) ?? '';

/** Addresses of the app that take something to look for, with the parameters that their sources read. */
export function lookedAt(lab: LabDescription, lists: readonly string[]): { path: string; names: string[] }[] {
  const read = (lab.routes?.paths ?? []).flatMap(({ path, parameters = [] }) => {
    const names = parameters.filter((name) => !NO_CLAIM.test(name));
    const takes = SEARCH_PATH.test(path) || names.some((name) => SEARCHES.test(name));
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
      const id = idOf(thing);
      if (plain?.text.includes(id)) continue;
      for (const value of [thing.word, ...ALWAYS_TRUE]) {
        const asked = `${path}?${new URLSearchParams(names.map((name) => [name, value]))}`;
        const answer = await send(other, lab.app.origin, { path: asked });
        if (answer && answer.status < 400 && answer.text.includes(id))
          return `GET ${path} with ${names.join(', ')} = ${value === thing.word ? 'a word of it' : value.trim()} names ${thing.path}`;
      }
    }
  }
  return undefined;
}
