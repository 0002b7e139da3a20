/** Addresses that name the member whose they are (`/exports/7k2x.csv`), and what stands there of that member alone. */
import { isSentence, readable, textsIn } from './marks.ts';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Shorter ids stand in addresses that have nothing to do with them. */
const ID_MIN = 6;

/**
 * The same address with the id of another member in it.
 *
 * @returns undefined when it does not name the first one
 */
export function addressFor(path: string, from: string, to: string): string | undefined {
  if (from.length < ID_MIN || !to) return undefined;
  const named = new RegExp(`(?<![\\w-])${escaped(from)}(?![\\w-])`, 'g');
  return named.test(path) ? path.replace(named, to) : undefined;
}

/**
 * Sentences and figures that the member is shown twice and that stand nowhere else.
 *
 * @param shown two answers to the member
 * @param elsewhere what the other member gets at the address with their own id, and at doors that name nobody
 */
export function ownTexts(shown: readonly [string, string], elsewhere: readonly string[]): string[] {
  const again = new Set(textsIn(shown[1]));
  const known = elsewhere.map(readable);
  return textsIn(shown[0]).filter(
    (text) => isSentence(text) && again.has(text) && !known.some((body) => body.includes(text)),
  );
}
