/** Chromium for the checks that need one: how it is started, how long it may take, and what is kept of what it shows. */
import { type Browser, chromium, type Page, type TestInfo } from '@playwright/test';
import { digitsOf } from '../../mocks/issued.ts';
import type { Person } from '../../mocks/people.ts';
import { SCOPE_COOKIE } from '../../mocks/scope.ts';
import { ConformanceError } from '../errors.ts';
import { type LabDescription, VISIBLE } from '../lab/lab-description.ts';
import { takesAnyCertificate } from '../user-agents/certificates.ts';
import { currentFactor, grant } from '../user-agents/pace.ts';
import { LANGUAGE, USER_AGENT } from '../user-agents/user-agent.ts';
import { type BrowserEvidence, recordBrowser } from './browser-exchanges.ts';
import { noteMissing } from './missing-evidence.ts';
import { type Session, sessionIn } from './visitor.ts';

/** Milliseconds that a step in the browser takes at most on a machine with nothing else to do. */
const STEP_MS = 8_000;
/** Milliseconds within which a page must follow a click or a redirect. */
export const MOVE_MS = 10_000;
/** Milliseconds within which a page must have drawn its controls. */
export const DRAW_MS = 5_000;
/** Milliseconds that a picture may take; it proves nothing, and is left out when it takes longer. */
const PICTURE_MS = 4_000;

/** Who is in front of a browser, and where what it sends is written down. */
export interface Watched {
  evidence: BrowserEvidence;
  /** Null for somebody whom nobody knows. */
  person: Pick<Person, 'phone'> | null;
}

/** One Chromium for all checks of a worker, as its start takes longer than most of them: each has a context, which shares nothing with another. */
const running = new Map<string, Promise<Browser>>();

/** The Chromium of this worker; started anew where it has ended. */
async function chromiumFor({ browser, reroutes, fronts }: LabDescription): Promise<Browser> {
  const { executablePath, args, env } = browser;
  const mapped = Object.entries({
    ...Object.fromEntries(
      Object.entries(reroutes).map(([from, to]) => [new URL(from).host, new URL(to).host]),
    ),
    ...fronts,
  }).map(([from, to]) => `MAP ${from} ${to}`);
  const options = {
    executablePath,
    headless: !process.env[VISIBLE],
    args: [...args, ...(mapped.length ? [`--host-resolver-rules=${mapped.join(',')}`] : [])],
  };
  const key = JSON.stringify(options);
  const before = await running.get(key)?.catch(() => undefined);
  if (before?.isConnected()) return before;
  const started = chromium
    .launch({ ...options, env: { ...process.env, ...env } as Record<string, string> })
    .catch((error: Error) => {
      throw new ConformanceError({
        code: 'CONF_BROWSER_START',
        key: 'browser',
        what: `${executablePath} did not start: ${error.message.split('\n')[0]}`,
        expected: 'a Chromium that runs on this machine (browser, --browser)',
        remedy: 'start it by hand with --headless and see what it says, or name another one.',
      });
    });
  running.set(key, started);
  return started;
}

/**
 * Opens Chromium with an empty profile; the scope cookie and re-routed origins are set. Its time limits follow the slowness
 * of the machine, and `within` makes others follow it. What it sends is written down, for laws and reports, as of any other
 * user agent; `close` waits for the last of it.
 *
 * @throws ConformanceError CONF_BROWSER_START
 */
export async function openBrowser(lab: LabDescription, scope: string, { evidence, person }: Watched) {
  const factor = await currentFactor();
  grant((factor - 1) * (STEP_MS + 2 * MOVE_MS));
  const within = (ms: number) => Math.round(ms * factor);
  const browser = await chromiumFor(lab);
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    locale: LANGUAGE,
    // What is asked without a page says it as well.
    extraHTTPHeaders: { 'accept-language': LANGUAGE },
    // Chromium knows no authority of our own: with one, the agent without a browser has judged the certificate before.
    ignoreHTTPSErrors:
      Boolean(lab.ca) || Object.keys(lab.fronts).length > 0 || takesAnyCertificate(lab.app.origin, lab.ca),
  });
  // Whoever is asked whether they are sure is; by itself Playwright says no.
  context.on('page', (page) => page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined)));
  context.setDefaultTimeout(process.env[VISIBLE] === 'debug' ? 0 : within(STEP_MS));
  // To a real issuer our scopes are nothing.
  if (!lab.live)
    await context.addCookies([{ name: SCOPE_COOKIE, value: scope, url: lab.publicIssuerOrigin }]);
  const recorder = recordBrowser(context, {
    ...evidence,
    person: person && digitsOf(person.phone),
    scope,
    laneOf: (origin) => ([lab.publicIssuerOrigin, lab.issuerOrigin].includes(origin) ? 'issuer' : 'app'),
  });
  const close = async () => {
    await recorder.settle();
    await context.close();
  };
  /** The session JSON that the app gives this browser; null when nobody is signed in. */
  const session = async (page: Page): Promise<Session | null> => {
    const url = `${lab.app.origin}${lab.app.basePath}/session`;
    const [cookies, startedAt] = [await context.cookies(url), Date.now()];
    const answer = await page.request.get(url);
    await recorder.noteAnswer(answer, startedAt, cookies);
    return sessionIn(await answer.json().catch(() => null), lab.guests);
  };
  return { context, within, session, close };
}

/** Attaches a screenshot to the report; one that cannot be had is noted there, and changes nothing. */
export type Picture = (name: string) => Promise<void>;

export const pictures =
  (
    page: Pick<Page, 'screenshot' | 'waitForLoadState'>,
    info: Pick<TestInfo, 'attach' | 'attachments'>,
  ): Picture =>
  async (name) => {
    const take = async (tries = 3): Promise<Buffer> => {
      try {
        return await page.screenshot({ timeout: PICTURE_MS });
      } catch (error) {
        // Between two pages there is nothing to be seen; the next one is.
        if (tries === 1 || !/Unable to capture/.test((error as Error).message)) throw error;
        await page.waitForLoadState('load', { timeout: PICTURE_MS });
        return take(tries - 1);
      }
    };
    try {
      await info.attach(name, { body: await take(), contentType: 'image/png' });
    } catch (error) {
      noteMissing(info, `picture "${name}"`, (error as Error).message);
    }
  };

/** Where the last step of a page went, though it may never have arrived there. */
export function lastAsked(page: Page): () => string {
  let url = page.url();
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) url = request.url();
  });
  return () => url;
}
