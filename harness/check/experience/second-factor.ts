/** A tenant that asks for a second factor by SMS, as an app meets it: all that the app sees is that people come later, or never. */
import type { PresetName } from '../../../mocks/logto/sign-in/presets.ts';
import { presets } from '../../../mocks/logto/sign-in/presets.ts';
import { type PersonInput, withProfile } from '../../../mocks/people.ts';
import { ConformanceError, demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { wrongCode } from '../../visitor/entering-codes.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { demandNoSession } from '../outcomes.ts';

type Fixtures = Pick<CheckFixtures & LabFixtures, 'lab' | 'meet' | 'visitor' | 'somebody' | 'step'>;

/** What is asked for, and may not be skipped (Logto's console: Multi-factor authentication, SMS, mandatory). */
const mandatory = { factors: ['PhoneVerificationCode'], policy: 'Mandatory' };

/**
 * Phone and password, then a code by SMS: a code that signs people in cannot be their second factor
 * (sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa, recording 909).
 */
export const byPasswordAndSms = {
  signUp: { identifiers: ['phone'], password: true, verify: true },
  signIn: {
    methods: [{ identifier: 'phone', password: true, verificationCode: false, isPasswordPrimary: true }],
  },
  signInMode: 'SignInAndRegister',
  mfa: mandatory,
};

/** People who have signed up before; with a name and an address where the app takes nobody without. */
export const knownTo = ({ usage }: LabDescription): PersonInput =>
  usage?.profile ? withProfile({ registered: true }) : { registered: true };

/** Phone, password, code by SMS: the sign-in ends in a session. */
export const endsInSession = (fixtures: Fixtures): Promise<void> => signsInWithin(fixtures, USUAL);

/** Somebody new binds a phone number while signing up, and is asked for it at the next sign-in. */
export async function bindsAtSignUp({ meet, visitor, somebody, step }: Fixtures): Promise<void> {
  await meet({ ...presets['username-password' satisfies PresetName], mfa: mandatory });
  const person = await somebody();
  const first = await visitor(person);
  await step('sign up, and bind a phone number', async () => demandSession(await first.signIn()));
  await step('sign in with it', async () => demandSession(await (await visitor(person)).signIn()));
}

/** Seconds that a person takes for the password, and for the code. */
interface Pace {
  password: number;
  code: number;
}
const USUAL: Pace = { password: 120, code: 120 };
/** Of the ten minutes that each code is good for. */
const SLOW: Pace = { password: 540, code: 300 };

/** Somebody who takes their time over both steps. */
export const waitsForTwoSteps = (fixtures: Fixtures): Promise<void> => signsInWithin(fixtures, SLOW);

async function signsInWithin({ lab, meet, visitor, somebody }: Fixtures, pace: Pace): Promise<void> {
  await meet(byPasswordAndSms);
  const browser = await visitor(await somebody(knownTo(lab)));
  await half(browser, pace.password);
  await browser.experience.askSecondFactor();
  const { code } = await browser.experience.message();
  await browser.elapse(pace.code);
  await browser.experience.enterSecondFactor(code ?? '');
  const next = await browser.experience.submit();
  if (!next) throw stuck('a code of five minutes was not taken');
  const { page } = await browser.arrive(await browser.authorize(next));
  demandSession({ session: await browser.session(), page });
}

/** Whoever knows the password alone: a step that is refused, or left, gives no session, and spoils no later sign-in. */
export async function leavesNothing({ lab, meet, visitor, somebody, step }: Fixtures): Promise<void> {
  await meet(byPasswordAndSms);
  const browser = await visitor(await somebody(knownTo(lab)));
  const stranger = await visitor();
  await step('refused', async () => {
    await half(browser);
    await browser.experience.askSecondFactor();
    const { code } = await browser.experience.message();
    const { status } = await browser.experience.enterSecondFactor(wrongCode(code));
    if (status !== 400) throw stuck(`a wrong second code was answered with ${status}`);
    await closed(browser, stranger, lab, 'a wrong second code');
  });
  await step('abandoned', async () => {
    await half(browser);
    await closed(browser, stranger, lab, 'a second step that was left');
  });
  await step('recovery', async () => demandSession(await browser.signIn()));
}

/** Begins a sign-in at the app and proves the password, no more. */
async function half(browser: Visitor, wait = 0): Promise<void> {
  const { experience } = browser;
  await browser.openIssuer((await browser.startSignIn()).url);
  await experience.begin('SignIn');
  if (wait) await browser.elapse(wait);
  await experience.enterPassword();
  await experience.identify();
  const answer = await experience.call('POST', '/submit');
  if (answer.status !== 403) throw stuck(`the second factor was not asked for: ${answer.status}`);
}

/** Nobody is signed in, and what is shut to a stranger is shut. */
async function closed(
  browser: Visitor,
  stranger: Visitor,
  { config: { pages } }: LabDescription,
  after: string,
): Promise<void> {
  await demandNoSession(browser);
  for (const path of [...pages.protected, ...pages.api]) {
    const opens = ({ status }: Answer) => status >= 200 && status < 300;
    demand(
      !opens(await browser.get(path)) || opens(await stranger.get(path)),
      () => `Opens ${path} after ${after}, as it does to nobody else who has no session.`,
    );
  }
}

const stuck = (what: string) =>
  new ConformanceError({
    code: 'CONF_ISSUER_SIGN_IN',
    what: `the second factor at the Logto mock failed: ${what}`,
    expected: 'a tenant that asks for a code by SMS after the password',
    remedy: 'report this as a defect of the mock.',
  });
