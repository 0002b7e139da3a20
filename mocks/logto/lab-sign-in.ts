/** Signs a person in by phone code over the Experience API, from an authorization URL to the redirect URI; for unit tests. */
import type { Answer, LogtoLab, TestBrowser } from './logto-lab.ts';

const CODE = '/api/experience/verification/verification-code';

/** Follows redirects of the issuer until one leads away, and gives that address. */
export async function follow(lab: LogtoLab, browser: TestBrowser, answer: Answer): Promise<URL> {
  let at = new URL(answer.location ?? '', lab.mock.origin);
  while (at.origin === lab.mock.origin) {
    const next = await browser.call('GET', at.href, undefined, { accept: 'text/html' });
    if (!next.location)
      throw new Error(`stuck at ${at.pathname} with ${next.status}: ${next.text.slice(0, 200)}`);
    at = new URL(next.location, lab.mock.origin);
  }
  return at;
}

/**
 * Registers the person when the number is new, else signs them in.
 *
 * @param phone digits only, country code first
 * @returns the address at the app, with code, state and iss
 */
export async function signInByPhone(
  lab: LogtoLab,
  browser: TestBrowser,
  authorizationUrl: string,
  phone: string,
): Promise<URL> {
  const identifier = { type: 'phone', value: phone };
  await browser.call('GET', authorizationUrl);
  await browser.call('PUT', '/api/experience', { interactionEvent: 'SignIn' });
  const sent = await browser.call('POST', CODE, { identifier, interactionEvent: 'SignIn' });
  const { verificationId } = sent.json;
  await browser.call('POST', `${CODE}/verify`, { identifier, verificationId, code: lab.codeFor(phone) });
  const known = await browser.call('POST', '/api/experience/identification', { verificationId });
  if (known.status === 404) {
    await browser.call('PUT', '/api/experience/interaction-event', { interactionEvent: 'Register' });
    await browser.call('POST', '/api/experience/identification', { verificationId });
  }
  const { redirectTo } = (await browser.call('POST', '/api/experience/submit')).json;
  return follow(lab, browser, await browser.call('GET', String(redirectTo)));
}

/** Ends the session as Logto's self-submitting page does; gives where the browser ends up. */
export async function signOut(browser: TestBrowser, endSessionUrl: string): Promise<Answer> {
  const page = await browser.call('GET', endSessionUrl);
  const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return browser.post(action, { xsrf, logout: 'yes' });
}
