/** Finds the doors of an app: once for each worker, as a member and as a stranger. */

import type { Exchange } from '../../../mocks/journal.ts';
import type { Person } from '../../../mocks/people.ts';
import { isClosedForWork, isLimited, isLimitOfForm } from '../../../reports/app-limits.ts';
import { demand } from '../../errors.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';
import { learnedNothingBefore } from '../turned-away.ts';
import { kindOf } from './addresses-of-people.ts';
import { knownIds, plainQueries, queriesWithIds } from './calls.ts';
import {
  type Candidate,
  candidatesOf,
  idsIn,
  linkedThings,
  linksIn,
  spokenRoutes,
  withIds,
} from './crawl.ts';
import { crossedBy, swapsOf } from './crossed.ts';
import type { Door, Grounds } from './door.ts';
import { doorAt } from './door-at.ts';
import { asksFromElsewhere } from './elsewhere.ts';
import { groundsOf, ownIdsIn } from './grounds.ts';
import { isData, readingOf } from './judge.ts';
import { openByLink } from './links-by-key.ts';
import { hiddenIn, isPublic, personalOf, refuses } from './marks.ts';
import { addressFor, ownTexts } from './own-address.ts';
import { ownFirst } from './own-first.ts';
import { isPostedPlace } from './posted.ts';
import { publicFilesOf } from './public-files.ts';
import { searchesIn, wordsBeside } from './searches.ts';
import { seenByOthers } from './seen-by-others.ts';
import {
  inTurns,
  isGood,
  isHtml,
  isScript,
  type Needs,
  newMember,
  publicAnswers,
  seenByNewcomers,
  walkAround,
} from './walk-around.ts';

export interface Survey {
  doors: Door[];
  grounds: Grounds;
  /** What is unique to the member. */
  personal: IssuedIndex;
  /** Paths that were asked for. */
  asked: number;
  /** Bodies that the member saw, by path. */
  pages: Map<string, string>;
  /** Paths that answer strangers as they answer members. */
  openPaths: { path: string; isPage: boolean }[];
  /** Paths that are declared to show members the data of each other. */
  directories: readonly string[];
  /** Kinds of addresses at which each member has a page that names them to others: `/u/`. */
  profiles: string[];
  /** Pages that strangers saw. */
  publicPages: string[];
  /** What pages show to members, and hold for strangers where only scripts read it. */
  hidden: { path: string; text: string }[];
  /** Paths that are there, and refuse a plain member. */
  shut: string[];
  /** Another member, with cookies at the app. */
  other: { person: Person; cookies: { key: string; value: string }[] };
  /** What requests of approaches have said so far: an app may keep it, and show it again. */
  claimed: string[];
}

/** Doors are asked for: what is posted is none, and is looked at by the checks of what others may read. */
const asked = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter(({ path }) => !isPostedPlace(path));

/** Ids of a member: Logto's, and those of the app's own table. */
const idsOf = async (member: Visitor): Promise<string[]> => {
  const userId = member.person.userId ?? '';
  return [userId, ...ownIdsIn(await member.session(), userId)];
};

/**
 * Looks for doors.
 *
 * @throws ConformanceFailure when the member does not get in
 */
async function survey({ lab, visitor, somebody }: Needs): Promise<Survey> {
  const member = await newMember({ visitor, somebody, lab });
  const personal = personalOf(member.person);
  const shut = new Set<string>();
  const ids = await idsOf(member);
  const candidates = [...candidatesOf(lab, ids), ...asked(plainQueries(lab))];
  const seen = await walkAround(member, lab, candidates, shut);
  const isOwn = (text: string) => issuedIn(text, personal).length > 0;
  const things = new Map([...seen].map(([path, { first }]) => [path, idsIn(ownFirst(first.text, isOwn))]));
  const texts = [...seen.values()].map(({ first }) => first.text);
  const routes = spokenRoutes(lab);
  const links = [...seen].flatMap(([page, { first }]) =>
    isHtml(first) ? linksIn(first.text, first.url).map((path) => ({ path, page })) : [],
  );
  const behind = [
    ...linkedThings(lab, links, routes),
    ...withIds(lab, things, routes),
    ...searchesIn(lab, routes, wordsBeside(member.person.name ?? '', texts)),
    ...asked(
      queriesWithIds(
        lab,
        knownIds(
          [...seen].map(([path, { first }]) => [path, first.text] as const),
          [...ids].reverse(),
          lab.routes?.calls?.endpoint,
        ),
      ),
    ),
  ];
  for (const [path, more] of await walkAround(member, lab, behind, shut))
    if (!seen.has(path)) seen.set(path, more);
  const other = await newMember({ visitor, somebody, lab });
  const stranger = await visitor();
  const general = await publicAnswers(stranger, lab);
  const answers = new Map<string, { again: Answer; refused: Answer }>();
  /** What the other member gets at the same paths. */
  const theirs = new Map<string, Answer>();
  const counterparts = new Map<string, string>();
  const otherIds = await idsOf(other);
  await inTurns([...seen.keys()], async (path) => {
    const [again, refused] = [await member.get(path), await stranger.get(path)];
    answers.set(path, { again, refused });
    const counterpart = ids
      .map((id, at) => addressFor(path, id, otherIds[at] ?? ''))
      .find((each) => each !== undefined);
    if (counterpart) counterparts.set(path, (await other.get(counterpart)).text);
  });
  const isOpen = ({ refused }: { refused: Answer }) =>
    isGood(refused) && !refuses(refused) && isHtml(refused);
  const { byLink, resigned } = await openByLink(
    { seen, links, personal, refusedAt: (path) => answers.get(path)?.refused },
    other,
    stranger,
  );
  for (const { path, refused, ...more } of resigned) {
    seen.set(path, more);
    answers.set(path, { again: more.first, refused });
  }
  const openPages = [...answers].filter(([, answer]) => isOpen(answer)).map(([path]) => path);
  general.push(...(await seenByNewcomers(openPages, visitor)));
  await inTurns(counterparts.size ? [...seen.keys()] : [], async (path) => {
    theirs.set(path, await other.get(path));
  });
  const forAll = [...theirs].flatMap(([path, { text }]) => (counterparts.has(path) ? [] : [text]));
  const refusals = new Map([...answers].map(([path, { refused }]) => [path, readingOf(refused)]));
  const strangers = [...general, ...refusals.values()];
  const publicPages = [...seen].filter(([path, { first }]) => {
    const { refused } = answers.get(path) as { refused: Answer };
    return isGood(refused) && !refuses(refused) && isHtml(first) && isPublic(first.text, refused.text);
  });
  const scripts: string[] = [];
  const publicTexts = [...general, ...publicPages.map(([path]) => answers.get(path)?.refused.text ?? '')];
  await inTurns(publicFilesOf(publicTexts, lab), async (path) => {
    const answer = await stranger.get(path).catch(() => undefined);
    if (answer && isScript(answer)) scripts.push(answer.text);
  });
  // What a public page shows to members as well is no secret of a door.
  const known = [...general, ...publicPages.map(([, { first }]) => first.text)];
  const found = [...seen].flatMap(([path, { source, first }]): Door[] => {
    if (byLink.has(path)) return [];
    const { again, refused } = answers.get(path) as { again: Answer; refused: Answer };
    const others = [...refusals].flatMap(([each, body]) => (each === path ? [] : [body]));
    const counterpart = counterparts.get(path);
    const mine =
      counterpart === undefined
        ? []
        : ownTexts([first.text, again.text], [counterpart, ...forAll, ...general]);
    const own = refusals.get(path) ?? '';
    const markup = lab.routes?.markup;
    const door = doorAt(
      { path, source, first, again, refused },
      { own, others, known, mine, markup, personal },
    );
    return door ? [door] : [];
  });
  const hidden = [...seen].flatMap(([path, { first }]) => {
    const { again, refused } = answers.get(path) as { again: Answer; refused: Answer };
    if (!isHtml(first) || !isGood(refused)) return [];
    const others = [...general, ...[...refusals].flatMap(([each, body]) => (each === path ? [] : [body]))];
    const options = { markup: lab.routes?.markup ?? [], path };
    return hiddenIn([first.text, again.text], refused.text, others, options).map((text) => ({ path, text }));
  });
  await seenByOthers(found, {
    personal,
    other,
    stranger,
    newMember: () => newMember({ visitor, somebody, lab }),
    pages: new Map([...seen].map(([path, { first }]) => [path, first.text])),
    publicPages: publicTexts,
    declared: lab.config.pages,
    forEach: inTurns,
    look: async (door) => {
      const answer = theirs.get(door.path) ?? (await other.get(door.path));
      const [first, again] = [seen.get(door.path)?.first, answers.get(door.path)?.again];
      if (first && again && isData(first) && first.text === again.text && first.text !== answer.text)
        door.data = first.text;
      if (!door.own && first && again)
        door.own = ownTexts([first.text, again.text], [answer.text, ...general]);
      return answer;
    },
  });
  const swaps = await swapsOf(things, other);
  for (const door of found) {
    const crossed = crossedBy(door.path, swaps);
    if (crossed) door.crossed = crossed;
  }
  const keepsNothing = ({ listsPeople, open, texts, leaked, path }: Door) =>
    listsPeople === 'to everybody' &&
    !open &&
    texts.length + leaked.length === 0 &&
    !refuses(answers.get(path)?.refused as Answer);
  const doors = found.filter((door) => !keepsNothing(door));
  const byData = [...doors].sort((one, next) => Number(one.isPage) - Number(next.isPage));
  await inTurns(asksFromElsewhere(byData, lab), ({ path, headers }) => member.get(path, { headers }));
  const isDoor = new Set(doors.map(({ path }) => path));
  const openPaths = [...answers].flatMap(([path, { refused }]) =>
    isGood(refused) && !refuses(refused) && !isDoor.has(path) ? [{ path, isPage: isHtml(refused) }] : [],
  );
  const pages = new Map(
    [...seen].flatMap(([path, { first }]) => (byLink.has(path) ? [] : [[path, first.text] as const])),
  );
  return {
    doors,
    grounds: await groundsOf(member, lab, pages.values(), scripts),
    personal,
    asked: seen.size,
    pages,
    openPaths,
    directories: lab.config.pages.directories,
    profiles: found.flatMap(({ path, isProfile }) => (isProfile ? [kindOf(path)] : [])),
    publicPages: strangers,
    hidden,
    shut: [...shut],
    other: { person: other.person, cookies: await other.agent.cookies(lab.app.origin) },
    claimed: [],
  };
}

let done: { control: string; at: number; survey: Promise<Survey> } | undefined;

/**
 * The doors of the app; found by the first check of a worker that asks. One that failed, or that the app did not answer
 * because it was asked too often, tells others nothing: the next check looks itself.
 */
export function surveyOf(needs: Needs): Promise<Survey> {
  const { control } = needs.lab;
  // What was seen while the address was turned away, or by an app that has crashed since, is nothing.
  if (done?.control === control && done.at > learnedNothingBefore()) return done.survey;
  const visitors: Visitor[] = [];
  const visitor: Needs['visitor'] = async (...who) => {
    const one = await needs.visitor(...who);
    visitors.push(one);
    return one;
  };
  const mine = { control, at: Date.now(), survey: survey({ ...needs, visitor }) };
  done = mine;
  const forget = () => {
    if (done === mine) done = undefined;
  };
  mine.survey.then(() => {
    const sent = visitors.flatMap(({ agent }) => agent.exchanges);
    const says = (exchange: Exchange) => isClosedForWork(exchange, sent) || isLimitOfForm(exchange, sent);
    if (sent.some((exchange) => isLimited(exchange) && !says(exchange))) forget();
  }, forget);
  return mine.survey;
}

/** "/protected (pages.protected), /orders (a link on /)" */
export const doorsTold = (doors: readonly Door[]): string =>
  doors.map(({ path, source }) => `${path} (${source})`).join(', ');

export const demandDoors = (doors: readonly Door[]): void =>
  demand(doors.length > 0, 'Has no path that shows a member what a stranger does not get.');
