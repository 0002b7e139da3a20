import { distance } from 'fastest-levenshtein';

/** The candidate that differs least from a text, when it differs by no more than a third of its letters. */
export function closest(text: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, difference: distance(text.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.difference - b.difference)[0];
  return ranked && ranked.difference <= Math.max(1, Math.floor(text.length / 3))
    ? ranked.candidate
    : undefined;
}
