/**
 * A user agent without a browser: hop by hop, with a cookie jar of its own.
 *
 * Facts it follows (measured on nine apps): cookies are applied in order and the last one wins; headers may
 * exceed 16 KB; form posts carry Origin; a 200 with a Location header is no redirect.
 */
import net from 'node:net';
import { CookieJar } from 'tough-cookie';
import { request as send } from 'undici';
import type { Exchange, Lane } from '../../mocks/journal.ts';
import { lazilyRedacted } from '../../mocks/lazily-redacted.ts';
import { redactText } from '../../mocks/redact.ts';
import { ConformanceError, ConformanceFailure, Unanswered } from '../errors.ts';
import { agentFor, certificateTrouble } from './certificates.ts';
import { clearsCookies, forgetCookies } from './clear-site-data.ts';
import { clip } from './clip.ts';
import { beginWait, inWords, spend } from './pace.ts';
import { takeTurn } from './rate.ts';
import type { RawExchange } from './raw-exchange.ts';
import { TooLong, textOf } from './read-body.ts';
import { LANGUAGE, USER_AGENT } from './user-agent.ts';

export interface Answer {
  /** The URL that was asked. */
  url: URL;
  method: string;
  status: number;
  headers: Record<string, string | string[]>;
  /** Raw Set-Cookie headers in order. */
  setCookies: string[];
  /** Absolute, when the answer is a redirect (3xx with Location). */
  location?: URL;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json(): unknown;
}

export interface HopOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Record<string, string>;
  /** Sent as application/json. */
  json?: unknown;
  body?: string;
  /** Path and query as they go over the wire, where `new URL()` would tidy them up (`/./`, `//`, `\\`). */
  rawPath?: string;
  /** Milliseconds until the answer must be whole (default 15 000); more on a slow machine (pace.ts). */
  limitMs?: number;
}

export interface HttpAgent {
  jar: CookieJar;
  /** One request; redirects are returned, not followed. */
  hop(url: string | URL, options?: HopOptions): Promise<Answer>;
  /** Follows redirects with GET until there is none, `until` says stop, or 20 hops are done. */
  follow(answer: Answer, until?: (next: URL) => boolean): Promise<Answer>;
  cookies(url: string | URL): Promise<{ key: string; value: string; httpOnly?: boolean }[]>;
  /** Makes the cookies older by so many seconds; those whose time is over are gone. */
  age(seconds: number): Promise<void>;
  /** What this agent saw, oldest first. */
  exchanges: Exchange[];
  /** The same exchanges as they really were. */
  raw: RawExchange[];
}

export interface HttpAgentOptions {
  scope?: string;
  /** What is known of each exchange before it is made. */
  facts?: Exchange['facts'];
  /** Names the lane that answers, by origin. */
  laneOf(origin: string): Lane;
  /** Public origin → origin that really answers (apps with a hard-coded issuer). */
  reroutes?: Record<string, string>;
  /** PEM text of an authority that is trusted next to the known ones. */
  ca?: string;
  /** The issuer is a real one: what it does not answer is no trouble of a mock. */
  real?: boolean;
  /** Requests a second that the app gets at most. */
  pace?: number;
  /** Cookies that are there from the start, by origin. */
  cookies?: { origin: string; cookie: string }[];
}

/**
 * `localhost` is two addresses, and Node gives each of them a quarter of a second to connect: on a busy machine both fail with
 * ETIMEDOUT, which would be told of the app. What refuses does so at once, however long the other may take.
 */
net.setDefaultAutoSelectFamilyAttemptTimeout(5_000);

const isClosedByPeer = (error: unknown): boolean => ['UND_ERR_SOCKET', 'ECONNRESET'].includes(causeOf(error));

/** Creates a user agent with an empty jar. */
export function createHttpAgent(options: HttpAgentOptions): HttpAgent {
  const jar = new CookieJar(undefined, {
    rejectPublicSuffixes: false,
    allowSpecialUseDomain: true,
    looseMode: true,
  });
  const exchanges: Exchange[] = [];
  const raw: RawExchange[] = [];
  for (const { origin, cookie } of options.cookies ?? []) jar.setCookieSync(cookie, origin);

  const hop: HttpAgent['hop'] = (target, sending) => ask(target, sending, true);
  const ask = async (
    target: string | URL,
    { method = 'GET', headers = {}, form, json, body, rawPath, limitMs = 15_000 }: HopOptions = {},
    respell: boolean,
  ): Promise<Answer> => {
    const url = new URL(target);
    if (options.pace && options.laneOf(url.origin) === 'app') await takeTurn(options.pace);
    // What went over the wire, which a raw path spells in its own way.
    const address = rawPath === undefined ? url.href : `${url.origin}${rawPath}`;
    const real = options.reroutes?.[url.origin];
    const payload = form
      ? new URLSearchParams(form).toString()
      : json === undefined
        ? body
        : JSON.stringify(json);
    const type = form
      ? 'application/x-www-form-urlencoded'
      : json === undefined
        ? undefined
        : 'application/json';
    const cookie = await jar.getCookieString(url.href);
    const sent: Record<string, string> = {
      'user-agent': USER_AGENT,
      accept: 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8',
      'accept-language': LANGUAGE,
      ...(cookie && { cookie }),
      ...(type && { 'content-type': type }),
      ...(method !== 'GET' && { origin: url.origin }),
      ...(real && { host: url.host, 'x-forwarded-proto': url.protocol.slice(0, -1) }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    };
    const startedAt = Date.now();
    const note = (status: number | null, answered: RawExchange['response']) => {
      // Redacted when it is read: by then it is known what in it is a secret.
      const exchange: Exchange = lazilyRedacted({
        seq: 0,
        at: new Date(startedAt).toISOString(),
        durationMs: Date.now() - startedAt,
        scope: options.scope ?? null,
        from: 'browser',
        to: options.laneOf(url.origin),
        method,
        url: address,
        status,
        request: { headers: sent, body: payload ?? null },
        response: { headers: answered.headers, body: clip(answered.body) },
        faults: [],
        facts: { ...options.facts },
      });
      exchanges.push(exchange);
      raw.push({
        exchange,
        url: address,
        request: { headers: sent, body: payload ?? null },
        response: answered,
      });
    };
    const wait = beginWait(limitMs);
    try {
      const asked = real ? new URL(url.pathname + url.search, real) : url;
      const sending = {
        method: method as 'GET',
        headers: sent,
        body: payload,
        signal: wait.signal,
      };
      const dispatcher = agentFor(asked, options.ca);
      const once = () =>
        rawPath === undefined
          ? send(asked, { ...sending, dispatcher })
          : dispatcher.request({ ...sending, origin: asked.origin, path: rawPath });
      // A server may close a kept connection at the moment at which it is used again (RFC 9110 §9.2.2, RFC 9112 §9.3.1).
      const response = await once().catch((error) =>
        isClosedByPeer(error) && ['GET', 'HEAD'].includes(method)
          ? once().catch(() => Promise.reject(error))
          : Promise.reject(error),
      );
      const answered = response.headers as Record<string, string | string[]>;
      const text = await textOf(response.body, answered);
      const setCookies = [answered['set-cookie'] ?? []].flat();
      for (const line of setCookies) await jar.setCookie(line, url.href, { ignoreError: true });
      if (clearsCookies(url, answered)) await forgetCookies(jar, url);
      note(response.statusCode, { headers: answered, body: text });
      spend(Date.now() - startedAt);
      const to = answered.location;
      const mayRespell = respell && rawPath === undefined && options.laneOf(url.origin) === 'app';
      const spelled = mayRespell ? spelledOtherwise(url, method, response.statusCode, to) : undefined;
      // Once: an app that sends back and forth ends nowhere.
      if (spelled) return ask(spelled, { method, headers, form, json, body, limitMs }, false);
      return {
        url,
        method,
        status: response.statusCode,
        headers: answered,
        setCookies,
        location:
          typeof to === 'string' && response.statusCode >= 300 && response.statusCode < 400
            ? new URL(to, url)
            : undefined,
        text,
        json: () => parse(text),
      };
    } catch (error) {
      const late = (error as Error).name === 'TimeoutError';
      const reason = late
        ? `did not answer within ${inWords(wait.limitMs())}`
        : error instanceof TooLong
          ? error.message
          : `broke the connection (${causeOf(error)})`;
      note(null, { headers: {}, body: reason });
      const untrusted = certificateTrouble(url.origin, causeOf(error));
      if (untrusted) throw new ConformanceError(untrusted);
      if (late) wait.exceed();
      if (options.laneOf(url.origin) === 'issuer') throw issuerTrouble(method, url, reason, options.real);
      if (causeOf(error) === 'ECONNREFUSED') {
        throw new ConformanceError({
          code: 'CONF_TARGET_GONE',
          what: `nobody answers at ${url.origin} any more`,
          expected: 'an app that runs as long as it is judged',
          remedy: 'read the last lines of its log in the report: it ended, or was ended, during the run.',
        });
      }
      const told = `${method} ${redactText(address.split('?')[0] ?? '')} ${reason}.`;
      throw late ? new Unanswered(told) : new ConformanceFailure(told);
    } finally {
      wait.end();
    }
  };

  return {
    jar,
    exchanges,
    raw,
    hop,
    async follow(answer, until = () => false) {
      let current = answer;
      for (let hops = 0; current.location && !until(current.location); hops += 1) {
        if (hops === 20)
          throw new ConformanceFailure(
            `Redirected 20 times in a row, last to ${redactText(current.location.href)}.`,
          );
        current = await hop(current.location);
      }
      return current;
    },
    async age(seconds) {
      for (const cookie of await jar.store.getAllCookies()) {
        const left = cookie.TTL() - seconds * 1000;
        if (left === Number.POSITIVE_INFINITY) continue;
        cookie.maxAge = null;
        cookie.setExpires(new Date(Date.now() + left));
        await jar.store.updateCookie(cookie, cookie);
      }
    },
    cookies: async (url) =>
      (await jar.getCookies(String(url))).map(({ key, value, httpOnly }) => ({
        key,
        value,
        ...(httpOnly && { httpOnly }),
      })),
  };
}

/**
 * The same address with a slash at its end, or without, to which an app sends whoever asks for the other spelling
 * (`trailingSlash` of Next.js): user agents go on there, with method and body (RFC 9110 §15.4.8, §15.4.9).
 */
function spelledOtherwise(
  url: URL,
  method: string,
  status: number,
  location: string | string[] | undefined,
): URL | undefined {
  const keeps = status === 307 || status === 308;
  if (typeof location !== 'string' || !(keeps || (status === 301 && method === 'GET'))) return undefined;
  if (!URL.canParse(location, url)) return undefined;
  const to = new URL(location, url);
  const bare = ({ pathname }: URL) => pathname.replace(/\/$/, '');
  const isSame = to.origin === url.origin && to.search === url.search && bare(to) === bare(url);
  return isSame && to.pathname !== url.pathname ? to : undefined;
}

/** What the issuer does not answer, ours or a real one, is no fault of the app. */
const issuerTrouble = (method: string, url: URL, reason: string, real = false) =>
  real
    ? new ConformanceError({
        code: 'CONF_ISSUER_SILENT',
        what: `${method} ${redactText(url.origin + url.pathname)} of the tenant ${reason}`,
        expected: 'a tenant within reach of this machine',
        remedy: 'look at the network, and run again; what was learned until then is in the report.',
      })
    : mockTrouble(method, url, reason);

const mockTrouble = (method: string, url: URL, reason: string) =>
  new ConformanceError({
    code: 'CONF_MOCK_SILENT',
    what: `${method} ${redactText(url.origin + url.pathname)} of the Logto mock ${reason}`,
    expected: 'an answer of our own mock',
    remedy:
      'run it again with less beside it, or with --workers 1; if that does not help, report it as a defect.',
  });

const causeOf = (error: unknown) => {
  const { code, cause, message } = error as { code?: string; cause?: { code?: string }; message: string };
  return code ?? cause?.code ?? message;
};
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
