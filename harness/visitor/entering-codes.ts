/** A new person at Logto's sign-in page, code by code: for checks of what goes wrong between asking for one and entering it. */

import type { Answer } from '../user-agents/http.ts';
import { demandSession } from './arrival.ts';
import type { Visitor } from './visitor.ts';

/**
 * Begins a sign-in at the app, goes to Logto, and asks for a code.
 *
 * @returns Logto's answer to that; `experience.message()` of the visitor waits for the message
 */
export async function askForCode(browser: Visitor): Promise<Answer> {
  const { url } = await browser.startSignIn();
  await browser.openIssuer(url);
  const event = browser.person.userId ? 'SignIn' : 'Register';
  await browser.experience.begin(event);
  return browser.experience.sendCode(event);
}

/** Enters the right code, goes back to the app, and demands a session there. */
export async function enterCode(browser: Visitor, code: string | null | undefined): Promise<void> {
  const { experience, person } = browser;
  await experience.verify(code ?? '');
  await experience.identify();
  const next = await experience.submit();
  person.userId = 'registered';
  const { page } = await browser.arrive(await browser.authorize(next as URL));
  demandSession({ session: await browser.session(), page });
}

/** A code that differs from the real one in every digit, so that no chance makes it right. */
export const wrongCode = (code: string | null | undefined): string =>
  [...(code ?? '')].map((digit) => (Number(digit) + 5) % 10).join('');
