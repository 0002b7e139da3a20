/** Cookies that are not the person's own: of other apps, mixed up, left behind; and what the sign-in itself leaves. */
import { check } from '../harness/check/check.ts';
import { leftByOwnWay } from '../harness/check/cookies-left.ts';
import { plant, shownBefore, stillShown } from '../harness/check/doors/closed-again.ts';
import { memberPaths } from '../harness/check/doors/paths-of-members.ts';
import { demandSession, demandSignedOut, told } from '../harness/check/outcomes.ts';
import { isSameFor } from '../harness/check/pages/for-everybody.ts';
import { takesNoSessionFromLinks } from '../harness/check/ways-in/set-by-link.ts';
import { demand } from '../harness/errors.ts';
import { isSessionCookie } from '../harness/visitor/visitor.ts';

const isCheckCookie = (name: string) => /(?:pkce|state|nonce)/i.test(name);

check({
  id: 'session/cookie-of-a-sign-in',
  title: 'takes no cookie of an unfinished sign-in for a session',
  clauses: ['asvs 9.2.2', 'authjs mocked user'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Treat its cookies for verifier, state, nonce, CSRF and return page as no session, in whose place they stand.',
  otherwise:
    'Whoever begins a sign-in copies a cookie, and passes every page that only asks for some session.',
  fix: 'Update {library} (in next-auth, versions before 4.24.5 have this hole); seal each kind of cookie with a key, or a salt, of its own.',
})(async ({ visitor, lab, notApplicable }) => {
  const member = await visitor();
  demandSession(await member.signIn());
  const [held] = await member.sessionCookies();
  const key = held?.key.replace(/\.\d+$/, '') ?? 'authjs.session-token';
  const beginner = await visitor();
  await beginner.startSignIn();
  const others = (await beginner.agent.jar.getCookies(lab.app.origin)).filter(
    (cookie) => !isSessionCookie(cookie.key, lab.config.session.cookie) && cookie.value.length > 8,
  );
  if (others.length === 0) notApplicable('the app sets no cookies when a sign-in begins');
  for (const cookie of others) {
    const thief = await visitor();
    await plant(thief, lab.app.origin, [{ key, value: cookie.value }]);
    const answer = await thief.sessionAnswer();
    demand(
      answer.status < 500,
      `Crashed at the cookie ${cookie.key} in place of a session: ${told(answer)}.`,
    );
    demand(!(await thief.session()), `Took the cookie ${cookie.key} of an unfinished sign-in for a session.`);
  }
});

check({
  id: 'session/cookie-chunks-mixed',
  title: 'ignores a session cookie put together from those of two people',
  clauses: ['asvs 7.2.1', 'asvs 9.1.1'],
  level: 'must',
  severity: 'critical',
  uses: ['profiles'],
  appMust: 'Take the chunks of a cookie together or not at all.',
  otherwise: 'Halves of two sessions make a third.',
})(async ({ visitor, somebody, lab, notApplicable }) => {
  const large = async (name: string) => {
    const picture = `https://images.example/${name}/${'long/'.repeat(1200)}face.png`;
    const browser = await visitor(await somebody({ registered: true, name, picture }));
    demandSession(await browser.signIn());
    return browser.sessionCookies();
  };
  const [ada, eve] = [await large('Ada'), await large('Eve')];
  if (ada.length < 2 || eve.length < 2) notApplicable('the app keeps no session that fills several cookies');
  const mixed = ada.map((chunk, index) => (index === 0 ? chunk : (eve[index] ?? chunk)));
  const thief = await visitor();
  await plant(thief, lab.app.origin, mixed);
  demand(!(await thief.session()), 'Took a session cookie made from two.');
});

check({
  id: 'session/set-by-link',
  title: 'takes no session from a link',
  clauses: ['owasp session', 'asvs 7.2.4'],
  level: 'must',
  severity: 'serious',
  provokes: true,
  appMust: 'Take a session from its cookie alone, never from a parameter of an address.',
  otherwise:
    'Whoever opens a link works in the account of an attacker, and leaves there what they write (login CSRF); and whoever reads an address in a log has the session in it.',
  fix: 'Hand sessions over by a code that is good once, for a minute, for the browser that asked for it; never by the session token.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  takesNoSessionFromLinks({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'session/check-cookies-hidden',
  title: 'hides verifier, state and nonce from scripts',
  clauses: ['owasp session', 'rfc7636 §7.1'],
  level: 'must',
  severity: 'serious',
  appMust: 'Set the cookies of a sign-in HttpOnly, and SameSite=Lax or Strict.',
  otherwise: 'A script in the page takes the verifier, and with it the sign-in.',
})(async ({ visitor, notApplicable }) => {
  const { answer } = await (await visitor()).startSignIn();
  const lines = answer.setCookies.filter(
    (line) => isCheckCookie(line.split('=')[0] ?? '') && !/max-age=0/i.test(line),
  );
  if (lines.length === 0) notApplicable('the app keeps verifier, state and nonce elsewhere than in cookies');
  for (const line of lines) {
    demand(/;\s*httponly/i.test(line), `Set ${line.split('=')[0]} without HttpOnly.`);
    demand(!/samesite=none/i.test(line), `Set ${line.split('=')[0]} with SameSite=None.`);
  }
});

check({
  id: 'session/check-cookies-spent',
  title: 'clears verifier, state and nonce when they were used',
  clauses: ['owasp session', 'rfc7636 §7.1'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Expire the cookies of a sign-in in the answer to its callback.',
  otherwise: 'What proved one sign-in proves the next one, too.',
})(async ({ visitor, lab }) => {
  const browser = await visitor();
  demandSession(await browser.signIn());
  const left = (await browser.agent.cookies(lab.app.origin)).filter(
    ({ key, value }) => value && isCheckCookie(key),
  );
  demand(
    left.length === 0,
    `Left ${left.map(({ key }) => key).join(', ')} in the browser after the sign-in.`,
  );
});

check({
  id: 'session/reload',
  title: 'keeps the session when the person reloads the callback or goes back to it',
  clauses: ['rfc6749 §10.5', 'authjs session'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Leave the session as it is when a callback comes again in the same browser.',
  otherwise: 'The back button signs people out.',
})(async ({ visitor }) => {
  const browser = await visitor();
  const signIn = await browser.signIn();
  demandSession(signIn);
  await browser.arrive(signIn.callback);
  demand(await browser.session(), 'Lost the session when its callback was requested again.');
});

check({
  id: 'sign-out/old-cookie-useless',
  title: 'takes no session cookie from before the sign-out',
  clauses: ['asvs 7.4.1', 'owasp session'],
  level: 'must',
  severity: 'serious',
  needs: ['database-session'],
  appMust:
    'Delete the session at the sign-out, not only the cookie: at that of Auth.js, and at one of its own.',
  otherwise: 'Whoever copied the cookie stays signed in.',
  fix: 'Let deleteSession of the adapter remove the row; do not only clear the cookie. A sign-out of your own calls signOut() of Auth.js, or deletes the row itself.',
})(async ({ visitor, lab, scope }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  const held = await person.sessionCookies();
  await person.signOut();
  await demandSignedOut(person);
  const thief = await visitor();
  await plant(thief, lab.app.origin, held);
  demand(!(await thief.session()), 'Took a session cookie that was signed out.');
  const again = await visitor();
  demandSession(await again.signIn());
  const kept = await again.sessionCookies();
  // Whether its own way signs anybody out at all is told by other checks.
  if ((await leftByOwnWay(again, { lab, scope }))?.length !== 0) return;
  const later = await visitor();
  await plant(later, lab.app.origin, kept);
  demand(!(await later.session()), 'Took a session cookie that was signed out by its own sign-out.');
});

check({
  id: 'sign-out/protected-closed',
  title: 'closes its protected pages and APIs at the sign-out',
  clauses: ['asvs 7.4.1', 'authjs protecting'],
  level: 'must',
  severity: 'critical',
  appMust: 'Show what is protected to nobody after the sign-out.',
  otherwise: 'The next person at the computer goes back and reads on.',
  fix: 'Check the session at each request, before anything is rendered.',
})(async ({ visitor, somebody, lab }) => {
  const paths = await memberPaths({ lab, visitor, somebody }, 'protected', 'api');
  const person = await visitor();
  demandSession(await person.signIn());
  const before = await shownBefore(person, paths);
  await person.signOut();
  const open = await stillShown(person, paths, { before, stranger: await visitor(), lab });
  demand(!open, () => `Still answered ${open?.path} with ${open?.status} after the sign-out.`);
});

check({
  id: 'sign-out/back-button',
  title: 'keeps its protected pages out of the history of the browser',
  clauses: ['rfc9111 §5.2.2.5', 'owasp session'],
  level: 'may',
  severity: 'minor',
  appMust:
    'Answer protected pages with Cache-Control: no-store, so that the back button shows nothing after the sign-out.',
  otherwise: 'The next person at a shared computer goes back and reads what the page showed.',
  fix: 'Send Cache-Control: private, no-store with each page that shows what belongs to a person.',
})(async ({ visitor, somebody, lab }) => {
  const paths = await memberPaths({ lab, visitor, somebody }, 'protected');
  const person = await visitor();
  demandSession(await person.signIn());
  const stranger = await visitor();
  for (const { path } of paths) {
    const shown = await person.get(path);
    if (shown.status >= 300 || isSameFor(await stranger.get(path), shown)) continue;
    const control = String(shown.headers['cache-control'] ?? '');
    demand(
      /no-store/.test(control),
      `Answered ${path} with ${control ? `Cache-Control: ${control}` : 'no Cache-Control'}.`,
    );
  }
});
