/**
 * Apps that limit how often they are asked: an answer with 429 (RFC 6585 §4), or 503 with Retry-After (RFC 9110 §15.6.4,
 * §10.2.3), says nothing of what a check wanted to know. A refusal looks like a door that is closed, and a sign-in that was
 * not let through like one that is broken.
 */
import type { Exchange } from '../mocks/journal.ts';
import type { CheckResult, Finding } from './model.ts';

const headerOf = (
  { response: { headers } }: Pick<Exchange, 'response'>,
  ...names: string[]
): string | undefined => {
  for (const [name, value] of Object.entries(headers))
    if (names.includes(name.toLowerCase())) return [value].flat().join(', ');
  return undefined;
};

/** By which an app names its limit: draft-ietf-httpapi-ratelimit-headers, and its earlier forms. */
const LIMIT_HEADERS = ['ratelimit-policy', 'ratelimit-limit', 'ratelimit', 'x-ratelimit-limit'];

/** Whether the app refused an exchange of a browser because of how often it was asked. */
export const isLimited = (exchange: Exchange): boolean =>
  exchange.from === 'browser' &&
  exchange.to === 'app' &&
  (exchange.status === 429 || (exchange.status === 503 && headerOf(exchange, 'retry-after') !== undefined));

/** Whether it is the app's own limit, where the issuer or the carrier was made to fail: an app may pass that on, or ask to come again later. */
export const isOwnLimit = (exchange: Exchange): boolean =>
  isLimited(exchange) &&
  headerOf(exchange, ...LIMIT_HEADERS, ...(exchange.status === 429 ? ['retry-after'] : [])) !== undefined;

/** Fact of an exchange: what was answered before the run is refused now, so that nothing else is answered either. */
export const TURNED_AWAY = 'turnedAway';

/** Whether an exchange shows that the app, or what stands in front of it, turns the address of the run away. */
export const isTurnedAway = ({ facts }: Exchange): boolean => facts[TURNED_AWAY] === true;
const pathOf = ({ url }: Exchange): string => (URL.canParse(url) ? new URL(url).pathname : url);

/**
 * Whether a page is closed for work: 503 each time it is opened, with no word of a limit, while the app goes on to answer
 * everything else. It is asked for with GET, and answered as it always is.
 *
 * @param among what the same browsers asked for
 */
export function isClosedForWork(exchange: Exchange, among: readonly Exchange[]): boolean {
  if (exchange.status !== 503 || exchange.method !== 'GET' || headerOf(exchange, ...LIMIT_HEADERS))
    return false;
  const asked = among.filter(({ from, to, status }) => from === 'browser' && to === 'app' && status !== null);
  const [here, elsewhere] = [
    asked.filter((other) => pathOf(other) === pathOf(exchange)),
    asked.filter((other) => pathOf(other) !== pathOf(exchange)),
  ];
  return (
    here.every(({ status }) => status === 503) &&
    elsewhere.some(({ at, status }) => at > exchange.at && Number(status) < 500 && status !== 429)
  );
}

/** What is posted to Auth.js, which signs people in and out. */
const OF_AUTHJS = /\/(?:signin|signout|callback|session|_log)(?:\/|$)/;

/**
 * Whether the app limits one form, and nothing else: it refuses what is posted there (429), takes what is posted elsewhere, and goes
 * on to answer. A contact form that takes so many messages an hour says nothing of who reads what.
 *
 * @param among what the same browsers asked for
 */
export function isLimitOfForm(exchange: Exchange, among: readonly Exchange[]): boolean {
  const isWrite = ({ method, url }: Exchange) =>
    !/^(?:GET|HEAD|OPTIONS)$/.test(method) && !OF_AUTHJS.test(url);
  const path = pathOf(exchange);
  if (exchange.status !== 429 || !isWrite(exchange)) return false;
  const asked = among.filter(({ from, to, status }) => from === 'browser' && to === 'app' && status !== null);
  const elsewhere = asked.filter((other) => pathOf(other) !== path);
  return (
    !elsewhere.some(isLimited) &&
    elsewhere.some(isWrite) &&
    elsewhere.some(({ at, status }) => at > exchange.at && Number(status) < 500)
  );
}

const nameOf = (exchange: Exchange) =>
  `${exchange.status} to ${exchange.method} ${URL.canParse(exchange.url) ? new URL(exchange.url).pathname : exchange.url}`;

/** Why a check that met this says nothing. */
export const limitedReason = (exchange: Exchange): string =>
  isTurnedAway(exchange)
    ? `The app turns this address away by now (it answered ${nameOf(exchange)}, and answered that before), so this says nothing of it.`
    : `The app limits how often it may be asked (it answered ${nameOf(exchange)}), so this says nothing of it.`;

/** What the app says of its limit. */
function saidOf(exchange: Exchange): string {
  const limit = headerOf(exchange, ...LIMIT_HEADERS);
  const wait = headerOf(exchange, 'retry-after');
  const said = [
    limit && `its limit is ${limit}`,
    wait && `it asks to wait ${/^\d+$/.test(wait) ? `${wait} s` : `until ${wait}`}`,
  ];
  return said.filter(Boolean).join(', and ');
}

const LIMITS = 'CONF_APP_LIMITS';

/**
 * What to do about a limit.
 *
 * @param who who met it: "the smoke sign-in", "12 checks"
 */
export function limitTold(who: string, exchange: Exchange): Finding {
  const said = saidOf(exchange);
  return {
    code: LIMITS,
    key: 'target.env',
    what: `the app limits how often it may be asked: ${who} met the answer ${nameOf(exchange)}${said && `; ${said}`}`,
    expected: 'an app that answers every request of a run: some thousands, from one address, in a minute',
    remedy:
      'raise the limit, or turn it off, for this run: by a variable of the app in target.env, or by a list of addresses that it lets pass (127.0.0.1 and ::1). At an app that is deployed, ask more slowly: --pace.',
  };
}

/** The header by which the clock of the app is moved for one request. */
const CLOCK_HEADER = 'x-conformance-clock';

/** What a moved clock may have done to a limit: one that keeps the time of the last request counts backwards afterwards. */
function clockMovedBefore({ at }: Exchange, checks: readonly CheckResult[]): string | undefined {
  const [first] = checks.filter(({ exchanges }) =>
    exchanges.some((each) => each.at < at && headerOf({ response: each.request }, CLOCK_HEADER)),
  );
  return (
    first &&
    `Or it has met no limit: ${first.id} had moved the clock of the app before, for single requests; a limit that keeps Date.now() of the last request, and multiplies by what has passed since, falls below nothing then, for everybody: let it never count less than 0 (Math.max(0, now - last)), or count by performance.now().`
  );
}

/** What to do about an app that turns the run away. */
const turnedAwayTold = (who: string, exchange: Exchange): Finding => ({
  code: 'CONF_APP_TURNS_AWAY',
  key: 'target.env',
  what: `the app, or a firewall in front of it, turned the address of this run away: after ${who} it answered ${nameOf(exchange)}, which it had answered before`,
  expected: 'an app that goes on answering, however odd the requests of a run are',
  remedy:
    'let it pass 127.0.0.1 and ::1, or turn the firewall off, for this run: by a variable of the app in target.env; what it keeps out is judged by whoever certifies the firewall.',
});

/** The findings of a run with one for all checks that a limit of the app, or its firewall, has blocked. */
export function withLimits(findings: readonly Finding[], checks: readonly CheckResult[]): Finding[] {
  const met = checks.flatMap(({ verdict, exchanges }) => {
    const first = verdict === 'blocked' ? exchanges.find(isLimited) : undefined;
    return first ? [first] : [];
  });
  const away = checks.flatMap(({ verdict, exchanges }) =>
    verdict === 'blocked' ? (exchanges.find(isTurnedAway) ?? []) : [],
  );
  const first = away.sort((one, next) => one.at.localeCompare(next.at))[0];
  if (first)
    return [
      ...withLimits(
        findings,
        checks.filter(({ exchanges }) => !exchanges.some(isTurnedAway)),
      ),
      turnedAwayTold(away.length === 1 ? 'one check' : `the first of ${away.length} checks`, first),
    ];
  const others = findings.filter(({ code }) => code !== LIMITS);
  // Where the sign-in before all checks has met it, hardly a check gets as far: "one check" would belittle it.
  if (!met[0] || (met.length === 1 && others.length < findings.length)) return [...findings];
  const told = limitTold(met.length === 1 ? 'one check' : `the first of ${met.length} checks`, met[0]);
  const moved = clockMovedBefore(met[0], checks);
  return [...others, moved ? { ...told, remedy: `${told.remedy} ${moved}` } : told];
}
