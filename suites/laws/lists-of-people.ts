/** Where people are named to others because that is what the place is for: lists of them, and public profiles. */

import { idsIn } from '../../harness/check/doors/crawl.ts';
import { tellsNoMore } from '../../harness/check/doors/lists-people.ts';
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { LED, ledTo, openPathsIn, othersThan, shownAt } from './leads.ts';
import { isNameless } from './nameless.ts';
import { once } from './once.ts';
import { isNameAlone, othersIn, ownNamesIn } from './others.ts';
import { type Profiles, profilesIn } from './profiles.ts';
import { bodyOf, isFixed, isStrangers, withApp } from './reading.ts';

/** What lists of people in data say: their bodies, and the ids in them. */
interface Said {
  bodies: readonly string[];
  ids: ReadonlySet<string>;
}

/** Lists of people, for members and for everybody: their paths, and what they say. */
export interface Lists extends Profiles {
  members: ReadonlySet<string>;
  everybody: ReadonlySet<string>;
  said: { members: Said; everybody: Said };
  /** Who is named by a list of members, to members and to strangers. */
  listed: Record<'members' | 'strangers', ReadonlySet<string>>;
  /** Whether a request held no session. */
  isOfStranger(exchange: HistoryExchange): boolean;
  /** Whether it held none, at a path that refuses nobody who holds none. */
  isOpenTo(exchange: HistoryExchange): boolean;
  /** Paths that name whoever looks, and nobody else. */
  own: ReadonlySet<string>;
  /** Whether whoever looked has no name at the app. */
  isNameless(exchange: HistoryExchange): boolean;
  /** Paths that do not greet whoever looks: members who are named elsewhere saw nobody named there. */
  greetless: ReadonlySet<string>;
  /** Address with an id → members who were shown a link to it. */
  led: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether a path answers strangers, and refuses none of them. */
  isOpenPath(path: string): boolean;
  /** Who is named to members at which paths without an id. */
  named: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Paths at which several others were shown at once by their names, and by nothing else: forums, teams, who was here last. One
 * other may be somebody for whom whoever asked was taken.
 */
export const listsOfPeople = once((history: History): Lists => {
  const members = listsFor(history, true);
  const refused = refusedAt(history);
  const everybody = listsFor(history, false, refused);
  const said = { members: saidAt(history, members), everybody: saidAt(history, everybody) };
  const isOfStranger = (exchange: HistoryExchange) => isStrangers(history, exchange);
  const listing = withApp(history).filter(
    (exchange) => isNameAlone(exchange) && (members.has(pathOf(exchange)) || everybody.has(pathOf(exchange))),
  );
  const namedIn = (exchanges: readonly HistoryExchange[]) =>
    new Set(exchanges.flatMap((exchange) => othersIn(exchange).flatMap(({ owner }) => owner ?? [])));
  const shown = shownAt(history);
  // Who is named to others at a path is one whom it is about: that they are named to themselves there tells nothing.
  const own = withApp(history)
    .filter(
      (exchange) =>
        othersIn(exchange).length === 0 &&
        ownNamesIn(exchange).some((owner) => !shown.get(pathOf(exchange))?.has(owner)),
    )
    .map(pathOf);
  return {
    members,
    everybody,
    said,
    ...profilesIn(history, refused),
    listed: {
      members: namedIn(listing),
      strangers: namedIn(listing.filter((each) => isOfStranger(each) && !refused.has(pathOf(each)))),
    },
    isOfStranger,
    isOpenTo: (exchange) => isOfStranger(exchange) && !refused.has(pathOf(exchange)),
    own: new Set(own),
    isNameless: isNameless(history),
    greetless: greetlessIn(history),
    named: namedAt(history),
    led: ledTo(history),
    isOpenPath: openPathsIn(history, refused),
  };
});

const IDS_MAX = 1_000;
const isData = (body: string) => /^\s*[[{]/.test(body);

function saidAt(history: History, paths: ReadonlySet<string>): Said {
  const bodies = withApp(history)
    .filter((exchange) => paths.has(pathOf(exchange)) && isNameAlone(exchange))
    .map(bodyOf)
    .filter(isData);
  return { bodies, ids: new Set(bodies.flatMap((body) => idsIn(body, IDS_MAX))) };
}

/** Whether data are of something that a list names by its id, and tell nothing private beside what the list says. */
const isNamedBy = (exchange: HistoryExchange, { bodies, ids }: Said): boolean =>
  pathOf(exchange)
    .split('/')
    .some((part) => ids.has(part)) &&
  isData(bodyOf(exchange)) &&
  tellsNoMore(bodyOf(exchange), bodies);

/** Whether an address is written as links write it: a router that knows no `/things/3/` refuses nobody `/things/3`. */
const isSpeltPlainly = (exchange: HistoryExchange): boolean => {
  const { url } = exchange;
  const path = URL.canParse(url) ? url.slice(new URL(url).origin.length).split(/[?#]/)[0] : url;
  return path === (pathOf(exchange) || '/') || path === pathOf(exchange);
};

/** Paths that strangers were refused: whoever is shown something there all the same has got past a guard. */
const refusedAt = (history: History): ReadonlySet<string> =>
  new Set(
    withApp(history)
      .filter(
        (exchange) =>
          isStrangers(history, exchange) &&
          exchange.method === 'GET' &&
          (exchange.status ?? 0) >= 300 &&
          isSpeltPlainly(exchange),
      )
      .map(pathOf),
  );

const listsFor = (
  history: History,
  members: boolean,
  refused: ReadonlySet<string> = new Set(),
): ReadonlySet<string> =>
  new Set(
    withApp(history)
      .filter(
        (exchange) =>
          (members ? Boolean(exchange.entitled?.length) : isStrangers(history, exchange)) &&
          isNameAlone(exchange) &&
          new Set(othersIn(exchange).map(({ owner }) => owner)).size > 1,
      )
      .map(pathOf)
      .filter((path) => !path.startsWith(history.app.basePath || '/api/auth') && !refused.has(path)),
  );

/**
 * Whether an answer is such a list, or stands below it, as the page of each member does, or is of what such a list names by its
 * id.
 */
export function isOfList(exchange: HistoryExchange, { members, everybody, said }: Lists): boolean {
  const path = pathOf(exchange);
  const isMember = Boolean(exchange.entitled?.length);
  return (
    [...(isMember ? members : []), ...everybody].some(
      (list) => path === list || (list !== '' && path.startsWith(`${list}/`)),
    ) ||
    (isMember && isNamedBy(exchange, said.members)) ||
    isNamedBy(exchange, said.everybody)
  );
}

/** So many pages that name somebody have a frame that does: whoever joined last, a ticker. */
const FRAME = 3;

/** Paths without an id at which each person is named to other members. */
function namedAt(history: History): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const exchange of withApp(history))
    if (exchange.entitled?.length && isFixed(exchange) && isNameAlone(exchange))
      for (const { owner } of othersIn(exchange))
        if (owner) found.set(owner, (found.get(owner) ?? new Set()).add(pathOf(exchange)));
  return found;
}

/**
 * Whether somebody is shown names that a list of members tells them anyway: on a wall, in a ticker, of a partner. What is found by an
 * id may be theirs whom it names, unless all pages name them; and where people are shown their own name, that of somebody else in
 * its place tells that one was taken for another. What the pages of others lead to is not found by an id that belongs to one.
 */
export const namesListed = (
  exchange: HistoryExchange,
  { listed, own, named, led, isOfStranger, isNameless: hasNone }: Lists,
): boolean =>
  othersIn(exchange).every(
    ({ owner }) =>
      owner &&
      listed[isOfStranger(exchange) ? 'strangers' : 'members'].has(owner) &&
      (isFixed(exchange) ||
        (named.get(owner)?.size ?? 0) >= FRAME ||
        othersThan(owner, led.get(pathOf(exchange))) >= LED),
  ) &&
  (!own.has(pathOf(exchange)) || ownNamesIn(exchange).length > 0 || hasNone(exchange));

/** So many members whom a page does not name, and others do: it is no page that shows everybody themselves. */
const UNNAMED = 2;

/** Paths without an id that named nobody at all to members whose names stand elsewhere. */
function greetlessIn(history: History): ReadonlySet<string> {
  const shown = withApp(history).filter(
    (exchange) =>
      exchange.method === 'GET' &&
      exchange.status === 200 &&
      exchange.entitled?.length === 1 &&
      // Whoever has signed out is nobody there.
      !isStrangers(history, exchange),
  );
  const named = new Set(shown.flatMap(ownNamesIn));
  const unnamed = new Map<string, Set<string>>();
  for (const exchange of shown) {
    const [who = ''] = exchange.entitled ?? [];
    const isNamed = exchange.sightings?.some(({ side, kind }) => side === 'response' && kind === 'name');
    if (isNamed || !named.has(who) || !isFixed(exchange)) continue;
    unnamed.set(pathOf(exchange), (unnamed.get(pathOf(exchange)) ?? new Set()).add(who));
  }
  return new Set([...unnamed].flatMap(([path, people]) => (people.size >= UNNAMED ? [path] : [])));
}

/**
 * Whether a page names people alone who have public profiles, among what it is about: the busiest, the newest, who wrote. A page that
 * shows everybody themselves is none, however public the name is that stands there.
 */
export const namesPublic = (exchange: HistoryExchange, { profiles, greetless }: Lists): boolean => {
  if (!isFixed(exchange) || !greetless.has(pathOf(exchange))) return false;
  const known = new Set([...profiles.values()].flatMap((each) => [...each.values()]));
  return othersIn(exchange).every(({ owner }) => owner && known.has(owner));
};
