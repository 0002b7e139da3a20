/** Where the pages of an app lead people, and whom they name there. */
import type { History } from '../../harness/check/law.ts';
import { pathOf } from './boards.ts';
import { othersIn } from './others.ts';
import { bodyOf, isFixed, isStrangers, withApp } from './reading.ts';

/** Whom a path has named to others. */
export function shownAt(history: History): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const exchange of withApp(history))
    for (const { owner } of othersIn(exchange))
      if (owner) found.set(pathOf(exchange), (found.get(pathOf(exchange)) ?? new Set()).add(owner));
  return found;
}

/** So many others who are led somewhere: one may have been shown the list of somebody else. */
export const LED = 2;

export const othersThan = (owner: string, people: ReadonlySet<string> = new Set()): number =>
  people.size - Number(people.has(owner));

const LINK = /\bhref="(\/[^"?#]*\d[^"?#]*)"/g;

/** Who was shown links to addresses with an id, on pages without one. */
export function ledTo(history: History): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const exchange of withApp(history)) {
    const [who, ...more] = exchange.entitled ?? [];
    if (!who || more.length > 0 || exchange.status !== 200 || !isFixed(exchange)) continue;
    for (const [, path = ''] of bodyOf(exchange).matchAll(LINK))
      found.set(path, (found.get(path) ?? new Set()).add(who));
  }
  return found;
}

/** Whether a path answers strangers with something, and turns none of them away. */
export function openPathsIn(history: History, refused: ReadonlySet<string>): (path: string) => boolean {
  const open = new Set(
    withApp(history)
      .filter(
        (exchange) => exchange.method === 'GET' && exchange.status === 200 && isStrangers(history, exchange),
      )
      .map(pathOf),
  );
  return (path) => open.has(path) && !refused.has(path);
}
