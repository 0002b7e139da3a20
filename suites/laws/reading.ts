/** How laws read a history: what was seen in answers of the app, and where. */
import type { History, HistoryExchange } from '../../harness/check/law.ts';
import { once } from './once.ts';

export type Sighting = NonNullable<HistoryExchange['sightings']>[number];

/** Exchanges between a browser and the app. */
export const withApp = once(({ exchanges, app }: History): readonly HistoryExchange[] =>
  exchanges.filter(({ from, to, url }) => from === 'browser' && to === 'app' && url.startsWith(app.origin)),
);

/** Everything that was seen on one side of the exchanges between a browser and the app. */
export const seen = (
  history: History,
  side: Sighting['side'],
): { exchange: HistoryExchange; sighting: Sighting }[] =>
  withApp(history).flatMap((exchange) =>
    (exchange.sightings ?? []).flatMap((sighting) =>
      sighting.side === side ? [{ exchange, sighting }] : [],
    ),
  );

/** A header of the answer, as one text. */
export const headerOf = ({ response }: HistoryExchange, name: string): string =>
  [response.headers[name] ?? ''].flat().join(', ');

/** Where a redirect leads, when the answer is one. */
export const locationOf = (exchange: HistoryExchange): URL | undefined => {
  const location = headerOf(exchange, 'location');
  return location && URL.canParse(location, exchange.url) ? new URL(location, exchange.url) : undefined;
};

/** Whether the answer sends the browser to the issuer, where state, hint and number belong. */
export const leadsToIssuer = ({ declared }: History, exchange: HistoryExchange): boolean =>
  declared.issuerOrigins.includes(locationOf(exchange)?.origin ?? '');

/**
 * Whether the request itself brought the thing, in its address or body: a page that is called with a token, such as `/enter?token=…` by
 * `ways-in/token-of-elsewhere`, gives nobody what they had not (Next.js writes the parameters of an address into the data of its page).
 * What Logto sends by way of the browser to the callback is for the server alone.
 */
export const isSaidAgain = (
  { app: { origin, basePath } }: History,
  { url, sightings = [] }: HistoryExchange,
  { print }: Sighting,
): boolean =>
  !url.startsWith(`${origin}${basePath}/callback`) &&
  sightings.some(
    (each) =>
      each.side === 'request' && (each.where === 'address' || each.where === 'body') && each.print === print,
  );

const PLACES: Record<Sighting['where'], string> = {
  body: 'in the body',
  header: 'in a header',
  cookie: 'in a cookie',
  'script cookie': 'in a cookie that scripts can read',
  address: 'in the address of a redirect',
  elsewhere: 'in the address of something that another site is asked for,',
};

const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname : url);

/** "in the body of GET /profile (200), as base64" */
export const placeOf = (exchange: HistoryExchange, { where, form }: Sighting): string =>
  `${PLACES[where]} of ${exchange.method} ${pathOf(exchange.url)} (${exchange.status})${form === 'as it is' ? '' : `, ${form}`}`;

export const PERSONAL: readonly Sighting['kind'][] = [
  'phone number',
  'email address',
  'user id',
  'username',
  'name',
];

const SESSION_COOKIE = /^(?:__Secure-|__Host-)?(?:authjs|next-auth)\.session-token(?:\.\d+)?$/;

/** A cookie as it is set: name and attributes, without the value and what differs from time to time. */
export function cookiesSet(exchange: HistoryExchange): { name: string; flags: string; isCleared: boolean }[] {
  return [exchange.response.headers['set-cookie'] ?? []].flat().map((line) => {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const flags = attributes
      .map((attribute) => attribute.toLowerCase())
      .filter((attribute) => !/^(expires|max-age)=/.test(attribute))
      .sort()
      .join('; ');
    const isCleared =
      value === '' ||
      attributes.some((attribute) => /^max-age=(0|-)|^expires=thu, 01 jan 1970/i.test(attribute));
    return { name, flags, isCleared };
  });
}

/** Whether a cookie is that of the session. */
export const isOfSession = ({ declared: { sessionCookie } }: History, name: string): boolean =>
  sessionCookie ? name === sessionCookie || name.startsWith(`${sessionCookie}.`) : SESSION_COOKIE.test(name);

/**
 * Whether a request held no session: a browser without a session cookie, or a program without a token. The person in front of it is
 * known to the run all the same.
 */
export const isStrangers = (history: History, exchange: HistoryExchange): boolean =>
  heldNoSession(history)(exchange);

const heldNoSession = once((history: History) =>
  once(({ entitled, request: { headers } }: HistoryExchange): boolean => {
    if (!entitled?.length) return true;
    const cookies = [headers.cookie ?? []].flat().join('; ').split(/;\s*/);
    const isRecorded = Object.keys(headers).length > 0;
    return (
      isRecorded &&
      !headers.authorization &&
      !cookies.some((pair) => isOfSession(history, pair.split('=')[0] ?? ''))
    );
  }),
);

/** An address that names no thing: whatever stands there is not found by an id. */
export const isFixed = ({ url }: HistoryExchange): boolean =>
  URL.canParse(url) && !/\d/.test(new URL(url).pathname) && new URL(url).search === '';

/** A body as text. */
export const bodyOf = ({ response: { body } }: HistoryExchange): string =>
  typeof body === 'string' ? body : JSON.stringify(body ?? '');
