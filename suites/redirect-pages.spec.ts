/** What the pages of the app give away, and whether people can use the one that they sign in on. */
import { check, type LabFixtures } from '../harness/check.ts';
import { demand } from '../harness/errors.ts';
import { demandSession } from '../harness/outcomes.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { openBrowser } from '../harness/user-agents/journey.ts';

/** More scripts than any page of a small app has; a page with thousands ends in time all the same. */
const SCRIPTS_MAX = 60;

/** Where people sign in: the app's own page, or the one of Auth.js. */
const signInPath = ({ config, app }: LabFixtures['lab']) =>
  /^\//.test(config.pages.signIn ?? '') ? String(config.pages.signIn) : `${app.basePath}/signin`;

/** The scripts of its own origin that a page loads, each once. */
const scriptsOf = (pages: readonly Answer[], origin: string): string[] => [
  ...new Set(
    pages
      .flatMap(({ text, url }) =>
        [...text.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)\s*=\s*["']?([^"'\s>]+)/gi)].map(
          ([, address = '']) => (URL.canParse(address, url) ? new URL(address, url).href : ''),
        ),
      )
      .filter((address) => address.startsWith(`${origin}/`) && /\.m?js(\?|$)/.test(address)),
  ),
];

check({
  id: 'redirect/no-secret-on-pages',
  title: 'keeps the client secret off its pages and out of its scripts',
  clauses: ['rfc6749 §2.3.1'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Send the client secret to Logto only: not in a page, a script, or the JSON of /providers and /session.',
  otherwise: 'Everybody reads it there, and redeems codes in the name of the app.',
  fix: 'Read the secret on the server only; give its variable no NEXT_PUBLIC_, PUBLIC_ or VITE_ prefix.',
})(async ({ visitor, lab }) => {
  const { pages } = lab.config;
  const person = await visitor();
  const paths = [
    pages.home,
    signInPath(lab),
    `${lab.app.basePath}/error?error=Configuration`,
    `${lab.app.basePath}/providers`,
    `${lab.app.basePath}/session`,
  ];
  const read = (path: string) =>
    person.get(path).then((answer) => person.agent.follow(answer, (next) => next.origin !== lab.app.origin));
  const before = await Promise.all(paths.map(read));
  demandSession(await person.signIn());
  const after = await Promise.all(
    [pages.home, ...pages.protected, ...pages.api, `${lab.app.basePath}/session`].map(read),
  );
  const seen = [...before, ...after];
  const scripts = await Promise.all(scriptsOf(seen, lab.app.origin).slice(0, SCRIPTS_MAX).map(read));
  const told = [...seen, ...scripts].find(({ text }) => text.includes(lab.config.target.clientSecret));
  demand(!told, () => `Shows its client secret at ${told?.url.pathname}.`);
});

check({
  id: 'redirect/sign-in-controls-named',
  title: 'names each control of its sign-in page',
  clauses: ['wcag 4.1.2', 'authjs pages'],
  level: 'should',
  severity: 'moderate',
  needs: ['browser'],
  appMust:
    'Give each visible button and link of the page that people sign in on a name that a screen reader can say.',
  otherwise: 'People who do not see the picture on a button do not know what it does.',
  fix: 'Put text into the button, or aria-label on it.',
})(async ({ lab, scope }, info) => {
  const { browser, context } = await openBrowser(lab, scope);
  try {
    const page = await context.newPage();
    await page.goto(new URL(signInPath(lab), lab.app.origin).href);
    const controls = page.getByRole('button').or(page.getByRole('link'));
    // Apps that draw their page in the browser draw it late.
    await controls
      .first()
      .waitFor({ timeout: 5_000 })
      .catch(() => undefined);
    await info.attach('sign-in page', { body: await page.screenshot(), contentType: 'image/png' });
    const named = page
      .getByRole('button', { name: /\S/ })
      .or(page.getByRole('link', { name: /\S/ }))
      .filter({ visible: true });
    const shown = await controls.filter({ visible: true }).all();
    demand(shown.length > 0, `Shows no button and no link at ${new URL(page.url()).pathname}.`);
    for (const control of shown) {
      if ((await control.and(named).count()) > 0) continue;
      const html = await control.evaluate((element) =>
        String(Reflect.get(element, 'outerHTML')).slice(0, 120),
      );
      demand(false, `Has a control without a name on its sign-in page: ${html}`);
    }
  } finally {
    await browser.close();
  }
});
