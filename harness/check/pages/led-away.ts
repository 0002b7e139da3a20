/** Where the scripts of a page take a stranger who opens it. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { exceed } from '../../user-agents/pace.ts';
import { openBrowser, type Watched } from '../../visitor/open-browser.ts';
import { TURNS_AWAY } from '../../visitor/sign-words.ts';

/** Milliseconds within which a page must have come to rest; one that never does is judged as it is then. */
const REST_MS = 4_000;

/**
 * The first of some pages at which a stranger's browser stays, without being asked to sign in.
 *
 * @throws ConformanceError CONF_BROWSER_START
 */
export async function staysAt(
  paths: readonly string[],
  { lab, scope, evidence }: { lab: LabDescription; scope: string } & Pick<Watched, 'evidence'>,
): Promise<string | undefined> {
  const { context, within, close } = await openBrowser(lab, scope, { evidence, person: null });
  try {
    for (const path of paths) {
      const page = await context.newPage();
      const there = new URL(path, lab.app.origin);
      await page.goto(there.href, { waitUntil: 'domcontentloaded' });
      await page.waitForLoadState('networkidle', { timeout: within(REST_MS) }).catch(exceed);
      const { origin, pathname } = new URL(page.url());
      const isThere = origin === there.origin && pathname === there.pathname;
      if (isThere && !TURNS_AWAY.test(await page.locator('body').innerText())) return path;
      await page.close();
    }
    return undefined;
  } finally {
    await close();
  }
}
