/** Sign-in by phone one-time code, from the form of the app to the text message and back. */
import { check, expect } from '../harness/check/check.ts';
import { isDeclared } from '../harness/check/left-out.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { differsIn, postedOf } from '../harness/check/people/of-one-sign-in.ts';
import { ConformanceFailure, demand } from '../harness/errors.ts';
import { askForCode, enterCode, wrongCode } from '../harness/visitor/entering-codes.ts';
import { chooseNewPassword } from '../harness/visitor/forgot-password.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';
import type { ControlClient } from '../mocks/client.ts';

const templatesOf = (config: Record<string, unknown>) =>
  (config.templates ?? []) as { usageType?: string; content?: string }[];

/** The templates of the messages that a person got, in order. */
const templatesReceived = async (control: ControlClient, { person }: Visitor) =>
  (await control.messages(person.phone)).map(({ template }) => template);

check({
  id: 'phone-otp/register',
  title: 'signs a new person up by phone and in to the app',
  clauses: ['logto phone', 'logto sms templates'],
  level: 'must',
  severity: 'critical',
  uses: ['sign-up', 'usage-types'],
  needs: ['phone-code', 'sign-up'],
  appMust: 'End with a session for the new person, after one message of the Register template.',
  otherwise: 'Nobody new can join.',
})(async ({ visitor, control, meta }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  expect(await templatesReceived(control, person), meta.appMust).toEqual(['Register']);
});

check({
  id: 'phone-otp/sign-in',
  title: 'signs a known person in by phone',
  clauses: ['logto phone', 'logto sms templates'],
  level: 'must',
  severity: 'critical',
  uses: ['people', 'usage-types'],
  needs: ['phone-code'],
  appMust:
    'End with a session for the person who registered before, after one message of the SignIn template.',
  otherwise: 'People can sign up, but never come back.',
})(async ({ visitor, control, somebody, meta }) => {
  const person = await visitor(await somebody({ registered: true }));
  demandSession(await person.signIn());
  expect(await templatesReceived(control, person), meta.appMust).toEqual(['SignIn']);
});

check({
  id: 'phone-otp/same-person',
  title: 'knows a person again who registered by phone',
  clauses: ['oidc-core §5.7', 'logto phone'],
  level: 'must',
  severity: 'serious',
  uses: ['sign-up', 'profiles'],
  needs: ['phone-code'],
  appMust: 'Show the same person at the second sign-in as at the first.',
  otherwise: 'Every sign-in makes a new account, or the session lacks the name that the person has by now.',
  fix: 'Auth.js v5 without a database makes a new random user.id, and token.sub, at each sign-in: in callbacks.jwt keep profile.sub (or account.providerAccountId), and put that into session.user.id.',
})(async ({ visitor, control, somebody, lab, meta }) => {
  const person = await somebody();
  const browser = await visitor(person);
  const callback = await browser.authorize((await browser.startSignIn()).url);
  demand(
    callback.searchParams.has('code'),
    'Sent an authorization request that Logto answered without a code.',
  );
  // Named between registration and callback, so that the first session shows the name already.
  await control.changePerson(person.phone, { name: 'Grace Hopper' });
  await browser.arrive(callback);
  const first = await browser.session();
  demand(first, 'Ended the sign-up without a session.');
  const second = await (await visitor(person)).signIn();
  demandSession(second);
  const other = differsIn(second.session?.user, first.user, postedOf(lab));
  demand(
    other.length === 0,
    `Showed another user.${other.join(', user.')} at the second sign-in than at the first.`,
  );
  // A session without a name tells by its id who somebody is.
  if (lab.config.profile.name && (isDeclared(lab) || second.session?.user?.name))
    expect(second.session?.user?.name, meta.appMust).toBe('Grace Hopper');
});

check({
  id: 'phone-otp/forgot-password',
  title: 'lets a person in who chose a new password by phone',
  clauses: ['logto phone', 'logto sms templates'],
  level: 'must',
  severity: 'serious',
  uses: ['profiles', 'usage-types'],
  needs: ['phone-code'],
  appMust: 'Sign the person in after the password was changed with a code of the ForgotPassword template.',
  otherwise: 'People who forgot their password never come back.',
})(async ({ visitor, control, somebody, meta }) => {
  const person = await visitor(await somebody({ registered: true }));
  const { url } = await person.startSignIn();
  await chooseNewPassword(person, url);
  demandSession(await person.signIn());
  expect(await templatesReceived(control, person), meta.appMust).toContain('ForgotPassword');
});

check({
  id: 'phone-otp/generic',
  title: 'has a connector whose test message arrives with the Generic template',
  clauses: ['logto sms templates', 'logto twilio'],
  level: 'must',
  severity: 'serious',
  uses: ['sign-up', 'usage-types', 'connector-test'],
  signIn: 'none',
  appMust: 'Use a connector config that sends the Generic template.',
  otherwise:
    'Every use without a template of its own (new identifiers, multi-factor, invitations) sends nothing.',
})(async ({ control, scope, somebody, meta }) => {
  const { phone } = await somebody();
  await control.testConnector(scope, phone);
  const { template } = await control.waitForMessage(phone).catch((error: Error) => {
    throw new ConformanceFailure(`Has a connector that sent no Generic message: ${error.message}`);
  });
  expect(template, meta.appMust).toBe('Generic');
});

for (const usageType of ['Register', 'SignIn', 'ForgotPassword', 'Generic']) {
  check({
    id: `phone-otp/template-${usageType.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}`,
    title: `has a ${usageType} template with the code in it`,
    clauses: ['logto sms templates', 'logto twilio'],
    level: 'must',
    severity: 'serious',
    signIn: 'none',
    appMust: `Have a template of usageType ${usageType} with {{code}} in it exactly once.`,
    otherwise: 'Logto refuses the config, or people get a message without their code.',
    fix: `Add {"usageType": "${usageType}", "content": "Your code is {{code}}."} to templates.`,
  })(async ({ lab, notApplicable }) => {
    if (!lab.connector.name.includes('twilio'))
      notApplicable(`usage types are those of the Twilio connector, not of ${lab.connector.name}`);
    const found = templatesOf(lab.connector.config).filter((template) => template.usageType === usageType);
    demand(found.length > 0, `Has no template of usageType ${usageType}.`);
    demand(
      found.length === 1,
      `Has ${found.length} templates of usageType ${usageType}; only the first is used.`,
    );
    const places = found[0]?.content?.match(/\{\{\s*code\s*\}\}/g) ?? [];
    demand(places.length === 1, `Has {{code}} ${places.length} times in its ${usageType} template.`);
  });
}

check({
  id: 'phone-otp/message',
  title: 'gets one message with one code to the right number',
  clauses: ['logto twilio', 'twilio messages'],
  level: 'must',
  severity: 'critical',
  uses: ['sign-up', 'message-text'],
  needs: ['phone-code'],
  appMust:
    'Cause exactly one message: to the number that was entered, with one code of six digits and nothing left unreplaced.',
  otherwise: 'Codes go to strangers, or people cannot read theirs.',
})(async ({ visitor, control }) => {
  const person = await visitor();
  demandSession(await person.signIn());
  const messages = await control.messages(person.person.phone);
  demand(messages.length === 1, `Caused ${messages.length} messages for one sign-in.`);
  const [message] = messages;
  demand(message?.to === person.person.phone, 'Sent the code to another number.');
  demand(
    (message?.body.match(/(?<!\d)\d{6}(?!\d)/g) ?? []).length === 1,
    'Sent a message without exactly one code of six digits.',
  );
  demand(!/\{\{|\}\}/.test(message?.body ?? ''), 'Sent a message with a placeholder left in it.');
});

check({
  id: 'phone-otp/wrong-code',
  title: 'signs a person in who enters a wrong code first',
  clauses: ['logto phone'],
  level: 'must',
  severity: 'serious',
  uses: ['sign-up'],
  needs: ['phone-code'],
  appMust: 'Complete the sign-in it began, after a wrong code and then the right one.',
  otherwise: 'One typing error and the person must start again.',
})(async ({ visitor }) => {
  const person = await visitor();
  await askForCode(person);
  const { code } = await person.experience.message();
  demand(
    (await person.experience.verify(wrongCode(code))).status === 400,
    'Was let in at Logto with a wrong code.',
  );
  await enterCode(person, code);
});

check({
  id: 'phone-otp/resent-code',
  title: 'signs a person in with a code that was sent again',
  clauses: ['logto phone'],
  level: 'must',
  severity: 'moderate',
  uses: ['sign-up'],
  needs: ['phone-code'],
  appMust: 'Complete the sign-in it began with the second code; the first is void.',
  otherwise: 'A lost message ends the sign-in.',
})(async ({ visitor }) => {
  const person = await visitor();
  const { experience } = person;
  await askForCode(person);
  const first = await experience.message();
  await experience.sendCode(person.person.userId ? 'SignIn' : 'Register');
  const second = await experience.message();
  if (first.code !== second.code)
    demand(
      (await experience.verify(first.code ?? '')).status === 400,
      'Was let in at Logto with a code that was replaced.',
    );
  await enterCode(person, second.code);
});
