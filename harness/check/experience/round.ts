/** One round of a person through a sign-in experience, over HTTP: register, session, sign out, sign in, recover. */
import type { PresetName } from '../../../mocks/logto/sign-in/presets.ts';
import { identifiersOf, wayIn } from '../../../mocks/logto/sign-in/way-in.ts';
import type { IdentifierType, SignInExperience } from '../../../mocks/logto/tenant.ts';
import type { Person } from '../../../mocks/people.ts';
import { demand } from '../../errors.ts';
import { demandSession, told } from '../../visitor/arrival.ts';
import { chooseNewPassword } from '../../visitor/forgot-password.ts';
import type { Session, Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { demandNoSession } from '../outcomes.ts';
import { differsIn, postedOf } from '../people/of-one-sign-in.ts';

export type RoundFixtures = Pick<
  CheckFixtures & LabFixtures,
  'lab' | 'meet' | 'step' | 'visitor' | 'somebody' | 'control'
>;

/**
 * A body for `check`: goes through a sign-in experience by every identifier that it offers.
 *
 * @param preset the one to meet (default: the one of the run)
 */
export const round =
  (preset?: PresetName) =>
  async (fixtures: RoundFixtures): Promise<void> => {
    const settings = await settingsOf(fixtures, preset);
    for (const identifier of identifiersOf(settings)) await oneRound(fixtures, settings, identifier);
  };

/** The sign-in experience that people of this check meet from now on. */
export const settingsOf = async (
  { lab, meet }: Pick<RoundFixtures, 'lab' | 'meet'>,
  preset?: PresetName,
): Promise<SignInExperience> => {
  if (preset) return meet(preset);
  const own = lab.signInExperience?.settings;
  if (!own)
    throw new Error('the lab has no sign-in experience: declare the check with uses: sign-in-experience');
  return own;
};

async function oneRound(
  { lab, meet, step, visitor, somebody, control }: RoundFixtures,
  settings: SignInExperience,
  identifier: IdentifierType,
): Promise<void> {
  await meet({}, { identifier });
  const way = wayIn(settings, { identifier });
  const by = `by ${identifier} and ${way.byCode ? 'code' : 'password'}`;
  const person = await somebody(way.signsUp ? {} : { registered: true });
  const browser = await visitor(person);
  const samePerson = (now: Session, before: Session) => demandSame(now, before, postedOf(lab));
  const first = await step(
    way.signsUp ? `register by ${identifier}` : `sign in ${by}`,
    () => sessionOf(browser),
    () => 'It ends in a session.',
  );
  if (!way.signsUp)
    await step(
      'turned away',
      () => strangers({ visitor, somebody, control }),
      (text) => text,
    );
  await step('sign out', async () => {
    await browser.signOut();
    await demandNoSession(browser);
  });
  await step(`sign in again, in the same browser`, async () => samePerson(await sessionOf(browser), first));
  await step(`sign in ${by}, in another browser`, async () =>
    samePerson(await sessionOf(await visitor(person)), first),
  );
  if (way.byCode && way.takesPassword && person.password)
    await step('sign in by password', async () => {
      await meet({}, { identifier, byPassword: true });
      samePerson(await sessionOf(await visitor(person)), first);
      await meet({}, { identifier });
    });
  if (!way.recovery || (way.recovery !== identifier && identifier !== 'username')) return;
  await step('recover', async () => {
    await chosenAnew(await visitor(person));
    if (way.takesPassword) await meet({}, { identifier, byPassword: true });
    samePerson(await sessionOf(await visitor(person)), first);
  });
}

/** A sign-in that must end in a session. */
async function sessionOf(browser: Visitor): Promise<Session> {
  const signIn = await browser.signIn();
  demandSession(signIn);
  return signIn.session as Session;
}

function demandSame(now: Session, before: Session, posted: string[]): void {
  const differs = differsIn(now.user, before.user, posted);
  demand(
    differs.length === 0,
    () =>
      `Shows another person than at first (user.${differs.join(', user.')}): ${JSON.stringify(now.user)} instead of ${JSON.stringify(before.user)}.`,
  );
}

/** Somebody without an account, where nobody may open one: Logto lets them no further, and the app has no session of them. */
async function strangers({
  visitor,
  somebody,
  control,
}: Pick<RoundFixtures, 'visitor' | 'somebody' | 'control'>): Promise<string> {
  const nobody: Person = await somebody({ registered: true });
  await control.removePerson(nobody.phone);
  const browser = await visitor(nobody);
  const { url } = await browser.startSignIn();
  await browser.openIssuer(url);
  await browser.experience.begin('Register');
  const answer = await browser.experience.identify();
  await demandNoSession(browser);
  return `Logto answers a stranger with ${answer.status}; the app has no session of them.`;
}

/** A forgotten password, within a sign-in that the app began; the person remembers the new one. */
async function chosenAnew(browser: Visitor): Promise<void> {
  const { url, answer } = await browser.startSignIn();
  demand(answer.location, () => `Did not begin a sign-in: ${told(answer)}.`);
  browser.person.password = await chooseNewPassword(browser, url);
}
