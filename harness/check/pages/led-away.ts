/** Where the scripts of a page take a stranger who opens it. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { openBrowser, type Watched } from '../../visitor/open-browser.ts';
import { TURNS_AWAY } from '../../visitor/sign-words.ts';
import { comeToRest } from './come-to-rest.ts';

/** Milliseconds more for a page that says first where it leads to ("You are being redirected …"). */
const LATER_MS = 6_000;

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
      await comeToRest(page, within);
      const isThere = ({ origin, pathname }: URL) => origin === there.origin && pathname === there.pathname;
      // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not said
      const turnsAway = async () => TURNS_AWAY.test(await page.locator('body').innerText());
      if (isThere(new URL(page.url())) && !(await turnsAway())) {
        const leaves = page.waitForURL((url) => !isThere(url), {
          timeout: within(LATER_MS),
          waitUntil: 'commit',
        });
        const stays = await leaves.then(
          () => false,
          async () => !(await turnsAway()),
        );
        if (stays) return path;
      }
      await page.close();
    }
    return undefined;
  } finally {
    await close();
  }
}
