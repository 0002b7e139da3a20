/** ID tokens and profiles that are spoilt in one place: types, keys, claims that prove nothing. */
import { randomUUID } from 'node:crypto';
import { check } from '../harness/check/check.ts';
import { demandNothingReal } from '../harness/check/injected-markup.ts';
import {
  accepted,
  controlSignIn,
  demandSession,
  recoverySignIn,
  refused,
  survived,
} from '../harness/check/outcomes.ts';
import { waits } from '../harness/check/waiting.ts';
import { demand } from '../harness/errors.ts';

check({
  id: 'id-token/azp-alone',
  title: 'accepts an ID token that names it in azp without need',
  clauses: ['oidc-core §3.1.3.7 #5'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/azp-added',
  appMust: 'End in a session.',
  otherwise: 'An issuer that says more than it must signs nobody in.',
})(accepted);

check({
  id: 'id-token/exp-far',
  title: 'accepts an ID token that is good for a hundred years',
  clauses: ['oidc-core §3.1.3.7 #9'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/exp-far',
  appMust: 'End in a session.',
  otherwise: 'A large number breaks the sign-in.',
})(accepted);

check({
  id: 'id-token/iat-string',
  title: 'refuses an ID token whose time of issue is no number',
  clauses: ['oidc-core §2'],
  level: 'should',
  severity: 'minor',
  fault: 'id-token/iat-string',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'What is no number is compared with one.',
})(refused);

check({
  id: 'id-token/nonce-unsolicited',
  title: 'survives an ID token with a nonce that it did not send',
  clauses: ['oidc-core §3.1.3.7 #11'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/nonce-unsolicited',
  appMust: 'Refuse it, or ignore it where no nonce was sent; work again afterwards.',
  otherwise: 'One odd member breaks the app.',
})(survived);

check({
  id: 'id-token/sub-number',
  title: 'refuses an ID token whose subject is a number',
  clauses: ['oidc-core §2'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/sub-number',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) looks only whether there is a sub.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A number and a text with the same digits become one person.',
})(refused);

check({
  id: 'id-token/sub-list',
  title: 'refuses an ID token with a list of subjects',
  clauses: ['oidc-core §2', 'oidc-core §5.7'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/sub-list',
  libraryLimit: { v4: 'next-auth v4 (openid-client 5) looks only whether there is a sub.' },
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Whoever stands first in the list is somebody else than whoever stands last.',
})(refused);

check({
  id: 'id-token/sub-twice',
  title: 'survives an ID token that names its subject twice',
  clauses: ['rfc8259 §4'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/sub-twice',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'Two readers of one token see two people.',
})(survived);

check({
  id: 'id-token/sub-too-long',
  title: 'survives a subject of 300 characters',
  clauses: ['oidc-core §2'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/sub-long',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the app.',
})(survived);

check({
  id: 'id-token/sub-changed',
  title: 'refuses an ID token of another person than userinfo tells of',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/sub-changed',
  needs: ['userinfo'],
  appMust: 'End on an error page and hold no session.',
  otherwise: 'A token that was swapped signs in somebody else.',
})(refused);

check({
  id: 'id-token/at-hash-number',
  title: 'refuses an ID token whose at_hash is a number',
  clauses: ['oidc-core §3.1.3.8'],
  level: 'may',
  severity: 'minor',
  fault: 'id-token/at-hash-number',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'An access token that nobody vouches for is used.',
})(refused);

check({
  id: 'id-token/auth-time-string',
  title: 'survives an auth_time that is a text',
  clauses: ['oidc-core §2'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/auth-time-string',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the sign-in.',
})(survived);

check({
  id: 'id-token/auth-time-old',
  title: 'refuses a sign-in that is older than it asked for',
  clauses: ['oidc-core §3.1.3.7 #13'],
  level: 'must',
  severity: 'serious',
  fault: 'id-token/auth-time-old',
  appMust: 'End on an error page and hold no session.',
  otherwise: 'Who asked for a fresh sign-in gets one of last year.',
})(async ({ meta, arm, step, visitor, health, notApplicable }) => {
  const { params } = await (await visitor()).startSignIn();
  if (!params.get('max_age')) notApplicable('the app sends no max_age');
  await refused({ meta, arm, step, visitor, health });
});

check({
  id: 'id-token/claims-html',
  title: 'shows markup in claims as text',
  clauses: ['asvs 3.2.2', 'owasp xss'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/claims-html',
  appMust: 'Escape whatever claims hold, on each page.',
  otherwise: 'A person runs script in the browsers of all who see their name.',
})(async ({ visitor, lab, arm, step, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', async () => {
    await arm('id-token/claims-html');
    const person = await visitor(undefined, { known: true });
    const { page } = await person.signIn();
    await arm();
    demandNothingReal([page, await person.get(lab.config.pages.home)], 'a claim');
  });
});

check({
  id: 'id-token/email-unverified',
  title: 'takes nobody for the owner of an e-mail address that is not verified',
  clauses: ['oidc-core §5.7', 'authjs providers'],
  level: 'must',
  severity: 'critical',
  fault: 'id-token/email-unverified',
  appMust: 'Keep them apart from whoever has that address, or refuse them.',
  otherwise: 'Whoever types the address of a victim at Logto gets their account.',
})(async ({ visitor, somebody, arm, control, step }) => {
  const email = `victim.${randomUUID()}@example.test`;
  const victim = await visitor(
    await somebody({
      registered: true,
      signedIn: true,
      name: 'Victim Of Theft',
      email,
    }),
  );
  await step('control', async () => demandSession(await victim.signIn()));
  await step('fault', async () => {
    await control.changePerson(victim.person.phone, { email: null });
    await arm('id-token/email-unverified');
    const thief = await visitor(
      await somebody({ registered: true, signedIn: true, name: 'Thief Of Names', email }),
    );
    const { session } = await thief.signIn();
    await arm();
    demand(
      session?.user?.name !== 'Victim Of Theft',
      'Signed in as the owner of an address that Logto calls unverified.',
    );
  });
});

check({
  id: 'id-token/email-verified-string',
  title: 'survives an email_verified that is a text',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'minor',
  fault: 'id-token/email-verified-string',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the sign-in.',
})(survived);

check({
  id: 'id-token/phone-unverified',
  title: 'survives a phone number that is not verified',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/phone-unverified',
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'One odd member breaks the sign-in.',
})(survived);

check({
  id: 'id-token/phone-missing',
  title: 'accepts a person without a phone number',
  clauses: ['oidc-core §5.1'],
  level: 'must',
  severity: 'moderate',
  fault: 'id-token/phone-missing',
  appMust: 'End in a session.',
  otherwise: 'People who signed up by e-mail cannot sign in.',
})(accepted);

check({
  id: 'id-token/userinfo-content-type',
  title: 'survives a profile under another content type',
  clauses: ['oidc-core §5.3.2'],
  level: 'must',
  severity: 'minor',
  fault: 'userinfo/content-type-text',
  needs: ['userinfo'],
  appMust: 'Sign the person in, or show a page; work again afterwards.',
  otherwise: 'A proxy that changes a header breaks the app.',
})(survived);

check({
  id: 'id-token/userinfo-hangs',
  title: 'goes on serving its pages while userinfo hangs',
  clauses: ['oidc-core §5.3.2', 'asvs 16.5.2'],
  level: 'must',
  severity: 'serious',
  fault: 'transport/userinfo-hang',
  needs: ['userinfo'],
  appMust:
    'Answer other requests meanwhile; answer whoever waited when the connection breaks, and sign people in afterwards.',
  otherwise: 'One connection that Logto leaves open stops the whole app.',
})(async ({ visitor, lab, arm, control, step, notApplicable, health }) => {
  await controlSignIn({ step, visitor, health });
  await step('fault', () =>
    waits({ visitor, lab, arm, control, notApplicable }, 'transport/userinfo-hang', 'userinfo'),
  );
  await recoverySignIn({ step, visitor, health });
});
