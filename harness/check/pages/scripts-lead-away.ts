/** Where the scripts of a page take a member who opens it by a link that says where to go. */
import type { BrowserContext } from '@playwright/test';
import type { LabDescription } from '../../lab/lab-description.ts';
import { openBrowser, type Watched } from '../../visitor/open-browser.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { comeToRest } from './come-to-rest.ts';
import { isForeign } from './leads-away.ts';
import { addressOf, parametersOf } from './pages.ts';

/** What a link may name: another site, as browsers read it, and a script that runs in the page. */
const GIVEN = [
  'https://evil.example/',
  '//evil.example/',
  'javascript:location.assign("https://evil.example/")',
];

async function goesTo(context: BrowserContext, address: string, within: (ms: number) => number) {
  const page = await context.newPage();
  let to: URL | undefined;
  // Nothing of another site is asked for: that the browser sets out for it is enough.
  await page.route(
    (url) => isForeign(url),
    (route) => {
      to ??= new URL(route.request().url());
      return route.abort();
    },
  );
  try {
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await comeToRest(page, within);
  } catch (error) {
    // A page that leaves while it is being opened ends the wait.
    if (!to) throw error;
  } finally {
    await page.close();
  }
  return to;
}

/**
 * Opens pages in the browser of a member, by links whose parameters all name another site.
 *
 * @param paths pages that scripts draw
 * @returns the first that goes there, and what the link said
 * @throws ConformanceError CONF_BROWSER_START
 */
export async function scriptsLeadAway(
  member: Visitor,
  paths: readonly string[],
  { lab, scope, evidence }: { lab: LabDescription; scope: string } & Pick<Watched, 'evidence'>,
): Promise<{ path: string; given: string; to: URL } | undefined> {
  const { origin } = lab.app;
  const { whereTo } = parametersOf(lab);
  const { context, within, close } = await openBrowser(lab, scope, { evidence, person: member.person });
  try {
    const cookies = await member.agent.cookies(origin);
    await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: `${origin}/` })));
    for (const path of paths) {
      // Each in a page of its own, all at once: what takes time is the wait until a page has come to rest.
      const led = await Promise.all(
        GIVEN.map(async (given) => {
          const link = addressOf(path, Object.fromEntries(whereTo.map((name) => [name, given])));
          const to = await goesTo(context, new URL(link, origin).href, within);
          return to && { path, given, to };
        }),
      );
      const first = led.find((each) => each !== undefined);
      if (first) return first;
    }
    return undefined;
  } finally {
    await close();
  }
}
