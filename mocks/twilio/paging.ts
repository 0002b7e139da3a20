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

/** Where rows stand in a list. */
export interface Places {
  /** Rows that stand before a row, and before or at it; undefined for a row that the list never had. */
  around(sid: string): { before: number; through: number } | undefined;
}

export interface List<Row> {
  /** All rows that fit the filters, in an order that never changes. */
  rows: readonly Row[];
  /** Name of the list in the envelope. */
  key: string;
  /** Path of the list. */
  uri: string;
  query: Record<string, string | undefined>;
  /** How a row is shown (default: as it is). */
  show?(row: Row): { sid: string };
  /** Where rows stand; without it, a row that is gone stands nowhere. */
  places?: Places;
}

/**
 * One page of a list. A token names the message beside which the page begins (`PA…` after it, `PB…` before it), so
 * that messages created or deleted meanwhile shift nothing.
 *
 * @returns 21481 for a token that nobody was given, 20001 for a page without one (twilio-python issue 395)
 */
export function pageOf<Row>(list: List<Row>): HttpAnswer {
  const { rows, key, uri, query } = list;
  const show = list.show ?? ((row: Row) => row as { sid: string });
  const size = Number(query.PageSize ?? SIZE.usual);
  if (size > SIZE.most) return errorAnswer(20007);
  const limit = Number.isInteger(size) && size > 0 ? size : SIZE.usual;
  const token = query.PageToken || undefined;
  const page = Math.max(0, Math.trunc(Number(query.Page ?? 0)) || 0);
  if (page > 0 && !token) return errorAnswer(20001, { message: 'A PageToken is required for paging' });
  let [start, end] = [0, limit];
  if (token) {
    const around = (list.places ?? placesIn(rows.map((row) => show(row).sid))).around(token.slice(2));
    if (!/^P[AB]/.test(token) || !around) return errorAnswer(21481);
    [start, end] = token.startsWith('PA')
      ? [around.through, around.through + limit]
      : [Math.max(0, around.before - limit), around.before];
  }
  const items = rows.slice(start, end).map(show);
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
  const more = last !== undefined && end < rows.length;
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

function placesIn(sids: readonly string[]): Places {
  return {
    around(sid) {
      const index = sids.indexOf(sid);
      return index < 0 ? undefined : { before: index, through: index + 1 };
    },
  };
}
