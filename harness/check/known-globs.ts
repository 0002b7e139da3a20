/** `known resolve`: ids with * become the ids that they stand for today, so that nothing of tomorrow is accepted. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readGivenJson } from '../../reports/given-file.ts';
import { ConformanceError } from '../errors.ts';
import { type KnownFailure, parseKnownFailures } from './known-failures.ts';
import { fits } from './selection.ts';
import { shippedCatalogue } from './shipped-catalogue.ts';

/**
 * The entries with every glob replaced; an id that is listed by itself keeps its own entry.
 *
 * @param ids what a glob may stand for
 * @throws ConformanceError CONF_KNOWN_FAILURE_UNMATCHED when one stands for nothing
 */
export function withoutGlobs(entries: readonly KnownFailure[], ids: readonly string[]): KnownFailure[] {
  const named = new Set(entries.map(({ check }) => check));
  const taken = new Set<string>();
  return entries.flatMap((entry) => {
    if (!entry.check.includes('*')) return [entry];
    const all = ids.filter((id) => fits(entry.check, id));
    if (all.length === 0) {
      throw new ConformanceError({
        code: 'CONF_KNOWN_FAILURE_UNMATCHED',
        what: `"${entry.check}" stands for no check that could be a known failure`,
        expected:
          'an id with * that fits at least one check of the catalogue, or one that fails in the report',
        remedy: 'correct the entry, or remove it.',
      });
    }
    const mine = all.filter((id) => !named.has(id) && !taken.has(id));
    for (const id of mine) taken.add(id);
    return mine.map((id) => ({ ...entry, check: id }));
  });
}

/**
 * Rewrites a file of known failures.
 *
 * @param reportPlace report.json or its folder: only what fails there is taken (own checks, too); without it every
 *   check of the catalogue that fits
 */
export async function resolveKnownFailures(file: string, reportPlace?: string): Promise<{ text: string }> {
  const place = path.resolve(file);
  const entries = parseKnownFailures(place);
  const ids = reportPlace ? await failingIn(reportPlace) : shippedCatalogue().map(({ id }) => id);
  const known = withoutGlobs(entries, ids);
  const before = readGivenJson(place) as object;
  writeFileSync(place, `${JSON.stringify({ ...before, known }, null, 2)}\n`);
  const globs = entries.filter(({ check }) => check.includes('*')).length;
  return {
    text: globs
      ? `${file}: ${globs} ${globs === 1 ? 'entry' : 'entries'} with * became ${known.length - (entries.length - globs)} ids\n`
      : `${file}: no entry has a *, nothing to do\n`,
  };
}

async function failingIn(place: string): Promise<string[]> {
  const { readReport } = await import('../../reports/files.ts');
  return readReport(place)
    .checks.filter(({ verdict }) => ['fail', 'warn', 'note'].includes(verdict))
    .map(({ id }) => id);
}
