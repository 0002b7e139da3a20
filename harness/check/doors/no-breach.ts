/** What looks like a breach and is none: what an app keeps of earlier requests, and feeds that name whoever was there lately. */
import type { Answer } from '../../user-agents/http.ts';
import { grant } from '../../user-agents/pace.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import type { IssuedIndex } from '../issued-in.ts';
import { issuedSoFar } from '../issued-so-far.ts';
import type { Ask, Door } from './door.ts';
import { readingOf, saidIn, shownIn } from './judge.ts';
import { listsAmongOthers, listsPeople } from './lists-people.ts';
import { personalOf } from './marks.ts';
import type { Survey } from './survey.ts';
import { inTurns, newMember } from './walk-around.ts';

/** One breach: how the door was asked for, and what it showed. */
export interface Breach {
  ask: Ask;
  door: Door;
  answer: Answer;
  shown: string[];
}

type Body = Pick<CheckFixtures, 'visitor' | 'somebody'> & Pick<LabFixtures, 'lab'>;

/**
 * What an answer shows beyond what was said before and is shown by the plain request since: the searches of before, the form
 * that was begun. What a request opens, the plain one does not show.
 *
 * @param options.claimed by requests of before, in this check or in another one
 * @param options.plain asks for the door as it is
 */
export async function withoutKept(
  shown: string[],
  { answer, ask, door }: Omit<Breach, 'shown'>,
  {
    grounds,
    personal,
    claimed,
    isMember,
    plain,
  }: Pick<Survey, 'grounds' | 'personal'> & {
    claimed: readonly string[];
    isMember: boolean;
    plain(): Promise<Answer | undefined>;
  },
): Promise<string[]> {
  const read = (each: Pick<Answer, 'status' | 'headers' | 'text'>, more: readonly string[]) =>
    shownIn(each, door, { personal, said: [...more, saidIn(ask, grounds.cookie)].join('\n'), isMember });
  if (shown.length === 0 || claimed.length === 0 || door.open || door.openToMembers) return shown;
  const left = read(answer, claimed);
  if (left.length === shown.length) return shown;
  const now = await plain();
  return now && read(now, []).length > 0 ? left : shown;
}

const isNameAlone = ({ shown }: Pick<Breach, 'shown'>) =>
  shown.some((each) => /^the (?:user)?name of the member$/.test(each)) &&
  shown.every((each) => /^the (?:(?:user)?name|user id) of the member$/.test(each));

const PATHS_MAX = 40;
/** Milliseconds that two people take who open all of them. */
const NEWCOMERS_MS = 15_000;
/** Others are at work meanwhile, and a feed shows the latest alone. */
const TRIES = 2;

/** Whether a door names two people who have just joined, and tells nothing else of them, as feeds and boards do. */
async function listsNewcomers(
  { path }: Pick<Door, 'path'>,
  pages: readonly string[],
  look: (ask: Ask) => Promise<Answer | undefined>,
  needs: Body,
): Promise<boolean> {
  grant(NEWCOMERS_MS);
  const newcomers = [await newMember(needs), await newMember(needs)];
  // Some are listed for what they have opened.
  for (const one of newcomers) await inTurns(pages.slice(0, PATHS_MAX), (each) => one.get(each));
  for (let time = 0; time < TRIES; time += 1) {
    for (const one of newcomers) await one.get(path);
    const answer = await look({ path });
    const both = newcomers.map(({ person }) => personalOf(person));
    if (answer && listsPeople(readingOf(answer), both)) return true;
  }
  return false;
}

/** How often the plain request is made again. */
const AGAIN = 8;

/** Whether a door names other members by turns, whoever asks: the member of the day, a neighbour by chance. */
async function namesByTurns(
  { door, answer }: Breach,
  personal: IssuedIndex,
  look: (ask: Ask) => Promise<Answer | undefined>,
): Promise<boolean> {
  const texts = [readingOf(answer)];
  for (let time = 0; time < AGAIN; time += 1) {
    const plain = await look({ path: door.path });
    if (plain) texts.push(readingOf(plain));
  }
  return listsAmongOthers(texts.join('\n'), personal, issuedSoFar);
}

/**
 * Breaches without those by which nothing but the name of the member is shown, at a door that names others as well.
 *
 * @param look asks as whoever tried the doors
 */
export async function withoutFeeds(
  breaches: readonly Breach[],
  survey: Pick<Survey, 'pages' | 'personal'>,
  look: (ask: Ask) => Promise<Answer | undefined>,
  needs: Body,
): Promise<Breach[]> {
  const names = breaches.filter(isNameAlone);
  const feeds = new Set<Door>();
  for (const { door, answer } of names)
    if (listsAmongOthers(readingOf(answer), survey.personal, issuedSoFar)) feeds.add(door);
  for (const breach of names)
    if (!feeds.has(breach.door) && (await namesByTurns(breach, survey.personal, look)))
      feeds.add(breach.door);
  for (const door of new Set(names.map((breach) => breach.door)))
    if (!feeds.has(door) && (await listsNewcomers(door, [...survey.pages.keys()], look, needs)))
      feeds.add(door);
  return breaches.filter((breach) => !(isNameAlone(breach) && feeds.has(breach.door)));
}

/** Asks as a browser does that is given nothing for good, unless it is the one of a member. */
export const lookAs =
  (
    browser: Pick<Visitor, 'agent'>,
    send: (ask: Ask) => Promise<Answer | undefined>,
    isMember: boolean,
  ): ((ask: Ask) => Promise<Answer | undefined>) =>
  async (ask) => {
    const answer = await send(ask);
    if (!isMember) await browser.agent.jar.removeAllCookies();
    return answer;
  };
