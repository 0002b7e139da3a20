/** Phones and people that behave oddly: numbers of other countries, messages that come late or twice, too many wrong codes. */
import { check } from '../harness/check/check.ts';
import { demandSession, told } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { askForCode, enterCode, wrongCode } from '../harness/visitor/entering-codes.ts';

check({
  id: 'phone-otp/message-late',
  title: 'signs a person in whose message came two minutes late',
  clauses: ['logto phone', 'twilio errors'],
  level: 'must',
  severity: 'moderate',
  fault: 'delivery/late',
  needs: ['phone-code'],
  appMust: 'Complete the sign-in it began.',
  otherwise: 'People with a slow carrier never get in.',
})(async ({ visitor, arm }) => {
  const browser = await visitor();
  await arm('delivery/late');
  await askForCode(browser);
  await arm();
  await browser.elapse(125);
  const { code } = await browser.experience.message();
  await enterCode(browser, code);
});

check({
  id: 'phone-otp/message-twice',
  title: 'signs a person in whose message came twice',
  clauses: ['logto phone', 'twilio errors'],
  level: 'must',
  severity: 'moderate',
  fault: 'delivery/twice',
  needs: ['phone-code'],
  appMust: 'Complete the sign-in it began.',
  otherwise: 'People with a nervous carrier never get in.',
})(async ({ visitor, arm }) => {
  const browser = await visitor();
  await arm('delivery/twice');
  await askForCode(browser);
  const { code } = await browser.experience.message();
  await arm();
  await enterCode(browser, code);
});

check({
  id: 'phone-otp/too-many-codes',
  title: 'lets a person begin anew after too many wrong codes',
  clauses: ['logto phone', 'owasp otp'],
  level: 'must',
  severity: 'serious',
  uses: ['sign-up'],
  needs: ['phone-code'],
  appMust: 'Complete a new sign-in in the same browser.',
  otherwise: 'A person who mistypes is locked out until the cookies expire.',
})(async ({ visitor }) => {
  const browser = await visitor();
  await askForCode(browser);
  const { code } = await browser.experience.message();
  for (let tries = 0; tries < 10; tries += 1) await browser.experience.verify(wrongCode(code));
  const last = await browser.experience.verify(code ?? '');
  demand(last.status === 400, 'Was let in at Logto after ten wrong codes.');
  demandSession(await browser.signIn());
});

check({
  id: 'phone-otp/number-formats',
  title: 'signs people in whose numbers are from other countries',
  clauses: ['logto phone', 'oidc-core §5.1'],
  level: 'must',
  severity: 'serious',
  uses: ['numbers-abroad'],
  needs: ['phone-code'],
  appMust: 'Take a number of any length and country that Logto takes.',
  otherwise: 'People from abroad register, and cannot get in.',
  fix: 'Treat phone_number as digits without meaning, or parse it with a library that knows every country.',
})(async ({ visitor, somebody, lab }) => {
  for (const country of ['DE', 'SE'] as const) {
    const browser = await visitor(await somebody({ country }));
    const { phone } = browser.person;
    const { page, session } = await browser.signIn();
    demand(session, () => `Did not sign in a person with the number ${phone}: ${told(page)}.`);
    if (lab.config.features.includes('phone-claim'))
      demand(
        JSON.stringify(session)
          .replace(/(?<=\d)[ ()-]+(?=\d)/g, '')
          .includes(phone.slice(1)),
        `Shows a session without the number ${phone}.`,
      );
  }
});
