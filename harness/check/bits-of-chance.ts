/** How much of a token may be chance: what stays the same from token to token, or only counts on, is none. */

const SIGNS: [RegExp, number][] = [
  [/^[0-9]*$/, 10],
  [/^[0-9a-f-]*$|^[0-9A-F-]*$/, 16],
  [/^[0-9a-z-]*$|^[0-9A-Z-]*$/, 36],
];

/**
 * Bits that tokens made one after the other can hold at most: of the places that differ between them, by the signs that
 * stand there. An upper bound: a digest of something known looks like chance, and is not seen.
 *
 * @param tokens in the order in which they were made; two at least
 */
export function bitsOfChance(tokens: readonly string[]): number {
  const length = Math.min(...tokens.map((token) => token.length));
  const places = Array.from({ length }, (_, at) => tokens.map((token) => token[at] as string)).filter(
    (signs) => new Set(signs).size > 1,
  );
  const all = places.flat().join('');
  const signs = SIGNS.find(([among]) => among.test(all))?.[1] ?? 64;
  const bits = places.length * Math.log2(signs);
  // A number that only grows is a counter or a clock, however long it is.
  return counts(tokens) ? Math.min(bits, GROWTH_BITS) : bits;
}

/** What a clock or a counter lets somebody try: the times between two sign-ins. */
const GROWTH_BITS = 32;
const TOKENS_MIN = 4;

function counts(tokens: readonly string[]): boolean {
  if (tokens.length < TOKENS_MIN || !tokens.every((token) => /^\d{1,40}$/.test(token))) return false;
  const numbers = tokens.map(BigInt);
  const steps = numbers.slice(1).map((each, at) => each - (numbers[at] as bigint));
  // Numbers by chance grow in a row now and then, by steps as large as they are.
  const small = steps.every((step) => step > 0n && step * 1000n < (numbers[0] as bigint));
  return small;
}
