/** Compares what a real Logto answers with what the mock answers: pure functions over normalised answers. */
import type { WireAnswer } from '../wire.ts';
import type { Probe } from './probes.ts';

export interface Difference {
  /** What was asked. */
  of: string;
  /** Which part of the answer. */
  field: string;
  real: string;
  mock: string;
  /** Apps build on it. */
  matters: boolean;
}

/** Headers that say something about Logto; others belong to the server or the proxy in front. */
const KEPT =
  /^(cache-control|content-type|www-authenticate|access-control-.*|x-frame-options|x-content-type-options|referrer-policy)$/;

/** Parts of an answer, without what is new each time. */
export interface Normal {
  status: string;
  error: string;
  location: string;
  cookies: string;
  'body members': string;
  body: string;
  headers: Record<string, string>;
}

const TOKEN = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-])/g;

/** @param known values of the one side, and the word that stands for them */
export function normalise(
  answer: Pick<WireAnswer, 'status' | 'headers' | 'text' | 'json'>,
  known: readonly (readonly [value: string, word: string])[],
): Normal {
  const plain = (text: string) =>
    known
      .reduce(
        (out, [value, word]) => out.replaceAll(value, word).replaceAll(encodeURIComponent(value), word),
        text,
      )
      .replace(TOKEN, '‹made anew›');
  const first = (value: string | string[] | undefined) => [value ?? ''].flat().join(', ');
  const location = first(answer.headers.location);
  const body = answer.json();
  const query =
    location && URL.canParse(location, 'http://x') ? new URL(location, 'http://x').searchParams : undefined;
  const { error, error_description: described, code } = (body ?? {}) as Record<string, unknown>;
  // The mock is asked by http, where cookies are not Secure.
  const cookies = [answer.headers['set-cookie'] ?? []].flat().map((line) => {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const kept = attributes
      .filter((each) => !/^(?:(?:expires|max-age)=|secure$)/i.test(each))
      .map((each) => plain(each.toLowerCase()));
    return `${pair.split('=')[0]} (${kept.sort().join('; ')})`;
  });
  return {
    status: String(answer.status),
    error: plain(
      [query?.get('error') ?? error ?? code ?? '', query?.get('error_description') ?? described ?? '']
        .filter(Boolean)
        .join(': '),
    ),
    location: location
      ? plain(`${location.split('?')[0]}${query ? ` (${[...query.keys()].sort().join(', ')})` : ''}`)
      : '',
    cookies: cookies.sort().join(' · '),
    'body members': membersOf(body),
    body: body === undefined ? plain(answer.text).slice(0, 200) : '',
    headers: Object.fromEntries(
      Object.entries(answer.headers)
        .filter(([name]) => KEPT.test(name))
        .map(([name, value]) => [name, plain(first(value))]),
    ),
  };
}

/** Names of all members; those of lists by the first item. */
function membersOf(body: unknown, depth = 0): string {
  if (Array.isArray(body)) return body.length ? `[${membersOf(body[0], depth)}]` : '[]';
  if (typeof body !== 'object' || body === null || depth > 2) return '';
  return Object.entries(body)
    .map(([name, value]) => {
      const inner = membersOf(value, depth + 1);
      return inner ? `${name}{${inner}}` : name;
    })
    .sort()
    .join(' ');
}

const PARTS = ['status', 'error', 'location', 'cookies', 'body members', 'body'] as const;

export function compareProbe(probe: Probe, real: Normal, mock: Normal): Difference[] {
  const matters = (probe.matters ?? []) as readonly string[];
  const parts = PARTS.flatMap((field): Difference[] =>
    real[field] === mock[field]
      ? []
      : [{ of: probe.name, field, real: real[field], mock: mock[field], matters: matters.includes(field) }],
  );
  const names = [...new Set([...Object.keys(real.headers), ...Object.keys(mock.headers)])].sort();
  const headers = names.flatMap((name): Difference[] => {
    const [theirs, ours] = [real.headers[name] ?? '', mock.headers[name] ?? ''];
    return theirs === ours ? [] : [{ of: probe.name, field: name, real: theirs, mock: ours, matters: false }];
  });
  return [...parts, ...headers];
}

/** Members of discovery that Auth.js, or its OpenID client, acts upon, and what must be in them. */
const BUILT_UPON: Record<string, readonly string[]> = {
  issuer: [],
  authorization_endpoint: [],
  token_endpoint: [],
  userinfo_endpoint: [],
  jwks_uri: [],
  end_session_endpoint: [],
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  id_token_signing_alg_values_supported: [],
  authorization_response_iss_parameter_supported: [],
  scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
};

const shown = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));
const asSet = (value: unknown) => (Array.isArray(value) ? [...value].map(String).sort() : value);

/** Compares two discovery documents member by member; the origin of each is one and the same word. */
export function compareDiscovery(
  real: Record<string, unknown>,
  mock: Record<string, unknown>,
  origins: { real: string; mock: string },
): Difference[] {
  const plain = (document: Record<string, unknown>, origin: string): Record<string, unknown> =>
    JSON.parse(JSON.stringify(document).replaceAll(origin, '‹origin›'));
  const [theirs, ours] = [plain(real, origins.real), plain(mock, origins.mock)];
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
  return names.flatMap((name): Difference[] => {
    if (JSON.stringify(asSet(theirs[name])) === JSON.stringify(asSet(ours[name]))) return [];
    const needed = BUILT_UPON[name];
    const lacking = needed?.some((each) => !(theirs[name] as string[] | undefined)?.includes?.(each));
    const matters = needed !== undefined && (needed.length === 0 || lacking === true);
    return [{ of: 'discovery', field: name, real: shown(theirs[name]), mock: shown(ours[name]), matters }];
  });
}
