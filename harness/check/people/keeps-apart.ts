/** Two people who have something in common, one after the other: the app must take nobody for somebody else. */
import type { FaultName } from '../../../mocks/faults.ts';
import type { Person, PersonInput } from '../../../mocks/people.ts';
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { makeByForms } from '../doors/made-by-member.ts';
import { surveyOf } from '../doors/survey.ts';
import { mayPass, seenAt, takenFor } from './identity.ts';
import { type Look, lookAround, placesOf } from './look.ts';

export type PeopleBody = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'arm' | 'notApplicable'> &
  LabFixtures;

export interface Cast {
  first?: PersonInput;
  /**
   * What the second person has in common with the first.
   *
   * @param isLive whether the issuer is a real one
   */
  second(first: Person, isLive: boolean): PersonInput;
  /** What happens to the first at Logto, before the second comes. */
  meanwhile?(first: Person, control: LabFixtures['control']): Promise<unknown>;
  /** Faults of Logto while they sign in. */
  faults?: { first?: FaultName[]; second?: FaultName[] };
  /** Pages say of both what they say of nobody who has a name: texts tell no account. */
  nameless?: boolean;
  /** What they have in common, after "who had". */
  told: string;
}

let count = 0;

/** Somebody whom Logto knows, with a name (one word, so that it is found) and an e-mail address that nobody else has. */
export function newcomer(word = 'Ada'): PersonInput & { name: string; email: string } {
  count += 1;
  const mark = `${process.pid}${count}${Math.random().toString(36).slice(2, 6)}`;
  return {
    signedIn: true,
    name: `${word}${mark}`,
    email: `${word.toLowerCase()}.${mark}@people.example`,
    picture: `https://images.example/${mark}.png`,
  };
}

/** The paths that show members something of their own; found once for each worker. Figures of a server, and the weather, are nobody's. */
export const placesFor = async ({ visitor, somebody, lab }: PeopleBody): Promise<string[]> => {
  const survey = await surveyOf({ visitor, somebody, lab });
  const forAll = new Set(survey.openPaths.map(({ path }) => path));
  return placesOf(survey).filter((place) => !forAll.has(place));
};

/** Signs somebody in in a browser of their own, and looks around. */
export async function lookAs(
  body: PeopleBody,
  person: PersonInput,
  places: readonly string[],
): Promise<Look> {
  const browser = await body.visitor(await body.somebody(person));
  demandSession(await browser.signIn());
  return lookAround(browser, body.lab, places);
}

/**
 * Signs somebody in who writes by the forms and lists of the app before they look around: whoever is new has nothing to be mixed up.
 *
 * @param nameless whether they have no name: an app may let in nobody without one, and need tell none of them apart then
 */
async function lookAndWriteAs(
  body: PeopleBody,
  person: PersonInput,
  places: readonly string[],
  nameless = false,
): Promise<Look> {
  const browser = await body.visitor(await body.somebody(person));
  const ending = await browser.signIn();
  if (nameless && !ending.session)
    body.notApplicable('the app lets in nobody who has a phone number and nothing else');
  demandSession(ending);
  // At a real tenant, what was written stays.
  const made = body.lab.live ? [] : await makeByForms(browser, await surveyOf(body), body.lab);
  return { ...(await lookAround(browser, body.lab, places)), written: made.map(({ word }) => word) };
}

const AGAIN = 2;

/**
 * Whether somebody who has nothing to do with it is shown it as well, which is told of as what it is (people/in-turn): the newest
 * member, an offer, one of two headlines.
 *
 * @param given.control who was there before it was seen, and is asked first: whoever comes now may change what all are shown
 * @param given.firsts what the people were shown who may have been taken for one another
 * @param given.before what `control` was shown then
 * @param given.why what was seen of the two, in words: what is for all at another place excuses nothing of it
 */
export async function isForAll(
  body: PeopleBody,
  { control, firsts, before, why }: { control: Visitor; firsts: readonly Look[]; before: Look; why: string },
  places: readonly string[],
): Promise<boolean> {
  const isShown = (look: Look) =>
    firsts.some((first) => {
      const same = takenFor(first, look, before);
      return same !== undefined && (seenAt(why) === undefined || seenAt(same) === seenAt(why));
    });
  for (let time = 0; time < AGAIN; time += 1)
    if (isShown(await lookAround(control, body.lab, places))) return true;
  for (let time = 0; time < AGAIN; time += 1)
    if (isShown(await lookAs(body, newcomer('Hedy'), places))) return true;
  return false;
}

/** The body of a check: the second person is refused, or has nothing of the first. */
export const keepsApart =
  ({ first, second, meanwhile, faults, nameless, told }: Cast) =>
  async (body: PeopleBody): Promise<void> => {
    const { visitor, somebody, step, arm, lab, control } = body;
    const { places, before, between, grace } = await step(
      'control',
      async () => {
        const places = await placesFor(body);
        await arm(...(faults?.first ?? []));
        const before = await lookAndWriteAs(body, { ...newcomer('Ada'), ...first }, places, nameless);
        await arm();
        const grace = await visitor(await somebody(newcomer('Grace')));
        demandSession(await grace.signIn());
        return { places, before, grace, between: await lookAround(grace, lab, places) };
      },
      ({ before: { ids, bodies } }) =>
        `The first person was shown ${bodies.size} places; the app has ${ids.size ? `${[...ids.keys()].join(', ')} of them` : 'no id of them that can be read'}.`,
    );
    await step(
      'fault',
      async () => {
        await meanwhile?.(before.person, control);
        const browser = await visitor(
          await somebody({ ...newcomer('Eve'), ...second(before.person, Boolean(lab.live)) }),
        );
        await arm(...(faults?.second ?? []));
        const { session } = await browser.signIn();
        await arm();
        if (!session) return 'Refused the second person.';
        const isTaken = async () =>
          takenFor(before, await lookAround(browser, lab, places), between, { texts: !nameless });
        const why = await isTaken();
        if (why && (await isForAll(body, { control: grace, firsts: [before], before: between, why }, places)))
          return 'Kept both apart; what the second was shown is shown to everybody.';
        // Others have come since: whoever was the newest then is no more, and who was taken for somebody still is.
        if (why && mayPass(why) && !(await isTaken()))
          return 'Kept both apart; what the second was shown has changed since.';
        demand(!why, `Took a person for another one who had ${told}: the second ${why}.`);
        return 'Kept both apart.';
      },
      (ending) => ending,
    );
  };
