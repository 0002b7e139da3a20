/** Outcomes that many checks share: bodies for `check(meta)( … )`. */

import { ConformanceFailure, demand, NotRecovered } from '../errors.ts';
import type { Answer } from '../user-agents/http.ts';
import { demandSession, told } from '../visitor/arrival.ts';
import type { SignIn, Visitor } from '../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from './check.ts';

export { demandSession, told };

type Body = Pick<CheckFixtures, 'meta' | 'arm' | 'step' | 'visitor'> & Partial<Pick<CheckFixtures, 'health'>>;
type Reading = Pick<CheckFixtures & LabFixtures, 'control' | 'notApplicable'>;

const holdsNothing = async (visitor: Visitor, session: string, cookies: string): Promise<void> => {
  demand(!(await visitor.session()), session);
  const held = await visitor.sessionCookies();
  demand(held.length === 0, () => `${cookies} ${held.map(({ key }) => key).join(', ')}.`);
};

/** Demands that nobody is signed in: no session JSON, no session cookie with a value. */
export const demandNoSession = (visitor: Visitor): Promise<void> =>
  holdsNothing(visitor, 'Signed the person in: /session shows a session.', 'Set the session cookie');

/** The same of somebody who has signed out. */
export const demandSignedOut = (visitor: Visitor): Promise<void> =>
  holdsNothing(
    visitor,
    'Left the person signed in: /session still shows a session.',
    'Left the browser the session cookie',
  );

/** A healthy sign-in in a new browser, of somebody whom Logto knows, as a control or as a recovery. */
export async function healthySignIn(visitor: CheckFixtures['visitor']): Promise<SignIn> {
  const signIn = await (await visitor(undefined, { known: true })).signIn();
  demandSession(signIn);
  return signIn;
}

type Steps = Pick<CheckFixtures, 'step' | 'visitor'> & { health: CheckFixtures['health'] | undefined };

/**
 * The step `control`: the app signs people in before anything is spoilt. A healthy sign-in of another check shows it as well,
 * when nothing has gone wrong since.
 */
export async function controlSignIn({ step, visitor, health }: Steps): Promise<void> {
  const shownBy = health?.shownBy;
  await step(
    'control',
    async () => shownBy ?? signInBriefly(visitor),
    () =>
      shownBy
        ? `A healthy sign-in ended in a session before, in ${shownBy}. Nothing has failed since.`
        : 'A healthy sign-in ends in a session.',
  );
  if (health && !shownBy) health.isShown = 'at the beginning';
}

/** The step `recovery`, the last one of a check: the app signs people in when what was spoilt is healthy again. */
export async function recoverySignIn({ step, visitor, health }: Steps): Promise<void> {
  await step(
    'recovery',
    () => signInBriefly(visitor),
    () => 'The next healthy sign-in ends in a session.',
  );
  if (health) health.isShown = 'at the end';
}

/**
 * A healthy sign-in of somebody whom Logto knows, as far as the session: the page behind it is opened only where there is none
 * yet, as an app may make it there.
 */
async function signInBriefly(visitor: CheckFixtures['visitor']): Promise<void> {
  const person = await visitor(undefined, { known: true });
  demandSession(await person.signIn({ brief: true }));
}

/** A sign-in up to the page that the browser ends on; whether there is a session is asked by whoever judges. */
async function arrival(visitor: Visitor): Promise<Answer> {
  const { url } = await visitor.startSignIn();
  return (await visitor.arrive(await visitor.authorize(url))).page;
}

/** A sign-in that may be refused at any point; tells where it ended. */
export async function attempt(visitor: Visitor): Promise<string> {
  try {
    return told(await arrival(visitor));
  } catch (error) {
    if (error instanceof ConformanceFailure) return error.message;
    throw error;
  }
}

/**
 * The three steps of a negative check: a healthy sign-in, one with the fault of the check, and a healthy one again.
 *
 * @param act makes the sign-in of the fault with a new visitor, ends the fault by `disarm`, judges, and says what happened
 * @param recovers whether the last step is made; an app that took the oddity has shown that it works
 */
const underFault =
  (act: (person: Visitor, disarm: () => Promise<unknown>) => Promise<string>, recovers = true) =>
  async ({ meta, arm, step, visitor, health }: Body): Promise<void> => {
    const { fault } = meta;
    if (!fault) throw new Error(`${meta.id} needs a fault for this outcome`);
    await controlSignIn({ step, visitor, health });
    await step(
      'fault',
      async () => {
        await arm(fault);
        return act(await visitor(undefined, { known: true }), () => arm());
      },
      (ending) => ending,
    );
    if (recovers) await recoverySignIn({ step, visitor, health });
  };

/** The app refuses a sign-in in which the fault was injected, and works before and after. */
export const refused = underFault(async (victim, disarm) => {
  const ending = await attempt(victim);
  await disarm();
  await demandNoSession(victim);
  return `Refused: ${ending}`;
});

/**
 * Like `refused`, for what stands in the discovery document. An app that reads none in that sign-in, because its
 * endpoints are configured or kept from before, is not judged.
 */
export const refusedWhereRead = async ({
  meta,
  arm,
  step,
  visitor,
  health,
  control,
  notApplicable,
}: Body & Reading): Promise<void> => {
  const { journal: since } = await control.state();
  const read = async () =>
    (await control.journal({ endpoint: 'discovery', since })).some(({ faults }) =>
      faults.includes(meta.fault ?? ''),
    );
  try {
    await refused({ meta, arm, step, visitor, health });
  } catch (error) {
    const signedIn = error instanceof ConformanceFailure && !(error instanceof NotRecovered);
    if (signedIn && !(await read()))
      notApplicable('the app read no discovery document in the sign-in with the fault');
    throw error;
  }
};

/** Whatever became of the sign-in with the fault, the next healthy one ends in a session. */
export const recovered = underFault(async (person, disarm) => {
  const ending = await attempt(person);
  await disarm();
  return `Ended: ${ending}`;
});

/** The app takes an oddity that the clause allows: the sign-in ends in a session all the same. */
export const accepted = underFault(async (person, disarm) => {
  const ending = await attempt(person);
  await disarm();
  demand(await person.session(), `Refused a sign-in that it must accept: ${ending}.`);
  return 'Accepted.';
}, false);

/** Like `accepted`, for an oddity that is met when the sign-in begins, and would only be met again at its end. */
export const acceptedAtTheStart = underFault(async (person, disarm) => {
  const { url } = await person.startSignIn();
  await disarm();
  const { page } = await person.arrive(await person.authorize(url));
  demand(await person.session(), `Refused a sign-in that it must accept: ${told(page)}.`);
  return 'Accepted.';
}, false);

/** The app shows a page of its own with a way on, whatever the issuer did; there is no session. */
export const refusedWithPage = underFault(async (victim, disarm) => {
  const page = await arrival(victim);
  await disarm();
  await demandNoSession(victim);
  demandPage(page);
  return `Refused with a page: ${told(page)}`;
});

/** The app takes an oddity or refuses it, as it likes: there is a session or a page, and the next sign-in works. */
export const survived = underFault(async (person, disarm) => {
  const { page, session } = await person.signIn();
  await disarm();
  if (!session) demandPage(page);
  return session ? 'Accepted.' : `Refused with a page: ${told(page)}`;
});

/** Demands an HTML page with words on it (a bare 500 or an empty body helps nobody). */
export function demandPage(page: Answer): void {
  const type = String(page.headers['content-type'] ?? 'none');
  demand(type.startsWith('text/html'), () => `Answered with ${type} instead of a page: ${told(page)}.`);
  const words = page.text
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]+>/g, ' ')
    .trim();
  demand(words.length > 0 || /<script/i.test(page.text), () => `Answered with an empty page: ${told(page)}.`);
}
