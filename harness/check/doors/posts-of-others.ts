/** Posts about what belongs to the first member, sent by another: tickets, copies, lists of ids. */
import { setTimeout as sleep } from 'node:timers/promises';
import { demand } from '../../errors.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { noneKnown } from '../paths-known.ts';
import { NO_THINGS, thingsOf } from './changed-by-others.ts';
import { type Candidate, idsIn, isDynamic, mayBeDoor, spokenRoutes, withIds } from './crawl.ts';
import { linksInData } from './data-links.ts';
import type { Ask } from './door.ts';
import { forgeryHeaders } from './forgery-tokens.ts';
import { keepsOut } from './gives-nothing.ts';
import { recordIdsIn } from './grounds.ts';
import { saidIn, shownIn } from './judge.ts';
import { makeByForms } from './made-by-member.ts';
import { personalOf } from './marks.ts';
import { REACHES_OUT } from './reaches-out.ts';
import { send } from './send.ts';
import type { Survey } from './survey.ts';
import { idsOf } from './things-made.ts';
import { askedHow, findDoors } from './try-approach.ts';
import { newMember } from './walk-around.ts';

type Body = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable'> & Pick<LabFixtures, 'lab'>;

const POSTS_MAX = 16;
/** What names somebody. */
const NAMES = ['id', 'userId', 'user_id', 'user', 'memberId', 'accountId', 'targetId', 'as'];

/**
 * What is posted: to each path that takes posts and has parameters, filled with ids of the first; to all others those ids as data,
 * one by one and as a list.
 */
export function postsAbout(
  posts: readonly Candidate[],
  ids: ReadonlyMap<string, readonly string[]>,
  lab: Body['lab'],
): Ask[] {
  const known = [...new Set([...ids.values()].flat())];
  const filled = withIds(lab, ids, posts).map(({ path }): Ask => ({ path, method: 'POST', json: {} }));
  const plain = posts
    .filter(({ path }) => !isDynamic(path) && mayBeDoor(path, lab) && !REACHES_OUT.test(path))
    .map(({ path }): Ask => ({ path, method: 'POST', json: { id: known[0], ids: known } }));
  return [...filled, ...plain].filter(({ path }) => !LEFT_ALONE.test(path)).slice(0, POSTS_MAX);
}

/** How often the member who made something looks whether it is there: exports are made meanwhile. */
const LOOKS = 4;
const LOOK_MS = 250;
const MADE_MAX = 6;
const SAID_TO_NOBODY = /phone number|email address/;

/** Paths that the other member asks for to learn what is not private. */
const OPEN_MAX = 40;

/**
 * Ids that another member is shown anyway, in a list or feed of theirs, or by the path of the thing itself: a post that everybody
 * reads is no secret of whoever wrote it.
 */
async function knownToOther(
  other: Visitor,
  ids: ReadonlyMap<string, readonly string[]>,
  { pages }: Pick<Survey, 'pages'>,
  lab: Body['lab'],
): Promise<Set<string>> {
  const open = new Set<string>();
  for (const path of pages.keys()) {
    const answer = await other.get(path);
    if (!keepsOut(answer)) for (const id of idsIn(answer.text)) open.add(id);
  }
  const all = new Set([...ids.values()].flat());
  const paths = withIds(lab, ids, spokenRoutes(lab)).filter(({ path }) => !LEFT_ALONE.test(path));
  for (const { path } of paths.slice(0, OPEN_MAX)) {
    const named = path.split(/[/?=&]/).filter((part) => all.has(part));
    if (named.every((id) => open.has(id))) continue;
    const answer = await other.get(path);
    if (answer.status === 200 && !keepsOut(answer)) for (const id of named) open.add(id);
  }
  return open;
}

/**
 * What the first member makes by posts (an export, a report), asked for by another where it is found.
 *
 * @returns in words what that one is shown
 */
async function madeByFirst(
  { first, other }: { first: Visitor; other: Visitor },
  posts: readonly Candidate[],
  { pages }: Pick<Survey, 'pages'>,
  lab: Body['lab'],
): Promise<string | undefined> {
  const personal = personalOf(first.person);
  const headers = await forgeryHeaders(first, pages, lab);
  const paths = posts.filter(
    ({ path }) =>
      !isDynamic(path) && mayBeDoor(path, lab) && !LEFT_ALONE.test(path) && !REACHES_OUT.test(path),
  );
  for (const { path } of paths.slice(0, MADE_MAX)) {
    const made = await send(first, lab.app.origin, { path, method: 'POST', json: {}, headers });
    const place = made?.location?.origin === lab.app.origin ? made.location.pathname : undefined;
    const header = typeof made?.headers.location === 'string' ? made.headers.location : undefined;
    const where = place ?? (header?.startsWith('/') ? header : undefined);
    if (!made || made.status >= 400 || !where || !mayBeDoor(where, lab)) continue;
    let told: string[] = [];
    for (let look = 0; look < LOOKS && told.length === 0; look += 1) {
      if (look > 0) await sleep(LOOK_MS);
      const answer = await first.get(where);
      told = answer.status === 200 ? shownIn(answer, { texts: [] }, { personal, said: where }) : [];
    }
    if (told.length === 0) continue;
    const shown = shownIn(await other.get(where), { texts: [] }, { personal, said: where });
    // What is made for others to read names who made it, and says no more of them.
    if (shown.some((each) => SAID_TO_NOBODY.test(each)))
      return `Showed another member what the first had made by POST ${path}: ${where} holds ${shown.join(', ')}.`;
  }
  return undefined;
}

/** Where a member looks who they are, after each post. */
const LOOKS_MAX = 8;

/**
 * Has another member post, to each path that takes posts, who the first is, as an administration does that looks at an app as
 * somebody else: what they are shown of themselves stays their own.
 *
 * @returns in words what they are shown of the first
 */
async function becomesFirst(
  {
    first,
    other,
    own,
    personal,
    looks,
    headers,
  }: {
    first: Visitor;
    other: Visitor;
    own: readonly string[];
    personal: ReturnType<typeof personalOf>;
    looks: readonly string[];
    headers: Record<string, string>;
  },
  posts: readonly Candidate[],
  lab: Body['lab'],
): Promise<string | undefined> {
  const [id] = own;
  if (id === undefined) return undefined;
  const numbers = new Map<string, string | number>();
  for (const path of looks)
    for (const [name, value] of recordIdsIn((await first.get(path)).text, personal)) numbers.set(name, value);
  const themselves = personalOf(other.person);
  const tells = async (path: string) => {
    const answer = await other.get(path);
    const said = `${path}\n${own.join('\n')}`;
    return {
      first: shownIn(answer, { texts: [] }, { personal, said }),
      own: shownIn(answer, { texts: [] }, { personal: themselves, said: path }),
    };
  };
  // Where somebody is shown who they are, and nobody else. A list of people tells nothing of that, and a page that names the first
  // beside them (whom they follow since) has not taken them for that one.
  const mirrors: string[] = [];
  for (const path of looks) {
    const { first, own: mine } = await tells(path);
    if (first.length === 0 && mine.length > 0) mirrors.push(path);
  }
  const plain = posts.filter(
    ({ path }) =>
      !isDynamic(path) && mayBeDoor(path, lab) && !REACHES_OUT.test(path) && !LEFT_ALONE.test(path),
  );
  for (const { path } of plain.slice(0, POSTS_MAX)) {
    const json = { ...Object.fromEntries(NAMES.map((name) => [name, id])), ...Object.fromEntries(numbers) };
    const answer = await send(other, lab.app.origin, { path, method: 'POST', json, headers });
    if (!answer || answer.status >= 400) continue;
    for (const place of mirrors) {
      const { first, own: mine } = await tells(place);
      const [shown] = first;
      if (shown && mine.length === 0)
        return `Let another member be the first: after POST ${path} with the id of that one, ${place} showed ${shown}.`;
    }
  }
  return undefined;
}

/** Another member is told nothing of the first by posts that name what is theirs. */
export async function tellsNothingToPosts(body: Body): Promise<void> {
  const { step, notApplicable, lab } = body;
  const survey = await findDoors(body);
  const posts = lab.routes?.posts ?? [];
  if (posts.length === 0) noneKnown(lab, notApplicable, 'no path is known that takes posts');
  const [first, other] = [await newMember(body), await newMember(body)];
  if (!lab.live) await makeByForms(first, survey, lab);
  const things = await thingsOf(first, other, survey, lab);
  const listed = new Map<string, string[]>();
  for (const [path, seen] of survey.pages) {
    if (!/^\s*[[{]/.test(seen)) continue;
    const answer = await first.get(path);
    const own = idsIn(answer.text);
    if (answer.status < 300 && own.length) listed.set(path, own);
  }
  const open = await knownToOther(other, listed, survey, lab);
  const ids = new Map(
    [...listed].flatMap(([path, all]): [string, string[]][] => {
      const own = all.filter((id) => !open.has(id));
      return own.length ? [[path, own]] : [];
    }),
  );
  const isBare = things.length === 0 || ids.size === 0;
  const own = lab.live ? [] : await idsOf(first);
  const looks = survey.doors.slice(0, LOOKS_MAX).map(({ path }) => path);
  if (isBare && (own.length === 0 || looks.length === 0)) noneKnown(lab, notApplicable, NO_THINGS);
  const { origin } = lab.app;
  const personal = personalOf(first.person);
  await step(
    'approach',
    async () => {
      const made = await madeByFirst({ first, other }, posts, survey, lab);
      demand(!made, made ?? '');
      const headers = await forgeryHeaders(other, survey.pages, lab);
      const named = await becomesFirst({ first, other, own, personal, looks, headers }, posts, lab);
      demand(!named, named ?? '');
      const asks = isBare ? [] : postsAbout(posts, ids, lab);
      for (const ask of asks) {
        const answer = await send(other, origin, { ...ask, headers });
        if (!answer || answer.status >= 400) continue;
        const nothing = { texts: [] };
        // A list of results says again what it was asked for.
        const said = saidIn(ask, survey.grounds.cookie);
        const told = shownIn(answer, nothing, { personal, said });
        demand(
          told.length === 0,
          `Told another member what belongs to the first: ${askedHow(ask)} showed ${told.join(', ')}.`,
        );
        const next = [
          answer.location,
          ...linksInData(answer.text, answer.url).map((link) => new URL(link, origin)),
        ];
        for (const url of next) {
          if (!url || url.origin !== origin || !mayBeDoor(url.pathname, lab)) continue;
          const led = await other.get(url.pathname + url.search);
          const shown = shownIn(led, nothing, { personal, said: `${said}\n${url.pathname}` });
          demand(
            shown.length === 0,
            `Led another member to what belongs to the first: ${askedHow(ask)} answered with an address that showed ${shown.join(', ')}.`,
          );
        }
      }
      return asks.length;
    },
    (count) => `Told nothing, ${count} things posted.`,
  );
}
