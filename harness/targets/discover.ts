/** Finds the Auth.js endpoints of a running app and recognises its version (facts: authjs.md §1, §2). */
import { ConformanceError, ConformanceFailure } from '../errors.ts';
import { type Answer, createHttpAgent } from '../user-agents/http.ts';

/** One way into a session that the app lists. */
export interface Way {
  id: string;
  name: string;
  type: string;
}

export interface AuthEndpoints {
  /** Origin that the app is called by, such as `http://localhost:3000`. */
  origin: string;
  /** Path of the endpoints, such as `/api/auth`. */
  basePath: string;
  provider: string;
  /** What the app itself says its callback URL is. */
  callbackUrl: string;
  signinUrl: string;
  /** `v4` (next-auth 4) or `v5` (everything on @auth/core). */
  family: 'v4' | 'v5';
  /** The Auth.js package that the app names, such as `next-auth`; missing for an app that is only known by its URL. */
  library?: string;
  /** Whether GET /csrf gives a token (SvelteKit and Qwik have none). */
  csrf: boolean;
  providers: string[];
  /** The same, as `/providers` describes them: oidc, oauth, email, credentials, webauthn. */
  ways?: Way[];
  /** What the app calls the provider, on its buttons; and the names of its other ones. */
  providerName: string;
  otherNames: string[];
  /** Its other providers, as it lists them. */
  others?: { id: string; name: string; type?: string; callbackUrl: string }[];
}

const AUTH_PACKAGE = /^(?:next-auth|@auth\/.+|@hono\/auth-js|auth-astro)$/;

export const USUAL_BASE_PATHS = ['/api/auth', '/auth'];

type Providers = Record<
  string,
  { id: string; name: string; type?: string; signinUrl: string; callbackUrl: string }
>;

/** The provider list in an answer, or undefined: a wrong base path answers 404 HTML, 500 or 400 `"Bad request."`. */
function providersIn(answer: Answer): Providers | undefined {
  const type = String(answer.headers['content-type'] ?? '');
  const body = answer.json();
  if (
    answer.status !== 200 ||
    !type.startsWith('application/json') ||
    typeof body !== 'object' ||
    body === null
  )
    return undefined;
  return body as Providers;
}

/** Plain OAuth has no issuer that could be Logto's; next-auth v4 calls every provider `oauth`. */
function remedyWithout(providers: Providers): string {
  const all = Object.values(providers);
  const oidc = all.find(({ type }) => type === 'oidc') ?? all.find(({ id }) => /logto|oidc/i.test(id));
  if (oidc) return `name the right one: --provider ${oidc.id}`;
  return all.length
    ? `${all.map(({ id }) => `"${id}"`).join(', ')} cannot be Logto: add its provider beside ${all.length === 1 ? 'it' : 'them'} (import Logto from '@auth/core/providers/logto'; providers: [Logto]), or name the one that is.`
    : 'add the Logto provider to the Auth.js config.';
}

/** What an app that is up, but not set up right, says on every JSON route (authjs.md §1). */
const misconfigured = (answer: Answer) =>
  answer.status === 500 && answer.text.includes('problem with the server configuration');

/**
 * Which library answers. What the app has installed decides, where it is known; then the session of nobody,
 * which is `{}` in next-auth v4 and `null` in @auth/core of any age; cookies last, because @auth/core named its own
 * `next-auth.…` before 0.19.
 */
export function familyOf(seen: {
  /** Body of GET /session without a session. */
  session: string;
  /** Set-Cookie lines of the JSON routes. */
  cookies: readonly string[];
  /** Packages that the package.json of the app names. */
  versions?: Record<string, string>;
}): AuthEndpoints['family'] {
  const { versions = {} } = seen;
  const next = versions['next-auth'];
  if (next) return /^[0-4]\./.test(next) ? 'v4' : 'v5';
  if (Object.keys(versions).some((name) => AUTH_PACKAGE.test(name))) return 'v5';
  const session = seen.session.trim();
  if (session === '{}') return 'v4';
  if (session === 'null') return 'v5';
  return seen.cookies.some((line) => line.includes('next-auth.')) ? 'v4' : 'v5';
}

/**
 * Asks the app where its endpoints are.
 *
 * @param options.log last lines of the app's output, shown when it says it is not set up right
 * @throws ConformanceError CONF_TARGET_MISCONFIGURED, CONF_PROVIDER_MISSING, CONF_BASE_PATH_UNKNOWN, CONF_ORIGIN_MISMATCH,
 *   CONF_TARGET_SILENT, CONF_TARGET_GONE
 */
export async function discoverEndpoints(options: {
  origin: string;
  basePath?: string;
  provider: string;
  log?: () => string[];
  ca?: string;
  /** Packages that the package.json of a started app names, with the versions that are installed. */
  versions?: Record<string, string>;
  /** Whether the harness started it, and can put something in front of it. */
  isStarted?: boolean;
}): Promise<AuthEndpoints> {
  const { origin, provider } = options;
  const agent = createHttpAgent({ laneOf: () => 'app', ca: options.ca });
  const ask = (url: string) =>
    agent.hop(url, { headers: { accept: 'application/json' } }).catch((error: Error) => {
      throw error instanceof ConformanceFailure ? silence(error.message, options.log?.() ?? []) : error;
    });
  const basePaths = options.basePath ? [options.basePath.replace(/\/$/, '')] : USUAL_BASE_PATHS;
  const seen: string[] = [];
  for (const basePath of basePaths) {
    const answer = await ask(`${origin}${basePath}/providers`);
    if (misconfigured(answer)) throw misconfiguration(origin + basePath, options.log?.() ?? []);
    const providers = providersIn(answer);
    if (!providers) {
      if (isSentToHttps(answer)) throw wantsHttps(answer, options.isStarted ?? false);
      seen.push(`${basePath}/providers answered ${answer.status}`);
      continue;
    }
    const entry = providers[provider];
    if (!entry) {
      throw new ConformanceError({
        code: 'CONF_PROVIDER_MISSING',
        what: `the app has no provider "${provider}"; ${basePath}/providers lists ${
          Object.keys(providers)
            .map((id) => `"${id}"`)
            .join(', ') || 'none'
        }`,
        expected: `a provider with the id "${provider}" (target.provider, or --provider)`,
        remedy: remedyWithout(providers),
      });
    }
    const session = await ask(`${origin}${basePath}/session`);
    const csrf = await ask(`${origin}${basePath}/csrf`);
    const family = familyOf({
      session: session.text,
      cookies: [...session.setCookies, ...csrf.setCookies],
      versions: options.versions,
    });
    const library = Object.keys(options.versions ?? {}).find((name) => AUTH_PACKAGE.test(name));
    return {
      origin,
      basePath,
      provider,
      callbackUrl: entry.callbackUrl,
      signinUrl: entry.signinUrl,
      family,
      ...(library && { library }),
      csrf: csrf.status === 200,
      providers: Object.keys(providers),
      ways: Object.entries(providers).map(([id, { name, type }]) => ({
        id,
        name: name ?? id,
        type: type ?? 'unknown',
      })),
      providerName: entry.name ?? provider,
      otherNames: Object.values(providers).flatMap(({ id, name }) => (id === provider ? [] : (name ?? id))),
      others: Object.values(providers).flatMap(({ id, name, type, callbackUrl }) =>
        id === provider ? [] : [{ id, name: name ?? id, type, callbackUrl }],
      ),
    };
  }
  const crashed = seen.filter((line) => / answered 5\d\d$/.test(line));
  // A path that a guess named and the app does not have says nothing of the one that fails.
  if (crashed.length && seen.every((line) => crashed.includes(line) || / answered 404$/.test(line)))
    throw crashing(origin, { crashed, isEverywhere: crashed.length === seen.length }, options.log?.() ?? []);
  throw new ConformanceError({
    code: 'CONF_BASE_PATH_UNKNOWN',
    what: `no Auth.js endpoints were found at ${origin}: ${seen.join(', ')}`,
    expected: `a JSON list of providers at <base path>/providers (target.basePath; tried ${basePaths.join(' and ')})`,
    remedy: 'give the base path of your Auth.js routes: --base-path /my/auth',
  });
}

/** Whether whoever comes by http is sent to the same host by https. */
const isSentToHttps = ({ url, location }: Answer): boolean =>
  url.protocol === 'http:' && location?.protocol === 'https:' && location.hostname === url.hostname;

/** In production a proxy speaks https, and tells the app so. */
const wantsHttps = ({ url, status, location }: Answer, isStarted: boolean) =>
  new ConformanceError({
    code: 'CONF_SCHEME',
    key: isStarted ? 'target.https' : 'target.url',
    what: `the app sends whoever calls it by http to https: ${url.pathname} answered ${status} to ${location?.origin}`,
    expected: 'an app that is called by https, or that answers by http',
    remedy: isStarted
      ? 'set target.https: true (or --https): a proxy of ours speaks https in front of it and sends X-Forwarded-Proto, as that of its production does; or switch the redirect off by a variable in target.env.'
      : `give its https address: --url ${location?.origin}`,
  });

/** An app that fails where Auth.js is asked for has something to say for itself. */
function crashing(
  origin: string,
  { crashed, isEverywhere }: { crashed: readonly string[]; isEverywhere: boolean },
  log: string[],
): ConformanceError {
  const at = log.findLastIndex((line) => /error|exception/i.test(line));
  const own = (at < 0 ? log.slice(-8) : log.slice(Math.max(0, at - 1), at + 8)).join('\n');
  return new ConformanceError({
    code: 'CONF_TARGET_CRASHES',
    what: `the app at ${origin} fails ${isEverywhere ? 'at every path' : 'where its Auth.js endpoints are asked for'}: ${crashed.join(', ')}${own ? `\n${own.replace(/^/gm, '    | ')}` : ''}`,
    expected: 'an app that answers GET <base path>/providers',
    remedy: own
      ? 'mend what the lines of the app above say: a setting, a package or a database is missing.'
      : 'read the log of the app; with target.command it is read for you.',
  });
}

/** An app that is up, and leaves a question open or breaks the connection. */
const silence = (message: string, log: string[]) =>
  new ConformanceError({
    code: 'CONF_TARGET_SILENT',
    what: `the app did not tell where its Auth.js endpoints are: ${message}${log.length ? `\n${log.slice(-8).join('\n').replace(/^/gm, '    | ')}` : ''}`,
    expected: 'an answer of Auth.js to GET <base path>/providers, /session and /csrf (target.basePath)',
    remedy:
      'read the app log above: it hangs or dies on a route of Auth.js, perhaps waiting for its database.',
  });

function misconfiguration(url: string, log: string[]): ConformanceError {
  const cause = log
    .join('\n')
    .match(
      /\b(UntrustedHost|MissingSecret|InvalidEndpoints|MissingAdapter\w*|NO_SECRET|MISSING_NEXTAUTH\w+)\b/,
    )?.[0];
  const remedies: Record<string, string> = {
    UntrustedHost: 'set AUTH_TRUST_HOST=true (or trustHost: true, or AUTH_URL) for the app.',
    MissingSecret: 'set AUTH_SECRET for the app.',
    NO_SECRET: 'set NEXTAUTH_SECRET for the app.',
    InvalidEndpoints: 'give every listed provider an issuer: AUTH_LOGTO_ISSUER is not read by this app.',
  };
  return new ConformanceError({
    code: 'CONF_TARGET_MISCONFIGURED',
    what: `Auth.js at ${url} says "There was a problem with the server configuration"${cause ? ` (${cause})` : ''}${log.length ? `\n${log.slice(-8).join('\n').replace(/^/gm, '    | ')}` : ''}`,
    expected: 'an Auth.js config that is complete: secret, trusted host, an issuer for each provider',
    remedy: (cause && remedies[cause]) ?? 'read the app log above: Auth.js names the missing setting there.',
  });
}
