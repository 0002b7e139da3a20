/** How much of a token may be chance: what stays the same from token to token, or only counts on, is none. */

const SIGNS: [RegExp, number][] = [
  [/^[0-9]*$/, 10],
  [/^[0-9a-f-]*$|^[0-9A-F-]*$/, 16],
  [/^[0-9a-z-]*$|^[0-9A-Z-]*$/, 36],
];

/**
 * Bits that tokens of one person, made one after the other, can hold at most: of the places that differ between them, by
 * the signs that stand there. What is known of the person, and what only counts on, stays the same or differs in few
 * places. An upper bound: a digest of something known looks like chance
 * (`digests-of-known.ts` looks for those).
 *
 * @param tokens two at least
 */
export function bitsOfChance(tokens: readonly string[]): number {
  const lengths = tokens.map((token) => token.length);
  const length = Math.min(...lengths);
  // A counter that grows by a digit moves what stands behind it: from the end, that is the same again.
  const fromEnd = (token: string) => token.slice(token.length - length);
  const fromStart = (token: string) => token.slice(0, length);
  return Math.min(bitsAt(tokens.map(fromStart)), bitsAt(tokens.map(fromEnd)));
}

function bitsAt(tokens: readonly string[]): number {
  const places = Array.from({ length: tokens[0]?.length ?? 0 }, (_, at) =>
    tokens.map((token) => token[at] as string),
  ).filter((signs) => new Set(signs).size > 1);
  const all = places.flat().join('');
  const signs = SIGNS.find(([among]) => among.test(all))?.[1] ?? 64;
  return places.length * Math.log2(signs);
}
