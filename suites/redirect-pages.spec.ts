/** What the pages of the app give away, and whether people can use the one that they sign in on. */
import type { Locator, Page } from '@playwright/test';
import { check, type LabFixtures } from '../harness/check/check.ts';
import { shownTo } from '../harness/check/doors/paths-of-members.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { comeToRest } from '../harness/check/pages/come-to-rest.ts';
import { demand } from '../harness/errors.ts';
import { exceed } from '../harness/user-agents/pace.ts';
import { DRAW_MS, openBrowser, pictures } from '../harness/visitor/open-browser.ts';
import { pagesWithScripts } from '../harness/visitor/pages-with-scripts.ts';

/** Where people sign in: the app's own page, or the one of Auth.js. */
const signInPath = ({ config, app }: LabFixtures['lab']) =>
  /^\//.test(config.pages.signIn ?? '') ? String(config.pages.signIn) : `${app.basePath}/signin`;

check({
  id: 'redirect/no-secret-on-pages',
  title: 'keeps the client secret and AUTH_SECRET off its pages and out of its scripts',
  clauses: ['rfc6749 §2.3.1', 'owasp session'],
  level: 'must',
  severity: 'critical',
  uses: ['client-secret'],
  appMust:
    'Send neither secret to a browser: not in a page, a script, or the JSON of /providers and /session.',
  otherwise:
    'Everybody reads it there, and redeems codes in the name of the app, or writes a session for anybody.',
  fix: 'Read the secrets on the server only; give their variables no NEXT_PUBLIC_, PUBLIC_ or VITE_ prefix.',
})(async ({ visitor, lab, step }) => {
  const { pages, target } = lab.config;
  const basic = Buffer.from(`${target.clientId}:${target.clientSecret}`).toString('base64');
  const secrets: [what: string, secret: string | undefined][] = [
    ['its client secret', target.clientSecret],
    ['its client secret', encodeURIComponent(target.clientSecret)],
    ['its client secret (as Basic authorization)', basic],
    // Known only of an app that we started.
    ['its AUTH_SECRET', lab.authSecret],
  ];
  const person = await visitor();
  const own = ['/error?error=Configuration', '/providers', '/session'].map(
    (path) => `${lab.app.basePath}${path}`,
  );
  const read = (paths: string[]) => pagesWithScripts(person.agent, lab.app.origin, paths);
  const before = await read([pages.home, signInPath(lab), `${lab.app.basePath}/signin`, ...own]);
  await step('control', async () => demandSession(await person.signIn()));
  const data: string[] = [];
  for (const path of pages.api) if (await shownTo(person, { path })) data.push(path);
  const after = await read([pages.home, ...pages.protected, ...data, `${lab.app.basePath}/session`]);
  for (const { url, text } of [...before, ...after])
    for (const [what, secret] of secrets)
      demand(!secret || !text.includes(secret), `Shows ${what} at ${url.pathname}.`);
});

/** Each control that is in sight has a name. */
async function demandNames(page: Page, controls: Locator): Promise<void> {
  const named = page
    .getByRole('button', { name: /\S/ })
    .or(page.getByRole('link', { name: /\S/ }))
    .filter({ visible: true });
  const shown = await controls.filter({ visible: true }).all();
  demand(shown.length > 0, `Shows no button and no link at ${new URL(page.url()).pathname}.`);
  for (const control of shown) {
    if ((await control.and(named).count()) > 0) continue;
    const html = await control.evaluate((element) => String(Reflect.get(element, 'outerHTML')).slice(0, 120));
    demand(false, `Has a control without a name on its sign-in page: ${html}`);
  }
}

check({
  id: 'redirect/sign-in-controls-named',
  title: 'names each control of its sign-in page',
  clauses: ['wcag 4.1.2', 'authjs pages'],
  level: 'should',
  severity: 'moderate',
  needs: ['browser'],
  signIn: 'none',
  appMust:
    'Give each visible button and link of the page that people sign in on a name that a screen reader can say.',
  otherwise: 'People who do not see the picture on a button do not know what it does.',
  fix: 'Put text into the button, or aria-label on it.',
})(async ({ lab, scope, evidence, notApplicable }, info) => {
  const { context, within, close } = await openBrowser(lab, scope, { evidence, person: null });
  try {
    const page = await context.newPage();
    await page.goto(new URL(signInPath(lab), lab.app.origin).href);
    const controls = page.getByRole('button').or(page.getByRole('link'));
    // Apps that draw their page in the browser draw it late.
    await controls
      .first()
      .waitFor({ timeout: within(DRAW_MS) })
      .catch(exceed);
    const isGone = () => new URL(page.url()).origin !== lab.app.origin;
    const gone = () =>
      notApplicable('the app sends people on to Logto, and keeps nobody at a page of its own');
    if (isGone()) gone();
    await pictures(page, info)('sign-in page');
    try {
      await demandNames(page, controls);
    } catch (error) {
      // A page that starts the sign-in at once may be on its way when it is looked at.
      await comeToRest(page, within);
      if (isGone()) gone();
      throw error;
    }
  } finally {
    await close();
  }
});
