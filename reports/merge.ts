/** Joins the reports of shards, or of runs that judged different checks of one target. */
import { buildReport } from './build.ts';
import type { Finding, Report } from './model.ts';
import { ReportError } from './schema.ts';

const distinct = (texts: string[]) => [...new Set(texts)];

function missingShards(reports: readonly Report[]): Finding[] {
  const shards = reports.flatMap(({ shard }) => (shard ? [shard] : []));
  const total = shards[0]?.total;
  if (total === undefined) return [];
  const missing = Array.from({ length: total }, (_, index) => index + 1).filter(
    (number) => !shards.some(({ current }) => current === number),
  );
  if (missing.length === 0) return [];
  return [
    {
      code: 'CONF_SHARD_MISSING',
      what: `of ${total} shards, ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      expected: 'the report.json of every shard',
      remedy: 'give all of them to `authjs-conformance merge`.',
    },
  ];
}

/**
 * Joins reports of one target into one; of checks that are in several, the worst verdict stays.
 *
 * @throws ReportError CONF_MERGE_EMPTY or CONF_MERGE_TARGETS
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports;
  if (!first)
    throw new ReportError({
      code: 'CONF_MERGE_EMPTY',
      what: 'there is no report to merge',
      expected: 'the report.json of each shard',
      remedy: 'give their paths.',
    });
  const names = distinct(reports.map(({ target, tool }) => `${target.name} (judged by ${tool.version})`));
  if (names.length > 1) {
    throw new ReportError({
      code: 'CONF_MERGE_TARGETS',
      what: `the reports tell of different runs: ${names.join(' and ')}`,
      expected: 'shards of one run: one target, one version of the suite',
      remedy: 'merge the reports of one target; use `authjs-conformance diff` to compare two.',
    });
  }
  const starts = reports.map(({ startedAt }) => Date.parse(startedAt));
  const ends = reports.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  const missing = missingShards(reports);
  const { shard: _shard, comparedWith: _comparedWith, ...facts } = first;
  const merged = buildReport({
    facts: {
      ...facts,
      startedAt: new Date(Math.min(...starts)).toISOString(),
      clauses: Object.assign({}, ...reports.map(({ clauses }) => clauses)),
      findings: [...reports.flatMap(({ findings }) => findings), ...missing],
      targetLog: reports.flatMap(({ targetLog }) => targetLog).slice(-200),
    },
    checks: reports.flatMap(({ checks }) => checks),
    durationMs: Math.max(...ends) - Math.min(...starts),
    strict: reports.some(({ strict }) => strict),
  });
  return missing.length && merged.exitCode === 0 ? { ...merged, result: 'not judged', exitCode: 2 } : merged;
}
