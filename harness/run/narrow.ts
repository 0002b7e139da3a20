/** `--last-failed`, `--grep` and `--grep-invert`: which checks are meant, before anything starts. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { readReportText } from '../../reports/files.ts';
import type { Report } from '../../reports/model.ts';
import { hasEnded } from '../../reports/scope.ts';
import type { Selectable } from '../check/shipped-catalogue.ts';
import { ConformanceError } from '../errors.ts';
import type { RunOptions } from './run-options.ts';

type Narrowing = Pick<RunOptions, 'grep' | 'grepInvert' | 'lastFailed' | 'failedBefore'>;

/** Whether a run is asked for less than its selection. */
export const isNarrowed = ({ grep, grepInvert, lastFailed }: Narrowing): boolean =>
  Boolean(lastFailed || grep !== undefined || grepInvert !== undefined);

/** The newest report of a run that ended, of the folder and of the selections in it. */
function newestReport(out: string): { report: Report; file: string } | undefined {
  const files = [out, path.join(out, 'selection'), path.join(out, 'previous')]
    .map((folder) => path.join(folder, 'report.json'))
    .filter((file) => existsSync(file))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const file of files) {
    try {
      const report = JSON.parse(readReportText(file)) as Report;
      if (Array.isArray(report.checks) && report.checks.length > 0 && hasEnded(report))
        return { report, file };
    } catch {
      // no report: the next one may be
    }
  }
  return undefined;
}

/** What did not pass in the last run: failures, errors, what was blocked; warnings when that run was strict. */
function failedIn({ checks }: Report): string[] {
  return checks
    .filter(({ verdict, known }) => ['fail', 'error', 'blocked'].includes(verdict) && known === undefined)
    .map(({ id }) => id);
}

function pattern(flag: string, text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_GREP_INVALID',
      what: `"${text}" is no regular expression: ${(error as Error).message}`,
      expected: `a pattern for ids and titles, such as "cookie|token" (${flag})`,
      remedy: 'escape what is meant literally, or select by id.',
    });
  }
}

/**
 * The ids that are left.
 *
 * @param candidates what the selection gives
 * @param out folder of the reports
 * @throws ConformanceError CONF_NOTHING_FAILED, CONF_NOTHING_SELECTED or CONF_GREP_INVALID
 */
export function narrow(
  candidates: readonly (Selectable & { title?: string })[],
  options: Narrowing,
  out: string,
): string[] {
  const wanted = options.grep === undefined ? undefined : pattern('--grep', options.grep);
  const unwanted =
    options.grepInvert === undefined ? undefined : pattern('--grep-invert', options.grepInvert);
  const words = ({ id, title = '', clauses, level, severity }: Selectable & { title?: string }) =>
    [id, title, ...clauses, `@${level}`, `@${severity}`].join(' ');
  let failed: Set<string> | undefined;
  if (options.lastFailed) {
    const last = newestReport(out);
    failed = new Set(last ? failedIn(last.report) : []);
    if (failed.size > 0) options.failedBefore?.splice(0, Number.POSITIVE_INFINITY, ...failed);
    else failed = new Set(options.failedBefore);
    if (failed.size === 0) {
      throw new ConformanceError({
        code: 'CONF_NOTHING_FAILED',
        what: last
          ? `nothing failed in the last run (${path.relative(process.cwd(), last.file)})`
          : 'there is no report of a run before',
        expected: 'a last run with failures, errors or blocked checks (--last-failed)',
        remedy: 'leave --last-failed out to run everything.',
      });
    }
  }
  const ids = candidates
    .filter((check) => !failed || failed.has(check.id))
    .filter((check) => !wanted || wanted.test(words(check)))
    .filter((check) => !unwanted?.test(words(check)))
    .map(({ id }) => id);
  if (ids.length > 0) return ids;
  throw new ConformanceError({
    code: 'CONF_NOTHING_SELECTED',
    what: 'no check is left to run',
    expected: 'a check that the selection, --last-failed, --grep and --grep-invert have in common',
    remedy: '`npx authjs-conformance list` shows all ids and titles.',
  });
}
