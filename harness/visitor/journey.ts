/** A person's journey in Chromium: the app's own sign-in button, Logto's page, the code, the app's own sign-out button. */
import type { Page, TestInfo } from '@playwright/test';
import type { Exchange } from '../../mocks/journal.ts';
import type { Person } from '../../mocks/people.ts';
import { redactText } from '../../mocks/redact.ts';
import { Blocked, ConformanceError, ConformanceFailure, demand } from '../errors.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { enterAtLogto } from '../logto/walk-pages.ts';
import { exceed, patiently } from '../user-agents/pace.ts';
import { pressSignOut, signInByButton } from './app-buttons.ts';
import type { BrowserEvidence } from './browser-exchanges.ts';
import { lastAsked, MOVE_MS, openBrowser, type Picture, pictures } from './open-browser.ts';
import type { Surroundings } from './surroundings.ts';
import { type Session, wayOf } from './visitor.ts';

/** Directives that can keep a sign-in from going on; a missing font does not, nor does a policy that only reports. */
const couldBlock = (message: string): boolean =>
  /content security policy/i.test(message) &&
  /form-action|script-src|connect-src|default-src|sandbox/i.test(message) &&
  !/the (stylesheet|image|font|media)|inline style/i.test(message) &&
  !/report.only/i.test(message);

/** The last that the browser asked for is a page of our own, and it is not the app's that it does not work. */
const ownPageStuck = (url: string, reason: string | undefined) =>
  new ConformanceError({
    code: 'CONF_MOCK_PAGE_STUCK',
    what: `the browser did not get on from ${redactText(url)}, a page of the Logto mock: ${reason}`,
    expected: 'a page of our own that takes number and code, and leads back',
    remedy: 'run it again with less beside it; if that does not help, report it as a defect.',
  });

/** A page of a real tenant may ask for what the driver does not know: that says nothing of the app. */
const realPageStuck = (url: string, reason: string | undefined) =>
  new Blocked(`The browser did not get on from ${redactText(url)}, a page of the tenant: ${reason}`);

/** What a journey has at hand. */
export interface Journey {
  page: Page;
  picture: Picture;
  /** Milliseconds of a limit on this machine. */
  within(ms: number): number;
  /** The session that the browser holds. */
  session(): Promise<Session | null>;
  /** What a Content-Security-Policy kept the browser from, so far. */
  blocked(): string | undefined;
}

/**
 * Opens a browser for a person, and says of what stops in it whose fault it is.
 *
 * @param run goes through the pages
 */
export async function inBrowser(
  {
    lab,
    scope,
    person,
    evidence,
  }: Pick<Surroundings, 'lab' | 'scope'> & { person: Person; evidence: BrowserEvidence },
  info: TestInfo,
  run: (journey: Journey) => Promise<void>,
): Promise<void> {
  const { context, within, session: sessionIn, close } = await openBrowser(lab, scope, { evidence, person });
  const page = await context.newPage();
  const asked = lastAsked(page);
  const violations: string[] = [];
  page.on('console', (message) => {
    if (couldBlock(message.text())) violations.push(redactText(message.text()));
  });
  const picture = pictures(page, info);
  const session = () => sessionIn(page);
  const blocked = () => violations.find((each) => each.includes('form-action')) ?? violations[0];
  try {
    await run({ page, picture, within, session, blocked });
  } catch (error) {
    await picture('where it stopped');
    const late = (error as Error).name === 'TimeoutError';
    if (late) exceed();
    if (!late && !(error instanceof ConformanceFailure)) throw error;
    const violation = blocked();
    if (violation)
      throw new ConformanceFailure(
        `${(error as Error).message} Its Content-Security-Policy blocked the flow: ${violation}`,
      );
    if (!late) throw error;
    const [reason] = (error as Error).message.split('\n');
    if (new URL(asked()).origin === lab.publicIssuerOrigin)
      throw lab.live ? realPageStuck(page.url(), reason) : ownPageStuck(page.url(), reason);
    throw new ConformanceFailure(`The browser did not get on from ${page.url()}: ${reason}`);
  } finally {
    await close();
  }
}

/** Reads the next code to a number or an address, each once. */
export function codeReader(
  client: Surroundings['control'],
  lab: LabDescription,
): (to: string) => Promise<string> {
  // A number of a real tenant may have got messages before.
  let since = lab.live && new Date().toISOString();
  return async (to) => {
    const message = await patiently(lab.live?.real.messageMs ?? MOVE_MS, (waitMs) =>
      client.waitForMessage(to, { waitMs, ...(since && { since }) }),
    );
    since = new Date(Date.parse(message.at) + 1).toISOString();
    return message.code ?? '';
  };
}

/** That the button has signed nobody out, and what the app answered to what it sent, where that was a refusal. */
export function stillSignedIn(since: readonly Exchange[]): string {
  const refused = since.findLast(
    ({ to, method, status }) => to === 'app' && method !== 'GET' && (status ?? 0) >= 400,
  );
  const told =
    refused && `: ${refused.method} ${new URL(refused.url).pathname} was answered with ${refused.status}`;
  return `Still shows a session in the browser after the sign-out${told ?? ''}.`;
}

/** The whole journey, as a check body. */
export const journey = async (
  {
    lab,
    control: client,
    scope,
    somebody,
    step,
    evidence,
  }: Pick<Surroundings, 'lab' | 'control' | 'scope' | 'somebody' | 'step'> & {
    /** Where the exchanges of the browser go. */
    evidence: BrowserEvidence;
  },
  info: TestInfo,
): Promise<void> => {
  const person = await somebody(lab.live && !lab.live.real.signUp ? { registered: true } : {});
  const readCode = codeReader(client, lab);
  await inBrowser({ lab, scope, person, evidence }, info, async ({ page, picture, within, session }) => {
    await step('sign in by the button of the app', async () => {
      await signInByButton(page, lab, picture, within);
      await picture('at Logto');
      await enterAtLogto({ page, person, way: wayOf(lab), readCode, at: picture });
      await page.waitForURL((url) => url.origin === lab.app.origin, { timeout: within(MOVE_MS) });
      await picture('signed in');
      demand(await session(), 'Shows no session in the browser after the sign-in.');
    });
    await step('sign out by the button of the app', async () => {
      const before = evidence.exchanges.length;
      await pressSignOut({ page, lab, session, picture, within });
      await picture('signed out');
      demand(!(await session()), () => stillSignedIn(evidence.exchanges.slice(before)));
    });
  });
};
