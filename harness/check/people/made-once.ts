/** Somebody new who comes twice at the same moment: one account is made of them, not two. */
import { ConformanceFailure, demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { newcomer, type PeopleBody } from './keeps-apart.ts';
import { idsOf } from './look.ts';

/** Two callbacks meet by chance. */
const PEOPLE = 4;

type Ids = ReadonlyMap<string, string>;

/** Ids that two sign-ins of one person have alike; the others are of one session. */
export const steadyIn = (first: Ids, second: Ids): string[] =>
  [...first].flatMap(([member, value]) => (second.get(member) === value ? [member] : []));

/**
 * Which id differs between sessions of one person.
 *
 * @param members names of ids that are of a person, not of a session
 * @param sessions the ids of each session, and where it was
 * @returns in words; undefined where all are the same
 */
export function differing(
  members: readonly string[],
  sessions: readonly { where: string; ids: Ids }[],
): string | undefined {
  for (const member of members) {
    const given = sessions.flatMap(({ where, ids }) => {
      const value = ids.get(member);
      return value === undefined ? [] : [{ where, value }];
    });
    const [first, ...others] = given;
    const other = others.find(({ value }) => value !== first?.value);
    if (first && other)
      return `${member} is "${first.value}" ${first.where} and "${other.value}" ${other.where}`;
  }
  return undefined;
}

/** Takes callbacks to the app at the same moment; that one of them is not answered may be how it is refused. */
async function arriveTogether(callbacks: readonly { browser: Visitor; callback: URL }[]): Promise<void> {
  const ends = await Promise.allSettled(callbacks.map(({ browser, callback }) => browser.arrive(callback)));
  for (const end of ends)
    if (end.status === 'rejected' && !(end.reason instanceof ConformanceFailure)) throw end.reason;
}

/**
 * The body of `people/made-once`: somebody whom the app has never seen begins to sign in in two browsers, and both callbacks
 * arrive at once. The sessions that come of it, and that of the next sign-in, have the same id. One of the two may be refused.
 */
export async function makesEachOnce(body: PeopleBody): Promise<void> {
  const { visitor, somebody, step, notApplicable, lab } = body;
  const idsIn = async (browser: Visitor): Promise<Ids> => idsOf(browser, lab, await browser.session());
  const signedIn = async (browser: Visitor): Promise<Ids> => {
    demandSession(await browser.signIn());
    return idsIn(browser);
  };
  const { members, isOfLogto } = await step(
    'control',
    async () => {
      const person = await somebody(newcomer('Ida'));
      const first = await signedIn(await visitor(person));
      const found = steadyIn(first, await signedIn(await visitor(person)));
      return { members: found, isOfLogto: found.every((member) => first.get(member) === person.userId) };
    },
    ({ members: found }) =>
      `Two sign-ins of one person, one after the other, have the same ${found.join(', ') || 'nothing'}.`,
  );
  // Where the app makes no ids of its own, no chance can make two.
  const people = isOfLogto ? 1 : PEOPLE;
  if (members.length === 0)
    notApplicable('its sessions have no id that a second sign-in of the same person has as well');
  await step(
    'fault',
    async () => {
      let twice = 0;
      for (let count = 0; count < people; count += 1) {
        const person = await somebody(newcomer('Nora'));
        const browsers = [await visitor(person), await visitor(person)];
        const callbacks: { browser: Visitor; callback: URL }[] = [];
        for (const browser of browsers)
          callbacks.push({ browser, callback: await browser.authorize((await browser.startSignIn()).url) });
        await arriveTogether(callbacks);
        const sessions: { where: string; ids: Ids }[] = [];
        for (const [at, browser] of browsers.entries())
          if (await browser.session())
            sessions.push({ where: at === 0 ? 'in one browser' : 'in the other', ids: await idsIn(browser) });
        if (sessions.length === browsers.length) twice += 1;
        sessions.push({ where: 'at the next sign-in', ids: await signedIn(await visitor(person)) });
        const different = differing(members, sessions);
        demand(
          !different,
          () =>
            `Made two accounts of one new person whose two callbacks came at the same moment: ${different}.`,
        );
      }
      return twice;
    },
    (twice) =>
      `New people who came twice at the same moment: ${people}; ${twice} of them were signed in in both browsers, and each has one id.`,
  );
}
