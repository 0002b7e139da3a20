/** What an answer tells of people for whom the request did not speak. */
import type { HistoryExchange } from '../../harness/check/law.ts';
import { once } from './once.ts';
import { PERSONAL, type Sighting } from './reading.ts';

/** What the request itself said is no news: a page that was not found, or a redirect, repeats the path with an id in it. */
export const saidByRequest = ({ sightings }: HistoryExchange, { print }: Sighting): boolean =>
  sightings?.some(({ side, print: other }) => side === 'request' && other === print) ?? false;

/** What an exchange tells of others, found once: a page that lists all accounts has a thousand names, and every law asks for each. */
const othersOf = once((exchange: HistoryExchange): ReadonlySet<Sighting> => {
  const sightings = exchange.sightings ?? [];
  // The same value may belong to several people, as an e-mail address that was given to two.
  const own = new Set(
    sightings.flatMap(({ print, owner }) => (owner && exchange.entitled?.includes(owner) ? [print] : [])),
  );
  return new Set(
    sightings.filter(
      ({ side, kind, owner, print }) =>
        side === 'response' && PERSONAL.includes(kind) && owner && !own.has(print),
    ),
  );
});

/** Whether an answer held what belongs to a person, for a request that held nothing of them. */
export const isOfOther = (exchange: HistoryExchange, sighting: Sighting): boolean =>
  othersOf(exchange).has(sighting);

export const othersIn = (exchange: HistoryExchange): Sighting[] => [...othersOf(exchange)];

/** Whether others were shown by their names, in a body, and by nothing else of them but the id that stands beside a name. */
export const isNameAlone = once((exchange: HistoryExchange): boolean => {
  const others = othersIn(exchange);
  const named = new Set(others.flatMap(({ kind, owner }) => (/^(?:user)?name$/.test(kind) ? [owner] : [])));
  return others.every(
    ({ kind, where, owner }) =>
      where === 'body' && (/^(?:user)?name$/.test(kind) || (kind === 'user id' && named.has(owner))),
  );
});

/** Those who are named to themselves. */
export const ownNamesIn = ({ entitled, sightings = [] }: HistoryExchange): string[] =>
  sightings.flatMap(({ side, where, kind, owner }) =>
    side === 'response' && where === 'body' && kind === 'name' && owner && entitled?.includes(owner)
      ? [owner]
      : [],
  );
