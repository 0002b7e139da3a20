/** Members who have no name at the app: a number or a handle stands where that of others does. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { withApp } from './reading.ts';

const keyOf = ({ check, scope }: HistoryExchange, viewer: string): string => `${check} ${scope} ${viewer}`;

const namesIn = ({ sightings = [] }: HistoryExchange) =>
  sightings.filter(({ side, where, kind }) => side === 'response' && where === 'body' && kind === 'name');

/**
 * Whether an answer was for somebody who is called by no name in the whole check: not by the session, which names nobody else
 * either, and on no page. Nobody's name can have taken the place of theirs.
 */
export function isNameless(history: History): (exchange: HistoryExchange) => boolean {
  const unnamed = new Set<string>();
  const called = new Set<string>();
  for (const exchange of withApp(history)) {
    const [viewer, ...more] = exchange.entitled ?? [];
    if (!viewer || more.length > 0) continue;
    const names = namesIn(exchange);
    const key = keyOf(exchange, viewer);
    const isSession = pathOf(exchange) === `${history.app.basePath || '/api/auth'}/session`;
    if (names.some(({ owner }) => owner === viewer) || (isSession && names.length > 0)) called.add(key);
    else if (isSession && exchange.facts.userMembers) unnamed.add(key);
  }
  return (exchange) => {
    const [viewer, ...more] = exchange.entitled ?? [];
    if (!viewer || more.length > 0) return false;
    const key = keyOf(exchange, viewer);
    return unnamed.has(key) && !called.has(key);
  };
}
