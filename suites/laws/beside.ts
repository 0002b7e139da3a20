/** Pages that are about others: whoever looks is named there as often as where nobody else is named. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import type { Lists } from './lists-of-people.ts';
import { isNameless } from './nameless.ts';
import { isNameAlone, othersIn } from './others.ts';
import { isStrangers, withApp } from './reading.ts';

/** So many members who were shown nobody there: the place is none in which everybody is shown themselves. */
const UNNAMED = 2;
/** Of so many views since somebody was first named, nearly all must name them: whoever is taken for another comes and goes. */
const KEPT = 0.9;

interface View {
  exchange: HistoryExchange;
  viewer: string;
  /** How often the page says the name of whoever looks. */
  times: number;
  others: ReadonlySet<string>;
}

const namesOf = ({ sightings = [] }: HistoryExchange, owner: string) =>
  sightings.filter(
    (each) =>
      each.side === 'response' && each.where === 'body' && each.kind === 'name' && each.owner === owner,
  );

const timesIn = (exchange: HistoryExchange, owner: string): number =>
  Math.max(0, ...namesOf(exchange, owner).map(({ times = 1 }) => times));

const inOrder = (one: View, next: View): number => (one.exchange.at < next.exchange.at ? -1 : 1);

/** What members were shown at each path, in order. A request may speak for several, as that of a thief does: one of them is named. */
function viewsIn(history: History): ReadonlyMap<string, View[]> {
  const found = new Map<string, View[]>();
  for (const exchange of withApp(history)) {
    const { method, status, entitled = [] } = exchange;
    const viewer = entitled.find((who) => namesOf(exchange, who).length > 0) ?? entitled[0];
    if (method !== 'GET' || status !== 200 || !viewer || isStrangers(history, exchange)) continue;
    const others = new Set(othersIn(exchange).flatMap(({ owner }) => owner ?? []));
    const path = pathOf(exchange);
    const views = found.get(path) ?? [];
    found.set(path, views);
    views.push({ exchange, viewer, times: timesIn(exchange, viewer), others });
  }
  for (const views of found.values()) views.sort(inOrder);
  return found;
}

const callOf = ({ exchange, viewer }: View): string => `${exchange.check} ${exchange.scope} ${viewer}`;

/** How often a page names whoever looks while it names nobody else; undefined where that differs, or too few have seen it. */
function usualIn(views: readonly View[], isCalled: (view: View) => boolean): number | undefined {
  const shown = new Set(views.flatMap(({ others }) => [...others]));
  // Who is named to others is named to themselves as well, once more.
  const alone = views.filter(
    (view) =>
      view.others.size === 0 &&
      !shown.has(view.viewer) &&
      view.exchange.entitled?.length === 1 &&
      isCalled(view),
  );
  const most = new Map<string, number>();
  for (const { viewer, times } of alone) most.set(viewer, Math.max(times, most.get(viewer) ?? 0));
  const [usual, ...more] = new Set(most.values());
  // Where nobody is named, who is named then may be whom everybody is taken for.
  return more.length === 0 && most.size >= UNNAMED && usual ? usual : undefined;
}

/** Whether somebody who is named to others at a path stays there, but for what they did themselves: they took another name, or left. */
function stays(owner: string, views: readonly View[], posts: readonly HistoryExchange[]): boolean {
  const isShown = ({ others }: View) => others.has(owner);
  const ofOthers = views.filter(({ viewer }) => viewer !== owner);
  const first = ofOthers.find(isShown)?.exchange;
  const last = ofOthers.findLast(isShown)?.exchange;
  if (!first || !last) return false;
  // What was asked for before that answer came may have been answered before it, too.
  const after = new Date(Date.parse(first.at) + first.durationMs).toISOString();
  const since = ofOthers.filter(({ exchange }) => exchange.at > after);
  const until = since.filter(({ exchange }) => exchange.at <= last.at);
  if (until.filter(isShown).length < KEPT * until.length) return false;
  const gone = since.find(({ exchange }) => exchange.at > last.at);
  const isTheirs = posts.some(
    ({ at, durationMs, entitled }) =>
      gone &&
      at < gone.exchange.at &&
      Date.parse(at) + durationMs >= Date.parse(last.at) &&
      entitled?.includes(owner),
  );
  return isTheirs || since.filter(isShown).length >= KEPT * since.length;
}

/**
 * Whether all whom a page names beside whoever looks are what the page is about: it named nobody else before, and whoever looks
 * is named as often as then, so that the others stand in the place of nobody; and once they are named, they stay.
 */
export function isBeside(history: History): (exchange: HistoryExchange, lists: Lists) => boolean {
  const viewed = viewsIn(history);
  const nameless = isNameless(history);
  // Who is called by no name in a check may be nobody there: a session was made up, or has ended.
  const called = new Set(
    [...viewed.values()].flat().flatMap((view) => (view.times > 0 ? [callOf(view)] : [])),
  );
  const isCalled = (view: View) => called.has(callOf(view)) && isNamed(view);
  const posts = withApp(history).filter(({ method, status }) => method !== 'GET' && status && status < 400);
  const isNamed = ({ exchange }: View) => !nameless(exchange);
  const judged = new Map<string, ReadonlySet<HistoryExchange>>();
  const judge = (path: string): ReadonlySet<HistoryExchange> => {
    const views = viewed.get(path) ?? [];
    const usual = usualIn(views, isCalled);
    if (usual === undefined) return new Set();
    const staying = new Map<string, boolean>();
    const isStaying = (owner: string) => {
      const known = staying.get(owner) ?? stays(owner, views, posts);
      staying.set(owner, known);
      return known;
    };
    return new Set(
      views
        .filter((view) => view.others.size > 0 && (!isNamed(view) || view.times === usual))
        .filter(({ others }) => [...others].every(isStaying))
        .map(({ exchange }) => exchange),
    );
  };
  return (exchange, { isOpenPath }) => {
    const others = othersIn(exchange);
    if (others.length === 0 || !isNameAlone(exchange)) return false;
    const path = pathOf(exchange);
    const found = judged.get(path) ?? judge(path);
    judged.set(path, found);
    if (found.has(exchange)) return true;
    const told = new Set([...found].flatMap((each) => othersIn(each).map(({ print }) => print)));
    // What a page for everybody is about is told to everybody.
    return isOpenPath(path) && others.every(({ print }) => told.has(print));
  };
}
