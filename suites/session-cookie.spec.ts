/** What the session cookie withstands, and who is let in with it. */
import { type CheckFixtures, check, expect, type LabFixtures } from '../harness/check/check.ts';
import { keepsOut } from '../harness/check/doors/gives-nothing.ts';
import { personalOf } from '../harness/check/doors/marks.ts';
import { shownTo } from '../harness/check/doors/paths-of-members.ts';
import { issuedIn } from '../harness/check/issued-in.ts';
import { demandDeclared } from '../harness/check/left-out.ts';
import { demandNoSession, demandSession, told } from '../harness/check/outcomes.ts';
import { keepsApart, newcomer } from '../harness/check/people/keeps-apart.ts';
import { demand } from '../harness/errors.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

/** Puts cookies into the jar of a browser, as if they had been set for the app. */
const plant = async (browser: Visitor, origin: string, cookies: { key: string; value: string }[]) => {
  for (const { key, value } of cookies) await browser.agent.jar.setCookie(`${key}=${value}; Path=/`, origin);
};

const signedIn = async (browser: Visitor) => {
  demandSession(await browser.signIn());
  return browser.sessionCookies();
};

/**
 * An attacker gives the cookies that the app gave them, a stranger, to another browser, whose person signs in: they open
 * nothing of it afterwards, whatever they are called.
 */
async function opensNothingLater({
  visitor,
  somebody,
  lab,
}: Pick<CheckFixtures & LabFixtures, 'visitor' | 'somebody' | 'lab'>) {
  const { home, signIn: signInAt, protected: pages, api } = lab.config.pages;
  const attacker = await visitor();
  // Some are given a cookie where they begin to sign in.
  for (const path of new Set([home, signInAt, `${lab.app.basePath}/signin`, `${lab.app.basePath}/csrf`]))
    if (path?.startsWith('/')) await attacker.get(path);
  const places = [...new Set([home, ...pages, ...api])];
  const closed = new Set<string>();
  for (const path of places) {
    const answer = await shownTo(attacker, { path });
    if (answer && keepsOut(answer)) closed.add(path);
  }
  const given = await attacker.agent.cookies(lab.app.origin);
  if (given.length === 0) return;
  const victim = await visitor(await somebody(lab.live ? { signedIn: true } : newcomer('Mabel')));
  await plant(victim, lab.app.origin, given);
  demandSession(await victim.signIn());
  for (const path of places) await shownTo(victim, { path });
  const personal = personalOf(victim.person);
  const whoever = `to whoever held the cookies of the browser before the sign-in (${given.map(({ key }) => key).join(', ')})`;
  demand(!(await attacker.session()), () => `Gave a session ${whoever}.`);
  for (const path of places) {
    const answer = await shownTo(attacker, { path });
    if (!answer) continue;
    demand(!closed.has(path) || keepsOut(answer), () => `Opened ${path} ${whoever}.`);
    const [known] = issuedIn(answer.text, personal);
    demand(!known, () => `Showed the ${known?.kind} of the person at ${path} ${whoever}.`);
  }
}

check({
  id: 'session/cookie-tampered',
  title: 'ignores a session cookie that was changed',
  clauses: ['asvs 9.1.1', 'owasp session', 'authjs session'],
  level: 'must',
  severity: 'critical',
  appMust: 'Treat a changed session cookie as none.',
  otherwise: 'People write sessions for themselves, as anybody.',
})(async ({ visitor, lab }) => {
  const cookies = await signedIn(await visitor());
  for (const place of [0.2, 0.5, 0.9]) {
    const thief = await visitor();
    const changed = cookies.map(({ key, value }) => {
      const at = Math.floor(value.length * place);
      return { key, value: `${value.slice(0, at)}${value[at] === 'A' ? 'B' : 'A'}${value.slice(at + 1)}` };
    });
    await plant(thief, lab.app.origin, changed);
    demand(!(await thief.session()), 'Took a session cookie that was changed.');
  }
});

check({
  id: 'session/cookie-truncated',
  title: 'ignores a session cookie that was cut off',
  clauses: ['asvs 7.2.1', 'asvs 9.1.1'],
  level: 'must',
  severity: 'serious',
  appMust: 'Treat half a session cookie as none, and go on working.',
  otherwise: 'A broken cookie crashes every page, or lets somebody in.',
})(async ({ visitor, lab }) => {
  const cookies = await signedIn(await visitor());
  const browser = await visitor();
  await plant(
    browser,
    lab.app.origin,
    cookies
      .slice(0, 1)
      .map(({ key, value }) => ({ key, value: value.slice(0, Math.floor(value.length / 2)) })),
  );
  const answer = await browser.sessionAnswer();
  demand(answer.status < 500, `Crashed at half a session cookie: ${told(answer)}.`);
  demand(!(await browser.session()), 'Took half a session cookie.');
});

check({
  id: 'session/cookie-garbage',
  title: 'ignores a session cookie of its own invention by somebody else',
  clauses: ['asvs 7.2.1', 'asvs 9.1.1'],
  level: 'must',
  severity: 'critical',
  appMust: 'Treat a cookie that it did not issue as none.',
  otherwise: 'Whoever makes up a cookie is let in.',
})(async ({ visitor, lab }) => {
  const [real] = await signedIn(await visitor());
  const claims = { sub: '1', name: 'Mallory', email: 'mallory@evil.example', iat: 1, exp: 4102444800 };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forged = [
    'mallory',
    encode(claims),
    `${encode({ alg: 'none' })}.${encode(claims)}.`,
    `${encode({ alg: 'HS256' })}.${encode(claims)}.c2lnbmF0dXJl`,
  ];
  for (const value of forged) {
    const thief = await visitor();
    await plant(thief, lab.app.origin, [
      { key: real?.key.replace(/\.\d+$/, '') ?? 'authjs.session-token', value },
    ]);
    demand(!(await thief.session()), 'Took a session cookie that it never issued.');
  }
});

check({
  id: 'session/fixation',
  title: 'gives every sign-in a session cookie of its own',
  clauses: ['asvs 7.2.4', 'owasp session'],
  level: 'must',
  severity: 'critical',
  appMust: 'Set a new session cookie value at the sign-in, whatever the browser brought along.',
  otherwise: 'An attacker plants a cookie, waits for the sign-in, and shares the session (session fixation).',
})(async ({ visitor, somebody, lab }) => {
  const known = await signedIn(await visitor());
  // With a database Auth.js links a second account to a session that is good, so a made-up value is planted there.
  const planted = lab.config.features.includes('database-session')
    ? known.map(({ key }) => ({ key, value: crypto.randomUUID() }))
    : known;
  const victim = await visitor();
  await plant(victim, lab.app.origin, planted);
  const signIn = await victim.signIn();
  demandSession(signIn);
  const values = (await victim.sessionCookies()).map(({ value }) => value);
  demand(
    !values.some((value) => planted.some((cookie) => cookie.value === value)),
    'Kept the session cookie that was there before the sign-in.',
  );
  await opensNothingLater({ visitor, somebody, lab });
});

check({
  id: 'session/new-each-time',
  title: 'makes a new session cookie at each sign-in of the same person',
  clauses: ['asvs 7.2.4', 'owasp session'],
  level: 'must',
  severity: 'critical',
  appMust: 'Give every sign-in a session identifier of its own, random and never used before.',
  otherwise:
    'A cookie that leaked once is good for ever, and one that is made from the account can be made by anybody.',
  fix: 'Leave session.generateSessionToken alone, or make it random; let the adapter store the token it is given.',
})(async ({ visitor, somebody }) => {
  const person = await somebody({ registered: true });
  const first = await signedIn(await visitor(person));
  const second = await signedIn(await visitor(person));
  demand(
    !second.some(({ value }) => first.some((cookie) => cookie.value === value)),
    'Gave the same session cookie to two browsers of one person.',
  );
});

check({
  id: 'session/large',
  title: 'keeps a session that is larger than one cookie',
  clauses: ['authjs session', 'rfc6265 §4.1.2'],
  level: 'must',
  severity: 'moderate',
  uses: ['profiles'],
  appMust: 'Sign in a person with a picture URL of six kilobytes, and show it whole.',
  otherwise: 'People with a long picture URL, or many roles, cannot sign in, or are signed out at once.',
})(async ({ visitor, somebody, lab, meta, notApplicable }) => {
  const declared = [lab.config.profile.image ?? []].flat();
  if (declared[0] !== 'picture')
    notApplicable('the config does not declare that user.image comes from picture');
  const picture = `https://images.example/${'long/'.repeat(1200)}face.png`;
  const browser = await visitor(await somebody({ registered: true, name: 'Ada', picture }));
  const signIn = await browser.signIn();
  demandSession(signIn);
  demandDeclared('image', signIn.session?.user?.image, lab);
  expect(signIn.session?.user?.image, meta.appMust).toBe(picture);
  await browser.signOut();
  await demandNoSession(browser);
});

check({
  id: 'session/changed-claims',
  title: 'shows changed claims after the next sign-in',
  clauses: ['oidc-core §5.1', 'authjs profile'],
  level: 'may',
  severity: 'minor',
  uses: ['profiles'],
  appMust: 'Take name, e-mail and picture anew at each sign-in.',
  otherwise: 'A person who changed their name at Logto keeps the old one here.',
  fix: 'With a database adapter, update the user in events.signIn: an adapter keeps the first profile.',
})(async ({ visitor, somebody, control, lab, meta, notApplicable }) => {
  if (!lab.config.profile.name) notApplicable('the config declares no name');
  const person = await somebody({ registered: true, name: 'Ada Byron' });
  demandSession(await (await visitor(person)).signIn());
  await control.changePerson(person.phone, { name: 'Ada Lovelace' });
  const signIn = await (await visitor(person)).signIn();
  demandSession(signIn);
  demandDeclared('name', signIn.session?.user?.name, lab);
  expect(signIn.session?.user?.name, meta.appMust).toBe('Ada Lovelace');
});

check({
  id: 'session/email-is-no-identity',
  title: 'takes nobody for another person because of an e-mail address',
  clauses: ['oidc-core §5.7', 'authjs providers'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  uses: ['profiles'],
  appMust:
    'Tell people apart by issuer and sub; refuse, or keep apart, a second person with the same e-mail.',
  otherwise: 'Whoever gets an address that somebody gave up takes over their account.',
  fix: 'Do not set allowDangerousEmailAccountLinking; do not look accounts up by e-mail.',
})(async ({ visitor, somebody, step, arm, notApplicable, lab, control }) => {
  if (!lab.config.profile.email) notApplicable('the config declares no e-mail');
  await keepsApart({
    second: ({ email }) => ({ email }),
    meanwhile: ({ phone }) => control.changePerson(phone, { email: null }),
    told: 'the same e-mail address before',
  })({ visitor, somebody, step, arm, notApplicable, lab, control });
});

check({
  id: 'session/phone-claim',
  title: 'puts the phone number into the session, as it claims',
  clauses: ['oidc-core §5.1', 'logto user claims'],
  level: 'must',
  severity: 'serious',
  needs: ['phone-claim'],
  appMust: 'Show the number that the person signed in with.',
  otherwise: 'The app cannot tell people apart who have nothing but a number.',
  fix: 'Add the scope phone, map phone_number in profile(), and copy it in callbacks.jwt and callbacks.session.',
})(async ({ visitor }) => {
  const browser = await visitor();
  const signIn = await browser.signIn();
  demandSession(signIn);
  const digits = browser.person.phone.replace(/\D/g, '');
  demand(JSON.stringify(signIn.session).includes(digits), 'Shows a session without the phone number.');
});
