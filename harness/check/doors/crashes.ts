/** What makes the app answer 5xx where a plain stranger is refused in good order. */
import { demand } from '../../errors.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { approaches } from './approaches/index.ts';
import { askedHow, browserFor, findDoors, isCrash, send } from './try-approach.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

/** Tries every approach of a stranger on one page and one API path. */
export async function crashesAtNone({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> {
  const body = { visitor, somebody, step, notApplicable, lab };
  const survey = await findDoors(body);
  const page = survey.doors.find(({ isPage }) => isPage);
  const data = survey.doors.find(({ isPage }) => !isPage);
  await step(
    'approach',
    async () => {
      const browser = await browserFor({}, survey, body);
      const crashes: string[] = [];
      let count = 0;
      for (const door of [page, data]) {
        const plain = door && (await send(browser, lab.app.origin, { path: door.path }));
        if (!door || !plain || isCrash(plain.status)) continue;
        for (const [name, { by, asks, toFramework }] of Object.entries(approaches)) {
          if (by === 'other member' || toFramework) continue;
          for (const ask of asks(door, survey.grounds)) {
            if (ask.failsAuthjs) continue;
            const answer = await send(browser, lab.app.origin, ask);
            await browser.agent.jar.removeAllCookies();
            count += 1;
            if (answer && isCrash(answer.status))
              crashes.push(`${name}: ${askedHow(ask)} (${answer.status})`);
          }
        }
      }
      demand(
        crashes.length === 0,
        () =>
          `Crashed at ${crashes.length} of ${count} odd requests that a refusal would answer: ${crashes.slice(0, 6).join('; ')}.`,
      );
      return count;
    },
    (count) => `Answered ${count} odd requests below 500.`,
  );
}
