/** One-time codes that an app sends by itself (feature own-otp): each is good once, for one number, for a while. */
import { check } from '../harness/check/check.ts';
import { notJudged } from '../harness/check/not-judged.ts';
import { demandNoSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import {
  CLOCK_HEADER,
  createOwnOtp,
  demandIn,
  otherCode,
  ownOtpOf,
  somebodyWithPhone,
  usesVerify,
} from '../harness/visitor/own-otp.ts';

check({
  id: 'phone-otp/own-signs-in',
  title: 'signs a person in with a code that it sent itself',
  clauses: ['owasp otp', 'twilio messages'],
  level: 'must',
  severity: 'critical',
  needs: ['own-otp'],
  appMust: 'Send one message with one code, and end with a session when it comes back.',
  otherwise: 'Nobody can sign in by phone.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  await otp.verify(await otp.code());
  await demandIn(browser, 'the right code');
});

check({
  id: 'phone-otp/own-code-not-told',
  title: 'tells the code that it sends to nobody but the phone',
  clauses: ['owasp otp', 'nist 800-63b §3.1.3'],
  level: 'must',
  severity: 'critical',
  needs: ['own-otp'],
  appMust: 'Leave the code out of its answer, its cookies and its headers.',
  otherwise: 'Whoever asks for a code has it, without the phone.',
})(async ({ lab, control, scope, visitor }) => {
  const { otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const answer = await otp.send();
  const { code } = await otp.message();
  demand(code, 'Sent a message without a code in it.');
  const said = [answer.text, answer.url.href, answer.location?.href ?? '', JSON.stringify(answer.headers)];
  demand(!said.some((text) => new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text)), 'Answered with the code.');
});

check({
  id: 'phone-otp/own-code-wrong',
  title: 'refuses a wrong code of its own, and takes the right one afterwards',
  clauses: ['asvs 6.6.2', 'owasp otp'],
  level: 'must',
  severity: 'critical',
  needs: ['own-otp'],
  appMust: 'Hold no session after a wrong code; let the person try again.',
  otherwise: 'Any code lets anybody in.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const code = await otp.code();
  await otp.verify(otherCode(code));
  await demandNoSession(browser);
  await otp.verify(code);
  await demandIn(browser, 'the right code after a wrong one');
});

check({
  id: 'phone-otp/own-code-empty',
  title: 'refuses an empty code, even from a number that asked for none',
  clauses: ['asvs 6.6.2', 'owasp otp'],
  level: 'must',
  severity: 'critical',
  needs: ['own-otp'],
  appMust: 'Hold no session.',
  otherwise: 'A number without a pending code compares equal to nothing, and lets anybody in.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  for (const nothing of ['', '000000', 'undefined', 'null']) await otp.verify(nothing);
  await demandNoSession(browser);
  await otp.code();
  await otp.verify('');
  await demandNoSession(browser);
});

check({
  id: 'phone-otp/own-code-reused',
  title: 'takes each of its codes once',
  clauses: ['owasp otp', 'nist 800-63b §3.1.3'],
  level: 'must',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Refuse a code that was used.',
  otherwise: 'Whoever sees the message later, or on a locked screen, signs in with it, too.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const code = await otp.code();
  await otp.verify(code);
  await demandIn(browser, 'the right code');
  const thief = await visitor(browser.person);
  await createOwnOtp({ lab, control, scope, visitor: thief }).verify(code);
  await demandNoSession(thief);
});

check({
  id: 'phone-otp/own-code-raced',
  title: 'takes a code once though it comes many times at the same moment',
  clauses: ['owasp otp'],
  level: 'should',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Use the code up and check it in one step.',
  otherwise: 'Two requests at once turn one code into two sessions.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const code = await otp.code();
  const browsers = [browser, await visitor(browser.person), await visitor(browser.person)];
  await Promise.all(
    browsers.map((each) => createOwnOtp({ lab, control, scope, visitor: each }).verify(code)),
  );
  const sessions = await Promise.all(browsers.map((each) => each.session()));
  const held = sessions.filter(Boolean).length;
  demand(held === 1, `Held ${held} sessions for one code that came three times at once.`);
});

check({
  id: 'phone-otp/own-code-expires',
  title: 'takes its codes as long as it declares, and no longer',
  clauses: ['owasp otp', 'nist 800-63b §3.1.3'],
  level: 'must',
  severity: 'serious',
  needs: ['own-otp'],
  appMust: 'Refuse a code when pages.ownOtp.lifetime (ten minutes unless declared) has passed.',
  otherwise: 'An old message signs in whoever finds it.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const { lifetime } = ownOtpOf(lab);
  const code = await otp.code();
  // Twilio Verify keeps the codes of an app that leaves them to it: there the clock of the mock decides.
  const atTwilio = await usesVerify(control, scope);
  if (atTwilio) await control.advance(scope, lifetime + 1);
  const answer = await otp.verify(code, { later: lifetime + 1 });
  if (!atTwilio && !answer.headers[CLOCK_HEADER])
    notJudged('the clock of the app could not be moved', 'let a Node app be started (target.command)');
  // The cookie was written in the future, too, and is as good now.
  await demandNoSession(browser);
  const quick = await somebodyWithPhone({ lab, control, scope, visitor });
  await quick.otp.verify(await quick.otp.code());
  await demandIn(quick.browser, 'a code that was just sent');
});

check({
  id: 'phone-otp/own-code-lifetime',
  title: 'declares a lifetime of ten minutes or less for its codes',
  clauses: ['nist 800-63b §3.1.3'],
  level: 'may',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Let no code live longer than ten minutes.',
  otherwise: 'There is more time to guess a code, or to find it.',
})(async ({ lab }) => {
  const { lifetime } = ownOtpOf(lab);
  demand(lifetime <= 600, `Declares that its codes are good for ${lifetime} seconds.`);
});

check({
  id: 'phone-otp/own-code-tries',
  title: 'stops taking guesses for a code',
  clauses: ['nist 800-63b §3.2.2', 'asvs 6.6.3'],
  level: 'must',
  severity: 'critical',
  needs: ['own-otp'],
  appMust: 'Refuse even the right code after pages.ownOtp.tries wrong ones (ten unless declared).',
  otherwise: 'A million requests open every account.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const { tries } = ownOtpOf(lab);
  const code = await otp.code();
  for (let step = 1; step <= tries; step += 1) await otp.verify(otherCode(code, step));
  await otp.verify(code);
  await demandNoSession(browser);
});

check({
  id: 'phone-otp/own-tries-recover',
  title: 'lets a person in with a new code after too many wrong ones',
  clauses: ['owasp otp'],
  level: 'should',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Send a new code when it is asked to, and take it.',
  otherwise: 'Anybody locks anybody out by typing wrong codes.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const { tries } = ownOtpOf(lab);
  const code = await otp.code();
  for (let step = 1; step <= tries; step += 1) await otp.verify(otherCode(code, step));
  // Twilio Verify itself sends a number no other code before the one of five wrong tries expires (60202).
  const { lifetime } = ownOtpOf(lab);
  const later = (await usesVerify(control, scope)) ? lifetime + 1 : 0;
  if (later) await control.advance(scope, later);
  await otp.verify(await otp.code({ later }), { later });
  await demandIn(browser, 'a new code after too many wrong ones');
});

check({
  id: 'phone-otp/own-code-of-another',
  title: 'takes a code for the number it was sent to only',
  clauses: ['owasp otp', 'nist 800-63b §3.1.3'],
  level: 'must',
  severity: 'critical',
  needs: ['own-otp'],
  appMust: 'Bind each code to its number.',
  otherwise: 'An attacker signs in as anybody with a code that came to their own phone.',
})(async ({ lab, control, scope, visitor }) => {
  const victim = await somebodyWithPhone({ lab, control, scope, visitor });
  const attacker = await somebodyWithPhone({ lab, control, scope, visitor });
  await victim.otp.code();
  const code = await attacker.otp.code();
  await attacker.otp.verify(code, { phone: victim.browser.person.phone });
  await demandNoSession(attacker.browser);
});

check({
  id: 'phone-otp/own-code-other-browser',
  title: 'takes a code in the browser that asked for it only',
  clauses: ['asvs 6.6.2', 'owasp otp'],
  level: 'should',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Bind each code to the browser that asked for it, by a cookie for example.',
  otherwise:
    'An attacker who asks for a code, and talks its owner into reading it out, needs no browser of theirs.',
  fix: 'Set a random, HttpOnly cookie when a code is asked for, keep its digest with the code, and compare both.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const code = await otp.code();
  const elsewhere = await visitor(browser.person);
  await createOwnOtp({ lab, control, scope, visitor: elsewhere }).verify(code);
  await demandNoSession(elsewhere);
});

check({
  id: 'phone-otp/own-code-replaced',
  title: 'takes the newest code, and none from before',
  clauses: ['owasp otp'],
  level: 'should',
  severity: 'moderate',
  needs: ['own-otp'],
  appMust: 'Let a new code replace the one before.',
  otherwise: 'Each message that was asked for is one more guess that fits.',
})(async ({ lab, control, scope, visitor }) => {
  const { browser, otp } = await somebodyWithPhone({ lab, control, scope, visitor });
  const old = await otp.code();
  const fresh = await otp.code();
  if (old !== fresh) {
    await otp.verify(old);
    await demandNoSession(browser);
  }
  await otp.verify(fresh);
  await demandIn(browser, 'the code that came last');
});
