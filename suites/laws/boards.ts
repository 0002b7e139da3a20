/** Pages on which members write for others to read: comments, reviews, boards. Who wrote there is named there. */

import { isOfPeople, kindOf } from '../../harness/check/doors/addresses-of-people.ts';
import { percentDecoded, unescaped } from '../../harness/check/issued-in.ts';
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { once } from './once.ts';
import { othersIn } from './others.ts';
import { withApp } from './reading.ts';

/** Lists show how a long text begins. */
const BEGINNING = 32;

const isReadIn = (body: string, text: string): boolean =>
  body.includes(text.length > BEGINNING ? text.slice(0, BEGINNING) : text);

/** What one person sent to a path. */
interface Written {
  owners: readonly string[];
  texts: string[];
}

/** Shorter texts may stand on a page by chance. */
const TEXT_MIN = 8;

export const pathOf = once(({ url }: HistoryExchange): string =>
  URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : url,
);

/** A path as lenient routers read it: decoded, in small letters, without doubled slashes. */
export const resourceOf = (exchange: HistoryExchange): string =>
  percentDecoded(pathOf(exchange))
    .toLowerCase()
    .replace(/\/+/g, '/')
    .replace(/(.)\/$/, '$1');

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body ?? ''));

/** Values of the parts of a multipart form (RFC 7578), files aside. */
const PART = /name="[^"]*"\r?\n(?:content-type:[^\n]*\n)?\r?\n([\s\S]*?)\r?\n--/gi;

/** Values of a form, or of data, as they were posted; procedures wrap them (`{"0":{"json":{"title":"…"}}}`). */
function valuesIn(body: unknown): string[] {
  if (typeof body === 'object' && body !== null)
    return Object.values(body).flatMap((value) =>
      typeof value === 'string' ? [value] : typeof value === 'object' ? valuesIn(value) : [],
    );
  if (body === null) return [];
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
    const place = resourceOf(exchange);
    if (texts.length) found.set(place, [...(found.get(place) ?? []), { owners: entitled, texts }]);
  }
  return found;
}

/** The body of a page, with what stood around the names of others after it was cut. */
const bodyOf = ({ response, sightings = [] }: HistoryExchange): string =>
  [textOf(response.body), ...sightings.flatMap(({ around }) => around ?? [])].join('\n');

/** What people read in a page, without what stands in the fields of its forms, which is for whoever may change it. */
function readIn(exchange: HistoryExchange): string {
  const text = bodyOf(exchange)
    .replace(/<textarea[\s\S]*?<\/textarea>/gi, '')
    .replace(/\bvalue="[^"]*"/gi, '');
  return `${text}\n${unescaped(text)}`;
}

/**
 * Whether a page shows what these people sent to its own address, to be read and not in a form: they are named as its authors. What
 * strangers read, at a path that refuses none of them, may have been sent to any address: a post, and the feed of all posts.
 */
export function isBoardOf(
  exchange: HistoryExchange,
  owners: readonly string[],
  written: ReadonlyMap<string, Written[]>,
  isOpenTo: (exchange: HistoryExchange) => boolean,
): boolean {
  const isForAll = written.size > 0 && isOpenTo(exchange);
  const entries = isForAll ? [...written.values()].flat() : (written.get(resourceOf(exchange)) ?? []);
  const body = entries.length ? readIn(exchange) : '';
  return owners.every((owner) =>
    entries.some((entry) => entry.owners.includes(owner) && entry.texts.some((text) => isReadIn(body, text))),
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

/** What the addresses of profiles end with → whose they are, as the pages say to others. */
function handlesIn(history: History): ReadonlyMap<string, string> {
  const found = new Map<string, string | undefined>();
  for (const exchange of withApp(history)) {
    const path = pathOf(exchange);
    const handle =
      exchange.status === 200 && isOfPeople(kindOf(path)) ? path.split(/[/@~]/).at(-1) : undefined;
    const [owner, ...more] = new Set(handle ? othersIn(exchange).flatMap((each) => each.owner ?? []) : []);
    if (handle && owner)
      found.set(handle, more.length === 0 && (found.get(handle) ?? owner) === owner ? owner : undefined);
  }
  return new Map([...found].flatMap(([handle, owner]) => (owner ? [[handle, owner] as const] : [])));
}

/**
 * Whether a page names people to somebody to whom they have written, or who has written to them, as an inbox does: what was written
 * stands there, and was posted to the profile of the other, or with the last part of its address (`to=otter-17`).
 */
export function isOfThoseWhoWrote(
  history: History,
): (exchange: HistoryExchange, owners: readonly string[]) => boolean {
  const handles = handlesIn(history);
  const letters = withApp(history).flatMap(({ at, method, status, entitled, request, url }) => {
    if (method !== 'POST' || !entitled?.length || !status || status >= 400) return [];
    const values = valuesIn(request.body);
    const named = [...(URL.canParse(url) ? new URL(url).pathname.split(/[/@~]/) : []), ...values];
    const to = named.flatMap((part) => handles.get(part) ?? []).filter((who) => !entitled.includes(who));
    const texts = values.filter((value) => value.length >= TEXT_MIN && !handles.has(value));
    return to.length > 0 ? [{ at, from: entitled, to, texts }] : [];
  });
  return (exchange, owners) => {
    const { at, entitled = [] } = exchange;
    const isReader = (who: readonly string[]) => who.some((each) => entitled.includes(each));
    const own = letters.filter((letter) => letter.at < at && (isReader(letter.to) || isReader(letter.from)));
    const body = own.length > 0 ? readIn(exchange) : '';
    return owners.every((owner) =>
      own.some(
        ({ from, to, texts }) =>
          (isReader(to) ? from : to).includes(owner) && texts.some((text) => isReadIn(body, text)),
      ),
    );
  };
}
