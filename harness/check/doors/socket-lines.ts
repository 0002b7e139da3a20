/** WebSockets that pages of members open: where they are found, and what they tell the member. */
import { listen } from '../../user-agents/socket.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import type { Evidence } from '../evidence.ts';
import { hasFigures, personalOf, textsIn } from './marks.ts';
import { type Opening, openingOf, type Talk, talksOf } from './socket-talk.ts';
import type { Survey } from './survey.ts';

export type SocketBody = Pick<CheckFixtures, 'visitor' | 'somebody' | 'step' | 'notApplicable' | 'scope'> &
  Pick<LabFixtures, 'lab'> & { evidence: Evidence };

const SOCKETS_MAX = 12;
const OPENS = /new\s+WebSocket\s*\(([^;\n]{1,240})/g;
/** A path in a piece of a script: after a quote, or after the host in a template. */
const PATH = /(?:["'`}]|\/\/[\w.:-]+)(\/(?!\/)[\w\-./]*(?:\?[\w\-=&.]*)?)/g;
/** Routes that are called like one. */
const CALLED_SO = /(?:^|[/_-])(?:wss?|sockets?|websockets?|cable|realtime)(?:$|[/_-])/i;
/** Scripts that open one, at whatever address. */
const MENTIONS = /\bWebSocket\b|socket\.io|graphql-ws/;

/** Addresses that scripts of a page open a WebSocket at, as paths of the app. */
export const socketsIn = (page: string): string[] => [
  ...new Set(
    [...page.matchAll(OPENS)].flatMap(([, argument = '']) =>
      [...argument.matchAll(PATH)].map(([, path = '']) => path).filter((path) => path.length > 1),
    ),
  ),
];

const scriptsIn = (page: string): string[] =>
  [...page.matchAll(/<script[^>]+src=["'](\/[^"'/][^"']*)["']/gi)].flatMap(([, path]) => path ?? []);

/** Paths that may be a WebSocket: named in pages of members and in their scripts, or called like one in the sources. */
async function candidates({ pages, doors, publicPages }: Survey, member: Visitor, lab: SocketBody['lab']) {
  const found = new Set<string>(lab.config.pages.sockets ?? []);
  const scripts = new Map<string, string[]>();
  const opening = new Set<string>();
  for (const [at, page] of pages) {
    for (const path of socketsIn(page)) found.add(path);
    if (MENTIONS.test(page)) opening.add(at);
    for (const script of scriptsIn(page)) scripts.set(script, [...(scripts.get(script) ?? []), at]);
  }
  for (const [script, of] of [...scripts].slice(0, 20)) {
    const { text } = await member.get(script);
    for (const path of socketsIn(text)) found.add(path);
    if (MENTIONS.test(text)) for (const at of of) opening.add(at);
  }
  for (const { path } of lab.routes?.paths ?? []) if (CALLED_SO.test(path)) found.add(path);
  // Where a script is loaded by all pages, those of members show what it says for one.
  const ofMembers = [
    ...lab.config.pages.protected,
    ...doors.flatMap(({ path, isPage }) => (isPage ? path : [])),
  ];
  const opened = [...new Set(ofMembers)].filter((path) => opening.has(path));
  const ofAll = new Set(publicPages.flatMap(scriptsIn));
  const forAll = [...publicPages];
  for (const script of [...ofAll].slice(0, 20)) forAll.push((await member.get(script)).text);
  return { paths: [...found], opened, forAll: forAll.filter((text) => MENTIONS.test(text)).join('\n') };
}

/** What one WebSocket is, and what it tells its member. */
export interface Line {
  opening: Opening;
  /** How another member opens it for themselves. */
  theirs: Opening;
  /** Pages for everybody may open it as well. */
  isForAll: boolean;
  /** What was heard by pages in a browser, and by asking as they do. */
  texts: string[];
  tells: boolean;
}

/** Texts with figures in messages, which stand a line each. */
export const figuresIn = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line) => textsIn(line))
    .filter(hasFigures);
export const bareOf = (path: string): string => path.split('?')[0] as string;

/** A query without what looks as if it was given to one member alone. */
const withoutTickets = (path: string): string => {
  const { pathname, searchParams } = new URL(path, 'http://app');
  for (const [name, value] of [...searchParams]) if (value.length >= 12) searchParams.delete(name);
  return pathname + (searchParams.size ? `?${searchParams}` : '');
};

/** The WebSockets of members, each with what it tells them. */
export async function linesOf(
  survey: Survey,
  [member, other]: readonly [Visitor, Visitor],
  { lab, scope, evidence }: SocketBody,
): Promise<Line[]> {
  const { paths, opened, forAll } = await candidates(survey, member, lab);
  const personal = personalOf(member.person);
  const inBrowser = async (who: Visitor): Promise<Talk[]> =>
    opened.length && !lab.browser.missing ? talksOf(who, opened, { lab, scope, evidence }) : [];
  const [mine, theirs] = [await inBrowser(member), await inBrowser(other)];
  const known = new Map<string, { opening: Opening; theirs: Opening; told: string[] }>();
  const note = (talk: Talk, counterpart: Talk | undefined) => {
    const opening = openingOf(talk, counterpart, personal);
    const before = opening && known.get(bareOf(opening.path));
    if (before) before.told.push(...talk.told);
    else if (opening) {
      const own = counterpart && openingOf(counterpart, talk, personalOf(other.person));
      known.set(bareOf(opening.path), { opening, theirs: own ?? opening, told: [...talk.told] });
    }
  };
  const ofPath = (path: string) => theirs.filter((each) => bareOf(each.path) === bareOf(path));
  for (const [at, talk] of mine.entries())
    note(talk, ofPath(talk.path)[0] ?? (mine.length === theirs.length ? theirs[at] : undefined));
  for (const path of paths)
    if (!known.has(bareOf(path))) note({ path: withoutTickets(path), says: [], told: [] }, undefined);
  const lines = [...known.values()]
    .slice(0, SOCKETS_MAX)
    .map(async ({ opening, theirs: own, told }): Promise<Line> => {
      const heard = await listen(member.agent, new URL(opening.path, lab.app.origin), {
        origin: lab.app.origin,
        ca: lab.ca,
        says: opening.says,
      });
      const text = [...told, ...(heard.isOpen ? [heard.text] : [])].join('\n');
      // An address that a script puts together may be any.
      const isForAll =
        socketsIn(forAll).map(bareOf).includes(bareOf(opening.path)) ||
        /new\s+WebSocket\s*\(\s*[\w.]+\s*[,)]|socket\.io/.test(forAll);
      return { opening, theirs: own, isForAll, texts: figuresIn(text), tells: text.trim() !== '' };
    });
  return Promise.all(lines);
}
