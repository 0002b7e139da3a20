/** Things that the mocks gave out, found in a text: as they are, escaped, or encoded. */
import { digitsOf, type Issued } from '../../mocks/issued.ts';
import type { Sighting } from '../../mocks/journal.ts';

/** Value → the things it stands for. */
export type IssuedIndex = Map<string, Issued[]>;

export function addToIndex(index: IssuedIndex, issued: readonly Issued[]): void {
  const names = lowered.get(index) ?? new Map();
  lowered.set(index, names);
  const add = (to: IssuedIndex, value: string, each: Issued) => {
    const same = to.get(value);
    if (same) same.push(each);
    else to.set(value, [each]);
  };
  for (const each of issued) {
    add(index, each.value, each);
    if (each.kind === 'name' || each.kind === 'username') add(names, each.value.toLowerCase(), each);
  }
}

const lowered = new WeakMap<IssuedIndex, IssuedIndex>();

/** The names in an index, in lower case, as addresses hold them. */
export const inLowerCase = (index: IssuedIndex): IssuedIndex => lowered.get(index) ?? new Map();

export type Found = Map<Issued, Sighting['form']>;

const WORDS = /[\w~.+@-]{6,}/g;
const PARTED = /[.~+@-]/;
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

/** What a text is made of, as far as something that was issued may stand in it. */
interface Tokens {
  /** Each word once, and its parts; one-time codes are no words. */
  words: readonly string[];
  /** Digits of what is written like a phone number. */
  numbers: readonly string[];
  codes: readonly string[];
  /** Without the escapes of HTML and JSON, and without percent signs; none where that is the same. */
  plain: readonly string[];
  percent: readonly string[];
  /** What is encoded in it. */
  inner: readonly (readonly [Sighting['form'], string])[];
}

const decoded = (word: string, encoding: 'base64' | 'hex'): string | undefined => {
  const text = Buffer.from(word, encoding).toString('utf8');
  return text.length >= 6 && PRINTABLE.test(text) ? text : undefined;
};

function wordsIn(text: string): Set<string> {
  const words = new Set<string>();
  for (const word of text.match(WORDS) ?? []) {
    if (words.has(word)) continue;
    words.add(word);
    if (!PARTED.test(word)) continue;
    words.add(word.replace(/^[.~+-]+|[.~+-]+$/g, ''));
    // An id may have an end (`7xk2.json`) or a beginning (`user-7xk2`) that is not its own.
    // The password of an address (`https://user:secret@host`) ends there, whatever characters it has.
    if (word.includes('@')) for (const part of word.split('@')) if (part.length >= 6) words.add(part);
    for (const part of word.split(PARTED)) if (part.length >= 6) words.add(part);
  }
  return words;
}

function encodedIn(text: string): [Sighting['form'], string][] {
  const inner: [Sighting['form'], string][] = [];
  for (const word of new Set(text.match(BASE64))) {
    const within = decoded(word, 'base64');
    if (within) inner.push(['base64', within]);
    // Hexadecimal digits are letters of base64: a run of them stands in one of its words.
    for (const digits of word.match(HEX) ?? []) {
      const plain = decoded(digits, 'hex');
      if (plain) inner.push(['hexadecimal', plain]);
    }
  }
  return inner;
}

function split(text: string): Tokens {
  const plain = unescaped(text);
  return {
    words: [...wordsIn(text)],
    numbers: (text.match(NUMBERS) ?? []).map(digitsOf),
    codes: text.match(CODES) ?? [],
    plain: plain === text ? [] : [plain],
    percent: text.includes('%') ? [percentDecoded(text)] : [],
    inner: encodedIn(text),
  };
}

/** Traffic repeats itself: pages, headers and cookies are taken apart once. Characters that are remembered, at most. */
const REMEMBERED_MAX = 2_000_000;
const remembered = new Map<string, Tokens>();
let characters = 0;

function tokensOf(text: string): Tokens {
  const before = remembered.get(text);
  if (before) return before;
  const tokens = split(text);
  characters += text.length;
  if (characters > REMEMBERED_MAX) {
    remembered.clear();
    characters = text.length;
  }
  remembered.set(text, tokens);
  return tokens;
}

/**
 * Finds what stands in the parts of a text, as it is and two layers deep. What stands there as it is, in whatever part, is found as
 * that.
 *
 * @param scope one-time codes are six digits, which stand in many places: only those of the scope are looked for
 */
export function look(
  parts: readonly string[],
  index: IssuedIndex,
  scope: string | null,
  found: Found,
  form: Sighting['form'] = 'as it is',
  depth = 0,
): void {
  const all = parts.map(tokensOf);
  for (const { words, numbers, codes } of all) {
    for (const word of words)
      for (const each of index.get(word) ?? NOTHING)
        if (each.kind !== 'one-time code' && !found.has(each)) found.set(each, form);
    for (const number of numbers)
      for (const each of index.get(number) ?? NOTHING)
        if (each.kind === 'phone number' && !found.has(each)) found.set(each, form);
    if (scope !== null)
      for (const code of codes)
        for (const each of index.get(code) ?? NOTHING)
          if (each.kind === 'one-time code' && each.scope === scope && !found.has(each))
            found.set(each, form);
  }
  const deeper = (layer: (tokens: Tokens) => readonly string[], way: Sighting['form'], to: number) => {
    const inner = all.flatMap(layer);
    if (inner.length > 0) look(inner, index, scope, found, way, to);
  };
  if (depth === 0) {
    deeper(({ plain }) => plain, form, 1);
    deeper(({ percent }) => percent, 'percent-encoded', 1);
  }
  if (depth >= DEPTH_MAX) return;
  for (const { inner } of all)
    for (const [way, within] of inner) look([within], index, scope, found, way, depth + 1);
}

const NOTHING: readonly Issued[] = [];

/** The issued things that stand in a text, as they are or encoded; one-time codes are not looked for. */
export function issuedIn(text: string, index: IssuedIndex): Issued[] {
  const found: Found = new Map();
  look([text], index, null, found);
  return [...found.keys()];
}
