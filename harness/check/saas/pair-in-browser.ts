/** Two apps at one tenant, and one real browser that visits both: by their own buttons, on Logto's own pages. */
import type { Page, TestInfo } from '@playwright/test';
import { demand } from '../../errors.ts';
import { type LabDescription, labOfAlso } from '../../lab/lab-description.ts';
import { otherHostOf } from '../../lab/other-host.ts';
import { enterAtLogto } from '../../logto/walk-pages.ts';
import { asksAtSignIn, pressSignOut } from '../../visitor/app-buttons.ts';
import type { BrowserEvidence } from '../../visitor/browser-exchanges.ts';
import { codeReader, inBrowser, type Journey } from '../../visitor/journey.ts';
import { MOVE_MS } from '../../visitor/open-browser.ts';
import { type Session, sessionIn, wayOf } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { notJudged } from '../not-judged.ts';
import { demandTold, nameOf } from './pair.ts';

type Fixtures = Pick<
  CheckFixtures & LabFixtures,
  'lab' | 'control' | 'scope' | 'somebody' | 'step' | 'notApplicable'
> & { evidence: BrowserEvidence };

/** One of the two apps, as the browser calls it. */
interface Side {
  name: string;
  lab: LabDescription;
}

/** One person in one browser, and both apps. */
interface Visit extends Journey {
  here: Side;
  there: Side;
  /** The session that the browser holds at an app, as a page of its own shows it. */
  sessionAt(side: Side): Promise<Session | null>;
  /** Signs in at an app, and does at Logto what is asked for there. */
  enter(side: Side): Promise<void>;
}

/** What a path of Auth.js answers to the browser, asked in a tab of its own. */
async function jsonAt(page: Page, { app }: LabDescription, path: string): Promise<unknown> {
  const tab = await page.context().newPage();
  try {
    const answer = await tab.goto(`${app.origin}${app.basePath}${path}`);
    return await answer?.json().catch(() => null);
  } finally {
    await tab.close();
  }
}

/** An app by its other name; undefined when it calls itself by one name, whatever it is asked by. */
async function byOtherHost(page: Page, lab: LabDescription): Promise<LabDescription | undefined> {
  const { app } = lab;
  const [origin, callbackUrl] = [otherHostOf(app.origin), otherHostOf(app.callbackUrl)];
  if (origin === app.origin) return undefined;
  const there = { ...lab, app: { ...app, origin, callbackUrl, signinUrl: otherHostOf(app.signinUrl) } };
  const providers = (await jsonAt(page, there, '/providers').catch(() => null)) as Record<
    string,
    { callbackUrl?: string }
  > | null;
  return providers?.[app.provider]?.callbackUrl === callbackUrl ? there : undefined;
}

/** Both apps, on hosts of their own: cookies know no ports. */
async function apart(page: Page, lab: LabDescription): Promise<readonly [Side, Side]> {
  const also = lab.also ? labOfAlso(lab, lab.also) : lab;
  const named = (first: LabDescription, second: LabDescription) =>
    [
      { name: nameOf(first, 'the app'), lab: first },
      { name: nameOf(second, 'the second app'), lab: second },
    ] as const;
  if (new URL(lab.app.origin).hostname !== new URL(also.app.origin).hostname) return named(lab, also);
  const second = await byOtherHost(page, also);
  if (second) return named(lab, second);
  const first = await byOtherHost(page, lab);
  if (first) return named(first, also);
  return notJudged(
    `both apps call themselves ${new URL(lab.app.origin).hostname}, by whatever name they are asked, and a browser has one cookie jar for both`,
    'let one of them take its origin from the Host header (AUTH_TRUST_HOST instead of AUTH_URL), or give it a host of its own (target.url)',
  );
}

/** Visits both apps in both orders, each with a new person in a new browser. */
async function inBothOrders(
  { lab, control, scope, somebody, evidence }: Fixtures,
  info: TestInfo,
  judge: (visit: Visit) => Promise<void>,
): Promise<void> {
  for (const turned of [false, true]) {
    const person = await somebody();
    const way = wayOf(lab);
    const readCode = codeReader(control, lab);
    await inBrowser({ lab, scope, person, evidence }, info, async (journey) => {
      const { page, picture, within } = journey;
      const [first, second] = await apart(page, lab);
      const sessionAt: Visit['sessionAt'] = async (side) =>
        sessionIn(await jsonAt(page, side.lab, '/session'), side.lab.guests);
      await judge({
        ...journey,
        ...(turned ? { here: second, there: first } : { here: first, there: second }),
        sessionAt,
        async enter(side) {
          if (await asksAtSignIn({ page, lab: side.lab, picture, within }))
            await enterAtLogto({ page, person, way, readCode, at: picture });
          await page.waitForURL((url) => url.origin === side.lab.app.origin, { timeout: within(MOVE_MS) });
          person.userId ??= 'registered';
          demand(await sessionAt(side), `Shows no session at ${side.name} after the sign-in.`);
        },
      });
    });
  }
}

/** Nobody gives consent in silence to an application of others. */
const isAsked = ({ lab }: Side) => lab.config.target.thirdParty;

/** A body for `check`: whoever signed in at one app is signed in at the other by its button, and sees no page of Logto. */
export const silentInBrowser = (fixtures: Fixtures, info: TestInfo): Promise<void> =>
  inBothOrders(fixtures, info, async ({ here, there, page, picture, within, sessionAt, enter }) => {
    const { step, notApplicable } = fixtures;
    if (isAsked(here) || isAsked(there))
      notApplicable('Logto asks people to consent to a third-party application');
    await step('control', () => enter(here));
    await step(`sign in at ${there.name} by its button`, async () => {
      const asks = await asksAtSignIn({ page, lab: there.lab, picture, within });
      await picture(`at ${there.name}`);
      demand(
        !asks,
        () =>
          `Had somebody asked at ${new URL(page.url()).pathname} of Logto by ${there.name} who had just signed in at ${here.name}.`,
      );
      demand(await sessionAt(there), `Ended the silent sign-in at ${there.name} without a session.`);
    });
    demand(await sessionAt(here), `Ended the session at ${here.name} by a sign-in at ${there.name}.`);
  });

/** A body for `check`: the sign-out button of an app that claims so ends the session of Logto, and the other app asks again. */
export async function signOutInBrowser(fixtures: Fixtures, info: TestInfo): Promise<void> {
  const { lab, control, scope, step, notApplicable } = fixtures;
  let judged = 0;
  await inBothOrders(
    fixtures,
    info,
    async ({ here, there, page, picture, within, blocked, sessionAt, enter }) => {
      const { features, pages } = here.lab.config;
      if (!features.includes('rp-logout') || !pages.endSession) return;
      judged += 1;
      await step('control', async () => {
        await enter(here);
        await enter(there);
      });
      const { journal: since } = await control.state();
      const isOver = await step(`sign out at ${here.name} by its button`, async () => {
        const ended = endOfSession(page, lab, within(MOVE_MS));
        await pressSignOut({ page, lab: here.lab, session: () => sessionAt(here), picture, within });
        demand(!(await sessionAt(here)), `Still shows a session at ${here.name} after the sign-out.`);
        demand(ended.begun() || !blocked(), 'Led nowhere by its sign-out button.');
        // Where another link of the app leads people to Logto, they follow it.
        if (!ended.begun()) await page.goto(new URL(pages.endSession as string, here.lab.app.origin).href);
        const isDone = await ended.done;
        await picture('signed out');
        return isDone;
      });
      if (isOver && there.lab.config.features.includes('backchannel-logout')) {
        await demandTold(there, { control, scope, since, step });
        demand(
          !(await sessionAt(there)),
          `Still shows a session at ${there.name} after the person signed out at ${here.name}.`,
        );
      }
      await step(`sign in at ${there.name} again`, async () => {
        // Only the session of Logto is asked about.
        await page.context().clearCookies({ domain: new URL(there.lab.app.origin).hostname });
        demand(
          await asksAtSignIn({ page, lab: there.lab, picture, within }),
          `Left Logto's session alive at the sign-out of ${here.name}: ${there.name} let the next person in without a code.`,
        );
      });
    },
  );
  if (judged === 0)
    notApplicable(
      'neither app claims to end the session of Logto (rp-logout, pages.endSession): whoever signs out of one is let in at both again without a code',
    );
}

/** Watches for the page of Logto that ends its session, which sends its form by itself. */
function endOfSession(page: Page, { publicIssuerOrigin }: LabDescription, limitMs: number) {
  let begun = false;
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (request.isNavigationRequest() && url.origin === publicIssuerOrigin)
      begun ||= url.pathname.endsWith('/session/end');
  });
  const done = page
    .waitForResponse(
      (response) => response.url().startsWith(`${publicIssuerOrigin}/oidc/session/end/confirm`),
      {
        timeout: limitMs,
      },
    )
    .then(
      async () => {
        await page.waitForLoadState();
        return true;
      },
      () => false,
    );
  return { begun: () => begun, done };
}
