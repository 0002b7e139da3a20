/** What must be gone after a sign-out, and what must still work. */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { leavesNoPart } from '../harness/check/cookies-left.ts';
import { demandSession, demandSignedOut, told } from '../harness/check/outcomes.ts';
import { signedOutBy, signOutLinks } from '../harness/check/pages/sign-out-links.ts';
import { demand } from '../harness/errors.ts';
import { clearsCookies } from '../harness/user-agents/clear-site-data.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { ownSignOutsTo } from '../harness/visitor/own-sign-out.ts';
import { isSessionCookie } from '../harness/visitor/visitor.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab' | 'notApplicable'>;

check({
  id: 'sign-out/session-gone',
  title: 'holds no session after the sign-out',
  clauses: ['asvs 7.4.1', 'owasp session', 'authjs session'],
  level: 'must',
  severity: 'critical',
  appMust: 'Show nobody in /session after the sign-out.',
  otherwise: 'The next person at the computer goes on as the one before.',
})(async ({ visitor }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  await person.signOut();
  await demandSignedOut(person);
});

check({
  id: 'sign-out/cookie-cleared',
  title: 'clears every session cookie at the sign-out',
  clauses: ['asvs 14.3.1', 'owasp session'],
  level: 'must',
  severity: 'serious',
  appMust:
    'Expire each session cookie (and each chunk of it) in the answer to the sign-out, or all of them by Clear-Site-Data: "cookies".',
  otherwise: 'The session stays in the browser and can be brought back.',
  fix: 'Sign out by signOut() of Auth.js, or expire every cookie whose name begins with that of the session: a large session stands in name.0, name.1 and so on.',
})(async ({ visitor, somebody, lab, scope }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  const held = await person.sessionCookies();
  const answer = await person.signOut();
  const left = (await person.sessionCookies()).map(({ key }) => key);
  demand(left.length === 0, `Left ${left.join(', ')} in the browser after the sign-out (${told(answer)}).`);
  const cleared = answer.setCookies.filter((line) =>
    isSessionCookie(line.split('=')[0] ?? '', lab.config.session.cookie),
  );
  demand(
    held.length === 0 || cleared.length > 0 || clearsCookies(answer.url, answer.headers),
    'Did not expire the session cookie in its answer.',
  );
  if (!lab.live) await leavesNoPart({ visitor, somebody, lab, scope });
});

check({
  id: 'sign-out/csrf-needed',
  title: 'signs nobody out without its CSRF protection',
  clauses: ['asvs 3.5.1', 'authjs csrf', 'owasp csrf'],
  level: 'must',
  severity: 'moderate',
  appMust:
    'Refuse a sign-out form that lacks the CSRF token (or, where there are none, that comes from another origin).',
  otherwise: 'Any page can sign its visitors out.',
})(async ({ visitor, lab }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  await person.agent.hop(person.at('/signout'), {
    method: 'POST',
    form: { callbackUrl: `${lab.app.origin}/` },
    headers: lab.app.csrf ? {} : { origin: 'https://evil.example' },
  });
  demand(await person.session(), 'Signed the person out by a form without a CSRF token.');
});

check({
  id: 'sign-out/get-signs-nobody-out',
  title: 'signs nobody out by a plain GET',
  clauses: ['asvs 3.5.3', 'authjs csrf'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Sign out on POST only.',
  otherwise: 'An image on any page signs its visitors out.',
})(async ({ visitor }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  await person.agent.hop(person.at('/signout'));
  demand(await person.session(), 'Signed the person out by a GET.');
});

/** Signs in a member and opens what may sign out; tells what did. */
async function openSignOutLinks({ visitor, lab, notApplicable }: Body) {
  const person = await visitor();
  const signIn = await person.signIn();
  demandSession(signIn);
  const lines = signIn.returned.setCookies.filter((line) =>
    isSessionCookie(line.split('=')[0] ?? '', lab.config.session.cookie),
  );
  if (lines.length > 0 && lines.every((line) => /samesite=strict/i.test(line)))
    notApplicable('its session cookie is SameSite=Strict: no link of another site brings it along');
  const { home, protected: inside } = lab.config.pages;
  const pages = await Promise.all(
    [home, ...inside].map(async (path) => person.agent.follow(await person.get(path))),
  );
  const by = await signedOutBy(person, lab, signOutLinks(lab, pages));
  if (!by) return undefined;
  // Once more, and nothing else in between.
  demandSession(await person.signIn());
  return signedOutBy(person, lab, [by.path]);
}

check({
  id: 'sign-out/links-sign-nobody-out',
  title: 'signs nobody out who follows a link',
  clauses: ['asvs 3.5.3', 'owasp csrf'],
  level: 'must',
  severity: 'moderate',
  provokes: true,
  appMust: 'Answer addresses such as /logout with a page that asks, or sign out on POST only.',
  otherwise: 'Any site signs its visitors out; browsers that fetch links beforehand do, too.',
  fix: 'Sign out in a form post (signOut() of Auth.js does), and let the address show the button.',
})(async ({ visitor, lab, notApplicable }) => {
  const by = await openSignOutLinks({ visitor, lab, notApplicable });
  demand(!by || by.toLogto, () => `Signed a member out who opened ${by?.path} from another site.`);
});

check({
  id: 'sign-out/links-to-logto-ask',
  title: 'signs nobody out here and at Logto who follows a link',
  clauses: ['asvs 3.5.3', 'owasp csrf'],
  level: 'should',
  severity: 'moderate',
  provokes: true,
  appMust: 'End its own session, and go to the sign-out of Logto, on POST only.',
  otherwise: 'Any site signs its visitors out, everywhere.',
  fix: 'Sign out in a form post, and redirect to Logto from there.',
})(async ({ visitor, lab, notApplicable }) => {
  const by = await openSignOutLinks({ visitor, lab, notApplicable });
  demand(!by?.toLogto, () => `Signed a member out who opened ${by?.path} from another site.`);
});

check({
  id: 'sign-out/callback-url-own',
  title: 'sends the person to a page of its own after the sign-out',
  clauses: ['rfc9700 §4.11', 'authjs callbacks'],
  level: 'must',
  severity: 'serious',
  appMust: 'Redirect to its own origin, whatever callbackUrl says.',
  otherwise: 'A sign-out ends on a phishing page (open redirect).',
})(async ({ visitor, lab }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  const elsewhere = 'https://evil.example/phish';
  const allowed = [lab.app.origin, lab.publicIssuerOrigin];
  const isForeign = ({ location, url }: Answer) =>
    url.pathname.startsWith(`${lab.app.basePath}/`)
      ? location && !allowed.includes(location.origin)
      : // Many lead to another site of theirs: what counts is where the request said.
        location?.origin === new URL(elsewhere).origin;
  const demandOwn = (answer: Answer) => {
    const { location, url } = answer;
    demand(
      !isForeign(answer),
      () =>
        `Redirected to ${location?.href} after the sign-out${url.pathname.startsWith(lab.app.basePath) ? '' : ` by ${url.pathname}`}.`,
    );
    const after = location?.searchParams.get('post_logout_redirect_uri');
    demand(
      after !== elsewhere,
      () => `Asked Logto to lead to ${after} after the sign-out by ${url.pathname}, as the request had said.`,
    );
  };
  // A sign-out of the app's own comes first, as it wants a session; each of them ends one.
  const ways = (await ownSignOutsTo(person, lab, elsewhere)).length;
  for (let way = 0; way < ways; way += 1) {
    const leaving = way === 0 ? person : await visitor();
    if (way > 0) demandSession(await leaving.signIn());
    const answer = await (await ownSignOutsTo(leaving, lab, elsewhere))[way]?.();
    if (answer) demandOwn(answer);
  }
  if (ways > 0) demandSession(await person.signIn());
  demandOwn(await person.signOut({ callbackUrl: elsewhere }));
});

check({
  id: 'sign-out/sign-in-again',
  title: 'lets the person sign in again after the sign-out',
  clauses: ['authjs session'],
  level: 'must',
  severity: 'serious',
  appMust: 'Sign the same browser in again.',
  otherwise: 'People who signed out are locked out until they clear their cookies.',
})(async ({ visitor }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  await person.signOut();
  demandSession(await person.signIn());
});

check({
  id: 'sign-out/other-browser-unaffected',
  title: 'leaves the sessions of other browsers alone',
  clauses: ['authjs session'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Sign out the browser that asked, and no other person.',
  otherwise: 'One sign-out throws other people out.',
})(async ({ visitor }) => {
  const leaving = await visitor();
  const staying = await visitor();
  demandSession(await leaving.signIn());
  demandSession(await staying.signIn());
  await leaving.signOut();
  demand(await staying.session(), 'Signed another person out, too.');
});
