/**
 * Where things that the mocks gave out were seen: the eyes of the laws over the history.
 *
 * Looks through whole bodies, headers, cookies and addresses as they were sent, and through what is encoded in them
 * (percent signs, JSON and HTML escapes, base64, hexadecimal digits, parts of tokens), two layers deep. A thing that was
 * seen is kept as a fingerprint, so that a history can be kept, and compared, without it.
 */

import type { Issued } from '../../mocks/issued.ts';
import { digitsOf, SECRET_KINDS } from '../../mocks/issued.ts';
import type { Exchange, Sighting } from '../../mocks/journal.ts';
import { longFingerprint, redact, redactHeaders, redactText, registerSecret } from '../../mocks/redact.ts';
import { cutAround } from '../user-agents/clip.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';
import { memberOfResealed } from '../visitor/resealed.ts';
import { entriesOf } from './doors/entries.ts';
import { loadedElsewhere } from './loaded-elsewhere.ts';

/** Value → the things it stands for. */
export type IssuedIndex = Map<string, Issued[]>;

export function addToIndex(index: IssuedIndex, issued: readonly Issued[]): void {
  for (const each of issued) {
    const same = index.get(each.value);
    if (same) same.push(each);
    else index.set(each.value, [each]);
  }
}

type Found = Map<Issued, Sighting['form']>;

const WORDS = /[\w~.+@-]{6,}/g;
const NUMBERS = /(?<![\w.])\+?\d[\d ().\u00a0/-]{7,20}\d(?![\w])/g;
const CODES = /(?<![\w.#-])\d{6}(?![\w.-]*\w)/g;
const BASE64 = /[A-Za-z0-9+/_-]{20,}/g;
const HEX = /(?<![0-9a-f])(?:[0-9a-f]{2}){12,}(?![0-9a-f])/gi;
const PRINTABLE = /^[\t\n\r\x20-\x7e\u00a0-\uffff]*$/;
const DEPTH_MAX = 2;

const ENTITIES: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** Text without the escapes of HTML and JSON. */
export const unescaped = (text: string): string =>
  text
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|quot|apos|lt|gt));/gi, (whole, hex, decimal, name) => {
      const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
      if (name) return ENTITIES[(name as string).toLowerCase()] as string;
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
    })
    .replace(/\\+u00([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\+\//g, '/')
    // React sends its payload in pieces: a value may begin in one and end in the next.
    .replace(/"\]\)<\/script><script[^>]*>self\.__next_f\.push\(\[1,"/g, '');

export const percentDecoded = (text: string): string =>
  text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });

const decoded = (word: string, encoding: 'base64' | 'hex'): string | undefined => {
  const text = Buffer.from(word, encoding).toString('utf8');
  return text.length >= 6 && PRINTABLE.test(text) ? text : undefined;
};

/** @param scope one-time codes are six digits, which stand in many places: only those of the scope are looked for */
function look(
  text: string,
  index: IssuedIndex,
  scope: string | null,
  found: Found,
  form: Sighting['form'] = 'as it is',
  depth = 0,
): void {
  const note = (value: string, fits: (each: Issued) => boolean = () => true) => {
    for (const each of index.get(value) ?? []) if (fits(each) && !found.has(each)) found.set(each, form);
  };
  const isNoCode = ({ kind }: Issued) => kind !== 'one-time code';
  for (const word of new Set(text.match(WORDS))) {
    note(word, isNoCode);
    const bare = word.replace(/^[.~+-]+|[.~+-]+$/g, '');
    if (bare !== word) note(bare, isNoCode);
    // An id may have an end (`7xk2.json`) or a beginning (`user-7xk2`) that is not its own.
    // The password of an address (`https://user:secret@host`) ends there, whatever characters it has.
    if (word.includes('@')) for (const part of word.split('@')) if (part.length >= 6) note(part, isNoCode);
    const parts = word.split(/[.~+@-]/);
    if (parts.length > 1) for (const part of parts) if (part.length >= 6) note(part, isNoCode);
  }
  for (const number of text.match(NUMBERS) ?? [])
    note(digitsOf(number), ({ kind }) => kind === 'phone number');
  for (const code of text.match(CODES) ?? [])
    note(code, (each) => each.kind === 'one-time code' && each.scope === scope && scope !== null);
  if (depth === 0) {
    const plain = unescaped(text);
    if (plain !== text) look(plain, index, scope, found, form, 1);
    if (text.includes('%')) look(percentDecoded(text), index, scope, found, 'percent-encoded', 1);
  }
  if (depth >= DEPTH_MAX) return;
  for (const word of new Set(text.match(BASE64))) {
    const inner = decoded(word, 'base64');
    if (inner) look(inner, index, scope, found, 'base64', depth + 1);
    // Hexadecimal digits are letters of base64: a run of them stands in one of its words.
    for (const digits of word.match(HEX) ?? []) {
      const plain = decoded(digits, 'hex');
      if (plain) look(plain, index, scope, found, 'hexadecimal', depth + 1);
    }
  }
}

/** The issued things that stand in a text, as they are or encoded; one-time codes are not looked for. */
export function issuedIn(text: string, index: IssuedIndex): Issued[] {
  const found: Found = new Map();
  look(text, index, null, found);
  return [...found.keys()];
}

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

/** What stands in each place of an exchange. */
function placesOf({ url, request, response }: RawExchange): [Sighting['side'], Sighting['where'], string][] {
  const { location, 'set-cookie': cookies, ...headers } = response.headers;
  return [
    ['request', 'address', url],
    ['request', 'header', Object.values(request.headers).flat().join('\n')],
    ['request', 'body', request.body ?? ''],
    ['response', 'address', lines(location).join('\n')],
    ['response', 'header', Object.values(headers).flat().join('\n')],
    ...chunked(lines(cookies)).map((line): [Sighting['side'], Sighting['where'], string] => [
      'response',
      /;\s*httponly/i.test(line) ? 'cookie' : 'script cookie',
      line.slice(line.indexOf('=') + 1).split(';')[0] ?? '',
    ]),
    ['response', 'body', response.body],
    ['response', 'elsewhere', loadedElsewhere({ url, response }).join('\n')],
  ];
}

/** Cookie pairs of a request. */
const sentCookies = ({ request }: RawExchange): string[] =>
  lines(request.headers.cookie).flatMap((header) =>
    header.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1)),
  );

const givenCookies = ({ response }: RawExchange): string[] =>
  lines(response.headers['set-cookie']).map((line) => line.slice(line.indexOf('=') + 1).split(';')[0] ?? '');

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

const lowered = new WeakMap<IssuedIndex, { size: number; names: IssuedIndex }>();

/** The names in an index, as addresses hold them. */
function inLowerCase(index: IssuedIndex): IssuedIndex {
  const known = lowered.get(index);
  if (known?.size === index.size) return known.names;
  const names: IssuedIndex = new Map();
  for (const [value, issued] of index) {
    const named = issued.filter(({ kind }) => kind === 'name' || kind === 'username');
    if (named.length > 0) names.set(value.toLowerCase(), named);
  }
  lowered.set(index, { size: index.size, names });
  return names;
}

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
    for (const [side, where, text] of placesOf(raw)) {
      if (text.length < 6) continue;
      const found: Found = new Map();
      look(text, index, exchange.scope, found);
      // The address of a profile is called after its owner: `/members/ada-lovelace-17`.
      if (side === 'request' && where === 'address')
        look(text.toLowerCase(), inLowerCase(index), null, found);
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
    if (hide(secrets)) redactAgain(exchange);
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
    Object.assign(exchange, {
      ...(sightings.length && { sightings }),
      entitled: [...entitled].map(longFingerprint),
      facts: { ...exchange.facts, ...factsOf(raw) },
    } satisfies Partial<Exchange>);
  }
}

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
