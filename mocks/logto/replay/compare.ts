/** Compares a live answer with the recorded one: status, kept headers, body; what is volatile is paired, not ignored. */
import type { Answer } from './http.ts';
import type { Pairs } from './pairs.ts';
import { claimsOf, type Recording } from './recordings.ts';

const KEPT = /^(location|cache-control|www-authenticate|content-type|allow|vary|access-control-.*)$/;
/** Kept only where caching is what was recorded; a validator is a value like any other, its length is not. */
const CACHING = /^(etag|content-encoding)$/;
const ETAG = /^(W\/)?"[0-9a-f]+-[\w+/]{27}"$/;
/** Bodies that the recorder measured and did not keep. */
export const UNKEPT = /^\((compressed, \d+ bytes|the sign-in page, \d+ characters, left out)\)$/;

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

interface Cookie {
  name: string;
  value: string;
  /** Attributes without the moment of expiry, which depends on when the recording was made. */
  attributes: string;
}

export function parseSetCookie(line: string): Cookie {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const at = pair.indexOf('=');
  const shown = attributes.map((attribute) =>
    attribute.startsWith('expires=') && !attribute.includes('1970') ? 'expires=later' : attribute,
  );
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes: shown.join('; ') };
}

const shorten = (value: unknown) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === undefined ? 'nothing' : text.length > 140 ? `${text.slice(0, 140)}…` : text;
};

/** Differences in a JSON value, as `path: recorded ≠ live`. */
function compareValues(recorded: unknown, live: unknown, pairs: Pairs, path: string): string[] {
  const differ = () => [`${path}: ${shorten(recorded)} ≠ ${shorten(live)}`];
  if (typeof recorded === 'string' && typeof live === 'string') {
    const [theirs, ours] = [claimsOf(recorded), claimsOf(live)];
    if (theirs && ours) {
      const known = pairs.get(recorded);
      pairs.set(recorded, live);
      return known && known !== live ? differ() : compareJwt(recorded, live, pairs, path);
    }
    return pairs.agree(recorded, live, path) ? [] : differ();
  }
  if (typeof recorded === 'number' && typeof live === 'number') {
    return pairs.agree(String(recorded), String(live)) ? [] : differ();
  }
  if (Array.isArray(recorded) && Array.isArray(live)) {
    if (recorded.length !== live.length) return [`${path}: ${recorded.length} ≠ ${live.length} items`];
    return recorded.flatMap((item, at) => compareValues(item, live[at], pairs, `${path}[${at}]`));
  }
  if (recorded && live && typeof recorded === 'object' && typeof live === 'object') {
    const [theirs, ours] = [Object.keys(recorded), Object.keys(live)];
    if (theirs.join() !== ours.join()) return [`${path} members: ${theirs.join()} ≠ ${ours.join()}`];
    return theirs.flatMap((key) =>
      compareValues(
        (recorded as Record<string, unknown>)[key],
        (live as Record<string, unknown>)[key],
        pairs,
        `${path}.${key}`,
      ),
    );
  }
  return recorded === live ? [] : differ();
}

function compareJwt(recorded: string, live: string, pairs: Pairs, path: string): string[] {
  const header = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  const [theirs, ours] = [
    claimsOf(recorded) as Record<string, number>,
    claimsOf(live) as Record<string, number>,
  ];
  const lifetime = (claims: Record<string, number>) => (claims.exp ?? 0) - (claims.iat ?? 0);
  return [
    ...compareValues(header(recorded), header(live), pairs, `${path} header`),
    ...compareValues(theirs, ours, pairs, `${path} claims`),
    ...(lifetime(theirs) === lifetime(ours)
      ? []
      : [`${path} lifetime: ${lifetime(theirs)} ≠ ${lifetime(ours)}`]),
  ];
}

/** Whether a header is compared. */
export const isKept = (name: string, { headers }: Recording['response']): boolean =>
  KEPT.test(name) || (headers.etag !== undefined && CACHING.test(name));

/** The same validator must stand for the same state: a pair of them is learned as one value. */
function agreeEtag(recorded: string, live: string, pairs: Pairs): boolean {
  if (!ETAG.test(recorded) || !ETAG.test(live)) return recorded === live;
  const known = pairs.get(recorded);
  if (known === undefined) pairs.set(recorded, live);
  return known === undefined || known === live;
}

/** Differences between what was recorded and what the mock answered; empty when they are the same. */
export function compare({ response }: Recording, live: Answer, pairs: Pairs): string[] {
  const differences: string[] = [];
  if (response.status !== live.status) differences.push(`status: ${response.status} ≠ ${live.status}`);

  const names = new Set(
    [...Object.keys(response.headers), ...Object.keys(live.headers)].filter((name) => isKept(name, response)),
  );
  for (const name of [...names].sort()) {
    const [theirs, ours] = [list(response.headers[name]).join(', '), list(live.headers[name]).join(', ')];
    const agreed = name === 'etag' ? agreeEtag(theirs, ours, pairs) : pairs.agree(theirs, ours);
    if (!agreed) differences.push(`${name}: ${theirs || 'absent'} ≠ ${ours || 'absent'}`);
  }

  const theirs = list(response.headers['set-cookie']).map(parseSetCookie);
  const ours = list(live.headers['set-cookie']).map(parseSetCookie);
  const shown = (cookies: Cookie[]) => cookies.map(({ name }) => name).join();
  if (shown(theirs) !== shown(ours))
    differences.push(`set-cookie: ${shown(theirs) || 'none'} ≠ ${shown(ours) || 'none'}`);
  else {
    for (const [at, cookie] of theirs.entries()) {
      const own = ours[at] as Cookie;
      if (!pairs.agree(cookie.value, own.value))
        differences.push(`cookie ${cookie.name}: ${cookie.value} ≠ ${own.value}`);
      if (!pairs.agree(cookie.attributes, own.attributes)) {
        differences.push(`cookie ${cookie.name}: ${cookie.attributes} ≠ ${own.attributes}`);
      }
    }
  }
  if (UNKEPT.test(String(response.body))) {
    return live.body ? differences : [...differences, `body: ${response.body} ≠ nothing`];
  }
  return [...differences, ...compareValues(response.body ?? '', live.body ?? '', pairs, 'body')];
}
