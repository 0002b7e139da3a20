/**
 * The header, parameter or claim that a broken check is about, taken from its exchanges. Pure: whatever is shown was
 * redacted when the exchanges were.
 */
import type { Exchange } from '../mocks/journal.ts';
import type { CheckResult, Offending, Report } from './model.ts';

const VALUE_MAX = 400;
/** More than this is no help at a glance. */
const SHOWN_MAX = 3;

interface Ground {
  check: CheckResult;
  /** Exchanges of the steps that were not as they must be, or all. */
  exchanges: readonly Exchange[];
  target: Pick<Report['target'], 'origin' | 'declared'>;
}
type Finder = (ground: Ground) => Offending[];

const pathOf = ({ method, url }: Exchange) =>
  `${method} ${url.replace(/^[a-z]+:\/\/[^/?#]+/i, '').split('?')[0] || '/'}`;
const headers = ({ response }: Exchange, name: string): string[] => [response.headers[name] ?? []].flat();
const told = (exchange: Exchange, what: string, value: string): Offending => ({
  what: `${what} of ${pathOf(exchange)}`,
  value: value.length > VALUE_MAX ? `${value.slice(0, VALUE_MAX)}…` : value,
  seq: exchange.seq,
});
const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : body === null || body === undefined ? '' : JSON.stringify(body);

/** Set-Cookie lines whose name fits, each once; the newest of an exchange comes last. */
const cookies =
  (name: (ground: Ground) => RegExp): Finder =>
  (ground) =>
    ground.exchanges
      .filter(({ to }) => to === 'app')
      .flatMap((exchange) =>
        headers(exchange, 'set-cookie')
          .filter((line) => name(ground).test(line.split('=')[0] as string) && !/=;|Max-Age=0/i.test(line))
          .map((line) => told(exchange, 'Set-Cookie', line)),
      )
      .slice(-1);

const sessionCookie = cookies(({ target: { declared } }) =>
  declared?.sessionCookie
    ? new RegExp(`^${declared.sessionCookie.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
    : /session-token/,
);

/** Redirects of the app that leave it for somewhere that is not Logto. */
const leaving: Finder = ({ exchanges, target }) => {
  const known = [target.origin, ...(target.declared?.issuerOrigins ?? [])];
  const redirects = exchanges
    .filter(({ to }) => to === 'app')
    .flatMap((exchange) => headers(exchange, 'location').map((value) => told(exchange, 'Location', value)));
  const away = redirects.filter(({ value }) => {
    try {
      return !known.includes(new URL(value, target.origin ?? 'http://localhost').origin);
    } catch {
      return true;
    }
  });
  return (away.length ? away : redirects).slice(-1);
};

/** Parameters of the authorization request. */
const parameters =
  (...names: string[]): Finder =>
  ({ exchanges }) => {
    const requests = exchanges.filter(
      ({ from, to, url }) => from === 'browser' && to === 'issuer' && /\/auth\?/.test(url),
    );
    // An app whose request was refused at once, or never followed, is seen by its redirect.
    const asked = requests.length
      ? requests.map((exchange) => ({ exchange, url: exchange.url }))
      : exchanges.flatMap((exchange) =>
          headers(exchange, 'location')
            .filter((url) => /\/auth\?/.test(url))
            .map((url) => ({ exchange, url })),
        );
    return asked.slice(-1).flatMap(({ exchange, url }) => {
      const query = new URLSearchParams(url.split('?')[1] ?? '');
      return names.map((name) =>
        told(exchange, `Parameter ${name}`, query.getAll(name).join(' and ') || '(missing)'),
      );
    });
  };

const header =
  (name: string, side: 'request' | 'response', where: (exchange: Exchange) => boolean): Finder =>
  ({ exchanges }) =>
    exchanges
      .filter(where)
      .slice(-1)
      .map((exchange) =>
        told(exchange, name, [exchange[side].headers[name.toLowerCase()] ?? '(missing)'].flat().join(', ')),
      );

const sessionJson: Finder = ({ exchanges }) =>
  exchanges
    .filter(
      ({ to, url, response }) =>
        to === 'app' && /\/session(?:\?|$)/.test(url) && !/^(?:null|\{\})?$/.test(textOf(response.body)),
    )
    .slice(-1)
    .map((exchange) => told(exchange, 'Body', textOf(exchange.response.body)));

/** What the mock changed, where it was told to change something. */
const changed: Finder = ({ check, exchanges }) =>
  exchanges
    .filter(({ faults }) => check.fault !== undefined && faults.includes(check.fault))
    .slice(0, 1)
    .map((exchange) => {
      const { changed: claims } = exchange.facts;
      const location = headers(exchange, 'location')[0];
      if (claims) return told(exchange, 'Changed by the mock in the ID token', String(claims));
      if (location) return told(exchange, 'Changed by the mock: Location', location);
      return told(
        exchange,
        `Changed by the mock: answer ${exchange.status ?? 'none'}`,
        textOf(exchange.response.body) || '(empty)',
      );
    });

/** The last answer that the app gave to a browser. */
const answer: Finder = ({ exchanges }) =>
  exchanges
    .filter(({ to, url }) => to === 'app' && !/\/(?:session|csrf|providers)(?:\?|$)/.test(url))
    .slice(-1)
    .map((exchange) =>
      told(
        exchange,
        'Answer',
        [String(exchange.status ?? 'none'), ...headers(exchange, 'location')].join(', Location: '),
      ),
    );

const toApp = ({ to, method }: Exchange) => to === 'app' && method === 'GET';

/** The first that fits is asked; what it does not find is looked for by those after it. */
const FINDERS: readonly [RegExp, Finder][] = [
  [/^session\/(?:check-cookies)/, cookies(() => /code_verifier|\.state|\.nonce/)],
  [
    /^session\/(?:cookie-|lifetime|rolling|fixation|new-each)|^laws\/session-cookie|^sign-out\/cookie-cleared/,
    sessionCookie,
  ],
  [/^redirect\/callback-url-|^sign-out\/(?:callback-url|rp-|issuer-)|^redirect\/injected-redirect/, leaving],
  [/^redirect\/pkce|^redirect\/injected-challenge/, parameters('code_challenge_method', 'code_challenge')],
  [/^redirect\/csrf-protection$/, parameters('state', 'code_challenge', 'nonce')],
  [/^redirect\/(?:state-fresh|injected-state)/, parameters('state')],
  [/^redirect\/nonce/, parameters('nonce')],
  [/^redirect\/(?:scope|injected-scope)|^laws\/scopes/, parameters('scope')],
  [/^redirect\/offline/, parameters('scope', 'prompt')],
  [/^redirect\/(?:client-id|injected-client)/, parameters('client_id')],
  [/^redirect\/response-type/, parameters('response_type')],
  [/^redirect\/(?:redirect-uri|host|forwarded)/, parameters('redirect_uri')],
  [
    /^callback\/client-authentication/,
    header('Authorization', 'request', ({ facts }) => facts.endpoint === 'token'),
  ],
  [
    /^session\/(?:not-cached|no-store)|^session\/protected-not-shared|^sign-out\/back-button|^laws\/personal/,
    header('Cache-Control', 'response', toApp),
  ],
  [
    /^session\/(?:no-token|maps-|name-|absent|phone-claim|changed)|^laws\/(?:tokens-kept|session-members)/,
    sessionJson,
  ],
];

/**
 * @param check a check that was broken, with its exchanges
 * @returns at most three pieces; empty for what passed and for what left no exchange
 */
export function offendingOf(check: CheckResult, target: Ground['target']): Offending[] {
  if (!['fail', 'warn', 'note'].includes(check.verdict) || check.exchanges.length === 0) return [];
  const bad = check.steps.filter(({ ok, to }) => !ok && to > 0);
  const inside = check.exchanges.filter(({ seq }) => bad.some(({ from, to }) => seq >= from && seq <= to));
  const ground: Ground = { check, exchanges: inside.length ? inside : check.exchanges, target };
  const special = FINDERS.filter(([ids]) => ids.test(check.id)).flatMap(([, find]) => find(ground));
  if (special.length) return special.slice(0, SHOWN_MAX);
  return [...changed(ground), ...answer(ground)].slice(0, SHOWN_MAX);
}
