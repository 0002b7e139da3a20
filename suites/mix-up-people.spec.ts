/** Two issuers: who signs in with one of them is nobody whom the other one knows (OpenID Connect Core 1.0 §5.7). */
import { type CheckFixtures, check, type LabFixtures } from '../harness/check/check.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

type Body = CheckFixtures & LabFixtures;

let made = 0;
/** A word that nobody else has in this run. */
function unique(word: string): string {
  made += 1;
  return `${word} ${process.pid}${made}`;
}

/** All that somebody is shown: session JSON, home page, protected pages and APIs. */
async function shownTo(visitor: Visitor, lab: Body['lab']): Promise<string> {
  const { home, protected: pages, api } = lab.config.pages;
  const answers = [await visitor.sessionAnswer()];
  for (const page of [home, ...pages, ...api]) answers.push(await visitor.get(page));
  return answers.map(({ text }) => text).join('\n');
}

/** A member at Logto whom the app knows by name, e-mail and number. */
async function member({ visitor, somebody }: Pick<Body, 'visitor' | 'somebody'>) {
  const name = unique('Ada Orchard');
  const email = `${name.toLowerCase().replace(/ /g, '.')}@orchard.example`;
  const person = await somebody({ registered: true, signedIn: true, name, email });
  const browser = await visitor(person);
  demandSession(await browser.signIn());
  return { person, browser, name, email };
}

check({
  id: 'mix-up/same-sub',
  title: 'takes nobody of another issuer for the person with the same sub at Logto',
  clauses: ['oidc-core §5.7'],
  level: 'must',
  severity: 'critical',
  needs: ['second-issuer'],
  appMust: 'Tell people apart by issuer and sub together.',
  otherwise: 'Whoever runs the other issuer chooses whose account at Logto opens.',
  fix: 'Look accounts up by provider and providerAccountId, never by the id of the profile alone.',
})(async ({ visitor, somebody, lab, second, step }) => {
  const { person, browser, name } = await step('control', () => member({ visitor, somebody }));
  await step('fault', async () => {
    const stranger = await second.somebody({ id: person.userId ?? undefined, name: unique('Eve Elsewhere') });
    const other = await second.visitor(stranger);
    await other.signIn();
    const shown = await shownTo(other, lab);
    demand(!shown.includes(name), 'Showed the name of the person at Logto to somebody of another issuer.');
    demand(
      !shown.includes(person.phone.replace(/\D/g, '')),
      'Showed the phone number of the person at Logto to somebody of another issuer.',
    );
    const kept = await shownTo(browser, lab);
    demand(!kept.includes(stranger.name ?? '?'), 'Showed the stranger to the person at Logto.');
    demandSession(await browser.signIn());
    demand(
      !(await shownTo(browser, lab)).includes(stranger.name ?? '?'),
      'Wrote the profile of the stranger into the account at Logto.',
    );
  });
});

/** Members of a session that name the account. */
const IDS = ['id', 'sub', 'userId', 'uid', 'user_id'];
const idsIn = (session: Record<string, unknown> | null): string[] =>
  [session, session?.user as Record<string, unknown> | undefined].flatMap((part) =>
    IDS.flatMap((name) => (typeof part?.[name] === 'string' ? [part[name]] : [])),
  );

check({
  id: 'mix-up/same-sub-own-id',
  title: 'gives people of two issuers who have the same sub two ids',
  clauses: ['oidc-core §5.7'],
  level: 'should',
  severity: 'serious',
  needs: ['second-issuer'],
  appMust: 'Name people in the session by an id that holds the issuer, or that the app made itself.',
  otherwise: 'Every table that is keyed by that id takes two people for one.',
  fix: 'Put an id of your own into the session, or one that is made of provider and sub.',
})(async ({ visitor, somebody, second, step, notApplicable }) => {
  const { person, browser } = await step('control', () => member({ visitor, somebody }));
  const ids = idsIn(await browser.session());
  if (ids.length === 0) notApplicable('the session names people by no id');
  await step('fault', async () => {
    const other = await second.visitor(await second.somebody({ id: person.userId ?? undefined }));
    await other.signIn();
    const same = idsIn(await other.session()).find((id) => ids.includes(id));
    demand(!same, 'Names a person of Logto and one of another issuer by the same id.');
  });
});

check({
  id: 'mix-up/same-email',
  title: 'takes nobody of another issuer for the person with the same e-mail address at Logto',
  clauses: ['oidc-core §5.7', 'authjs providers'],
  level: 'must',
  severity: 'critical',
  needs: ['second-issuer'],
  appMust: 'Refuse, or keep apart, somebody of another issuer whose e-mail address an account has already.',
  otherwise:
    'Whoever runs the other issuer, or registers there under a foreign address, takes over the account.',
  fix: 'Do not set allowDangerousEmailAccountLinking; do not look accounts up by e-mail.',
})(async ({ visitor, somebody, lab, second, step, notApplicable }) => {
  if (!lab.config.profile.email) notApplicable('the config declares no e-mail');
  const { person, browser, name, email } = await step('control', () => member({ visitor, somebody }));
  await step('fault', async () => {
    const stranger = await second.somebody({ email, name: unique('Eve Elsewhere') });
    const other = await second.visitor(stranger);
    await other.signIn();
    const shown = await shownTo(other, lab);
    demand(!shown.includes(name), 'Signed somebody of another issuer in as the person at Logto.');
    demand(
      !shown.includes(person.phone.replace(/\D/g, '')),
      'Showed the phone number of the person at Logto to somebody of another issuer.',
    );
    demandSession(await browser.signIn());
    demand(
      !(await shownTo(browser, lab)).includes(stranger.name ?? '?'),
      'Wrote the profile of the stranger into the account at Logto.',
    );
  });
});

check({
  id: 'mix-up/second-after-logto',
  title: 'shows a person of another issuer who signs in over one of Logto nothing of theirs',
  clauses: ['asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  needs: ['second-issuer'],
  appMust: 'Replace the session whole, or end it first.',
  otherwise: 'At a shared computer the next person sees, and acts for, the one before.',
})(async ({ visitor, somebody, lab, second, step }) => {
  const { browser, name, email } = await step('control', () => member({ visitor, somebody }));
  await step('fault', async () => {
    const stranger = await second.somebody({ name: unique('Eve Elsewhere') });
    const other = await second.visitor(stranger, browser);
    await other.signIn();
    const shown = await shownTo(other, lab);
    if (!shown.includes(stranger.name ?? '?')) return;
    demand(!shown.includes(name), 'Shows the names of both in one session.');
    demand(
      !shown.includes(email),
      'Shows the e-mail address of the person before in the session of the next.',
    );
  });
});

check({
  id: 'mix-up/begun-last',
  title: 'ends the sign-in that was begun last, when two began with different providers',
  clauses: ['oidc-core §3.1.2.5'],
  level: 'should',
  severity: 'moderate',
  needs: ['second-issuer'],
  appMust: 'End in a session of whoever signed in with the provider that was chosen last.',
  otherwise: 'People who chose the wrong button first, and went back, cannot sign in.',
})(async ({ visitor, somebody, second, step }) => {
  await step('control', () => member({ visitor, somebody }));
  await step('fault', async () => {
    const first = await visitor();
    await first.startSignIn();
    const stranger = await second.somebody({ name: unique('Eve Elsewhere') });
    demandSession(await (await second.visitor(stranger, first)).signIn());
  });
});
