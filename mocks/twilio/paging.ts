/** Lists: page size, page token, and the envelope around a page (OpenAPI `ListMessageResponse`). */
import type { HttpAnswer } from '../fault.ts';
import { errorAnswer } from './errors.ts';

const SIZE = { usual: 50, most: 1000 };

/**
 * Whether a time (milliseconds since the epoch, null for never) fits a date filter: `DateSent` is that day in GMT,
 * `DateSent<` on or before, `DateSent>` on or after; a date-time counts to the second, as the SDK sends it.
 */
export function dateFilter(
  query: Record<string, string | undefined>,
  name: string,
): (time: number | null) => boolean {
  const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);
  const start = (text: string) => Date.parse(isDay(text) ? `${text}T00:00:00Z` : text);
  const end = (text: string) => start(text) + (isDay(text) ? 86_400_000 : 1000) - 1;
  const day = query[name]?.slice(0, 10);
  const [after, before] = [query[`${name}>`] || day, query[`${name}<`] || day];
  const least = after ? start(after) : Number.NEGATIVE_INFINITY;
  const most = before ? end(before) : Number.POSITIVE_INFINITY;
  return (time) => (time === null ? !after && !before : time >= least && time <= most);
}

/**
 * One page of a list. A token names the message beside which the page begins (`PA…` after it, `PB…` before it), so
 * that messages created meanwhile shift nothing.
 *
 * @param rows all rows that fit the filters, in order
 * @param key name of the list in the envelope
 * @param uri path of the list
 */
export function pageOf<Row extends { sid: string }>(
  rows: readonly Row[],
  key: string,
  uri: string,
  query: Record<string, string | undefined>,
): HttpAnswer {
  const size = Number(query.PageSize ?? SIZE.usual);
  if (size > SIZE.most) return errorAnswer(20007);
  const limit = Number.isInteger(size) && size > 0 ? size : SIZE.usual;
  const token = query.PageToken || undefined;
  const page = Math.max(0, Math.trunc(Number(query.Page ?? 0)) || 0);
  let start = page * limit;
  if (token) {
    const index = rows.findIndex(({ sid }) => sid === token.slice(2));
    if (!/^P[AB]/.test(token) || index < 0) return errorAnswer(21481);
    start = token.startsWith('PA') ? index + 1 : Math.max(0, index - limit);
  }
  const items = rows.slice(start, start + limit);
  const filters = Object.entries(query).filter(
    ([name, value]) => value !== undefined && !['Page', 'PageSize', 'PageToken'].includes(name),
  ) as [string, string][];
  const link = (number: number, at?: string) => {
    const parameters = new URLSearchParams([
      ...filters,
      ['PageSize', String(limit)],
      ['Page', String(number)],
      ...(at ? [['PageToken', at] as [string, string]] : []),
    ]);
    return `${uri}?${parameters}`;
  };
  const last = items.at(-1);
  const more = last !== undefined && start + limit < rows.length;
  return {
    status: 200,
    headers: {},
    body: {
      first_page_uri: link(0),
      end: items.length ? page * limit + items.length - 1 : 0,
      previous_page_uri: page > 0 && items[0] ? link(page - 1, `PB${items[0].sid}`) : null,
      [key]: items,
      uri: link(page, token),
      page_size: limit,
      start: items.length ? page * limit : 0,
      next_page_uri: more ? link(page + 1, `PA${last.sid}`) : null,
      page,
    },
  };
}
