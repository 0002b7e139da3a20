/** The known-failures file: failures that are accepted for a while, with a reason, and found out when they go stale. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readGivenJson } from '../../reports/given-file.ts';
import type { CheckResult, Finding, Report } from '../../reports/model.ts';
import { ConformanceError } from '../errors.ts';

const entrySchema = z.strictObject({
  check: z.string().min(1).describe('check id'),
  reason: z.string().min(1).describe('why the failure is accepted'),
  until: z.iso.date().optional().describe('last day, YYYY-MM-DD, on which it is'),
});
const fileSchema = z.strictObject({ $schema: z.string().optional(), known: z.array(entrySchema) });
export type KnownFailure = z.infer<typeof entrySchema>;

/** Environment variable that hands the entries to the workers. */
export const KNOWN_FAILURES = 'CONFORMANCE_KNOWN_FAILURES';

/** The entry that covers a check, if there is one. */
export const knownAs = (entries: readonly KnownFailure[], id: string): KnownFailure | undefined =>
  entries.find(({ check }) => check === id);

/**
 * Reads the file as it is, with ids that have a * in them.
 *
 * @throws ConformanceError CONF_KNOWN_FAILURES_INVALID
 */
export function parseKnownFailures(file: string): KnownFailure[] {
  let parsed: ReturnType<typeof fileSchema.safeParse>;
  try {
    parsed = fileSchema.safeParse(readGivenJson(file));
  } catch (error) {
    throw invalid(file, (error as Error).message);
  }
  if (!parsed.success) throw invalid(file, z.prettifyError(parsed.error).replace(/\n/g, '\n    '));
  return parsed.data.known;
}

/**
 * Reads the file for a run.
 *
 * @param file path of the file
 * @param today last day that counts, YYYY-MM-DD
 * @throws ConformanceError CONF_KNOWN_FAILURES_INVALID, CONF_KNOWN_FAILURE_EXPIRED when an until-date has passed, or
 *   CONF_KNOWN_FAILURE_GLOB: a * would accept the checks of later versions, too
 */
export function readKnownFailures(
  file: string,
  today = new Date().toISOString().slice(0, 10),
): KnownFailure[] {
  const known = parseKnownFailures(file);
  const glob = known.find(({ check }) => check.includes('*'));
  if (glob) {
    throw new ConformanceError({
      code: 'CONF_KNOWN_FAILURE_GLOB',
      what: `the known failure "${glob.check}" would accept failures that nobody has seen yet`,
      expected: `one entry for each check in ${path.basename(file)} (--known-failures)`,
      remedy: `replace each * by the ids that it stands for today: npx authjs-conformance known resolve ${file} (with --report FOLDER: only what fails there).`,
    });
  }
  const expired = known.find(({ until }) => until && until < today);
  if (expired) {
    throw new ConformanceError({
      code: 'CONF_KNOWN_FAILURE_EXPIRED',
      what: `the known failure "${expired.check}" was accepted until ${expired.until} only (${expired.reason})`,
      expected: `entries of ${path.basename(file)} whose date has not passed`,
      remedy: 'mend the app and remove the entry, or accept the failure for longer.',
    });
  }
  return known;
}

const invalid = (file: string, why: string) =>
  new ConformanceError({
    code: 'CONF_KNOWN_FAILURES_INVALID',
    what: `the known-failures file ${file} is not valid: ${why}`,
    expected: '{"known": [{"check": "suite/slug", "reason": "…", "until": "YYYY-MM-DD"}]} (--known-failures)',
    remedy: 'correct the file; --write-known-failures FILE makes a template.',
  });

const bad = ({ verdict }: CheckResult) => ['fail', 'warn', 'note'].includes(verdict);

/** Entries that no longer cover a failure, though the checks they name ran: they hide what comes next. */
export const staleEntries = (
  entries: readonly KnownFailure[],
  { checks }: Pick<Report, 'checks'>,
): KnownFailure[] =>
  entries.filter((entry) => {
    const covered = checks.filter(({ id }) => id === entry.check);
    return covered.length > 0 && !covered.some(bad);
  });

export const staleFinding = (entry: KnownFailure): Finding => ({
  code: 'CONF_KNOWN_FAILURE_STALE',
  what: `the known failure "${entry.check}" does not fail any more (${entry.reason})`,
  expected: 'entries for checks that fail',
  remedy: 'remove the entry: it would hide the next failure.',
});

/** Writes a template with every failure of a report. */
export function writeKnownFailures(file: string, { checks }: Pick<Report, 'checks'>): number {
  const known = checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ id, message }) => ({ check: id, reason: `TO BE EXPLAINED: ${message ?? ''}` }));
  writeFileSync(file, `${JSON.stringify({ known }, null, 2)}\n`);
  return known.length;
}
