/** Joins the reports of shards, or of runs that judged different checks of one target. */
import { buildReport } from './build.ts';
import type { Finding, Report, Scope, SentMessages } from './model.ts';
import { atOneOrigin } from './one-origin.ts';
import { ReportError } from './report-error.ts';
import { extent, hasEnded } from './scope.ts';
import { counted } from './words.ts';

const distinct = <Item>(items: Item[]) => [...new Set(items)];
const ascending = (a: number, b: number) => a - b;

const finding = (code: string, what: string): Finding => ({
  code,
  what,
  expected: 'the report.json of every shard of one run, once',
  remedy: 'give all of them, each once, to `npx authjs-conformance merge`.',
});

/** What keeps shards from being a whole: missing ones, one that is there twice, shards of different runs. */
function troubleWithShards(reports: readonly Report[]): Finding[] {
  const shards = reports.flatMap(({ scope }) => (scope.shard ? [scope.shard] : []));
  const [first] = shards;
  if (!first) return [];
  const totals = distinct(shards.map(({ total }) => total)).sort(ascending);
  const selections = distinct(reports.map(({ scope }) => (scope.select ?? []).join(', ')));
  if (totals.length > 1 || selections.length > 1 || shards.length < reports.length) {
    const parts = reports.map(({ scope }) =>
      scope.shard ? `${scope.shard.current}/${scope.shard.total}` : scope.kind,
    );
    return [finding('CONF_SHARD_MIXED', `the reports are parts of different divisions: ${parts.join(', ')}`)];
  }
  const numbers = Array.from({ length: first.total }, (_, index) => index + 1);
  const times = (number: number) => shards.filter(({ current }) => current === number).length;
  const missing = numbers.filter((number) => times(number) === 0);
  const twice = numbers.filter((number) => times(number) > 1);
  const told = (list: number[]) => `${list.join(', ')} ${list.length === 1 ? 'is' : 'are'}`;
  return [
    ...(missing.length
      ? [finding('CONF_SHARD_MISSING', `of ${first.total} shards, ${told(missing)} missing`)]
      : []),
    ...(twice.length
      ? [finding('CONF_SHARD_TWICE', `of ${first.total} shards, ${told(twice)} there more than once`)]
      : []),
  ];
}

/** All shards of a whole make a whole; parts of other kinds stay a part. */
function scopeOf(reports: readonly Report[]): Scope {
  const scopes = reports.map(({ scope }) => scope);
  const ran = distinct(reports.flatMap(({ checks }) => checks.map(({ id }) => id))).length;
  const select = distinct(scopes.flatMap((scope) => scope.select ?? []));
  const whole = scopes.every(
    ({ kind, select: chosen }) => kind === 'whole' || (kind === 'shard' && !chosen?.length),
  );
  return {
    kind: whole ? 'whole' : 'selection',
    ...(!whole && select.length && { select }),
    ran,
    of: Math.max(ran, ...scopes.map(({ of }) => of)),
  };
}

/** What all of them sent, by connector and usage type. */
function sentIn(reports: readonly Report[]): SentMessages[] {
  const rows = new Map<string, SentMessages>();
  for (const row of reports.flatMap(({ connector }) => connector?.sent ?? [])) {
    const key = `${row.connector} ${row.type}`;
    const before = rows.get(key);
    rows.set(key, {
      ...row,
      count: row.count + (before?.count ?? 0),
      by: distinct([...(before?.by ?? []), ...row.by]).sort(),
    });
  }
  return [...rows.values()];
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
      remedy: 'merge the reports of one target; use `npx authjs-conformance diff` to compare two.',
    });
  }
  const starts = reports.map(({ startedAt }) => Date.parse(startedAt));
  const ends = reports.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  const trouble = troubleWithShards(reports);
  const scope = scopeOf(reports);
  const lacking =
    trouble.length === 0 && scope.kind === 'whole' && scope.ran < scope.of && reports.every(hasEnded)
      ? [
          finding(
            'CONF_CHECKS_MISSING',
            `the reports hold ${extent(scope)}: ${counted(scope.of - scope.ran, 'check')} ran in none of them`,
          ),
        ]
      : [];
  const { comparedWith: _comparedWith, ...facts } = first;
  const sent = sentIn(reports);
  return buildReport({
    facts: {
      ...facts,
      ...(facts.connector && sent.length > 0 && { connector: { ...facts.connector, sent } }),
      scope,
      startedAt: new Date(Math.min(...starts)).toISOString(),
      clauses: Object.assign({}, ...reports.map(({ clauses }) => clauses)),
      findings: [...reports.flatMap(({ findings }) => findings), ...trouble, ...lacking],
      targetLog: reports.flatMap(({ targetLog }) => targetLog).slice(-200),
    },
    checks: reports.flatMap((report) => atOneOrigin(report, first)),
    durationMs: Math.max(...ends) - Math.min(...starts),
    strict: reports.some(({ strict }) => strict),
  });
}
