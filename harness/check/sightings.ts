/**
 * Where things that the mocks gave out were seen: the eyes of the laws over the history.
 *
 * Looks through whole bodies, headers, cookies and addresses as they were sent, and through what is encoded in them
 * (percent signs, JSON and HTML escapes, base64, hexadecimal digits, parts of tokens), two layers deep. A thing that was
 * seen is kept as a fingerprint, so that a history can be kept, and compared, without it.
 */

import { type Issued, SECRET_KINDS } from '../../mocks/issued.ts';
import type { Exchange, Sighting } from '../../mocks/journal.ts';
import { isUnread } from '../../mocks/lazily-redacted.ts';
import { longFingerprint, redact, redactHeaders, redactText, registerSecret } from '../../mocks/redact.ts';
import { cutAround } from '../user-agents/clip.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';
import { memberOfResealed } from '../visitor/resealed.ts';
import { entriesOf } from './doors/entries.ts';
import { type Found, type IssuedIndex, inLowerCase, look } from './issued-in.ts';
import { loadedElsewhere } from './loaded-elsewhere.ts';

const lines = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

/** Lines of a stack, as Node, browsers and frameworks write them (V8's stack trace API). */
export const STACK =
  /\bat (?:async )?(?:[\w$.<>[\] ]+ \()?(?:file:\/\/|node:|\/|[A-Z]:\\)[^\s()"'<>]+:\d+:\d+\)?/;

/** Cookies as they are set, and those that were cut in chunks (`name.0`, `name.1`) once more as one. */
function chunked(all: readonly string[]): string[] {
  const whole = new Map<string, string>();
  for (const line of all) {
    const [, name, value, flags = ''] = /^([^=]+)\.\d+=([^;]*)(.*)$/s.exec(line) ?? [];
    if (name === undefined || !value) continue;
    const before = whole.get(name);
    const joined = before === undefined ? value : before.slice(name.length + 1).split(';')[0] + value;
    whole.set(name, `${name}=${joined}${flags}`);
  }
  return [...all, ...whole.values()];
}

/** What stands in front of the ID token in an address that ends a session at the issuer (RP-Initiated Logout 1.0 §2), as it is, encoded, or in JSON. */
const HINT = /id_token_hint(?:=|%3D|\\u003d)$/i;

/** Whether an ID token stands in a text for nothing but to be sent back to the issuer. */
function isHint({ kind, value }: Issued, text: string): boolean {
  if (kind !== 'ID token') return false;
  const before = text.split(value).slice(0, -1);
  return before.length > 0 && before.every((part) => HINT.test(part));
}

/** Values of headers, each for itself, as the most of them are those of other exchanges, too. */
const valuesOf = (headers: Record<string, string | string[]>): string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    name === 'cookie' ? lines(value).flatMap((pairs) => pairs.split(/;\s*/)) : value,
  );

/** What stands in each place of an exchange, in parts. */
function placesOf({
  url,
  request,
  response,
}: RawExchange): [Sighting['side'], Sighting['where'], string[]][] {
  const { location, 'set-cookie': cookies, ...headers } = response.headers;
  return [
    ['request', 'address', [url]],
    ['request', 'header', valuesOf(request.headers)],
    ['request', 'body', [request.body ?? '']],
    ['response', 'address', lines(location)],
    ['response', 'header', valuesOf(headers)],
    ...chunked(lines(cookies)).map((line): [Sighting['side'], Sighting['where'], string[]] => [
      'response',
      /;\s*httponly/i.test(line) ? 'cookie' : 'script cookie',
      [line.slice(line.indexOf('=') + 1).split(';')[0] ?? ''],
    ]),
    ['response', 'body', [response.body]],
    ['response', 'elsewhere', loadedElsewhere({ url, response })],
  ];
}

/** Cookie pairs of a request. */
const sentCookies = ({ request }: RawExchange): string[] =>
  lines(request.headers.cookie).flatMap((header) =>
    header.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1)),
  );

const givenCookies = ({ response }: RawExchange): string[] =>
  lines(response.headers['set-cookie']).map((line) => line.slice(line.indexOf('=') + 1).split(';')[0] ?? '');

/** Characters from which on the value of a cookie is found by itself in a body; an address to come back to is no secret. */
const LONG_COOKIE = 16;
const isSecretCookie = (value: string): boolean =>
  value.length >= LONG_COOKIE && !/^(?:https?(?::|%3A)|\/|%2F)/i.test(value);

/**
 * Names of cookies that scripts are kept from (HttpOnly), and whose values a body holds all the same. What the request said beside its
 * cookies is no news to whoever made it.
 */
function cookiesInBody({ url, request, response }: RawExchange, given: Map<string, string>): string[] {
  for (const line of lines(response.headers['set-cookie'])) {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*httponly/i.test(line) && isSecretCookie(value)) given.set(value, name);
  }
  if (given.size === 0 || response.body === '') return [];
  const { cookie: _cookie, ...headers } = request.headers;
  const said = [url, request.body ?? '', ...Object.values(headers).flat()];
  return [...given].flatMap(([value, name]) =>
    response.body.includes(value) && !said.some((each) => each.includes(value)) ? [name] : [],
  );
}

/**
 * Values of cookies that several people were given, each anew: the address to come back to, a theme, a language. They say of
 * nobody who it is.
 */
function sharedCookies(raws: readonly { raw: RawExchange; person: string | null }[]): ReadonlySet<string> {
  const givenTo = new Map<string, Set<string>>();
  for (const { raw, person } of raws) {
    const sent = new Set(sentCookies(raw));
    // Who sends a cookie may be given it again: it is still that of whoever had it first.
    for (const value of person ? givenCookies(raw) : [])
      if (!sent.has(value)) givenTo.set(value, (givenTo.get(value) ?? new Set()).add(person as string));
  }
  return new Set([...givenTo].flatMap(([value, people]) => (people.size > 1 ? [value] : [])));
}

/**
 * Whether a number is the one of the request, counted up or down by an app that keeps a count there: numbers of made-up people
 * stand side by side, so it is somebody's.
 */
const isCounted = ({ kind, value }: Issued, sent: ReadonlySet<string>): boolean =>
  kind === 'phone number' && [1n, -1n].some((step) => sent.has(String(BigInt(value) + step)));

const timesOf = (value: string, text: string): Pick<Sighting, 'times'> => {
  const times = text.split(value).length - 1;
  return times > 1 ? { times } : {};
};

/** Names, and the ids that stand beside them, are looked for in the lists of a page. */
const isOfEntry = ({ kind, owner }: Issued): boolean =>
  owner !== null && (kind === 'name' || kind === 'username' || kind === 'user id');

/** What an address is called after, in lower case: the parts of its path, but for e-mail addresses. */
export const inNames = (address: string): string =>
  (address.split('?')[0] ?? '')
    .split('/')
    .filter((part) => !/@|%40/i.test(part))
    .join(' ')
    .toLowerCase();

/**
 * Notes in each exchange what was seen in it, and for whom its request spoke.
 *
 * A request speaks for the person in front of the browser, for whoever was given one of its cookies in this check, and
 * for whoever owns a code, number or token in it.
 *
 * @param raws exchanges of one check with whoever made them, oldest first
 */
export function noteSightings(
  raws: readonly { raw: RawExchange; person: string | null }[],
  index: IssuedIndex,
): void {
  const cookieOwners = new Map<string, Set<string>>();
  const keptFromScripts = new Map<string, string>();
  const shared = sharedCookies(raws);
  for (const { raw, person } of raws) {
    const { exchange } = raw;
    const entitled = new Set<string>(person ? [person] : []);
    const sightings: Sighting[] = [];
    const secrets = new Set<Issued>();
    const named: [Issued, Sighting][] = [];
    for (const value of sentCookies(raw)) {
      for (const owner of cookieOwners.get(value) ?? []) entitled.add(owner);
      const member = memberOfResealed(value);
      if (member) entitled.add(member);
    }
    const sent = new Set<string>();
    for (const [side, where, parts] of placesOf(raw)) {
      const found: Found = new Map();
      look(
        parts.filter(({ length }) => length >= SHORTEST),
        index,
        exchange.scope,
        found,
      );
      // The address of a profile is called after its owner: `/members/ada-lovelace-17`.
      if (side === 'request' && where === 'address')
        look([raw.url.toLowerCase()], inLowerCase(index), null, found);
      if (found.size === 0) continue;
      const text = parts.join('\n');
      const inBody = side === 'response' && where === 'body';
      const entryOf = inBody && [...found.keys()].some(isOfEntry) ? entriesOf(text) : () => undefined;
      for (const [issued, form] of found) {
        const entry = isOfEntry(issued) ? entryOf(issued.value) : undefined;
        if (side === 'request') sent.add(issued.value);
        else if (isCounted(issued, sent)) continue;
        // Whoever knows a name is not the one who has it.
        if (side === 'request' && issued.owner && !/^(?:user)?name$/.test(issued.kind))
          entitled.add(issued.owner);
        if (SECRET_KINDS.has(issued.kind)) secrets.add(issued);
        const sighting: Sighting = {
          kind: issued.kind,
          side,
          where,
          form,
          owner: issued.owner && longFingerprint(issued.owner),
          print: longFingerprint(issued.value),
          ...(side === 'response' && isHint(issued, text) && { isHint: true as const }),
          ...(inBody && issued.kind === 'name' && timesOf(issued.value, text)),
          ...(entry && { entry }),
        };
        sightings.push(sighting);
        if (inBody && issued.kind === 'name') named.push([issued, sighting]);
      }
    }
    if (hide(secrets) && !isUnread(exchange)) redactAgain(exchange);
    for (const [{ owner, value }, sighting] of named) {
      const around = entitled.has(owner ?? '') ? undefined : cutAround(raw.response.body, value);
      if (around) sighting.around = around;
    }
    if (STACK.test(raw.response.body))
      sightings.push({
        kind: 'stack trace',
        side: 'response',
        where: 'body',
        form: 'as it is',
        owner: null,
        print: longFingerprint(STACK.exec(raw.response.body)?.[0] ?? ''),
      });
    for (const value of givenCookies(raw)) {
      if (value.length < 8 || shared.has(value)) continue;
      const owners = cookieOwners.get(value) ?? new Set();
      for (const owner of entitled) owners.add(owner);
      cookieOwners.set(value, owners);
    }
    const inBody = cookiesInBody(raw, keptFromScripts);
    Object.assign(exchange, {
      ...(sightings.length && { sightings }),
      entitled: [...entitled].map(longFingerprint),
      facts: {
        ...exchange.facts,
        ...factsOf(raw),
        ...(inBody.length && { cookiesInBody: [...new Set(inBody)].join(' ') }),
      },
    } satisfies Partial<Exchange>);
  }
}

/** Characters of the shortest thing that is looked for. */
const SHORTEST = 6;

/** Registers what was seen; says whether there was something. */
function hide(secrets: ReadonlySet<Issued>): boolean {
  for (const { kind, value } of secrets) registerSecret(kind, value);
  return secrets.size > 0;
}

/** An app may put a secret where no shape gives it away, such as a header of its own. */
function redactAgain(exchange: Exchange): void {
  Object.assign(exchange, {
    url: redactText(exchange.url),
    request: { headers: redactHeaders(exchange.request.headers), body: redact(exchange.request.body) },
    response: { headers: redactHeaders(exchange.response.headers), body: redact(exchange.response.body) },
  });
}

/** What laws ask of an answer that is not in its headers: the members of a session JSON. */
function factsOf({ url, response }: RawExchange): Exchange['facts'] {
  if (!/\/session$/.test(new URL(url).pathname)) return {};
  try {
    const session = JSON.parse(response.body) as Record<string, unknown> | null;
    if (!session || typeof session !== 'object') return {};
    const user = session.user && typeof session.user === 'object' ? Object.keys(session.user) : [];
    return {
      sessionMembers: Object.keys(session).join(' '),
      userMembers: user.join(' '),
    };
  } catch {
    return {};
  }
}
