/** Pages on which members write for others to read: comments, reviews, boards. Who wrote there is named there. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { withApp } from './reading.ts';

/** What one person sent to a path. */
interface Written {
  owners: readonly string[];
  texts: string[];
}

/** Shorter texts may stand on a page by chance. */
const TEXT_MIN = 8;

export const pathOf = ({ url }: HistoryExchange): string =>
  URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : url;

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body ?? ''));

/** Values of a form, as it was posted. */
const valuesIn = (body: unknown): string[] =>
  typeof body === 'object' && body !== null
    ? Object.values(body).filter((value) => typeof value === 'string')
    : [...new URLSearchParams(textOf(body)).values()];

/** What members sent to each path, where the app took it. */
export function writtenAt(history: History): ReadonlyMap<string, Written[]> {
  const found = new Map<string, Written[]>();
  for (const exchange of withApp(history)) {
    const { method, status, entitled, request } = exchange;
    if (method !== 'POST' || !entitled?.length || !status || status >= 400) continue;
    const texts = valuesIn(request.body).filter((value) => value.length >= TEXT_MIN);
    if (texts.length)
      found.set(pathOf(exchange), [...(found.get(pathOf(exchange)) ?? []), { owners: entitled, texts }]);
  }
  return found;
}

/** What people read in a page, without what stands in the fields of its forms, which is for whoever may change it. */
const readIn = (body: unknown): string =>
  textOf(body)
    .replace(/<textarea[\s\S]*?<\/textarea>/gi, '')
    .replace(/\bvalue="[^"]*"/gi, '');

/** Whether a page shows what these people sent to its own address, to be read and not in a form: they are named as its authors. */
export function isBoardOf(
  exchange: HistoryExchange,
  owners: readonly string[],
  written: ReadonlyMap<string, Written[]>,
): boolean {
  const entries = written.get(pathOf(exchange)) ?? [];
  const body = entries.length ? readIn(exchange.response.body) : '';
  return owners.every((owner) =>
    entries.some((entry) => entry.owners.includes(owner) && entry.texts.some((text) => body.includes(text))),
  );
}

/**
 * Whether a page names people to somebody who wrote to them before, as the list of their conversations does: it leads to each
 * address that they posted to.
 */
export function isOfThoseWrittenTo(
  history: History,
): (exchange: HistoryExchange, owners: readonly string[]) => boolean {
  const posted = withApp(history).filter(
    ({ method, status, entitled }) => method === 'POST' && entitled?.length && status && status < 400,
  );
  return (exchange, owners) => {
    const { at, entitled, response } = exchange;
    const own = posted.filter(
      (each) => each.at < at && each.entitled?.some((who) => entitled?.includes(who)),
    );
    const path = pathOf(exchange);
    const addressed = new Set(own.map(pathOf).filter((to) => to.startsWith(`${path}/`)));
    const body = addressed.size > 0 ? textOf(response.body) : '';
    return new Set(owners).size <= [...addressed].filter((to) => body.includes(`"${to}"`)).length;
  };
}
