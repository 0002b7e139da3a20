/** Sign-ins that a page begins by itself, after one that was refused: seen in a browser that Logto knows already. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { openBrowser, type Watched } from '../../visitor/open-browser.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { comeToRest } from './come-to-rest.ts';

/**
 * How often a page sets out for Logto by itself, with nobody doing anything.
 *
 * @param member who ended at the page, with the cookies of the app and of Logto
 * @param address of the page
 * @throws ConformanceError CONF_BROWSER_START
 */
export async function signInsBegunBy(
  member: Visitor,
  address: string,
  { lab, scope, evidence }: { lab: LabDescription; scope: string } & Pick<Watched, 'evidence'>,
): Promise<number> {
  const { context, within, close } = await openBrowser(lab, scope, { evidence, person: member.person });
  try {
    for (const [agent, origin] of [
      [member.agent, lab.app.origin],
      [member.atIssuer, lab.publicIssuerOrigin],
    ] as const) {
      const cookies = await agent.cookies(origin);
      await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: `${origin}/` })));
    }
    const page = await context.newPage();
    let begun = 0;
    page.on('request', (request) => {
      if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return;
      const { origin, searchParams } = new URL(request.url());
      if (
        origin === lab.publicIssuerOrigin &&
        searchParams.has('client_id') &&
        searchParams.has('redirect_uri')
      )
        begun += 1;
    });
    // A page that leaves while it is being opened ends the wait, as does one that redirects for ever.
    await page.goto(address, { waitUntil: 'domcontentloaded' }).catch(() => undefined);
    await comeToRest(page, within);
    return begun;
  } finally {
    await close();
  }
}
