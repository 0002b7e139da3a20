/** What pages of members say by their WebSockets, and how somebody else says it who was given nothing. */
import type { LabDescription } from '../../lab/lab-description.ts';
import { exceed, grant } from '../../user-agents/pace.ts';
import { openBrowser, type Watched } from '../../visitor/open-browser.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { type IssuedIndex, issuedIn } from '../issued-in.ts';

const PAGES_MAX = 3;
const FRAMES_MAX = 20;
/** Milliseconds without a turn after which a page has said what it says by itself, and until which it has. */
const QUIET_MS = 500;
const TALK_MS = 3_000;

/** A WebSocket as a page of a member opened it. */
export interface Talk {
  /** Path and query. */
  path: string;
  says: string[];
  told: string[];
}

/** How a WebSocket is opened, and what is said by it. */
export interface Opening {
  path: string;
  says: string[];
  /** It names the member whose page it was: whoever knows them can say so, and is told nothing by that alone. */
  claims?: boolean;
}

/** Socket.IO begins by polling, whose id is of no use to others, and says the first things by it (socket.io, Protocol v5). */
const isOfEngine = ({ searchParams }: URL) => searchParams.has('EIO');
/** What it says itself. */
const OF_ENGINE = /^(?:2(?:probe)?|3(?:probe)?|5|40)$/;
/** Between what is said in one body. */
const PART = '\u001e';

/** Opens pages of a member in Chromium, and writes down their talk with the app by WebSockets. */
export async function talksOf(
  member: Visitor,
  paths: readonly string[],
  { lab, scope, evidence }: { lab: LabDescription; scope: string } & Pick<Watched, 'evidence'>,
): Promise<Talk[]> {
  const { origin } = lab.app;
  grant(PAGES_MAX * TALK_MS);
  const { context, within, close } = await openBrowser(lab, scope, { evidence, person: member.person });
  const talks: Talk[] = [];
  try {
    const cookies = await member.agent.cookies(origin);
    await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: `${origin}/` })));
    const page = await context.newPage();
    // What a socket is told again and again is no turn.
    let turns = 0;
    const isOwn = ({ host }: URL) => host === new URL(origin).host;
    const talkAt = (url: URL): Talk => {
      const path = isOfEngine(url) ? `${url.pathname}?EIO=4&transport=websocket` : url.pathname + url.search;
      const known = isOfEngine(url) ? talks.find((talk) => talk.path === path) : undefined;
      const talk = known ?? { path, says: [], told: [] };
      if (!known) talks.push(talk);
      turns += 1;
      return talk;
    };
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (!isOwn(url) || !isOfEngine(url) || request.method() !== 'POST') return;
      talkAt(url).says.push(...(request.postData() ?? '').split(PART).filter(Boolean));
    });
    page.on('response', (response) => {
      const url = new URL(response.url());
      if (!isOwn(url) || !isOfEngine(url) || response.request().method() !== 'GET') return;
      const { told } = talkAt(url);
      void response.text().then(
        (text) => told.push(...text.split(PART)),
        () => undefined,
      );
    });
    page.on('websocket', (socket) => {
      const url = new URL(socket.url().replace(/^ws/, 'http'));
      if (!isOwn(url)) return;
      const talk = talkAt(url);
      const note =
        (list: string[]) =>
        ({ payload }: { payload: string | Buffer }) => {
          if (list === talk.says || list.length === 0) turns += 1;
          if (typeof payload === 'string' && list.length < FRAMES_MAX) list.push(payload);
        };
      socket.on('framesent', note(talk.says));
      socket.on('framereceived', note(talk.told));
    });
    for (const path of paths.slice(0, PAGES_MAX)) {
      // A page with a stream of events never comes to rest.
      await page.goto(new URL(path, origin).href, { waitUntil: 'load' }).catch(exceed);
      const end = Date.now() + within(TALK_MS);
      for (let before = -1; before < turns && Date.now() < end; ) {
        before = turns;
        await page.waitForTimeout(within(QUIET_MS));
      }
    }
    return talks;
  } finally {
    await close();
  }
}

const MADE_UP = 'conformance';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One value as a guest says it: what both members say, what is known of the first, and else something made up. */
function guessed(mine: unknown, theirs: unknown, personal: IssuedIndex, note: () => void): unknown {
  if (JSON.stringify(mine) === JSON.stringify(theirs)) return mine;
  if (typeof mine === 'object' && mine !== null) {
    const other = (typeof theirs === 'object' && theirs !== null ? theirs : {}) as Record<string, unknown>;
    if (Array.isArray(mine)) return mine.map((each, at) => guessed(each, other[at], personal, note));
    return Object.fromEntries(
      Object.entries(mine).map(([name, each]) => [name, guessed(each, other[name], personal, note)]),
    );
  }
  if (typeof mine === 'string' && issuedIn(mine, personal).some(({ value }) => mine.endsWith(value))) {
    note();
    return mine;
  }
  return typeof mine === 'number' ? 0 : MADE_UP;
}

/**
 * How somebody can open a member's WebSocket, and what they can say by it, who was given nothing: ids and addresses of people are
 * no secrets, but tickets and tokens are.
 *
 * @param mine of the member
 * @param theirs of another member, at the same place; what differs there, and is nothing personal, was given to the member alone
 * @returns undefined where a part of the path itself was given to the member alone
 */
export function openingOf(mine: Talk, theirs: Talk | undefined, personal: IssuedIndex): Opening | undefined {
  let claims = false;
  const note = () => {
    claims = true;
  };
  const own = new URL(mine.path, 'http://app');
  const other = new URL((theirs ?? mine).path, 'http://app');
  const parts = other.pathname.split('/');
  for (const [at, part] of own.pathname.split('/').entries()) {
    if (part === parts[at]) continue;
    if (issuedIn(part, personal).length === 0) return undefined;
    note();
  }
  const query = new URLSearchParams();
  for (const [name, value] of own.searchParams)
    query.set(name, String(guessed(value, other.searchParams.get(name), personal, note)));
  const [said, answers] = [mine, theirs ?? mine].map(({ says }) =>
    says.filter((each) => !isOfEngine(own) || !OF_ENGINE.test(each)),
  ) as [string[], string[]];
  const says = said.flatMap((frame, at) => {
    const answer = answers[at];
    if (frame === answer) return [frame];
    const [one, next] = [parsed(frame), parsed(answer ?? '')];
    const isData = typeof one === 'object' && one !== null;
    return isData ? [JSON.stringify(guessed(one, next, personal, note))] : [];
  });
  return {
    path: `${own.pathname}${query.size ? `?${query}` : ''}`,
    says: isOfEngine(own) ? ['40', ...says] : says,
    ...(claims ? { claims } : {}),
  };
}

const CLAIMS = ['user', 'userId', 'user_id', 'uid', 'id', 'member'];
const TOKENS = ['token', 'access_token', 'ticket', 'auth', 'jwt'];

const withQuery = ({ path, ...opening }: Opening, more: Record<string, string>): Opening => {
  const [bare = '', query = ''] = path.split('?');
  return {
    ...opening,
    path: `${bare}?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query)), ...more })}`,
  };
};

/**
 * All ways in which a stranger opens it: as the page does; without what was made up in it; naming the member; with a token that
 * nobody has given out.
 *
 * @param names parameters of addresses that the sources of the app read
 */
export function openingsOf(
  opening: Opening,
  { id, email }: { id: string; email: string },
  names: readonly string[] = [],
): Opening[] {
  const named = [...new Set([...CLAIMS, ...names.filter((name) => !TOKENS.includes(name))])].slice(0, 20);
  const said = (value: string) => Object.fromEntries(named.map((name) => [name, value]));
  const plain = opening.says.filter((frame) => !frame.includes(`"${MADE_UP}"`));
  return [
    opening,
    ...(plain.length < opening.says.length ? [{ ...opening, says: plain }] : []),
    ...[id, email].filter(Boolean).map((value) => ({ ...withQuery(opening, said(value)), claims: true })),
    withQuery(opening, Object.fromEntries(TOKENS.map((name) => [name, MADE_UP]))),
  ];
}
