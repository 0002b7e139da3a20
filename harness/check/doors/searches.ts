/** Searches: they show nothing until somebody says a word. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { type Candidate, isDynamic, mayBeDoor } from './crawl.ts';
import { textsIn } from './marks.ts';

export const SEARCHES = /\/(?:search|find|suggest(?:ions)?|autocomplete|lookup|typeahead)\/?$/i;
/** Names of parameters that say what is looked for. */
export const PARAMETER = /^(?:q|s|query|search|term|keywords?|text)$/i;
const SEARCHES_MAX = 4;
const WORDS_MAX = 2;

/**
 * Words that stand beside the name of a member in what that member is shown, the most frequent first: a search for one of them
 * finds what is the member's, and as well what is everybody's where nobody asks whose it is.
 */
export function wordsBeside(name: string, bodies: Iterable<string>): string[] {
  const counts = new Map<string, number>();
  for (const body of bodies)
    for (const text of textsIn(body)) {
      if (!name || !text.includes(name)) continue;
      for (const [word] of text.replaceAll(name, ' ').matchAll(/\p{L}{4,}/gu))
        counts.set(word.toLowerCase(), (counts.get(word.toLowerCase()) ?? 0) + 1);
    }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([word]) => word)
    .slice(0, WORDS_MAX);
}

/**
 * Searches of an app, each asked for what the member has.
 *
 * @param paths that are known, languages put in
 */
export function searchesIn(
  lab: LabDescription,
  paths: readonly Candidate[],
  words: readonly string[],
): Candidate[] {
  const named = (lab.routes?.parameters ?? []).filter((name) => PARAMETER.test(name));
  const parameters = named.length ? named : ['q'];
  return paths
    .filter(({ path }) => SEARCHES.test(path) && !isDynamic(path) && mayBeDoor(path, lab))
    .slice(0, SEARCHES_MAX)
    .flatMap(({ path, source }) =>
      words.map((word) => ({
        path: `${path}?${new URLSearchParams(parameters.map((name) => [name, word]))}`,
        source,
      })),
    );
}
