/** What strangers, and troubles of the carrier, do to an app that sends codes by itself (feature own-otp). */
import { check } from '../harness/check/check.ts';
import { demandNoSession, demandSession, told } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import {
  createOwnOtp,
  demandIn,
  messagesSent,
  ownOtpOf,
  PAUSE,
  somebodyWithPhone,
} from '../harness/visitor/own-otp.ts';

check({
  id: 'phone-otp/own-code-strong',
  title: 'makes codes of six digits or more that cannot be foretold',
  clauses: ['nist 800-63b §3.1.3', 'owasp otp'],
  level: 'must',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Draw each code of at least six digits from a random source.',
  otherwise: 'Codes are guessed within the tries there are.',
  fix: "Use randomInt(1_000_000) of node:crypto and padStart(6, '0').",
})(async ({ lab, control, scope, visitor }) => {
  const codes: string[] = [];
  for (let person = 0; person < 4; person += 1)
    codes.push(await (await somebodyWithPhone({ lab, control, scope, visitor })).otp.code());
  const short = codes.find((code) => code.length < 6);
  demand(!short, `Sent a code of ${short?.length} digits.`);
  demand(new Set(codes).size >= 3, 'Sent the same code to several people.');
  const steps = codes.slice(1).map((code, index) => Number(code) - Number(codes[index]));
  demand(new Set(steps).size > 1, 'Sent codes at equal distances: the next one can be told from the last.');
});

check({
  id: 'phone-otp/own-enumeration',
  title: 'answers the same whether or not it knows a number',
  clauses: ['owasp enumeration'],
  level: 'should',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Answer with one status and one text for known and unknown numbers.',
  otherwise: 'Anybody finds out who has an account, number by number.',
})(async ({ lab, control, scope, visitor, meta, notApplicable }) => {
  const known = await somebodyWithPhone({ lab, control, scope, visitor });
  await known.otp.verify(await known.otp.code());
  const heard = await Promise.all(
    [known.browser.person, undefined].map(async (person) => {
      const browser = await visitor(person);
      const otp = createOwnOtp({ lab, control, scope, visitor: browser });
      // Later, so that a pause between two codes does not tell them apart.
      const answer = await otp.send({ later: PAUSE });
      if (answer.status === 429) notApplicable('the app lets a number wait longer between two codes');
      const digits = browser.person.phone.replace(/\D/g, '');
      const text = `${answer.text} ${answer.location?.href ?? ''}`.replace(/%2B|\+/gi, '');
      return `${answer.status} ${text.replaceAll(digits, 'NUMBER')}`;
    }),
  );
  // What changes from one answer to the next (tokens, times) tells nothing: its shape is compared.
  const [first, second] = heard.map((text) => text.replace(/[0-9a-f-]{16,}|\d{3,}/gi, '#'));
  demand(
    first === second,
    `${meta.appMust} It said “${heard[0]?.slice(0, 80)}” and “${heard[1]?.slice(0, 80)}”.`,
  );
});

check({
  id: 'phone-otp/own-pumping',
  title: 'sends one number a limited count of codes',
  clauses: ['asvs 2.4.1', 'twilio pumping'],
  level: 'must',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Stop sending after pages.ownOtp.sends codes in a row (ten unless declared).',
  otherwise: 'Fraudsters run up a bill of thousands, and people are flooded with messages.',
  fix: 'Count codes for each number and each address; Twilio Verify Fraud Guard and geo permissions help, too.',
})(async ({ lab, control, scope, visitor }) => {
  const { otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const { sends } = ownOtpOf(lab);
  for (let sent = 0; sent < sends + 3; sent += 1) await otp.send();
  const messages = await messagesSent(control, scope);
  demand(
    messages <= sends,
    `Sent ${messages} messages to one number, one after the other; ${sends} are declared.`,
  );
});

check({
  id: 'phone-otp/own-number-formats',
  title: 'counts the codes of a number however it is written',
  clauses: ['twilio pumping', 'owasp otp'],
  level: 'should',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Take +1 201 555 0123 and +1 (201) 555-0123 for one number, or refuse what is not E.164.',
  otherwise: 'A space between two digits is a new number, with new codes and new tries: no limit holds.',
  fix: 'Bring numbers to E.164 with a library (libphonenumber-js) before anything is counted or compared.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const { sends } = ownOtpOf(lab);
  const [, area = '', office = '', line = ''] = /(\d{3})(\d{3})(\d{4})$/.exec(browser.person.phone) ?? [];
  const ways = [
    browser.person.phone,
    `+1 ${area} ${office} ${line}`,
    `+1 (${area}) ${office}-${line}`,
    `+1-${area}-${office}-${line}`,
    `+1.${area}.${office}.${line}`,
  ];
  for (let sent = 0; sent < sends + 3; sent += 1) await otp.send({ phone: ways[sent % ways.length] });
  const messages = await messagesSent(control, scope);
  demand(
    messages <= sends,
    `Sent ${messages} messages to one number that was written in ${ways.length} ways; ${sends} are declared.`,
  );
});

check({
  id: 'phone-otp/own-number-invalid',
  title: 'sends nothing to what is no phone number, and goes on',
  clauses: ['asvs 16.5.3', 'twilio errors'],
  level: 'must',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Answer a wrong number with a message of its own, not with a crash.',
  otherwise: 'A typing error ends on a blank page.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  for (const wrong of ['', 'not a number', '+', '<script>', '0'.repeat(4000)]) {
    const answer = await otp.send({ phone: wrong });
    demand(answer.status < 500, `Crashed at the number "${wrong.slice(0, 20)}": ${told(answer)}.`);
  }
  await otp.verify(await otp.code());
  await demandIn(browser, 'the right code, after wrong numbers');
});

check({
  id: 'phone-otp/own-twilio-down',
  title: 'says so when Twilio takes no message, and works when it does again',
  clauses: ['asvs 16.5.2', 'twilio errors'],
  level: 'must',
  severity: 'moderate',
  needs: ['own-otp'],
  fault: 'error/status-500-html',
  appMust: 'Tell the person that no code could be sent; send one at the next try.',
  otherwise: 'People wait for a message that never comes, or the app crashes.',
})(async ({ lab, control, scope, visitor, arm, step }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  await step('fault', async () => {
    await arm('error/status-500-html');
    const answer = await otp.send();
    await arm();
    demand(
      answer.text.trim() || answer.location,
      `Answered with nothing when Twilio failed: ${told(answer)}.`,
    );
  });
  await step('recovery', async () => {
    await otp.verify(await otp.code());
    await demandIn(browser, 'the right code, after Twilio failed');
  });
});

check({
  id: 'phone-otp/own-csrf',
  title: 'takes no code from a form of another site',
  clauses: ['asvs 3.5.1', 'authjs csrf', 'owasp csrf'],
  level: 'must',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Refuse a code that comes without the CSRF token (or, where there are none, from another origin).',
  otherwise: 'An attacker signs a victim in to the account of the attacker (login CSRF).',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  await otp.verify(await otp.code(), { csrf: false });
  await demandNoSession(browser);
});

check({
  id: 'phone-otp/own-beside-logto',
  title: 'signs people in over Logto next to its own codes',
  clauses: ['logto next-auth'],
  level: 'must',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Keep both ways in apart: a person who came over Logto is not the one of the code before.',
  otherwise: 'Who signs in second sees the account of the first.',
})(async ({ lab, control, scope, visitor, somebody }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  await otp.verify(await otp.code());
  await demandIn(browser, 'the right code');
  await browser.signOut();
  await demandNoSession(browser);
  const other = await visitor(await somebody({ registered: true, name: 'Grace Hopper' }));
  demandSession(await other.signIn());
});

check({
  id: 'phone-otp/own-sms-only',
  title: 'offers another way in beside its codes by text message',
  clauses: ['asvs 6.6.1', 'nist 800-63b §3.1.3.3'],
  level: 'may',
  severity: 'minor',
  needs: ['own-otp'],
  appMust: 'Offer something that does not hang on the telephone network, and tell people of its risk.',
  otherwise:
    'Whoever takes over the number (a swapped SIM, a recycled number) takes over the account, and nothing else is asked.',
})(async ({ lab, control, scope, visitor }) => {
  const { otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  demand((await otp.send()).status < 400, 'Sent no code.');
  const others = (lab.app.others ?? []).filter(({ type }) => type !== 'credentials');
  demand(others.length > 0, 'Lists no way in but codes by text message: its own, and those of Logto.');
});
