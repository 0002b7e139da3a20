/** Members with a role, such as whoever was the first to sign in to an app of one's own: they are shown what others are refused. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { withApp } from './reading.ts';

const isPlain = ({ method, url }: HistoryExchange) => method === 'GET' && !url.includes('?');

/** The one person for whom a request spoke; nobody where it spoke for several. */
const personOf = ({ entitled }: HistoryExchange): string | undefined =>
  entitled?.length === 1 ? entitled[0] : undefined;

/**
 * Whether an answer is for a role: the same plain request was refused to another member (403, RFC 9110 §15.5.4), and never to
 * this one.
 */
export function forRoles(history: History): (exchange: HistoryExchange) => boolean {
  const refused = new Map<string, Set<string>>();
  for (const exchange of withApp(history)) {
    const person = personOf(exchange);
    if (exchange.status !== 403 || !person || !isPlain(exchange)) continue;
    const path = pathOf(exchange);
    refused.set(path, (refused.get(path) ?? new Set()).add(person));
  }
  return (exchange) => {
    const person = personOf(exchange);
    const others = refused.get(pathOf(exchange));
    return Boolean(person && others && isPlain(exchange) && !others.has(person));
  };
}
