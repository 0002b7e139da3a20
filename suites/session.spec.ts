/** What the session says, how it is kept, and who may see it. */
import { check, expect } from '../harness/check/check.ts';
import { isPlaceholder } from '../harness/check/experience/placeholder.ts';
import { demandDeclared } from '../harness/check/left-out.ts';
import { isMaskOf } from '../harness/check/masked.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { differsIn, postedOf } from '../harness/check/people/of-one-sign-in.ts';
import { showsEachTheirOwn } from '../harness/check/people/own-data.ts';
import { tokensShown } from '../harness/check/session-tokens.ts';
import { demand } from '../harness/errors.ts';
import { isSessionCookie } from '../harness/visitor/visitor.ts';
import type { PersonInput } from '../mocks/people.ts';

const full = (mark: string): PersonInput => ({
  registered: true,
  name: `Ada ${mark}`,
  username: `ada_${mark}`,
  email: `ada.${mark}@example.test`,
  picture: `https://images.example/${mark}.png`,
});

/** Values of a made-up person by OIDC claim (Logto: name, username, picture, email). */
const claimOf = (person: PersonInput & { phone: string }): Record<string, unknown> => ({
  name: person.name ?? null,
  username: person.username ?? null,
  email: person.email ?? null,
  picture: person.picture ?? null,
  phone_number: person.phone.replace(/\D/g, ''),
});

for (const [field, claim] of [
  ['name', 'name'],
  ['email', 'email'],
  ['image', 'picture'],
] as const) {
  check({
    id: `session/maps-${claim}`,
    title: `puts the claim ${claim} into the session as ${field}`,
    clauses: ['authjs profile', 'oidc-core §5.1'],
    level: 'must',
    severity: 'moderate',
    uses: ['profiles'],
    appMust: `Show the person's ${claim} as user.${field} in the session.`,
    otherwise: 'The app shows its people without it, or somebody else’s.',
    fix: `Map it in profile(): ${field}: profile.${claim}. If it is mapped otherwise on purpose, declare that under \`profile\` in the config.`,
  })(async ({ visitor, somebody, lab, meta, notApplicable }) => {
    const declared = [lab.config.profile[field] ?? []].flat();
    if (declared[0] !== claim)
      notApplicable(`the config does not declare that user.${field} comes from ${claim}`);
    const person = await somebody(full(`map${Date.now()}`));
    const signIn = await (await visitor(person)).signIn();
    demandSession(signIn);
    const [shown, whole] = [signIn.session?.user?.[field], claimOf(person)[claim]];
    demandDeclared(field, shown, lab);
    if (isMaskOf(shown, whole)) notApplicable(`the app shows a part of user.${field} only, on purpose`);
    expect(shown, meta.appMust).toBe(whole);
  });
}

check({
  id: 'session/name-falls-back',
  title: 'shows the username where Logto knows no name',
  clauses: ['authjs profile', 'logto next-auth'],
  level: 'must',
  severity: 'minor',
  uses: ['profiles'],
  appMust: 'Fall back to the next claim (name, then username) when the first is null.',
  otherwise: 'People who chose a username only are shown as nobody.',
  fix: 'Write name: profile.name ?? profile.username in profile().',
})(async ({ visitor, somebody, lab, meta, notApplicable }) => {
  const declared = [lab.config.profile.name ?? []].flat();
  if (declared[1] !== 'username') notApplicable('the config declares no fallback of name to username');
  const person = await somebody({ registered: true, username: `grace_${Date.now()}` });
  const signIn = await (await visitor(person)).signIn();
  demandSession(signIn);
  demandDeclared('name', signIn.session?.user?.name, lab);
  expect(signIn.session?.user?.name, meta.appMust).toBe(person.username);
});

check({
  id: 'session/absent-stays-absent',
  title: 'invents no name, e-mail or picture for a person who has none',
  clauses: ['oidc-core §5.1', 'oidc-core §5.3.2'],
  level: 'must',
  severity: 'moderate',
  uses: ['profiles'],
  appMust:
    'Sign a phone-only person in and leave the fields out (or null), but for fallbacks that are declared, and words or pictures of the app’s own that stand for anybody.',
  otherwise:
    'People see "null", "undefined" or the data of somebody else; or those without an e-mail cannot sign in at all.',
})(async ({ visitor, somebody, lab, meta, notApplicable }) => {
  if (lab.usage?.profile)
    notApplicable('the app takes nobody without a name and an e-mail address: see people/phone-only');
  const browser = await visitor(await somebody({ signedIn: true, name: null }));
  const signIn = await browser.signIn();
  demandSession(signIn);
  const { user = {} } = signIn.session ?? {};
  // A person who has nothing else still has a number and an id, which an app may declare to fall back to.
  const number = browser.person.phone.replace(/\D/g, '');
  for (const field of ['name', 'email', 'image'] as const) {
    const declared = [lab.config.profile[field] ?? []].flat();
    if (declared.includes('sub')) continue;
    const shown = user[field] ?? null;
    if (isPlaceholder(field, shown, browser.person)) {
      // Words that stand for a person stay; those made up at each sign-in do not.
      const again = await (await visitor(browser.person)).signIn();
      expect(again.session?.user?.[field], meta.appMust).toBe(shown);
      continue;
    }
    const allowed = [null, ...(declared.includes('phone_number') ? [number, `+${number}`] : [])];
    expect(allowed, `${meta.appMust} (${field})`).toContain(shown);
  }
});

check({
  id: 'session/no-token',
  title: 'shows no token in the session JSON',
  clauses: ['rfc9700 §4.2', 'owasp session'],
  level: 'must',
  severity: 'serious',
  appMust:
    'Keep access, refresh and ID tokens on the server; an access token may be shown under the feature token-in-session.',
  otherwise: 'Any script on the page can take the tokens away.',
  fix: 'Do not copy account.access_token and the like in callbacks.session; if the client needs it, declare the feature token-in-session.',
})(async ({ visitor, lab, control, scope, notApplicable }) => {
  const signIn = await (await visitor()).signIn();
  demandSession(signIn);
  const issued = lab.live ? [] : await control.journal({ scope, endpoint: 'token' });
  const shown = tokensShown(signIn.session, issued, lab.config);
  demand(shown.length === 0, `Shows ${shown.join(', ')} in the session JSON.`);
  if (lab.live)
    notApplicable('no member has the name or the shape of a token; opaque ones are known to Logto alone');
});

check({
  id: 'session/cookie-http-only',
  title: 'hides the session cookie from scripts',
  clauses: ['asvs 3.3.4', 'owasp session'],
  level: 'must',
  severity: 'serious',
  appMust: 'Set the session cookie with HttpOnly.',
  otherwise: 'One cross-site scripting hole gives the session away.',
})(async ({ visitor, lab }) => {
  for (const cookie of await setAtSignIn(await visitor(), lab.config.session.cookie)) {
    demand(/;\s*httponly/i.test(cookie), `Set ${cookie.split('=')[0]} without HttpOnly.`);
  }
});

check({
  id: 'session/cookie-same-site',
  title: 'sends the session cookie along from its own site only',
  clauses: ['asvs 3.3.2', 'owasp csrf'],
  level: 'must',
  severity: 'serious',
  appMust: 'Set the session cookie with SameSite=Lax or Strict.',
  otherwise: 'Other sites can act with the session of their visitors (CSRF).',
})(async ({ visitor, lab }) => {
  for (const cookie of await setAtSignIn(await visitor(), lab.config.session.cookie)) {
    demand(
      /;\s*samesite=(lax|strict)/i.test(cookie),
      `Set ${cookie.split('=')[0]} with ${cookie.match(/samesite=\w+/i)?.[0] ?? 'no SameSite'}.`,
    );
  }
});

check({
  id: 'session/cookie-host-only',
  title: 'keeps the session cookie to its own host',
  clauses: ['asvs 3.3.3', 'owasp session'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Set the session cookie without Domain.',
  otherwise: 'Every sub-domain, the forgotten ones too, receives the session.',
})(async ({ visitor, lab }) => {
  for (const cookie of await setAtSignIn(await visitor(), lab.config.session.cookie)) {
    demand(
      !/;\s*domain=/i.test(cookie),
      `Set ${cookie.split('=')[0]} with ${cookie.match(/domain=[^;]+/i)?.[0]}.`,
    );
  }
});

type Signed = Awaited<ReturnType<Parameters<Parameters<ReturnType<typeof check>>[0]>[0]['visitor']>>;
async function setAtSignIn(person: Signed, declared?: string): Promise<string[]> {
  const signIn = await person.signIn();
  demandSession(signIn);
  const set = signIn.returned.setCookies.filter(
    (line) => isSessionCookie(line.split('=')[0] ?? '', declared) && !/=;|max-age=0/i.test(line),
  );
  demand(set.length > 0, () => `Set no session cookie at the callback: ${told(signIn.returned)}.`);
  return set;
}

check({
  id: 'session/survives-reload',
  title: 'still knows the person at the next request',
  clauses: ['authjs session'],
  level: 'must',
  severity: 'serious',
  uses: ['profiles'],
  appMust: 'Show the same person at every later request of the same browser.',
  otherwise: 'People are signed out by a reload.',
})(async ({ visitor, somebody, lab }) => {
  const person = await visitor(await somebody(full(`reload${Date.now()}`)));
  const first = await person.signIn();
  demandSession(first);
  await person.agent.follow(await person.get('/'));
  const later = await person.session();
  demand(later, 'Shows no session at the next request.');
  const other = differsIn(later.user, first.session?.user, postedOf(lab));
  demand(
    other.length === 0,
    () => `Shows another user.${other.join(', user.')} at the next request than at the sign-in.`,
  );
});

check({
  id: 'session/two-people',
  title: 'shows people who come at the same time their own data, and nobody else’s',
  clauses: ['oidc-core §5.7', 'asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  uses: ['profiles'],
  provokes: true,
  appMust: 'Show each browser its own person, in the session and on every page.',
  otherwise: 'People see and change the data of others.',
  fix: 'Keep nothing of a person in variables of a module or in caches whose key names no person.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  showsEachTheirOwn({ visitor, somebody, step, arm, notApplicable, lab, control }),
);
