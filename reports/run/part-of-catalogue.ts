/** Which part of the catalogue a run is, and what it says when that is less than was asked for. */
import type { FullConfig, FullResult } from '@playwright/test/reporter';
import { catalogueIds } from '../catalogue-ids.ts';
import type { CheckResult, Finding, Report, Scope } from '../model.ts';

/** How many checks each suite has. */
export const suitesOf = (ids: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const name = id.split('/')[0] as string;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
};

const missingIn = (ids: ReadonlySet<string>): string[] => catalogueIds().filter((id) => !ids.has(id));

/** A run of everything in which checks are missing must say which: a file of checks that did not load hides them. */
export function missingFinding(scope: Scope, checks: readonly CheckResult[]): Finding[] {
  if (scope.kind !== 'whole') return [];
  const missing = missingIn(new Set(checks.map(({ id }) => id)));
  if (missing.length === 0) return [];
  return [
    {
      code: 'CONF_CHECKS_MISSING',
      what: `${missing.length} checks of the catalogue are in no file of checks that was loaded: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}`,
      expected: 'every check of reports/catalogue.json',
      remedy: 'read the output above; after a check was taken away: npm run catalogue.',
    },
  ];
}

/** A run that stops after failures is a part, whatever was asked for. */
export const stoppedScope = (scope: Scope, failures: number): Scope => ({
  ...scope,
  kind: scope.kind === 'shard' ? 'shard' : 'selection',
  select: [...(scope.select ?? []), `stopped after ${failures} ${failures === 1 ? 'failure' : 'failures'}`],
});

/**
 * Which part of the catalogue these checks are.
 *
 * @param given what the harness was asked for
 * @param shard the part of the checks that Playwright was asked for
 */
export function scopeOfChecks(
  checks: readonly CheckResult[],
  given: Pick<Scope, 'kind' | 'select' | 'of'> | undefined,
  shard: FullConfig['shard'] | undefined,
): Scope {
  const ids = new Set(checks.map(({ id }) => id));
  const kind = shard ? 'shard' : (given?.kind ?? (missingIn(ids).length ? 'selection' : 'whole'));
  return {
    kind,
    ...(given?.select?.length && { select: given.select }),
    ...(shard && { shard: { current: shard.current, total: shard.total } }),
    ran: ids.size,
    of: Math.max(given?.of ?? 0, new Set([...catalogueIds(), ...ids]).size),
  };
}

/** A run that was cut short must not look whole. */
export function withCut(report: Report, status: FullResult['status']): Report {
  if (status !== 'interrupted' && status !== 'timedout') return report;
  const cut: Finding = {
    code: status === 'interrupted' ? 'CONF_INTERRUPTED' : 'CONF_TIMED_OUT',
    what:
      status === 'interrupted'
        ? 'the run was interrupted before all checks had run'
        : 'the run took longer than its time limit',
    expected: 'a run of all selected checks',
    remedy: 'run it again.',
  };
  return {
    ...report,
    findings: [...report.findings, cut],
    // What was broken stays broken; everything else is open.
    ...(report.exitCode !== 1 && { result: 'not judged', exitCode: 2 }),
  };
}
