/**
 * Evidence of checks that passed, packed into one text: what `judge` and the time lines need, and nobody reads in a file.
 * Traffic repeats itself, so that a run shrinks to a tenth; nothing is left out.
 */
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { CheckResult } from './model.ts';

/** Verdicts that nobody looks into: their evidence is kept short, and packed. */
const QUIET = new Set<CheckResult['verdict']>(['pass', 'not applicable', 'not judged']);
export const isQuiet = ({ verdict }: Pick<CheckResult, 'verdict'>): boolean => QUIET.has(verdict);
/** Bytes that a packed text may unfold to: a report comes from anywhere. */
const UNPACKED_MAX = 256_000_000;

/** What was set aside of one check. */
export type Evidence = Pick<CheckResult, 'id' | 'exchanges' | 'log'>;

/** Traffic repeats what was said thousands of lines before, which gzip with its window of 32 KB does not see. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};

/** Packs any JSON value: Brotli (RFC 7932), then base64. */
export const pack = (value: unknown): string =>
  brotliCompressSync(JSON.stringify(value), BROTLI).toString('base64');

/**
 * The value that was packed; whoever reads it judges its shape.
 *
 * @throws Error when the text is none that `pack` makes, or unfolds to more than 256 MB
 */
export const unpack = (text: string): unknown =>
  JSON.parse(
    brotliDecompressSync(Buffer.from(text, 'base64'), { maxOutputLength: UNPACKED_MAX }).toString('utf8'),
  );

/** Checks as they stand in the file, and the evidence of those that passed or were not asked. */
export function setAside(checks: readonly CheckResult[]): { checks: CheckResult[]; aside: Evidence[] } {
  const aside: Evidence[] = [];
  const short = checks.map((check) => {
    const { id, exchanges, log } = check;
    if (!isQuiet(check) || (exchanges.length === 0 && log.length === 0)) return check;
    aside.push({ id, exchanges, log });
    return { ...check, exchanges: [], log: [] };
  });
  return { checks: short, aside };
}

/** The checks with what was set aside. */
export function putBack<Check extends { id: string }>(
  checks: readonly Check[],
  aside: readonly Evidence[],
): (Check & Partial<Evidence>)[] {
  const byId = new Map(aside.map((each) => [each.id, each]));
  return checks.map((check) => ({ ...check, ...byId.get(check.id) }));
}
