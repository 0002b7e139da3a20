/** What a sign-out leaves of a session that fills several cookies, by the form of Auth.js and by the app's own way. */
import { ConformanceFailure, demand } from '../errors.ts';
import { signOutByOwnForm } from '../visitor/own-sign-out.ts';
import { signOutByButton } from '../visitor/sign-out-by-button.ts';
import type { Visitor } from '../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from './check.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'somebody' | 'lab' | 'scope'>;

/** A picture whose address, once it is sealed, is larger than a cookie; sent twice, it is no larger than a client takes (16 KB). */
const LONG = `https://images.example/${'long/'.repeat(640)}face.png`;

const namesIn = async (browser: Visitor) => (await browser.sessionCookies()).map(({ key }) => key);

/**
 * Signs out by the app's own way: a form of its own, a path, a button.
 *
 * @returns the session cookies that it leaves; undefined where it is that of Auth.js, or nobody found or pressed its button
 */
export async function leftByOwnWay(
  browser: Visitor,
  { lab, scope }: Pick<Body, 'lab' | 'scope'>,
): Promise<string[] | undefined> {
  const answer = await signOutByOwnForm(browser, lab);
  if (answer === 'authjs') return undefined;
  if (answer !== 'script') {
    await browser.agent.follow(answer, ({ origin }) => origin !== lab.app.origin);
    return namesIn(browser);
  }
  if (lab.browser.missing) return undefined;
  try {
    return (await signOutByButton(lab, browser, scope)).left;
  } catch (error) {
    // Whether there is a button, and goes somewhere, is told by phone-otp/browser-journey; some apps send more than a client takes.
    const { name, message } = error as Error;
    if (error instanceof ConformanceFailure || name === 'TimeoutError' || /Header overflow/.test(message))
      return undefined;
    throw error;
  }
}

/**
 * Signs somebody out whose session fills several cookies; one that fits one, or that the app does not make, leaves nothing to judge.
 *
 * @throws ConformanceFailure when part of it is left
 */
export async function leavesNoPart({ visitor, somebody, lab, scope }: Body): Promise<void> {
  const browser = await visitor(
    await somebody({ signedIn: true, name: 'Ada', email: `ada.${Date.now()}@people.example`, picture: LONG }),
  );
  // An app that does not take such a picture is told by session/large.
  const signIn = () =>
    browser.signIn().catch((error: unknown) => {
      if (error instanceof ConformanceFailure) return undefined;
      throw error;
    });
  if (!(await signIn())?.session || (await namesIn(browser)).length < 2) return;
  await browser.signOut();
  const byForm = await namesIn(browser);
  demand(
    byForm.length === 0,
    `Left ${byForm.join(', ')} in the browser after the sign-out from a session of several cookies.`,
  );
  if (!(await signIn())?.session) return;
  const left = (await leftByOwnWay(browser, { lab, scope })) ?? [];
  demand(
    left.length === 0,
    `Left ${left.join(', ')} in the browser after its own sign-out from a session of several cookies.`,
  );
}
