/** The run before: what a report is compared with. */
import { readReportText } from '../files.ts';
import type { Report, Scope } from '../model.ts';
import { parseReport } from '../parse-report.ts';
import { isWhole } from '../scope.ts';

/**
 * The last whole report, when it told of the same target; a run of selected checks is compared with the same checks of it.
 *
 * @param places files that it may be in, the first one that will do counts
 * @param ids checks that were selected
 */
export function previousReport(
  places: readonly string[],
  target: string | undefined,
  scope: Scope,
  ids: () => ReadonlySet<string>,
): Report | undefined {
  for (const place of places) {
    try {
      const report = parseReport(readReportText(place), place, { evidence: false });
      if (report.target.name === (target ?? 'app') && isWhole(report))
        return scope.kind === 'whole' ? report : only(report, ids());
    } catch {
      // no run before, or one of another version: there is nothing to compare with
    }
  }
  return undefined;
}

const only = (report: Report, ids: ReadonlySet<string>): Report => ({
  ...report,
  checks: report.checks.filter(({ id }) => ids.has(id)),
});
