/** How the app is walked through before its doors are told: as a member, as a stranger, and as somebody who was never there. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import { demandSession } from '../../visitor/arrival.ts';
import type { Surroundings } from '../../visitor/surroundings.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { ledTo } from './aliases.ts';
import { type Candidate, linksIn, mayBeDoor } from './crawl.ts';
import { linksInData } from './data-links.ts';
import { isData, readingOf } from './judge.ts';

export type Needs = Pick<Surroundings, 'lab' | 'visitor' | 'somebody'>;

const PATHS_MAX = 80;
/** Links of members' pages are followed beyond that, at each depth. */
const MORE_LINKS = 15;
const DEPTH_MAX = 2;
const REDIRECTS_MAX = 3;
const AT_ONCE = 4;

export const isHtml = ({ headers }: Answer) => String(headers['content-type'] ?? '').includes('html');
export const isScript = ({ headers, status }: Answer) =>
  status === 200 && /javascript/.test(String(headers['content-type'] ?? ''));
export const isGood = ({ status }: Answer) => status >= 200 && status < 300;
const pathOf = ({ url }: Answer) => url.pathname + url.search;

/** Does something for every item, some at once. */
export async function inTurns<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

let people = 0;

/** Somebody whose name, e-mail address and picture nobody else has. */
const unique = (): { name: string; email: string; picture: string; signedIn: true } => {
  people += 1;
  const word = `Ottilie${process.pid}x${people}q${Math.random().toString(36).slice(2, 6)}`;
  return {
    name: word,
    email: `${word.toLowerCase()}@people.example`,
    picture: `https://images.example/${word.toLowerCase()}.png`,
    signedIn: true,
  };
};

/** The browser of somebody whose name and address nobody else has. */
async function ofSomebody({ visitor, somebody, lab }: Needs): Promise<Visitor> {
  // At a real tenant people are who they are, unless accounts can be made.
  const isGiven = lab.live && !lab.live.abilities.includes('profiles');
  return visitor(await somebody(isGiven ? { signedIn: true } : unique()));
}

/** A new member, signed in, in a browser of their own. */
export async function newMember(needs: Needs): Promise<Visitor> {
  const member = await ofSomebody(needs);
  demandSession(await member.signIn());
  return member;
}

/** A new member whose session no request has brought along yet: the app may remember those that it has looked up. */
export async function unseenMember(needs: Needs): Promise<Visitor> {
  const member = await ofSomebody(needs);
  const { url } = await member.startSignIn();
  await member.agent.hop(await member.authorize(url));
  return member;
}

/** Asks as the member, along redirects within the app. */
async function openAs(
  member: Visitor,
  { path, source }: Candidate,
  lab: LabDescription,
  shut: Set<string>,
): Promise<Answer | undefined> {
  let answer = await member.get(path);
  for (let hops = 0; answer.location && hops < REDIRECTS_MAX; hops += 1) {
    const { origin, pathname, search } = answer.location;
    if (origin !== lab.app.origin || !mayBeDoor(pathname + search, lab)) return undefined;
    answer = await member.get(pathname + search);
  }
  // What its sources name is there: some apps tell nobody of an administration who may not see it.
  const isHidden =
    answer.status === 404 &&
    lab.routes?.paths.some((route) => route.path === path && route.source === source);
  if (answer.status === 401 || answer.status === 403 || isHidden) shut.add(path);
  return isGood(answer) ? answer : undefined;
}

/** What an alias shows stands at the address that it leads to; asked for twice, no text of it would be that of one path alone. */
function isOtherName(link: string, { routes }: LabDescription): boolean {
  const to = ledTo(link, routes?.aliases);
  const isRoute = (path: string | undefined) => routes?.paths.some((each) => each.path === path) ?? false;
  return to !== undefined && isRoute(to) && !isRoute(link.split('?')[0]);
}

/** Whoever looks around stays signed in. */
const endsSession = (link: string, { routes }: LabDescription): boolean =>
  routes?.paths.some((each) => each.endsSession && each.path === link.split('?')[0]) ?? false;

export interface Seen {
  source: string;
  first: Answer;
}

/** What the member sees at the candidates and behind their links. */
export async function walkAround(
  member: Visitor,
  lab: LabDescription,
  start: Candidate[],
  shut: Set<string>,
): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>();
  const asked = new Set<string>();
  const { protected: declared, home } = lab.config.pages;
  let next = start;
  for (let depth = 0; depth <= DEPTH_MAX && next.length; depth += 1) {
    const found: Candidate[] = [];
    await inTurns(next, async ({ path, source }) => {
      if (asked.has(path) || asked.size >= PATHS_MAX + depth * MORE_LINKS) return;
      asked.add(path);
      const first = await openAs(member, { path, source }, lab, shut).catch(() => undefined);
      if (!first || seen.has(pathOf(first))) return;
      seen.set(pathOf(first), { source, first });
      const leads = depth > 0 || declared.includes(path) || path === home;
      const links = isData(first)
        ? linksInData(first.text, first.url)
        : leads && isHtml(first)
          ? linksIn(first.text, first.url)
          : [];
      for (const link of links)
        if (mayBeDoor(link, lab) && !isOtherName(link, lab) && !endsSession(link, lab))
          found.push({ path: link, source: `a link on ${path}` });
    });
    next = found;
  }
  return seen;
}

/** What strangers get where nothing is hidden: home, sign-in page, a page and an API path that are not there. */
export async function publicAnswers(stranger: Visitor, lab: LabDescription): Promise<string[]> {
  const { signIn, home } = lab.config.pages;
  const paths = [
    home,
    `${lab.app.basePath}/signin`,
    ...(signIn?.startsWith('/') ? [signIn] : []),
    '/conformance-no-such-page',
    '/api/conformance-no-such-page',
  ];
  const answers = await Promise.all(
    paths.map(async (path) =>
      stranger.agent
        .follow(await stranger.get(path), ({ origin }) => origin !== lab.app.origin)
        .catch(() => undefined),
    ),
  );
  return answers.flatMap((answer) => (answer ? [readingOf(answer)] : []));
}

/** So many newcomers look at the pages for everybody, at so many of them. */
const NEWCOMERS = 5;
const OPEN_PAGES_MAX = 8;

/**
 * What pages for everybody show to people whom the app has never seen: not the same to each of them, where headlines are
 * tried or quotes change.
 */
export async function seenByNewcomers(
  paths: readonly string[],
  visitor: Needs['visitor'],
): Promise<string[]> {
  const bodies: string[] = [];
  const browser = await visitor();
  for (const path of paths.slice(0, OPEN_PAGES_MAX))
    for (let time = 0; time < NEWCOMERS; time += 1) {
      await browser.agent.jar.removeAllCookies();
      const answer = await browser.get(path).catch(() => undefined);
      if (answer) bodies.push(readingOf(answer));
    }
  return bodies;
}
