/** How much of the catalogue a report tells of, and whether its run has ended: pure functions and their words. */
import type { Finding, Report, Scope } from './model.ts';

/** Stands in every report of a run that goes on, or was killed. */
export const NOT_ENDED = 'CONF_RUN_NOT_ENDED';

/** The finding of a report that is written when a run begins; it is replaced when the run ends, however it ends. */
export const notEnded: Finding = {
  code: NOT_ENDED,
  what: 'this run has not ended: nothing is known about the app yet',
  expected: 'a run that ends and replaces this report',
  remedy: 'wait for it; when no run is going on, it was killed: run it again.',
};

/** Findings of reports that lack something, whatever the checks in them say. */
const LACKING: ReadonlySet<string> = new Set([
  NOT_ENDED,
  'CONF_INTERRUPTED',
  'CONF_TIMED_OUT',
  'CONF_SUITES_FAILED',
  'CONF_SHARD_MISSING',
  'CONF_SHARD_TWICE',
  'CONF_SHARD_MIXED',
  'CONF_CHECKS_MISSING',
]);

/** Whether a report lacks results that its scope promises: its checks alone must not decide. */
export const lacksResults = ({ scope, findings }: Pick<Report, 'scope' | 'findings'>): boolean =>
  findings.some(({ code }) => LACKING.has(code)) || (scope.kind === 'whole' && scope.ran < scope.of);

/** Whether the run that wrote this report came to its end. */
export const hasEnded = ({ findings }: Pick<Report, 'findings'>): boolean =>
  !findings.some(({ code }) => code === NOT_ENDED);

/** Whether the report tells of every check that there is; such a one is kept beside the next. */
export const isWhole = (report: Pick<Report, 'scope' | 'findings'>): boolean =>
  report.scope.kind === 'whole' && report.scope.ran > 0 && !lacksResults(report);

/** A certificate exists for a whole run against the mocks that came to a verdict, and for nothing else. */
export const isCertification = (
  report: Pick<Report, 'scope' | 'findings' | 'result'> & Partial<Pick<Report, 'live'>>,
): boolean => isWhole(report) && report.result !== 'not judged' && !report.live;

/** `12 of 386 checks`. */
export const extent = ({ ran, of }: Scope): string => `${ran} of ${of} checks`;

/** A document is many clauses: as many as one line holds are named. */
const NAMED_MAX = 4;

/** What was asked for, for people: `selection: session, @must`. */
export function askedFor({ kind, select, shard }: Scope): string {
  const rest = (select?.length ?? 0) - NAMED_MAX;
  const chosen = [select?.slice(0, NAMED_MAX).join(', '), rest > 0 && `and ${rest} more`]
    .filter(Boolean)
    .join(' ');
  const part = shard && `shard ${shard.current} of ${shard.total}`;
  return [part ?? (kind === 'whole' ? 'whole' : kind), chosen].filter(Boolean).join(': ');
}

/** How much was judged, in words that nobody takes for a certificate: `12 of 386 checks: not a certification`. */
export const scopeText = (
  report: Pick<Report, 'scope' | 'findings' | 'result'> & Partial<Pick<Report, 'live'>>,
): string =>
  isCertification(report)
    ? `whole: ${extent(report.scope)}`
    : `${extent(report.scope)}: not a certification (${askedFor(report.scope)}${report.live ? ', against a real Logto' : ''}${hasEnded(report) ? '' : ', this run has not ended'})`;
