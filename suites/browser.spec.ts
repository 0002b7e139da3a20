/**
 * What takes a real browser the longest, of several suites: by its name this file comes early in a run, so that nobody waits
 * for it alone at the end.
 */
import { check } from '../harness/check/check.ts';
import { pagesOfMembers } from '../harness/check/doors/paths-of-members.ts';
import { newMember } from '../harness/check/doors/walk-around.ts';
import { demandNoOnboarding } from '../harness/check/not-judged.ts';
import { told } from '../harness/check/outcomes.ts';
import { signInsBegunBy } from '../harness/check/pages/begins-again.ts';
import { leftIn, signedOutInBrowser } from '../harness/check/pages/left-in-browser.ts';
import { demand } from '../harness/errors.ts';
import { journey } from '../harness/visitor/journey.ts';

check({
  id: 'phone-otp/browser-journey',
  title: 'signs a person in and out by its own buttons in a real browser',
  clauses: ['asvs 7.4.4', 'logto next-auth', 'wcag 4.1.2'],
  level: 'must',
  severity: 'critical',
  uses: ['people'],
  needs: ['browser'],
  appMust: 'Have a sign-in button that leads to Logto, and after the sign-in a sign-out button that works.',
  otherwise: 'The app works for programs, and not for people.',
  fix: 'Give the buttons an accessible name with "sign in" and "sign out", or name their pages under `pages` in the config.',
})(({ lab, control, scope, somebody, step, evidence }, info) => {
  demandNoOnboarding(lab);
  return journey({ lab, control, scope, somebody, step, evidence }, info);
});

check({
  id: 'sign-out/browser-forgets',
  title: 'leaves nothing of a person in the browser where they signed out',
  clauses: ['asvs 14.3.1', 'owasp session'],
  level: 'must',
  severity: 'serious',
  needs: ['browser'],
  appMust:
    'Clear what its scripts keep of a person (localStorage, sessionStorage, IndexedDB, cookies, caches of a service worker) when the person signs out.',
  otherwise:
    'The next person at a shared computer reads who was there, and pages that a service worker kept.',
  fix: 'Keep nothing of a person in storages; or clear it before the sign-out, by Clear-Site-Data: "cache", "storage" in its answer.',
})(async ({ visitor, somebody, lab, scope, evidence, step }) => {
  demandNoOnboarding(lab);
  const { member, browser } = await step('control', async () => {
    const person = await newMember({ visitor, somebody, lab });
    const pages = await pagesOfMembers({ visitor, somebody, lab });
    return { member: person, browser: await signedOutInBrowser(person, pages, { lab, scope, evidence }) };
  });
  try {
    const left = await leftIn(browser, member, lab);
    demand(!left, () => `Left ${left} after the sign-out.`);
  } finally {
    await browser.close();
  }
});

/** A page may try once more by itself, and once more when the person has come back; then it must wait for them. */
const BEGUN_MAX = 2;

check({
  id: 'callback/no-sign-in-loop',
  title: 'stays at a page after a sign-in that was refused, and begins none by itself again and again',
  clauses: ['asvs 16.5.3', 'authjs pages'],
  level: 'should',
  severity: 'serious',
  needs: ['browser'],
  arms: ['authorization/error-access-denied'],
  appMust: 'Show whoever was refused what happened, and begin the next sign-in when they ask for it.',
  otherwise:
    'Whoever is refused while Logto knows them sees two pages take turns for ever, and cannot sign in as somebody else; app and Logto answer requests without an end.',
  fix: 'Where the sign-in page calls signIn() by itself, let it not do so when its address has an error; give pages.error a page of its own.',
})(async ({ visitor, lab, scope, evidence, arm, step }) => {
  await step(
    'fault',
    async () => {
      await arm('authorization/error-access-denied');
      const person = await visitor(undefined, { known: true });
      const { url } = await person.startSignIn();
      const { page } = await person.arrive(await person.authorize(url));
      if (page.url.origin !== lab.app.origin) return `Ended at ${page.url.origin}.`;
      const begun = await signInsBegunBy(person, page.url.href, { lab, scope, evidence });
      await arm();
      demand(
        begun <= BEGUN_MAX,
        `Began ${begun} sign-ins by itself within a moment, after one that Logto had refused, at ${page.url.pathname}.`,
      );
      return `Stayed: ${told(page)}.`;
    },
    (ending) => ending,
  );
});
