/** Judges a kept history again, by the laws of today: the history travels in the report. */
import { buildReport } from './build.ts';
import { historyOf, judgeLaws, type Law } from './laws.ts';
import type { Report } from './model.ts';
import { profileNames, profileOf } from './profiles.ts';

const PREFIX = 'npx authjs-conformance run';

/**
 * The report with its laws judged anew over the exchanges that its checks kept.
 *
 * @param laws what is judged; results of other laws in the report are dropped
 */
export function judgeAgain(report: Report, laws: readonly Law[]): Report {
  const kept = report.checks.filter(({ suite }) => suite !== 'laws');
  const before = new Map(report.checks.map((check) => [check.id, check]));
  const results = judgeLaws(laws, historyOf(kept, report.target), {
    strict: report.strict,
    profile:
      report.profile && profileNames().includes(report.profile.name)
        ? profileOf(report.profile.name)
        : undefined,
    rerunPrefix: before.get(laws[0]?.meta.id ?? '')?.rerun.split(' laws/')[0] ?? PREFIX,
    known: (id) => before.get(id)?.known,
    nobodySignsIn: report.target.nobodySignsIn,
  });
  // What follows from the verdicts (result, counts, causes, duties kept) is made anew with them.
  return buildReport({
    facts: report,
    checks: [...kept, ...results],
    durationMs: report.durationMs,
    strict: report.strict,
  });
}
