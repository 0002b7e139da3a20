/** What checks of sign-outs at Logto share. */
import type { CheckFixtures, LabFixtures } from '../harness/check/check.ts';
import { type Doors, demandShutTo, doorsShownTo } from '../harness/check/doors/closed-again.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { patiently } from '../harness/user-agents/pace.ts';
import { endIssuerSession } from '../harness/visitor/issuer-sign-out.ts';
import { ownSignOut } from '../harness/visitor/own-sign-out.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

export interface Logout extends Pick<LabFixtures, 'lab' | 'control'>, Pick<CheckFixtures, 'scope'> {
  visitor: CheckFixtures['visitor'];
}

/**
 * The person signs out at Logto elsewhere; returns how the app answered the logout token.
 *
 * @param before what the person does at the app first
 */
export async function logoutToken(
  { visitor, lab, control, scope }: Logout,
  before: (browser: Visitor) => Promise<unknown> = async () => {},
) {
  const browser = await visitor();
  demandSession(await browser.signIn());
  await before(browser);
  await endIssuerSession(browser, lab.issuer, lab.config.target.clientId);
  const [entry] = await patiently(5_000, (waitMs) =>
    control.journal({ scope, endpoint: 'backchannel-logout', waitMs }),
  );
  return { browser, entry };
}

/**
 * The same, and `over` looks whether the session has ended: at /session, and at the pages and APIs of members, by the cookies that
 * the browser had before.
 */
export async function endedByLogto({ somebody, ...logout }: Logout & Pick<CheckFixtures, 'somebody'>) {
  const needs = { ...logout, somebody };
  let [doors, held]: [Doors | undefined, { key: string; value: string }[]] = [undefined, []];
  const ended = await logoutToken(logout, async (browser) => {
    doors = await doorsShownTo(browser, needs);
    held = await browser.agent.cookies(logout.lab.app.origin);
  });
  const over = async (stillThere: string) => {
    demand(!(await ended.browser.session()), stillThere);
    if (doors) await demandShutTo(held, needs, doors, 'Logto had ended the session');
  };
  return { ...ended, over };
}

/** The app answers 400 to a malformed logout token and keeps the session. */
export const refusedLogout = async ({
  meta,
  arm,
  visitor,
  lab,
  control,
  scope,
}: Logout & Pick<CheckFixtures, 'meta' | 'arm'>): Promise<void> => {
  await arm(meta.fault as NonNullable<typeof meta.fault>);
  const { browser, entry } = await logoutToken({ visitor, lab, control, scope });
  await arm();
  demand(entry?.status === 400, `Answered a malformed logout token with ${entry?.status}.`);
  demand(await browser.session(), 'Ended the session because of a malformed logout token.');
};

/**
 * Signs out by the path or the form of the app that leads to Logto.
 *
 * @param lacks ends the check where there is neither
 * @returns the answer of the app, and what is over when all is, with the page of Logto, unless it failed
 */
export async function goToLogto(
  browser: Visitor,
  lab: LabFixtures['lab'],
  lacks: (what: string, give: string) => never,
): Promise<{ answer: Answer; ended: Promise<Answer | undefined> }> {
  const answer =
    (await ownSignOut(browser, lab)) ??
    lacks(
      "the config does not name the path that ends Logto's session, and no form that signs out is sent with the page for it",
      'name the path, if it can be opened (pages.endSession), or the page with the form (pages.signOut)',
    );
  // Logto hangs, refuses or breaks the connection here: the app has done its part.
  return { answer, ended: browser.agent.follow(answer).catch(() => undefined) };
}
