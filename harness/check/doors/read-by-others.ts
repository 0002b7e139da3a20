/** Things that a member has made, asked for by nobody and by another member who know their ids. */

import { test } from '@playwright/test';
import { demand } from '../../errors.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { endAs } from '../not-judged.ts';
import { noneKnown } from '../paths-known.ts';
import { readByOthers } from './calls-of-others.ts';
import { writeInto } from './changed-within.ts';
import { filledWith, isDynamic } from './crawl.ts';
import { demandNotShown, givenThings } from './given-things.ts';
import { isData } from './judge.ts';
import { keptByMaker } from './kept-by-maker.ts';
import {
  addressOfNone,
  canMake,
  isGuessable,
  isOnPage,
  lastOf,
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

/** An address of the thing as such, and none of its settings or its results below that. */
const isItself = ({ path, mark }: OwnThing): boolean => lastOf(path) === lastOf(mark);

const PAGES_MAX = 12;

/** Whether another page of the app shows the other the thing: a vote that its maker alone manages. */
async function isShared({ mark, word }: OwnThing, other: Visitor, lab: Body['lab']): Promise<boolean> {
  const pages = (lab.routes?.paths ?? []).filter(({ path }) => isDynamic(path) && !/\/api\//.test(path));
  for (const { path } of pages.slice(0, PAGES_MAX))
    if ((await other.get(filledWith(path, lastOf(mark)))).text.includes(word)) return true;
  return false;
}

/**
 * What the first has made, and no list shows to the other, asked for at its own address. What nobody can guess is for whoever has
 * its address; of what strangers are shown as well, nobody but the app knows whether that is meant.
 *
 * @returns what was refused wherever it stands, how many addresses refused something, and those that opened to everybody
 */
async function refusedAt(
  things: readonly OwnThing[],
  { other, nobody, lab }: { other: Visitor; nobody: Visitor; lab: Body['lab'] },
): Promise<{ shut: OwnThing[]; refused: number; open: string[] }> {
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
  // Whoever has the address of a thing may be meant to read it, but not by the API alone when every page of it refuses them.
  for (const thing of told.filter((each) => isItself(each) && each.first && isData(each.first))) {
    const refused = shut.find(
      (each) => isItself(each) && each.mark === thing.mark && each.first && !isData(each.first),
    );
    if (!refused || tellsSame(await nobody.get(thing.path), thing)) continue;
    demand(
      await isShared(thing, other, lab),
      `Showed another member what belongs to a member: ${thing.path} holds what the first has made, which that one is refused at ${refused.path}.`,
    );
  }
  // What the config says of a list, and what another address does with the same thing, say of its page what is meant.
  for (const path of open) {
    const guarded = lab.config.pages.protected.find((each) => path.startsWith(`${each}/`));
    const refused = shut.find((each) => isItself(each) && each.first && lastOf(each.mark) === lastOf(path));
    demand(
      !guarded || !refused,
      `Showed somebody without a session what belongs to a member: ${path} holds what the first has made, below ${guarded}, which needs a session as declared; another member is refused it at ${refused?.path}.`,
    );
  }
  const isTold = ({ mark }: OwnThing) =>
    told.some((each) => each.mark === mark) || open.some((path) => lastOf(path) === lastOf(mark));
  return { shut: shut.filter((thing) => isItself(thing) && !isTold(thing)), refused: shut.length, open };
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
      const { shut, refused, open } = await refusedAt(things, { other, nobody, lab });
      for (const thing of shut.slice(0, 2))
        if (isOnPage(thing)) await writeInto(thing, first, thing.word, { survey, lab });
      const told = await toldBySearch(shut, other, lab);
      demand(
        !told,
        `Showed another member what belongs to a member: ${told}, which the first has made and that one is refused.`,
      );
      const given = await givenThings({ first, other }, survey, lab);
      const shown = await demandNotShown(given, { first, other, nobody }, lab);
      return { judged: called + refused + kept + shown, open };
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
