/** What goes wrong between Logto, Twilio and the phone, and must leave the app usable. */
import {
  type CheckDeclaration,
  type CheckFixtures,
  check,
  type LabFixtures,
} from '../harness/check/check.ts';
import { demandSession } from '../harness/check/outcomes.ts';
import { demand } from '../harness/errors.ts';
import { askForCode, enterCode } from '../harness/visitor/entering-codes.ts';

const clauses: CheckDeclaration['clauses'] = ['logto phone', 'twilio errors'];
const again = 'Complete a new sign-in in the same browser afterwards.';

/** The message never comes, or Twilio refuses it: the person gives up and begins anew from the app. */
const begunAnew = async ({
  meta,
  arm,
  visitor,
  step,
}: Pick<CheckFixtures & LabFixtures, 'meta' | 'arm' | 'visitor' | 'step'>): Promise<void> => {
  const browser = await visitor();
  await step(
    'fault',
    async () => {
      if (meta.fault) await arm(meta.fault);
      await askForCode(browser);
      await arm();
    },
    () => 'The person gets no code and goes back to the app.',
  );
  await step(
    'recovery',
    async () => demandSession(await browser.signIn()),
    () => 'A new sign-in in the same browser ends in a session.',
  );
};

check({
  id: 'phone-otp/abandoned',
  title: 'lets a person begin anew who left Logto half-way',
  clauses: ['logto phone'],
  level: 'must',
  severity: 'serious',
  needs: ['phone-code'],
  appMust: again,
  otherwise: 'Whoever closes the page once is locked out until the cookies expire.',
})(begunAnew);

check({
  id: 'phone-otp/twilio-refuses-credentials',
  title: 'stays usable when Twilio refuses the credentials',
  clauses,
  level: 'must',
  severity: 'moderate',
  fault: 'error/20003',
  needs: ['phone-code'],
  appMust: again,
  otherwise: 'An outage of the carrier breaks sign-ins that begin after it.',
})(begunAnew);

check({
  id: 'phone-otp/twilio-rate-limit',
  title: 'stays usable when Twilio has too many requests',
  clauses,
  level: 'must',
  severity: 'moderate',
  fault: 'error/20429',
  needs: ['phone-code'],
  appMust: again,
  otherwise: 'An outage of the carrier breaks sign-ins that begin after it.',
})(begunAnew);

check({
  id: 'phone-otp/twilio-down',
  title: 'stays usable when Twilio answers with a page',
  clauses,
  level: 'must',
  severity: 'moderate',
  fault: 'error/status-500-html',
  needs: ['phone-code'],
  appMust: again,
  otherwise: 'An outage of the carrier breaks sign-ins that begin after it.',
})(begunAnew);

check({
  id: 'phone-otp/twilio-reset',
  title: 'stays usable when the connection to Twilio breaks',
  clauses,
  level: 'must',
  severity: 'moderate',
  fault: 'error/reset',
  needs: ['phone-code'],
  appMust: again,
  otherwise: 'An outage of the carrier breaks sign-ins that begin after it.',
})(begunAnew);

check({
  id: 'phone-otp/message-lost',
  title: 'stays usable when the message is lost',
  clauses,
  level: 'must',
  severity: 'moderate',
  fault: 'delivery/lost',
  needs: ['phone-code'],
  appMust: again,
  otherwise: 'A lost message locks the person out.',
})(begunAnew);

check({
  id: 'phone-otp/expired-code',
  title: 'signs a person in with a new code after the first has expired',
  clauses: ['logto phone', 'owasp otp'],
  level: 'must',
  severity: 'moderate',
  uses: ['clock'],
  needs: ['phone-code'],
  appMust: 'Complete the sign-in it began, though Logto needed a second code.',
  otherwise: 'Slow people must begin anew.',
})(async ({ visitor }) => {
  const browser = await visitor();
  await askForCode(browser);
  const { experience } = browser;
  const first = await experience.message();
  await browser.elapse(601);
  demand(
    (await experience.verify(first.code ?? '')).status === 400,
    'Was let in at Logto with a code that had expired.',
  );
  await experience.sendCode(browser.person.userId ? 'SignIn' : 'Register');
  await enterCode(browser, (await experience.message()).code);
});

check({
  id: 'phone-otp/slow-person',
  title: 'keeps what it needs for the callback at least as long as a code is good',
  clauses: ['logto phone', 'rfc6265 §4.1.2'],
  level: 'should',
  severity: 'moderate',
  appMust: 'Let its PKCE, state and nonce cookies live ten minutes or more, as Logto’s codes do.',
  otherwise: 'People who wait for their message come back to an error.',
})(async ({ visitor }) => {
  const { answer } = await (await visitor()).startSignIn();
  const lines = answer.setCookies.filter(
    (line) => /pkce|state|nonce/i.test(line.split('=')[0] ?? '') && !/max-age=0/i.test(line),
  );
  for (const line of lines) {
    const maxAge = /max-age=(\d+)/i.exec(line)?.[1];
    const expires = /expires=([^;]+)/i.exec(line)?.[1];
    const lives = maxAge
      ? Number(maxAge)
      : expires
        ? (Date.parse(expires) - Date.now()) / 1000
        : Number.POSITIVE_INFINITY;
    demand(lives >= 590, `Set ${line.split('=')[0]} for ${Math.round(lives)} seconds only.`);
  }
});

check({
  id: 'phone-otp/two-devices',
  title: 'signs one person in on two devices at once, or on one as it declares',
  clauses: ['asvs 7.1.2', 'authjs session'],
  level: 'should',
  severity: 'moderate',
  uses: ['people'],
  appMust:
    'Hold one session on each device; where the feature single-session is claimed, end the earlier one at the next sign-in.',
  otherwise:
    'A person who signs in on the phone is thrown out on the computer; or a session that should be over goes on where nobody looks.',
  fix: 'Keep a row for each session, not one for each user; if one session at a time is meant, claim the feature single-session.',
})(async ({ visitor, somebody, lab }) => {
  const person = await somebody({ registered: true });
  const [phone, computer] = [await visitor(person), await visitor(person)];
  demandSession(await phone.signIn());
  demandSession(await computer.signIn());
  const isHeld = (await phone.session()) !== null;
  if (lab.config.features.includes('single-session'))
    demand(
      !isHeld,
      'Claims single-session, and held the session of the first device when the second one signed in.',
    );
  else
    demand(
      isHeld,
      'Signed the first device out when the second one signed in, and does not claim single-session.',
    );
});

check({
  id: 'phone-otp/second-tab',
  title: 'completes the sign-in of the tab that began last',
  clauses: ['rfc6749 §4.1.2', 'logto phone'],
  level: 'must',
  severity: 'moderate',
  appMust: 'Complete the last sign-in that a browser began.',
  otherwise: 'A forgotten tab keeps the person from signing in.',
})(async ({ visitor }) => {
  const browser = await visitor();
  await browser.startSignIn();
  const { url } = await browser.startSignIn();
  const { page } = await browser.arrive(await browser.authorize(url));
  demandSession({ session: await browser.session(), page });
});

check({
  id: 'phone-otp/first-tab',
  title: 'completes the sign-in of a tab that another tab came after',
  clauses: ['rfc6749 §4.1.2'],
  level: 'may',
  severity: 'minor',
  appMust: 'Complete either sign-in, or show a page.',
  otherwise:
    'People with two tabs see an error. Auth.js keeps one verifier for each browser, so the last tab wins.',
})(async ({ visitor }) => {
  const browser = await visitor();
  const first = await browser.startSignIn();
  await browser.startSignIn();
  const { page } = await browser.arrive(await browser.authorize(first.url));
  demandSession({ session: await browser.session(), page });
});
