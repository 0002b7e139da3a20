/** What an app does while one of its requests to Logto is never answered. */
import type { FaultName } from '../../mocks/faults.ts';
import { demand } from '../errors.ts';
import { exceed, patiently } from '../user-agents/pace.ts';
import { told } from '../visitor/arrival.ts';
import type { CheckFixtures, LabFixtures } from './check.ts';
import { attempt } from './outcomes.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab' | 'arm' | 'control' | 'notApplicable'>;

/** Milliseconds after which an app that asked nothing is taken to need nothing. */
const ASKED_WITHIN = 5_000;

/**
 * Somebody's sign-in hangs on a request that Logto never answers; meanwhile the home page must answer somebody else.
 * Then the connection breaks, and whoever waited must get an answer. An app that never makes the request is not judged.
 *
 * @param fault makes the request hang
 * @param endpoint which request, as the journal names it
 */
export async function waits(
  { visitor, lab, arm, control, notApplicable }: Body,
  fault: FaultName,
  endpoint: string,
): Promise<string> {
  // In the same scope: nobody else may open one while a document that everybody reads is spoilt.
  const other = await visitor(undefined, { known: true });
  const victim = await visitor(undefined, { known: true });
  const { journal: since } = await control.state();
  await arm(fault);
  const end = attempt(victim);
  // What goes wrong with it is told when it is waited for.
  end.catch(() => {});
  const asked = await Promise.race([
    patiently(ASKED_WITHIN, (waitMs) => control.journal({ endpoint, since, waitMs })).catch(() => []),
    end.then(() => control.journal({ endpoint, since })),
  ]);
  if (asked.length === 0) {
    await arm();
    await end;
    notApplicable(`the app makes no request of that kind (${endpoint}) in a sign-in`);
  }
  let over = false;
  end
    .finally(() => {
      over = true;
    })
    .catch(() => {});
  const home = await other.get(lab.config.pages.home);
  const waited = over;
  await arm();
  const ending = await end;
  // The sign-in ended first, by a time limit of the app or of ours: a slow machine may look like that, too.
  if (waited) exceed();
  demand(!waited, 'Answered its home page only when the sign-in that hung had ended.');
  demand(home.status < 500, `Answered its home page with ${told(home)} while a request to Logto hung.`);
  return `Its home page answered meanwhile; the sign-in ended: ${ending}`;
}
