/** Who is who: identity is `sub` at this issuer and nothing else, and nobody gets what belongs to somebody else. */
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { answersOwnActions } from '../harness/check/people/actions.ts';
import { casts } from '../harness/check/people/casts.ts';
import { outlivesItsAccount } from '../harness/check/people/gone.ts';
import { keepsApart } from '../harness/check/people/keeps-apart.ts';
import { opensToNameless } from '../harness/check/people/nameless.ts';
import { keepsTheSecondApart, keepsWhatWasWritten } from '../harness/check/people/one-browser.ts';
import { showsEachInTurn } from '../harness/check/people/own-data.ts';
import { writesNoFields } from '../harness/check/people/own-fields.ts';
import { believesNoCookie, writesNoName, writesNoSession } from '../harness/check/people/own-session.ts';
import { REFUSED_BY_DATABASE } from '../harness/check/people/refused-by-database.ts';
import { demand } from '../harness/errors.ts';

const bySub = {
  clauses: ['oidc-core §5.7', 'asvs 10.5.2'],
  level: 'must',
  severity: 'critical',
  // Looking for pages of members, it asks paths that no page links to.
  provokes: true,
  uses: ['profiles'],
  appMust:
    'Know people by sub at this issuer, compared as it is; refuse the second person, or keep both apart.',
  fix: 'Find accounts by account.providerAccountId (the sub), never by e-mail, phone number or name.',
} satisfies Partial<CheckDeclaration>;

check({
  ...bySub,
  id: 'people/recycled-number',
  uses: ['profiles', 'made-accounts'],
  title: 'takes nobody for another person because of a phone number that was given out again',
  clauses: ['oidc-core §5.7', 'recycled numbers'],
  otherwise: 'Whoever gets a number that somebody gave up has their account.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['recycled-number'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/number-alike',
  uses: ['profiles', 'made-accounts'],
  title: 'takes nobody for another person whose phone number ends alike',
  otherwise: 'One in some thousand strangers has the account of a member.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['number-alike'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/same-name',
  title: 'takes nobody for another person of the same name',
  otherwise: 'Two people of one name share an account.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['same-name'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/nothing-else',
  needs: ['phone-code'],
  title: 'tells people apart who have a phone number and nothing else',
  otherwise:
    'All who signed up by phone share one account: the first of them, or whoever has no e-mail address.',
  fix: 'Find accounts by account.providerAccountId (the sub); an e-mail address that somebody has not got finds nobody.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['nothing-else'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/unverified-email',
  arms: ['id-token/email-unverified'],
  title: 'gives nobody an account that somebody opened with their e-mail address, unverified',
  clauses: ['oidc-core §5.7', 'oidc-core §5.1'],
  otherwise:
    'An attacker opens an account with the address of a victim, waits for the victim to sign in, and shares it (pre-hijacking).',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['unverified-email'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/unverified-number',
  arms: ['id-token/phone-unverified'],
  title: 'gives nobody an account that somebody opened with their phone number, unverified',
  clauses: ['oidc-core §5.7', 'oidc-core §5.1'],
  otherwise:
    'An attacker opens an account with the number of a victim, waits for the victim to sign in, and shares it (pre-hijacking).',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['unverified-number'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/subject-case',
  uses: ['given-ids'],
  title: 'tells people apart whose sub differs by case alone',
  clauses: ['oidc-core §2'],
  otherwise: 'Two people share an account.',
  fix: 'Compare sub as it is; give its column a collation that minds case (binary, C, utf8mb4_bin).',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['subject-case'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/subjects-of-logto-alike',
  uses: ['given-ids'],
  title: 'tells people apart whose ids at Logto begin alike',
  clauses: ['oidc-core §2', 'oidc-core §5.7'],
  otherwise: 'Two people share an account.',
  fix: 'Keep all twelve characters of an id.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsApart(casts['subjects-of-logto-alike'])({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...bySub,
  id: 'people/subjects-alike',
  uses: ['given-ids'],
  title: 'tells people apart whose subs differ after 254 characters',
  clauses: ['oidc-core §2'],
  otherwise: 'A column that is too short makes one account of two people.',
  fix: 'Give sub, and what is made of it, a column of 255 characters.',
})(async ({ visitor, somebody, step, arm, notApplicable, lab, control }) => {
  const probe = await visitor(
    await somebody({ signedIn: true, id: `${'p'.repeat(250)}${Date.now() % 100_000}` }),
  );
  if (!(await probe.signIn()).session)
    notApplicable('the app takes no sub of 255 characters: see people/subject-long');
  await keepsApart(casts['subjects-alike'])({ visitor, somebody, step, arm, notApplicable, lab, control });
});

check({
  id: 'people/subject-long',
  uses: ['given-ids'],
  title: 'signs in a person whose sub has 255 characters',
  clauses: ['oidc-core §2'],
  level: 'should',
  severity: 'minor',
  appMust: 'Take every sub that OpenID Connect allows.',
  otherwise: 'After a change of the issuer, or of its ids, people cannot sign in.',
  fix: 'Give the column of providerAccountId 255 characters.',
})(async ({ visitor, somebody }) => {
  const id = `${Date.now()}${'s'.repeat(255)}`.slice(0, 255);
  demandSession(await (await visitor(await somebody({ signedIn: true, id }))).signIn());
});

const inOneBrowser = {
  clauses: ['oidc-core §5.7', 'asvs 7.2.4'],
  severity: 'critical',
  provokes: true,
  appMust:
    'End the session of the first person, or refuse the second; the account of neither learns of the other.',
  otherwise: 'The second person at a shared computer has the account of the first, often for good.',
} satisfies Partial<CheckDeclaration>;

check({
  ...inOneBrowser,
  id: 'people/second-person',
  title: 'keeps a person apart who signs in over another in the same browser',
  level: 'must',
  fix: 'Do not read the session that is there while somebody signs in; link accounts only where the person asks for it.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsTheSecondApart(false)({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  ...inOneBrowser,
  id: 'people/second-person-linked',
  title: 'keeps a person apart, with an adapter, who signs in over another in the same browser',
  level: 'may',
  clauses: ['authjs linking', 'oidc-core §5.7'],
  fix: 'Auth.js links whoever signs in to who is signed in: in callbacks.signIn refuse a sub of this provider while another one is signed in, or sign out before.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsTheSecondApart(true)({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/written-stays',
  title: 'shows nobody what the person before them wrote in the same browser',
  clauses: ['asvs 14.3.1', 'asvs 8.2.2'],
  level: 'must',
  severity: 'serious',
  provokes: true,
  appMust:
    'Keep what a person enters with their account, and leave none of it in the browser at the sign-out.',
  otherwise:
    'The next person at a shared computer gets the cart, the address or the draft of the one before.',
  fix: 'Keep it by the id of the person on the server; clear cookies of it in events.signOut.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  keepsWhatWasWritten({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/in-turn',
  title: 'shows people who come one after the other their own data, and strangers those of nobody',
  clauses: ['asvs 8.2.2', 'asvs 14.2.2'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Answer each person with their own data, however soon after another they come.',
  otherwise: 'A cache gives people the data of whoever came before.',
  fix: 'Put the id of the person into the key of every cache, or keep what is personal out of caches.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  showsEachInTurn({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/session-not-written',
  title:
    'takes nothing from what a browser posts to its session that says who somebody is, or what they may do',
  clauses: ['asvs 8.3.1', 'authjs update'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Leave sub, ids, e-mail, phone number, roles and permissions as the sign-in made them.',
  otherwise: 'A member becomes another one, or an administrator, by one request.',
  fix: 'At trigger "update" read what changed from your database, or take single fields that harm nobody; never spread session into token.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  writesNoSession({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/name-not-written',
  title: 'takes no name and no picture from what a browser posts to its session',
  clauses: ['authjs update', 'asvs 8.3.1'],
  level: 'may',
  severity: 'minor',
  provokes: true,
  appMust:
    'Take name and picture from Logto; an app where people choose another one there keeps it in its database.',
  otherwise: 'People call themselves in the session what they like.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  writesNoName({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/cookies-not-believed',
  title: 'believes no cookie but that of the session who somebody is',
  clauses: ['asvs 8.3.1', 'asvs 7.2.1'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Take who somebody is from the session alone.',
  otherwise: 'A member becomes another one by writing a cookie.',
  fix: 'Keep in such cookies what says nothing of a person, or seal them.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  believesNoCookie({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/fields-not-written',
  title: 'lets members write no field of their record that says who they are, or what they may do',
  clauses: ['asvs 15.3.3', 'asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Take from a request the fields that members may change, by name.',
  otherwise: 'A member makes themselves an administrator (mass assignment).',
  fix: 'Name the fields that may be written one by one; never assign a whole body to a record.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  writesNoFields({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/actions-of-others',
  title: 'reads and writes for the caller of a server action or a form, whomever its fields name',
  clauses: ['asvs 8.2.2', 'next server actions'],
  level: 'must',
  severity: 'critical',
  provokes: true,
  appMust: 'Find records by the id of the session; arguments and hidden fields come from whoever calls.',
  otherwise: 'A member reads, or writes over, the account of everybody whose id they know.',
  fix: 'Take the id from auth() in the action, or compare what was found with it before it is returned.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  answersOwnActions({ visitor, somebody, step, arm, notApplicable, lab, control }),
);

check({
  id: 'people/phone-only',
  title: 'signs in a person who has a phone number and nothing else',
  clauses: ['oidc-core §5.1', 'logto user claims'],
  level: 'must',
  severity: 'critical',
  needs: ['phone-code'],
  appMust:
    'Sign in people of whom Logto sends neither name nor e-mail (null); the database has room for them.',
  otherwise: 'Nobody who signed up by phone can sign in, or use what they signed in for.',
  fix: 'Make name and email optional in the schema of the adapter, do not ask for them in profile() or callbacks.signIn, and let pages do without them (user.name?.…).',
})(async ({ visitor, somebody, lab, log, step }) => {
  const phoneOnly = await visitor(await somebody({ registered: true }));
  const { session, page } = await phoneOnly.signIn();
  const refusal = session ? undefined : (await log()).find((line) => REFUSED_BY_DATABASE.test(line));
  demand(
    session,
    () =>
      `Refused a person who has a phone number and nothing else: ${told(page)}${refusal ? `. Its database did: ${refusal.trim().slice(0, 160)}` : ''}.${lab.usage?.profile ? ' People with a name and an e-mail address get in.' : ''}`,
  );
  await step('fault', () => opensToNameless(phoneOnly, { visitor, somebody, lab }));
});

check({
  id: 'people/gone-at-logto',
  uses: ['profiles', 'made-accounts'],
  title: 'notices that the account of a person was suspended, or deleted, at Logto',
  clauses: ['asvs 7.4.2', 'logto user claims'],
  level: 'may',
  severity: 'minor',
  appMust:
    'End the session soon after the account is gone: by a short maxAge, at the next refresh, or by back-channel logout.',
  otherwise: 'Whoever was shut out at Logto goes on here until the session ends by itself.',
  fix: 'Let sessions end soon (session.maxAge), or receive back-channel logout tokens of Logto.',
})(({ visitor, somebody, step, arm, notApplicable, lab, control }) =>
  outlivesItsAccount({ visitor, somebody, step, arm, notApplicable, lab, control }),
);
