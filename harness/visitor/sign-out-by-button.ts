/** The app's own sign-out button, pressed in Chromium by somebody who is signed in: where it leads, Logto's page included. */
import type { LabDescription } from '../lab/lab-description.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';
import { pressSignOut } from './app-buttons.ts';
import { openBrowser } from './open-browser.ts';
import { isSessionCookie, type Visitor } from './visitor.ts';

export interface ButtonSignOut {
  /** The request to Logto's end-session endpoint; undefined when the button leads to none. */
  endSession?: URL;
  /** Where the browser is in the end. */
  landed: URL;
  signedOut: boolean;
  /** Names of the session cookies that are still in the browser. */
  left: string[];
}

/**
 * Takes the cookies of a visitor into a browser and presses the button there.
 *
 * @throws ConformanceFailure when the app has no such button
 */
export async function signOutByButton(
  lab: LabDescription,
  visitor: Visitor,
  scope: string,
): Promise<ButtonSignOut> {
  const { agent, person } = visitor;
  const raw = { push: (entry: { raw: RawExchange }) => void agent.raw.push(entry.raw) };
  const {
    context,
    within,
    session: sessionIn,
    close,
  } = await openBrowser(lab, scope, {
    evidence: { exchanges: agent.exchanges, raw },
    person,
  });
  try {
    for (const origin of [lab.app.origin, lab.publicIssuerOrigin]) {
      const cookies = await visitor.agent.cookies(origin);
      await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: `${origin}/` })));
    }
    const page = await context.newPage();
    let endSession: URL | undefined;
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!request.isNavigationRequest() || request.method() !== 'GET') return;
      if (url.origin === lab.publicIssuerOrigin && url.pathname.endsWith('/session/end')) endSession ??= url;
    });
    const session = () => sessionIn(page);
    await pressSignOut({ page, lab, session, within });
    // Logto's page sends its form by itself; it comes back, or stays at a page of Logto.
    await page.waitForLoadState('networkidle').catch(() => undefined);
    const signedOut = !(await session());
    const left = (await context.cookies(`${lab.app.origin}/`)).filter(
      ({ name, value }) => value !== '' && isSessionCookie(name, lab.config.session.cookie),
    );
    return { endSession, landed: new URL(page.url()), signedOut, left: left.map(({ name }) => name) };
  } finally {
    await close();
  }
}
