/** What the app answers to odd requests of strangers where it refuses a plain one in good order. */
import { isLimited } from '../../../reports/app-limits.ts';
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { learnedNothingBefore } from '../turned-away.ts';
import type { Approach } from './approach.ts';
import { approaches } from './approaches/index.ts';
import { send } from './send.ts';
import { showsStack } from './stacks.ts';
import type { Survey } from './survey.ts';
import { askedHow, browserFor, findDoors, isCrash } from './try-approach.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

/** How many odd requests were sent, and which of them were answered otherwise than a refusal is. */
interface Odd {
  count: number;
  /** Answered with 5xx. */
  crashes: string[];
  /** Answered with a stack trace. */
  stacks: string[];
}

/** Approaches that break the reading of a request, by which each handler fails in a way of its own. */
const UNREADABLE = ['authorization-malformed', 'cookie-broken', 'odd-ends'];
const DOORS_MAX = 12;
/**
 * Next.js answers 500 to an address that begins like this before any code of the app is asked ("invariant: invalid relative URL",
 * shared/lib/router/utils/parse-relative-url, 15.5).
 */
const OF_NO_ROUTER = /^\/\\/;

/**
 * Tries every approach of a stranger on one page and one API path, and what cannot be read on the other doors: there a stack
 * trace counts alone, as crashes at what cannot be read are judged at all doors by the approaches themselves.
 *
 * @param table approaches that are tried (default: all)
 */
export async function askOddly(
  doors: Survey['doors'],
  {
    grounds,
    lab,
    browser,
  }: Pick<Survey, 'grounds'> & {
    lab: { app: Pick<LabDescription['app'], 'origin'>; hasLog?: boolean };
    browser: Awaited<ReturnType<typeof browserFor>>;
  },
  table: Readonly<Record<string, Approach>> = approaches,
): Promise<Odd> {
  const odd: Odd = { count: 0, crashes: [], stacks: [] };
  const first = [doors.find(({ isPage }) => isPage), doors.find(({ isPage }) => !isPage)];
  const others = doors.filter((door) => !first.includes(door)).slice(0, DOORS_MAX);
  for (const door of [...first, ...others]) {
    const plain = door && (await send(browser, lab.app.origin, { path: door.path }));
    if (!door || !plain || isCrash(plain.status)) continue;
    const isOther = others.includes(door);
    for (const [name, { by, asks, toFramework }] of Object.entries(table)) {
      if (by === 'other member' || toFramework || (isOther && !UNREADABLE.includes(name))) continue;
      for (const ask of asks(door, grounds)) {
        if (ask.failsAuthjs) continue;
        const answer = await send(browser, lab.app.origin, ask);
        await browser.agent.jar.removeAllCookies();
        odd.count += 1;
        const told = (of: Answer) => `${name}: ${askedHow(ask)} (${of.status})`;
        if (answer && !isOther && isCrash(answer.status) && !OF_NO_ROUTER.test(ask.path))
          odd.crashes.push(told(answer));
        if (answer && showsStack(answer.text, lab)) odd.stacks.push(told(answer));
      }
    }
  }
  return odd;
}

let done: { control: string; at: number; odd: Odd } | undefined;

/** The same requests serve both checks of a worker, unless the app answered some of them by a limit. */
async function oddOf(survey: Survey, body: Body): Promise<Odd> {
  const { lab } = body;
  if (done?.control === lab.control && done.at > learnedNothingBefore()) return done.odd;
  const at = Date.now();
  const browser = await browserFor({}, survey, body);
  const odd = await askOddly(survey.doors, { grounds: survey.grounds, lab, browser });
  if (!browser.agent.exchanges.some(isLimited)) done = { control: lab.control, at, odd };
  return odd;
}

const judging =
  (judge: (odd: Odd) => void, ending: string) =>
  async ({ visitor, somebody, step, notApplicable, lab }: Body): Promise<void> => {
    const body = { visitor, somebody, step, notApplicable, lab };
    const survey = await findDoors(body);
    await step(
      'approach',
      async () => {
        const odd = await oddOf(survey, body);
        judge(odd);
        return odd.count;
      },
      (count) => `Answered ${count} odd requests ${ending}.`,
    );
  };

const some = (told: readonly string[]) => told.slice(0, 6).join('; ');

/** The body of `doors/no-crash`. */
export const crashesAtNone = judging(
  ({ count, crashes }) =>
    demand(
      crashes.length === 0,
      () =>
        `Crashed at ${crashes.length} of ${count} odd requests that a refusal would answer: ${some(crashes)}.`,
    ),
  'below 500',
);

/** The body of `doors/no-stack-trace`. */
export const showsNoStack = judging(
  ({ count, stacks }) =>
    demand(
      stacks.length === 0,
      () => `Showed a stack trace at ${stacks.length} of ${count} odd requests: ${some(stacks)}.`,
    ),
  'without a stack trace',
);
