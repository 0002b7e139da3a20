/**
 * What takes a real browser the longest, of several suites: by its name this file comes early in a run, so that nobody waits
 * for it alone at the end.
 */
import { check } from '../harness/check/check.ts';
import { pagesOfMembers } from '../harness/check/doors/paths-of-members.ts';
import { newMember } from '../harness/check/doors/walk-around.ts';
import { demandNoOnboarding } from '../harness/check/not-judged.ts';
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
