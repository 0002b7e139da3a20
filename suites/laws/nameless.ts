/** Members who have no name at the app: a number or a handle stands where that of others does. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { withApp } from './reading.ts';

const keyOf = ({ check, scope }: HistoryExchange, viewer: string): string => `${check} ${scope} ${viewer}`;

const namesIn = ({ sightings = [] }: HistoryExchange) =>
  sightings.filter(({ side, where, kind }) => side === 'response' && where === 'body' && kind === 'name');

/**
 * Whether an answer was for somebody who is called by no name: not by the session of the check, which names nobody else either, and
 * on no page; or by none any more since they have sent something, such as another name. Nobody's name can have taken the place of
 * theirs.
 */
export function isNameless(history: History): (exchange: HistoryExchange) => boolean {
  const unnamed = new Set<string>();
  const called = new Map<string, string>();
  const posted = new Map<string, string[]>();
  for (const exchange of withApp(history)) {
    const { at, method, status, entitled = [], facts } = exchange;
    const [viewer, ...more] = entitled;
    if (!viewer || more.length > 0) continue;
    const names = namesIn(exchange);
    const key = keyOf(exchange, viewer);
    const isSession = pathOf(exchange) === `${history.app.basePath || '/api/auth'}/session`;
    if (names.some(({ owner }) => owner === viewer) || (isSession && names.length > 0)) {
      if (at > (called.get(key) ?? '')) called.set(key, at);
    } else if (isSession && facts.userMembers) unnamed.add(key);
    if (method !== 'GET' && status && status < 400) posted.set(key, [...(posted.get(key) ?? []), at]);
  }
  return (exchange) => {
    const [viewer, ...more] = exchange.entitled ?? [];
    if (!viewer || more.length > 0) return false;
    const key = keyOf(exchange, viewer);
    const last = called.get(key);
    if (last === undefined) return unnamed.has(key);
    return posted.get(key)?.some((at) => at > last && at < exchange.at) ?? false;
  };
}
