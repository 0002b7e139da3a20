/** A phone number that is changed by Logto's Account API: who somebody is afterwards, and whose the old number is. */
import { setTimeout } from 'node:timers/promises';
import { check } from '../harness/check/check.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { idsOf, type Look } from '../harness/check/people/look.ts';
import { changePhone, phoneSteps } from '../harness/check/saas/change-phone.ts';
import { demand } from '../harness/errors.ts';
import { digitsOf } from '../mocks/issued.ts';

const says = (session: unknown, phone: string) => JSON.stringify(session ?? {}).includes(digitsOf(phone));

/** Ids that stand for one account: those that another person has not, and that stay from one sign-in to the next. */
function stable(first: Look['ids'], again: Look['ids']): [string, string][] {
  return [...first].filter(([member, value]) => again.get(member) === value);
}

check({
  id: 'account/changes-phone',
  title: 'changes the phone number at Logto when both numbers are proven',
  clauses: ['logto account-api'],
  level: 'must',
  severity: 'serious',
  uses: ['tenant'],
  needs: ['account-api'],
  appMust: 'Prove the present number, then the new one, and change it by POST /api/my-account/primary-phone.',
  otherwise: 'The app says that the number was changed, and the person cannot sign in with it.',
  fix: 'Send logto-verification-id with the record of the present number and newIdentifierVerificationRecordId with that of the new one; look at the status of each answer.',
})(async ({ visitor, somebody, lab, control }) => {
  phoneSteps(lab);
  const member = await visitor(await somebody({ signedIn: true }));
  const { userId } = member.person;
  demandSession(await member.signIn());
  const to = await control.sparePhone();
  const { answers, messages } = await changePhone(member, to, { lab, control });
  const refused = answers.find(({ status }) => status >= 400);
  demand(!refused, () => `Refused a change with right codes: ${told(refused as never)}.`);
  demand(
    (await control.userIdOf(to)) === userId,
    'Said that the number was changed, and Logto knows nothing of it.',
  );
  if (messages.next)
    demand(
      messages.next.usageType === 'BindNewIdentifier',
      `Had the code of the new number sent as ${messages.next.usageType}.`,
    );
  if (messages.current)
    demand(
      messages.current.usageType === 'UserPermissionValidation',
      `Had the code of the present number sent as ${messages.current.usageType}.`,
    );
});

check({
  id: 'account/wrong-code',
  title: 'changes no phone number when a code is wrong',
  clauses: ['logto account-api', 'asvs 8.2.2'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['account-api'],
  appMust: 'Leave the number as it is, at Logto and in the session, until the new one is proven.',
  otherwise: 'Somebody has the number of another person in their account.',
  fix: 'Take the number from the claims after the change, never from the form.',
})(async ({ visitor, somebody, lab, control }) => {
  const steps = phoneSteps(lab);
  const asked = JSON.stringify(steps);
  for (const which of ['next', 'current'] as const) {
    if (!asked.includes(which === 'next' ? '{newCode}' : '{currentCode}')) continue;
    const member = await visitor(await somebody({ signedIn: true }));
    demandSession(await member.signIn());
    const to = await control.sparePhone();
    await changePhone(member, to, { lab, control }, { wrongCode: which });
    const whose = which === 'next' ? 'new' : 'present';
    demand(
      (await control.userIdOf(to)) === null,
      `Changed the number at Logto by a wrong code of the ${whose} one.`,
    );
    demand(
      !says(await member.session(), to),
      `Shows the new number in the session after a wrong code of the ${whose} one.`,
    );
  }
});

check({
  id: 'account/phone-at-next-sign-in',
  title: 'shows the new phone number from the next sign-in on',
  clauses: ['logto account-api', 'oidc-core §5.1'],
  level: 'must',
  severity: 'serious',
  uses: ['tenant'],
  needs: ['account-api', 'phone-claim'],
  appMust: 'Show the number that the new ID token says.',
  otherwise: 'Messages of the app go to a number that somebody gave up.',
  fix: 'Take phone_number in callbacks.jwt at each sign-in; with a database, update it in events.signIn.',
})(async ({ visitor, somebody, control, step }) => {
  const person = await somebody({ registered: true });
  await step('control', async () => {
    const { session } = await (await visitor(person)).signIn();
    demand(says(session, person.phone), 'Shows a session without the phone number.');
  });
  const changed = await control.changePhone(person.phone);
  const signIn = await (await visitor(changed)).signIn();
  demandSession(signIn);
  demand(
    says(signIn.session, changed.phone),
    'Shows no session with the new number after a sign-in with it.',
  );
  demand(!says(signIn.session, person.phone), 'Still shows the old number after a sign-in with the new one.');
});

check({
  id: 'account/phone-at-refresh',
  title: 'shows the new phone number after a refresh',
  clauses: ['oidc-core §12.2', 'logto account-api'],
  level: 'should',
  severity: 'moderate',
  uses: ['tenant'],
  needs: ['account-api', 'phone-claim', 'refresh-token'],
  arms: ['token/expires-in-short'],
  appMust: 'Take the claims of the ID token that comes with a refresh.',
  otherwise: 'Messages of the app go to a number that somebody gave up, until they sign in anew.',
  fix: 'In the refresh, decode id_token (the same sub as before) and copy phone_number.',
})(async ({ visitor, somebody, control, scope, arm, step }) => {
  const person = await somebody({ signedIn: true });
  const member = await visitor(person);
  await arm('token/expires-in-short');
  await step('control', async () => demandSession(await member.signIn()));
  // The token lives one second, and the clock of the app cannot be moved.
  const expiry = (Math.ceil(Date.now() / 1000) + 1) * 1000;
  await arm();
  const changed = await control.changePhone(person.phone);
  await setTimeout(expiry - Date.now());
  const { journal: since } = await control.state();
  await member.session();
  const refreshed = (await control.journal({ scope, endpoint: 'token', since })).some(
    ({ status, facts }) => status === 200 && facts.grantType === 'refresh_token',
  );
  demand(refreshed, 'Did not refresh when the access token was over.');
  const session = await member.session();
  demand(
    says(session, changed.phone),
    'Shows the old number after a refresh whose ID token says the new one.',
  );
});

check({
  id: 'account/same-person',
  title: 'knows a person by the new phone number as the one they were',
  clauses: ['oidc-core §5.7', 'logto account-api'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['account-api'],
  appMust: 'Know people by sub, whatever their number.',
  otherwise: 'Whoever changes their number loses their account.',
  fix: 'Find accounts by account.providerAccountId (the sub), never by phone number.',
})(async ({ visitor, somebody, control, lab, step, notApplicable }) => {
  const person = await somebody({ registered: true });
  const signedIn = async (who: typeof person) => {
    const browser = await visitor(who);
    const signIn = await browser.signIn();
    demandSession(signIn);
    return idsOf(browser, lab, signIn.session);
  };
  const same = await step('control', async () => stable(await signedIn(person), await signedIn(person)));
  if (same.length === 0)
    notApplicable('the app shows no id of a person that stays from one sign-in to the next');
  const after = await signedIn(await control.changePhone(person.phone));
  const lost = same.filter(([member, value]) => after.get(member) !== value);
  demand(
    lost.length === 0,
    () => `Takes the person for another one: ${lost.map(([member]) => member).join(', ')} changed.`,
  );
});

check({
  id: 'account/old-number',
  title: 'gives whoever gets the old number nothing of the account',
  clauses: ['oidc-core §5.7', 'recycled numbers', 'logto account-api'],
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  needs: ['account-api'],
  appMust: 'Let the old number be nobody’s: whoever signs in with it is somebody new.',
  otherwise: 'Whoever gets a number that somebody gave up has their account.',
  fix: 'Find accounts by account.providerAccountId (the sub); keep no index of numbers.',
})(async ({ visitor, somebody, control, lab, step }) => {
  const person = await somebody({ registered: true });
  const former = await visitor(person);
  const signIn = await step('control', async () => {
    const ended = await former.signIn();
    demandSession(ended);
    return ended;
  });
  const before = await idsOf(former, lab, signIn.session);
  await control.changePhone(person.phone);
  const next = await visitor(await somebody({ phone: person.phone }));
  const second = await next.signIn();
  demandSession(second);
  const after = await idsOf(next, lab, second.session);
  const taken = [...before].find(([member, value]) => after.get(member) === value);
  demand(!taken, () => `Gives whoever has the old number now the account of the former one (${taken?.[0]}).`);
});
