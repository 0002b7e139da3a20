/** How long a session lives, by the clock: what is over opens nothing, what is used goes on or not as it declares. */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { askAll, demandClosed } from '../harness/check/doors/ask-again.ts';
import { personalOf } from '../harness/check/doors/marks.ts';
import { findDoors } from '../harness/check/doors/try-approach.ts';
import { newMember, unseenMember } from '../harness/check/doors/walk-around.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import {
  type Later,
  laterBy,
  lifetimeOf,
  lifetimeTold,
  othersLater,
  sessionToken,
  spanTold,
  type Way,
  wayToLater,
} from '../harness/visitor/later.ts';
import { isSessionCookie, type Session, type Visitor } from '../harness/visitor/visitor.ts';

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'lab' | 'notApplicable' | 'step'>;

/** Seconds beyond the end: libraries are lenient by a few. */
const BEYOND = 120;

async function way(member: Visitor, { visitor, lab, notApplicable }: Body): Promise<Way> {
  const found = await wayToLater(member, await visitor(), lab);
  return found.kind === 'none' ? notApplicable(found.reason) : found;
}

/** A member with a session, how long it may last, and how time passes for it. */
async function signedIn({ visitor, lab, notApplicable, step }: Body) {
  const member = await visitor();
  const signIn = await member.signIn();
  await step('control', async () => demandSession(signIn));
  const lifetime = await lifetimeOf(member, lab);
  return { member, lifetime, how: await way(member, { visitor, lab, notApplicable, step }) };
}

check({
  id: 'session/ends',
  title: 'ends a session when its time is over, whoever kept the cookie',
  clauses: ['asvs 7.3.1', 'asvs 7.3.2', 'asvs 7.4.1', 'authjs session'],
  level: 'must',
  severity: 'serious',
  appMust:
    'Know nobody by a session cookie that is older than session.maxAge (as declared, else 30 days, or as long as the cookie is set for): browsers forget cookies, thieves keep them.',
  otherwise: 'A cookie that was copied once opens the account for ever.',
  fix: 'Let Auth.js encode and decode sessions, and set session.maxAge; in a jwt.decode or a store of your own, refuse what is over.',
})(async ({ visitor, lab, notApplicable, step }) => {
  const { member, lifetime, how } = await signedIn({ visitor, lab, notApplicable, step });
  const kept = await laterBy(lifetime + BEYOND, how, member, await visitor(), lab);
  demand(
    !(await kept.session()),
    `Took a session cookie that was kept for ${spanTold(lifetime)}, and whose time was over.`,
  );
});

check({
  id: 'doors/after-the-end',
  title: 'opens no door to a session whose time is over',
  clauses: ['asvs 7.3.2', 'asvs 7.4.1'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Show nothing that is meant for members to a cookie that is older than session.maxAge.',
  otherwise: 'A cookie that was copied once opens the account for ever.',
  fix: 'Ask auth() or getServerSession() who is there, and decode no session by yourself.',
})(async ({ visitor, somebody, lab, notApplicable, step }) => {
  const survey = await findDoors({ visitor, somebody, lab, notApplicable, step });
  const member = await newMember({ visitor, somebody, lab });
  const lifetime = await lifetimeOf(member, lab);
  const how = await way(member, { visitor, lab, notApplicable, step });
  const later = (whose: Visitor, browser: Visitor) => laterBy(lifetime + BEYOND, how, whose, browser, lab);
  // The doors alone are asked: Auth.js deletes a row whose time is over when it is asked for the session.
  const ask = async ({ browser, hop }: Pick<Later, 'browser' | 'hop'>, whose: Visitor) =>
    askAll(browser, survey, { personal: personalOf(whose.person), stranger: await visitor() }, hop);
  const open = await ask(await later(member, await visitor()), member);
  if (open.length && how.kind === 'clock') {
    const unseen = await unseenMember({ visitor, somebody, lab });
    const again = await ask(await later(unseen, await visitor()), unseen);
    if (again.length === 0)
      notJudged(
        'the app remembers sessions that it has looked up: those stayed open by a clock that was moved, others were closed, and nobody sees when its timers forget them',
        'let what it remembers end by Date.now() or performance.now(), or remember nothing while it is judged',
      );
  }
  demandClosed(open);
  // Cookies of the app's own making have an end of their own, which only its clock can tell.
  const own = await othersLater(member, await visitor(), lab, lifetime + BEYOND);
  if (own) demandClosed(await ask(own, member));
});

check({
  id: 'session/prolonged-as-declared',
  title: 'prolongs a session that is used, or ends it on time, as it declares',
  clauses: ['owasp session', 'authjs session'],
  level: 'should',
  severity: 'moderate',
  appMust:
    'Keep who used the session shortly before its end signed in when session.rolling is declared true; else end the session when it was to end.',
  otherwise: 'People are signed out in the middle of their work, or a session that is used never ends.',
  fix: 'Leave the renewal to Auth.js, or declare session.rolling as it is.',
})(async ({ visitor, lab, notApplicable, step }) => {
  const { rolling } = lab.config.session;
  if (rolling === undefined)
    notApplicable('the config does not declare whether use prolongs a session (session.rolling)');
  const { member, lifetime, how } = await signedIn({ visitor, lab, notApplicable, step });
  const margin = Math.min(lifetime / 10, 3600);
  const browser = await visitor();
  const used = await laterBy(lifetime - margin, how, member, browser, lab);
  demand(await used.session(), `Ended the session ${spanTold(margin)} before its time.`);
  // What the use set stands in the jar of this browser.
  const further = how.kind === 'clock' ? lifetime + margin : 2 * margin;
  const goesOn = await (await laterBy(further, how, browser, browser, lab)).session();
  demand(
    goesOn === rolling,
    rolling
      ? 'Ended a session on time though it was used, and though it declares session.rolling.'
      : 'Kept a session beyond its time because it was used, though it declares that use prolongs none.',
  );
});

/**
 * Whether a session names somebody, as the healthy one did: next-auth v4 answers with nothing but the end of a session where an app
 * has emptied its token, as one that keeps a list of what was signed out does.
 */
const namesAs = (healthy: Session | null, session: Session | null): boolean =>
  session !== null && (!healthy?.user || Boolean(session.user));

check({
  id: 'sign-out/copied-cookie',
  title: 'knows nobody by a cookie that was copied before the sign-out',
  clauses: ['asvs 7.4.1', 'authjs session'],
  level: 'may',
  severity: 'moderate',
  appMust:
    'Know which sessions were signed out. Sealed cookies of Auth.js are good until they end, wherever they are.',
  otherwise: 'Whoever copied the cookie stays signed in until it ends.',
  fix: 'Keep sessions in a database, keep a list of ended ones, or let them end soon (session.maxAge).',
})(async ({ visitor, lab, notApplicable, step }) => {
  if (lab.config.features.includes('database-session'))
    notApplicable('its sessions are rows of a database: sign-out/old-cookie-useless judges that');
  const member = await visitor();
  const signIn = await member.signIn();
  await step('control', async () => demandSession(signIn));
  const held = await sessionToken(member);
  const lifetime = await lifetimeTold(member, lab);
  const cookies = await member.agent.cookies(lab.app.origin);
  await member.signOut();
  const thief = await visitor();
  for (const { key, value } of cookies)
    await thief.agent.jar.setCookie(
      `${key}=${value}; Path=/${/^__(secure|host)-/i.test(key) ? '; Secure' : ''}`,
      lab.app.origin,
    );
  demand(
    !held || !namesAs(signIn.session, await thief.session()),
    `Still knew the person by a copy of ${held?.cookie} after the sign-out, and will for up to ${lifetime}.`,
  );
});

check({
  id: 'sign-out/answer-under-way',
  title: 'brings no session back by an answer that was under way at the sign-out',
  clauses: ['asvs 7.4.1', 'authjs session'],
  level: 'may',
  severity: 'minor',
  appMust: 'End sessions on the server, so that a cookie that is set after the sign-out opens nothing.',
  otherwise:
    'A page that asked for the session a moment before the sign-out renews its cookie a moment after, and the person is signed in again.',
  fix: 'Keep sessions in a database (session.strategy "database"), or end them by a list of what has been signed out. Sealed sessions of Auth.js cannot be taken back.',
})(async ({ visitor, lab, notApplicable }) => {
  const member = await visitor();
  const signIn = await member.signIn();
  demandSession(signIn);
  const tab = await visitor(member.person, { apart: true });
  for (const { key, value } of await member.sessionCookies())
    await tab.agent.jar.setCookie(
      `${key}=${value}; Path=/${/^__(secure|host)-/i.test(key) ? '; Secure' : ''}`,
      lab.app.origin,
    );
  const { setCookies } = await tab.sessionAnswer();
  const renewed = setCookies.filter((line) =>
    isSessionCookie(line.split('=')[0] ?? '', lab.config.session.cookie),
  );
  if (renewed.length === 0) notApplicable('its answers to /session renew no cookie');
  await member.signOut();
  for (const line of renewed) await member.agent.jar.setCookie(line, lab.app.origin);
  demand(
    !namesAs(signIn.session, await member.session()),
    'Showed a session again, by the cookie of an answer that was under way.',
  );
});
