/** What nobody may guess: the secret that sessions are sealed with, tried offline and by sessions of our own making, and their names. */
import { bitsOfChance } from '../harness/check/bits-of-chance.ts';
import { check } from '../harness/check/check.ts';
import { digestOfKnown, type Made } from '../harness/check/digests-of-known.ts';
import { ownIdsIn } from '../harness/check/doors/grounds.ts';
import { guessSecrets } from '../harness/check/guessed-secret.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { mintSession, WEAK_SECRETS } from '../harness/visitor/mint-session.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

check({
  id: 'session/secret-guessable',
  title: 'seals its sessions with a secret that nobody guesses, or reads in its repository',
  clauses: ['asvs 9.1.1', 'asvs 13.3.1', 'authjs session'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Seal its sessions with a long random secret that it is given when it starts, not with an example of a guide, nor with what stands in its sources, examples or documents.',
  otherwise: 'Anybody writes a session for anybody, without signing in.',
  fix: 'Set AUTH_SECRET (npx auth secret), have the app end when it is missing, and write no secret and no fallback into the source.',
})(async ({ visitor, lab }) => {
  const browser = await visitor();
  demandSession(await browser.signIn());
  const held = await browser.agent.cookies(lab.app.origin);
  const [session] = await browser.sessionCookies();
  const cookie = session?.key.replace(/\.\d+$/, '') ?? 'authjs.session-token';
  const guesses = guessSecrets(held, lab);
  for (const { value, told, by, ...guess } of guesses)
    demand(by !== 'seal', `Sealed the cookie ${guess.cookie} with the secret "${value}", ${told}.`);
  const { clientId, clientSecret } = lab.config.target;
  // Of several secrets that an app takes, it seals with the first only.
  const tried = [...guesses.map(({ value }) => value), ...WEAK_SECRETS, clientId, clientSecret];
  for (const secret of new Set(tried)) {
    const thief = await visitor();
    const value = await mintSession({ secret, cookie, family: lab.app.family });
    await thief.agent.jar.setCookie(`${cookie}=${value}; Path=/`, lab.app.origin);
    demand(!(await thief.session()), `Took a session cookie that was made with the secret "${secret}".`);
  }
});

check({
  id: 'session/csrf-secret-guessable',
  title: 'makes its CSRF tokens with a secret that nobody guesses, or reads in its repository',
  clauses: ['authjs csrf', 'asvs 13.3.1'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Make CSRF tokens with a long random secret that it is given when it starts.',
  otherwise: 'Whoever plants a cookie in a browser posts forms in the name of its person.',
  fix: 'Set AUTH_SECRET (npx auth secret), and write no secret and no fallback into the source.',
})(async ({ visitor, lab, notApplicable }) => {
  if (!lab.app.csrf) notApplicable('the app has no CSRF tokens of Auth.js');
  const browser = await visitor();
  await browser.csrfToken();
  const [guess] = guessSecrets(await browser.agent.cookies(lab.app.origin), lab);
  demand(!guess, () => `Made its CSRF token with the secret "${guess?.value}", ${guess?.told}.`);
});

/** Bits of chance that a session identifier has at least (OWASP Session Management Cheat Sheet); ASVS 7.2.3 asks for 128. */
const BITS_MIN = 64;
const SIGN_INS = 3;

check({
  id: 'session/token-guessable',
  title: 'names its sessions so that nobody guesses the next',
  clauses: ['asvs 7.2.3', 'owasp session'],
  level: 'must',
  severity: 'critical',
  appMust:
    'Make session tokens by a secure generator of random numbers, with 128 bits of chance (64 are demanded here).',
  otherwise: 'Whoever has a session of their own counts on to the sessions of others.',
  fix: 'Leave session.generateSessionToken alone, or use crypto.randomUUID() or crypto.randomBytes(32).',
})(async ({ visitor, somebody }) => {
  const made: Made[] = [];
  for (const person of [await somebody({ registered: true }), await somebody({ registered: true })]) {
    const tokens: string[] = [];
    let known: Made['known'] | undefined;
    for (let time = 0; time < SIGN_INS; time += 1) {
      const browser = await visitor(person);
      const signIn = await browser.signIn();
      demandSession(signIn);
      const held = await browser.sessionCookies();
      const token = held.map(({ value }) => value).join('');
      if (!token)
        notJudged(
          'nothing tells which of its cookies holds the session',
          'name it in the config (session.cookie)',
        );
      tokens.push(token);
      known ??= knownOf(browser.person, signIn.session);
      made.push({ token, known, ...madeBetween(browser, held[0]?.key ?? '') });
    }
    const bits = bitsOfChance(tokens);
    demand(
      bits >= BITS_MIN,
      `Made session tokens for one person that differ in ${Math.round(bits)} bits at most: ${masked(tokens)}.`,
    );
  }
  const digest = digestOfKnown(made);
  demand(!digest, `Named a session by ${digest}: whoever counts on, or knows its owner, makes it as well.`);
});

/** What others know of somebody, or may. */
function knownOf({ userId, phone, email, name }: Visitor['person'], session: unknown): Made['known'] {
  const values = {
    'the id of the person': userId,
    'the phone number': phone,
    'the digits of the phone number': phone.replace(/\D/g, ''),
    'the e-mail address': email,
    'the name of the person': name,
    'the id of the person in the app': ownIdsIn(session, userId ?? '')[0],
  };
  return new Map(Object.entries(values).flatMap(([what, value]) => (value ? [[what, value]] : [])));
}

/** When the answer came that set a cookie, and when it was asked for. */
function madeBetween({ agent }: Visitor, cookie: string): Pick<Made, 'from' | 'to'> {
  const setting = agent.exchanges.find(({ response: { headers } }) =>
    [headers['set-cookie'] ?? []]
      .flat()
      .some((line) => line.startsWith(`${cookie}=`) && !/^[^=]+=(?:;|$)/.test(line)),
  );
  const from = setting ? Date.parse(setting.at) : Date.now();
  return { from, to: from + (setting?.durationMs ?? 0) };
}

/** Where two tokens are equal and where they are not, without the tokens. */
function masked(tokens: readonly string[]): string {
  const [first = '', second = ''] = tokens;
  return `${[...first.slice(0, 40)].map((sign, at) => (sign === second[at] ? '=' : '?')).join('')} (= the same in two sign-ins)`;
}
