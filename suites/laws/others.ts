/** What an answer tells of people for whom the request did not speak. */
import type { HistoryExchange } from '../../harness/check/law.ts';
import { PERSONAL, type Sighting } from './reading.ts';

/** What the request itself said is no news: a page that was not found, or a redirect, repeats the path with an id in it. */
export const saidByRequest = ({ sightings }: HistoryExchange, { print }: Sighting): boolean =>
  sightings?.some(({ side, print: other }) => side === 'request' && other === print) ?? false;

/** Whether an answer held what belongs to a person, for a request that held nothing of them. */
export function isOfOther(exchange: HistoryExchange, { kind, owner, print, side }: Sighting): boolean {
  if (side !== 'response' || !PERSONAL.includes(kind) || !owner) return false;
  // The same value may belong to several people, as an e-mail address that was given to two.
  const owners = (exchange.sightings ?? []).flatMap((other) =>
    other.print === print && other.owner ? [other.owner] : [],
  );
  return !owners.some((each) => exchange.entitled?.includes(each));
}

export const othersIn = (exchange: HistoryExchange) =>
  (exchange.sightings ?? []).filter((sighting) => isOfOther(exchange, sighting));

/** Whether others were shown by their names, in a body, and by nothing else of them but the id that stands beside a name. */
export const isNameAlone = (exchange: HistoryExchange): boolean => {
  const others = othersIn(exchange);
  const named = new Set(others.flatMap(({ kind, owner }) => (/^(?:user)?name$/.test(kind) ? [owner] : [])));
  return others.every(
    ({ kind, where, owner }) =>
      where === 'body' && (/^(?:user)?name$/.test(kind) || (kind === 'user id' && named.has(owner))),
  );
};
