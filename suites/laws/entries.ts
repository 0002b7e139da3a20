/** Names that stand in links to pages of people: in lists of them, and where a page says who wrote, sold or won. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import type { Lists } from './lists-of-people.ts';
import { isNameAlone, othersIn } from './others.ts';
import { withApp } from './reading.ts';

/** So many people at once are a list: two may be somebody and whom they were taken for. */
const SEVERAL = 3;

const kindIn = (at: string): string => at.slice(at.lastIndexOf(' ') + 1);

const entriesIn = ({ sightings = [] }: HistoryExchange) =>
  sightings.flatMap(({ side, entry, owner }) =>
    side === 'response' && entry ? [{ ...entry, owner: owner ?? '' }] : [],
  );

/**
 * Whether all whom a page names beside whoever looks are entries of a list of people there, or are linked to public profiles from a
 * place at which nobody is shown themselves. Where people are greeted, somebody else's name tells that one was taken for another,
 * however public it is.
 */
export function isLinked(history: History): (exchange: HistoryExchange, lists: Lists) => boolean {
  const app = withApp(history);
  const listed = new Set<string>();
  for (const exchange of app)
    for (const { at, of } of entriesIn(exchange)) if (of >= SEVERAL) listed.add(`${pathOf(exchange)} ${at}`);
  const greeting = new Set<string>();
  for (const exchange of app)
    for (const { at, owner } of entriesIn(exchange))
      if (
        exchange.entitled?.includes(owner) &&
        !listed.has(`${pathOf(exchange)} ${at}`) &&
        !isOfThing(exchange)
      )
        greeting.add(at);
  return (exchange, { profiles, isOfStranger, isOpenTo }) => {
    const others = othersIn(exchange);
    if (others.length === 0 || !isNameAlone(exchange)) return false;
    if (isOfStranger(exchange) && !isOpenTo(exchange)) return false;
    return others.every(({ entry }) => {
      if (!entry) return false;
      if (listed.has(`${pathOf(exchange)} ${entry.at}`)) return true;
      return profiles.has(kindIn(entry.at)) && !greeting.has(entry.at);
    });
  };
}

/** An address that names a thing by its id: its author is shown their own name there, as everybody is. */
const isOfThing = ({ url }: HistoryExchange): boolean =>
  URL.canParse(url) && (/\d/.test(new URL(url).pathname) || new URL(url).search !== '');
