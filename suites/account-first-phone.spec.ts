/** A first phone number, linked by the Account API to an account that has none: an address alone, or a username and a password. */
import { setTimeout } from 'node:timers/promises';
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { changePhone, linkForms } from '../harness/check/saas/change-phone.ts';
import { demand } from '../harness/errors.ts';
import { digitsOf } from '../mocks/issued.ts';

const linking = {
  clauses: ['logto account-api'],
  level: 'must',
  uses: ['tenant', 'sign-in-experience', 'sign-up'],
  needs: ['account-api'],
} satisfies Partial<CheckDeclaration>;

/** By which people have this and no number. */
const PRESET = { email: 'email-code', username: 'username-password' } as const;
const WORDS = { email: 'an address alone', username: 'a username alone' } as const;

const says = (session: unknown, phone: string) => JSON.stringify(session ?? {}).includes(digitsOf(phone));

check({
  ...linking,
  id: 'account/links-first-phone',
  title: 'links a first phone number to an account that has none, when person and number are proven',
  severity: 'serious',
  appMust:
    'Prove the person by a code to their address or by their password, then the number, and bind it by POST /api/my-account/primary-phone.',
  otherwise: 'Whoever signed up without a phone number never gets one, and never signs in by it.',
  fix: 'Send logto-verification-id with the record of POST /api/verifications/password, or of a code to the address, and newIdentifierVerificationRecordId with that of the number.',
})(async ({ visitor, somebody, lab, control, meet, step }) => {
  const { steps, people } = linkForms(lab);
  for (const knownBy of people)
    await step(`by somebody with ${WORDS[knownBy]}`, async () => {
      await meet(PRESET[knownBy]);
      const member = await visitor(await somebody());
      demandSession(await member.signIn());
      const userId = await control.userIdOf(member.person.phone);
      const to = await control.sparePhone();
      const { answers, messages } = await changePhone(member, to, { lab, control }, { knownBy, steps });
      const refused = answers.find(({ status }) => status >= 400);
      demand(
        !refused,
        () => `Refused somebody who has ${WORDS[knownBy]}, with right proofs: ${told(refused as never)}.`,
      );
      demand(
        userId !== null && (await control.userIdOf(to)) === userId,
        'Said that the number was linked, and Logto knows nothing of it.',
      );
      const { usageType } = messages.next ?? {};
      demand(
        !usageType || usageType === 'BindNewIdentifier',
        () => `Had the code of the first number sent as ${usageType}.`,
      );
    });
});

check({
  ...linking,
  id: 'account/first-phone-unproven',
  title: 'links no first phone number when a code, or the password, is wrong',
  clauses: ['logto account-api', 'asvs 8.2.2'],
  severity: 'critical',
  appMust: 'Leave the account without a number, at Logto and in the session, until both are proven.',
  otherwise: 'Somebody has the number of another person in their account.',
  fix: 'Take the number from the claims after the change, never from the form.',
})(async ({ visitor, somebody, lab, control, meet }) => {
  const { steps, people } = linkForms(lab);
  for (const knownBy of people)
    for (const which of ['next', 'current'] as const) {
      if (which === 'next' && !JSON.stringify(steps).includes('{newCode}')) continue;
      await meet(PRESET[knownBy]);
      const member = await visitor(await somebody());
      demandSession(await member.signIn());
      const to = await control.sparePhone();
      await changePhone(member, to, { lab, control }, { knownBy, steps, wrongCode: which });
      const what = which === 'next' ? 'code of it' : knownBy === 'email' ? 'code of the address' : 'password';
      demand((await control.userIdOf(to)) === null, `Linked the number at Logto by a wrong ${what}.`);
      demand(!says(await member.session(), to), `Shows the number in the session after a wrong ${what}.`);
    }
});

check({
  ...linking,
  id: 'account/first-phone-at-next-sign-in',
  title: 'shows a first phone number from the next sign-in on, to the person who was there without one',
  clauses: ['logto account-api', 'oidc-core §5.1'],
  severity: 'serious',
  needs: ['account-api', 'phone-claim'],
  appMust: 'Show the number that the new ID token says, and keep the user.',
  otherwise: 'The app goes on as if there were no number, or takes the person for somebody new.',
  fix: 'Take phone_number in callbacks.jwt at each sign-in, also where there was none; know people by sub.',
})(async ({ visitor, somebody, control, lab, meet, step }) => {
  const { people } = linkForms(lab);
  for (const knownBy of people) {
    await meet(PRESET[knownBy]);
    const before = await step('control', async () => {
      const member = await visitor(await somebody());
      const signIn = await member.signIn();
      demandSession(signIn);
      return { person: member.person, session: signIn.session };
    });
    const linked = { ...before.person, ...(await control.changePhone(before.person.phone)) };
    const signIn = await (await visitor(linked)).signIn();
    demandSession(signIn);
    demand(
      says(signIn.session, linked.phone),
      `Shows no session with the number that somebody with ${WORDS[knownBy]} linked before the sign-in.`,
    );
    const ids = [before.session, signIn.session].map((session) => session?.user?.id);
    demand(
      ids[0] === undefined || ids[0] === ids[1],
      'Takes the person for another one once they have a number.',
    );
  }
});

check({
  ...linking,
  id: 'account/first-phone-at-refresh',
  title: 'shows a first phone number after a refresh',
  clauses: ['oidc-core §12.2', 'logto account-api'],
  level: 'should',
  severity: 'moderate',
  needs: ['account-api', 'phone-claim', 'refresh-token'],
  arms: ['token/expires-in-short'],
  appMust:
    'Take the claims of the ID token that comes with a refresh, also those that were not there before.',
  otherwise: 'The app goes on as if there were no number, until the person signs in anew.',
  fix: 'In the refresh, decode id_token (the same sub as before) and copy phone_number.',
})(async ({ visitor, somebody, control, scope, arm, lab, meet, step }) => {
  const { people } = linkForms(lab);
  await meet(PRESET[people[0] ?? 'username']);
  const member = await visitor(await somebody());
  await arm('token/expires-in-short');
  await step('control', async () => demandSession(await member.signIn()));
  // The token lives one second, and the clock of the app cannot be moved.
  const expiry = (Math.ceil(Date.now() / 1000) + 1) * 1000;
  await arm();
  const linked = await control.changePhone(member.person.phone);
  await setTimeout(expiry - Date.now());
  const { journal: since } = await control.state();
  await member.session();
  const refreshed = (await control.journal({ scope, endpoint: 'token', since })).some(
    ({ status, facts }) => status === 200 && facts.grantType === 'refresh_token',
  );
  demand(refreshed, 'Did not refresh when the access token was over.');
  demand(
    says(await member.session(), linked.phone),
    'Shows no number after a refresh whose ID token says one for the first time.',
  );
});
