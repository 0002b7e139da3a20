/** What a browser makes of a page whose scripts draw it: markup that never stood in an answer. */
import type { BrowserContext } from '@playwright/test';
import type { LabDescription } from '../../lab/lab-description.ts';
import { exceed } from '../../user-agents/pace.ts';
import { injectedIn, markOf, payloads } from './markup.ts';
import { addressOf, parametersOf } from './pages.ts';

/** Milliseconds within which a page must have come to rest; one that never does is judged as it is then. */
const REST_MS = 4_000;

/** What Chromium says of an address that it does not go to, such as `javascript:…` in a redirect: nothing was drawn then. */
const NOT_GONE_TO = /net::ERR_(?:ABORTED|UNSAFE_REDIRECT|UNKNOWN_URL_SCHEME|DISALLOWED_URL_SCHEME)/;

/**
 * Opens a page by one link with markup in what it may say, and an address that runs in where it may go.
 *
 * @param within makes a limit follow the slowness of the machine
 * @returns what a parameter became, in words; undefined when it stayed text, or the browser left the app
 */
export async function drawnAt(
  context: BrowserContext,
  lab: LabDescription,
  path: string,
  within: (ms: number) => number,
): Promise<string | undefined> {
  const { whatToSay, whereTo } = parametersOf(lab);
  const marks = new Map<string, string>();
  const sent = Object.fromEntries(
    [...whatToSay, ...whereTo].map((name, index) => {
      const mark = markOf(index);
      marks.set(mark, name);
      return [name, payloads[whatToSay.includes(name) ? 'mixed' : 'address'](mark)];
    }),
  );
  const page = await context.newPage();
  try {
    await page
      .goto(new URL(addressOf(path, sent), lab.app.origin).href, { waitUntil: 'domcontentloaded' })
      .catch((error: Error) => {
        if (!NOT_GONE_TO.test(error.message)) throw error;
      });
    await page.waitForLoadState('networkidle', { timeout: within(REST_MS) }).catch(exceed);
    if (new URL(page.url()).origin !== lab.app.origin) return undefined;
    const injected = injectedIn(await page.content(), marks);
    return injected && `${injected} at ${path}`;
  } finally {
    await page.close();
  }
}
