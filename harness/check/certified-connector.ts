/** The body of every check of the suite `connector`: one certification for the whole run, one duty of it. */

import { judgeDuty } from '../connector/duties.ts';
import { type ConnectorReport, REPORT_ROUTE } from '../connector/report.ts';
import { demand } from '../errors.ts';
import { type CheckFixtures, type LabFixtures, test } from './check.ts';

/** The report does not change in a run: each worker asks for it once. */
let told: Promise<ConnectorReport> | undefined;

type Fixtures = Pick<CheckFixtures & LabFixtures, 'control' | 'meta' | 'notApplicable'>;

/** Demands that the certification of the run's connector holds nothing against the check's duty. */
export async function certified({ control, meta, notApplicable }: Fixtures): Promise<void> {
  told ??= control.call<ConnectorReport>('GET', REPORT_ROUTE);
  told.catch(() => {
    told = undefined;
  });
  const report = await told;
  const { verdict, message } = judgeDuty(report, meta);
  if (verdict === 'not applicable') notApplicable(message);
  if (verdict === 'limit') {
    test
      .info()
      .annotations.push({ type: 'verdict', description: 'note' }, { type: 'reason', description: message });
  }
  demand(verdict !== 'broken', message);
}
