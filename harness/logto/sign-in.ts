/** Signs a person in at Logto the way its sign-in experience asks for (facts: logto.md §2, §3). */
import type { Person } from '../../mocks/people.ts';
import { Blocked } from '../errors.ts';
import { demandStatus, expectStatus, mockFault, saidBy } from './answers.ts';
import type { Experience, InteractionEvent, RealLogto } from './experience.ts';

/**
 * Signs the person in (or registers them at their first time) and returns where Logto sends the browser.
 *
 * @throws ConformanceError CONF_ISSUER_SIGN_IN; at a real tenant also {@link Blocked}, with what it said
 */
export async function signInAtIssuer(experience: Experience, person: Person, real?: RealLogto): Promise<URL> {
  const event: InteractionEvent = person.userId ? 'SignIn' : 'Register';
  const expect = real ? demandStatus : expectStatus;
  expect(await experience.begin(event), 204);
  if (experience.way().byCode || (event === 'Register' && experience.way().identifier !== 'username')) {
    expect(await experience.sendCode(event), 200);
    const { code } = await experience.message();
    if (!code)
      throw mockFault(
        'no code was found in the message',
        'a message that holds the code, as the template says',
      );
    expect(await experience.verify(code), 200);
  } else if (event === 'SignIn') expect(await experience.enterPassword(), 200);
  else expect(await experience.chooseUsername(), 204);
  await identify(experience, event, real);
  const next = await experience.submit();
  if (!next) throw mockFault('POST /api/experience/submit gave no redirectTo', 'a redirectTo');
  person.userId ??= 'registered';
  return next;
}

/** Who is new and who is known is decided by Logto: what was verified counts for both. */
async function identify(experience: Experience, event: InteractionEvent, real?: RealLogto): Promise<void> {
  const first = await experience.identify();
  const wanted = event === 'Register' ? 201 : 204;
  if (!real) return expectStatus(first, wanted);
  const { code } = saidBy(first);
  if (code === 'user.user_not_exist') {
    if (!real.signUp)
      throw new Blocked(
        'The tenant knows nobody with this number, and no account may be created (--allow-sign-up): name a number whose owner has one (--people).',
      );
    demandStatus(await experience.switchTo('Register'), 204);
    return demandStatus(await experience.identify(), 201);
  }
  if (code === 'user.phone_already_in_use') {
    demandStatus(await experience.switchTo('SignIn'), 204);
    return demandStatus(await experience.identify(), 204);
  }
  demandStatus(first, wanted);
}
