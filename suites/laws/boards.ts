/** Pages on which members write for others to read: comments, reviews, boards. Who wrote there is named there. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { unescaped } from '../../harness/check/sightings.ts';
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

/** Values of the parts of a multipart form (RFC 7578), files aside. */
const PART = /name="[^"]*"\r?\n(?:content-type:[^\n]*\n)?\r?\n([\s\S]*?)\r?\n--/gi;

/** Values of a form, or of data, as they were posted. */
function valuesIn(body: unknown): string[] {
  if (typeof body === 'object' && body !== null)
    return Object.values(body).filter((value) => typeof value === 'string');
  const text = textOf(body);
  if (/^--/.test(text)) return [...text.matchAll(PART)].map(([, value = '']) => value);
  if (!/^\s*[[{]/.test(text)) return [...new URLSearchParams(text).values()];
  try {
    return valuesIn(JSON.parse(text));
  } catch {
    return [];
  }
}

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
function readIn(body: unknown): string {
  const text = textOf(body)
    .replace(/<textarea[\s\S]*?<\/textarea>/gi, '')
    .replace(/\bvalue="[^"]*"/gi, '');
  return `${text}\n${unescaped(text)}`;
}

/**
 * Whether a page shows what these people sent to its own address, to be read and not in a form: they are named as its authors. What
 * everybody reads may have been sent to an address below it (`/board/new`).
 */
export function isBoardOf(
  exchange: HistoryExchange,
  owners: readonly string[],
  written: ReadonlyMap<string, Written[]>,
  isOfStranger: (exchange: HistoryExchange) => boolean,
): boolean {
  const path = pathOf(exchange);
  const isForAll = path !== '' && written.size > 0 && isOfStranger(exchange);
  const entries = [...written].flatMap(([to, sent]) =>
    to === path || (isForAll && to.startsWith(`${path}/`)) ? sent : [],
  );
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

/**
 * Whether a page names people to somebody to whom they have written, as an inbox does: what they wrote stands there, and they had
 * posted it to the profile of the reader, or with the last part of its address (`to=otter-17`).
 *
 * @param profiles kind of address → path of a profile → whose it is
 */
export function isOfThoseWhoWrote(
  history: History,
  profiles: ReadonlyMap<string, ReadonlyMap<string, string>>,
): (exchange: HistoryExchange, owners: readonly string[]) => boolean {
  const handles = new Map(
    [...profiles.values()].flatMap((known) =>
      [...known].map(([path, owner]) => [path.split(/[/@~]/).at(-1) ?? '', owner] as const),
    ),
  );
  const letters = withApp(history).flatMap(({ at, method, status, entitled, request, url }) => {
    if (method !== 'POST' || !entitled?.length || !status || status >= 400) return [];
    const values = valuesIn(request.body);
    const named = [...(URL.canParse(url) ? new URL(url).pathname.split(/[/@~]/) : []), ...values];
    const to = named.flatMap((part) => handles.get(part) ?? []).filter((who) => !entitled.includes(who));
    const texts = values.filter((value) => value.length >= TEXT_MIN && !handles.has(value));
    return to.length > 0 ? [{ at, from: entitled, to, texts }] : [];
  });
  return ({ at, entitled, response }, owners) => {
    const own = letters.filter(
      (letter) => letter.at < at && letter.to.some((who) => entitled?.includes(who)),
    );
    const body = own.length > 0 ? readIn(response.body) : '';
    return owners.every((owner) =>
      own.some(({ from, texts }) => from.includes(owner) && texts.some((text) => body.includes(text))),
    );
  };
}
