/** How the session cookie is set: for how long, by which name, over which lines. */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import type { LabDescription } from '../harness/lab/lab-description.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { isSessionCookie } from '../harness/visitor/visitor.ts';

check({
  id: 'session/lifetime',
  title: 'lets its session cookie live no longer than it declares',
  clauses: ['asvs 7.3.2', 'authjs session'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Set a session cookie that expires after session.maxAge (30 days unless declared).',
  otherwise: 'A browser that is left behind stays signed in for ever.',
  fix: 'Set session.maxAge in the Auth.js config, and declare it as session.maxAge in ours.',
})(async ({ visitor, lab }) => {
  const limit = (lab.config.session.maxAge ?? 30 * 24 * 3600) * 1000;
  const browser = await visitor();
  const signIn = await browser.signIn();
  demandSession(signIn);
  // Auth.js sets the cookie anew when the session is read.
  const renewed = await browser.sessionAnswer();
  demand(lifetimes(signIn.returned, lab).length > 0, 'Set no session cookie at the callback.');
  for (const lives of [signIn.returned, renewed].flatMap((answer) => lifetimes(answer, lab))) {
    demand(
      lives <= limit + 60_000,
      `Set a session cookie that lives ${Math.round(lives / 86_400_000)} days.`,
    );
  }
});

/** How long the session cookies live that an answer sets, in milliseconds; 0 for those that end with the browser. */
const lifetimes = ({ setCookies }: Answer, lab: LabDescription): number[] =>
  setCookies
    .filter((line) => isSessionCookie(line.split('=')[0] ?? '', lab.config.session.cookie))
    .map((line) => {
      const maxAge = /max-age=(-?\d+)/i.exec(line)?.[1];
      const expires = /expires=([^;]+)/i.exec(line)?.[1];
      return maxAge ? Number(maxAge) * 1000 : expires ? Date.parse(expires) - Date.now() : 0;
    });

check({
  id: 'session/rolling',
  title: 'prolongs a session with its use, or does not, as it declares',
  clauses: ['owasp session', 'authjs session'],
  level: 'should',
  severity: 'moderate',
  appMust:
    'Set the session cookie anew when the session is read, if session.rolling is declared true; else leave it.',
  otherwise: 'People are signed out in the middle of their work, or a session that is used never ends.',
  fix: 'Answer /session with the Set-Cookie of Auth.js (a proxy may drop it), or declare session.rolling as it is.',
})(async ({ visitor, lab, notApplicable }) => {
  const { rolling } = lab.config.session;
  if (rolling === undefined)
    notApplicable('the config does not declare whether use prolongs a session (session.rolling)');
  if (lab.config.features.includes('database-session'))
    notApplicable('sessions in a database are prolonged after session.updateAge only, a day unless declared');
  const browser = await visitor();
  demandSession(await browser.signIn());
  const renewed = lifetimes(await browser.sessionAnswer(), lab).some((lives) => lives > 0);
  demand(
    renewed === rolling,
    rolling
      ? 'Set no session cookie anew when the session was read, though it declares session.rolling.'
      : 'Set the session cookie anew when the session was read, though it declares that use prolongs none.',
  );
});

check({
  id: 'session/cookie-secure',
  title: 'sends its session cookie over TLS only',
  clauses: ['asvs 3.3.1', 'owasp session'],
  level: 'must',
  severity: 'serious',
  appMust: 'Set each session cookie Secure where people call the app by https.',
  otherwise: 'One request by http, which an attacker on the line provokes, gives the session away.',
  fix: 'Leave useSecureCookies to Auth.js, and let it know that it is called by https (X-Forwarded-Proto, AUTH_URL).',
})(async ({ visitor, lab, notApplicable }) => {
  for (const line of await sessionLines({ visitor, lab, notApplicable }))
    demand(/;\s*secure\s*(;|$)/i.test(line), `Set ${line.split('=')[0]} without Secure on an https origin.`);
});

check({
  id: 'session/cookie-prefix',
  title: 'names its session cookie so that no http page can plant one',
  clauses: ['rfc6265bis §4.1.3', 'authjs session'],
  level: 'should',
  severity: 'moderate',
  appMust:
    'Begin the name of the session cookie with __Secure- or __Host- where people call the app by https.',
  otherwise: 'A neighbouring subdomain, or an attacker on the line, plants a session of theirs (login CSRF).',
  fix: 'Leave the cookie names to Auth.js; with names of your own, begin them with __Host- or __Secure-.',
})(async ({ visitor, lab, notApplicable }) => {
  for (const line of await sessionLines({ visitor, lab, notApplicable }))
    demand(
      /^__(secure|host)-/i.test(line),
      `Named its session cookie ${line.split('=')[0]} on an https origin.`,
    );
});

/** The Set-Cookie lines of a sign-in that hold its session; not applicable where the app is called by http. */
async function sessionLines({
  visitor,
  lab,
  notApplicable,
}: Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab' | 'notApplicable'>): Promise<string[]> {
  if (!lab.app.origin.startsWith('https:')) notApplicable('the app is called by http here');
  const signIn = await (await visitor()).signIn();
  demandSession(signIn);
  const lines = signIn.returned.setCookies.filter((line) => {
    const [name = '', value] = line.split(/[=;]/);
    return isSessionCookie(name, lab.config.session.cookie) && value;
  });
  demand(lines.length > 0, 'Set no session cookie at the callback.');
  return lines;
}
