/** Things that a member has made, asked for by nobody and by another member who know their ids. */

import { test } from '@playwright/test';
import { demand } from '../../errors.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { endAs } from '../not-judged.ts';
import { noneKnown } from '../paths-known.ts';
import { readByOthers } from './calls-of-others.ts';
import { writeInto } from './changed-within.ts';
import { keptByMaker } from './kept-by-maker.ts';
import {
  addressOfNone,
  canMake,
  isGuessable,
  type OwnThing,
  ownThings,
  tellsSame,
} from './own-collections.ts';
import { toldBySearch } from './told-by-search.ts';
import { findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const NONE =
  'no list and no call of a procedure is known in which a member makes something that another is not shown, or that they keep private';

/**
 * What the first has made, and no list shows to the other, asked for at its own address. What nobody can guess is for whoever has
 * its address; of what strangers are shown as well, nobody but the app knows whether that is meant.
 *
 * @returns what was refused, and addresses that opened to everybody
 */
async function refusedAt(
  things: readonly OwnThing[],
  { other, nobody }: { other: Visitor; nobody: Visitor },
): Promise<{ shut: OwnThing[]; open: string[] }> {
  const shut: OwnThing[] = [];
  const told: OwnThing[] = [];
  const open: string[] = [];
  for (const thing of things) {
    if (!thing.first) continue;
    const theirs = await other.get(thing.path);
    const none = await other.get(addressOfNone(thing));
    if (!tellsSame(theirs, thing, none)) shut.push(thing);
    else if (!isGuessable(thing)) told.push(thing);
    else {
      demand(
        tellsSame(await nobody.get(thing.path), thing, none),
        `Showed another member what belongs to a member: ${thing.path} holds what the first has made, which ${thing.list} shows to its member alone.`,
      );
      open.push(thing.path);
    }
  }
  // Whoever has the address of a thing may be meant to read it, but not at one address of it and at the other not.
  for (const thing of told) {
    const refused = shut.find(({ mark, list }) => mark === thing.mark && list === thing.list);
    if (!refused || tellsSame(await nobody.get(thing.path), thing)) continue;
    demand(
      false,
      `Showed another member what belongs to a member: ${thing.path} holds what the first has made, which that one is refused at ${refused.path}.`,
    );
  }
  return { shut, open };
}

/** The body of `doors/read-by-others`. */
export async function readByNobodyElse(body: Body): Promise<void> {
  const { visitor, step, notApplicable, lab } = body;
  const { calls } = lab.routes ?? {};
  if (lab.live) return notApplicable(NONE);
  const survey = await findDoors(body);
  if (!calls && !canMake(survey, lab)) return noneKnown(lab, notApplicable, NONE);
  const [first, other, nobody] = [await newMember(body), await newMember(body), await visitor()];
  const { judged, open } = await step(
    'approach',
    async () => {
      const called = calls
        ? await readByOthers({ calls, lab, pages: survey.pages, first, other, nobody })
        : 0;
      // Who has made little is shown all of it.
      const kept = await keptByMaker({ first, other, nobody }, survey, lab);
      const things = await ownThings({ first, other }, survey, lab);
      const { shut, open } = await refusedAt(things, { other, nobody });
      for (const thing of shut.slice(0, 2))
        if (/^\s*</.test(thing.first?.text ?? '')) await writeInto(thing, first, thing.word, { survey, lab });
      const told = await toldBySearch(shut, other, lab);
      demand(
        !told,
        `Showed another member what belongs to a member: ${told}, which the first has made and that one is refused.`,
      );
      return { judged: called + shut.length + kept, open };
    },
    ({ judged: count }) => `Refused, at ${count} places, what a member had made.`,
  );
  if (open.length > 0)
    endAs(
      test.info(),
      'not judged',
      `${open.join(', ')} shows strangers what a member has made, where the list of it shows that to its member alone: whether it is for everybody who counts up the id, only the app knows`,
    );
  if (judged === 0) noneKnown(lab, notApplicable, NONE);
}
