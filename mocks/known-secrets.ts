/**
 * Registered secrets, found in a text in whatever form: as they are, encoded, in something longer, cut. Whoever makes a
 * secret registers it at its birth; `redact.ts` is what writers use.
 */
import { hash, randomBytes } from 'node:crypto';

/**
 * Child processes (workers, the reporter) take the key from the environment, so that fingerprints can be compared
 * across the lanes of one time line.
 */
const KEY_NAME = 'CONFORMANCE_FINGERPRINT_KEY';
process.env[KEY_NAME] ??= randomBytes(32).toString('hex');
const key = process.env[KEY_NAME];

/** Six hex digits that stand for a value during this run. */
export const fingerprint = (value: string): string => hash('sha256', `${key}${value}`).slice(0, 6);
/** Sixteen hex digits that stand for a value during this run, for comparing many values with many. */
export const longFingerprint = (value: string): string => hash('sha256', `${key}${value}`).slice(0, 16);
/** What stands in the place of a secret. */
export const mark = (kind: string, value: string) => `‹${kind} #${fingerprint(value)}›`;
/** Registered secrets; the oldest leave first, long after their run of checks is over. */
const known = new Map<string, string>();
/**
 * What is kept: secrets, and characters of them, which is what some thousands of sign-ins are given. A few that are huge make
 * nobody forget the others.
 */
const KNOWN_MAX = 50_000;
const CHARACTERS_MAX = 4_000_000;
const KNOWN_LEAST = 10_000;
let characters = 0;
/** The same by their first characters, for values that were cut; most heads have one value. */
const heads = new Map<string, string | Set<string>>();
/** Registered secrets that are looked for inside other words, too: what stands in configs, a handful. */
const long = new Map<string, string>();
const LONG_MAX = 64;
/** Kinds that each sign-in has anew; they leave room there for those that stand as long as the run. */
const PASSING = new Set([
  'access token',
  'refresh token',
  'ID token',
  'authorization code',
  'code verifier',
  'one-time code',
]);
const makeRoom = (kind: string) => {
  if (long.size < LONG_MAX) return true;
  const passing = PASSING.has(kind) ? undefined : [...long].find(([, other]) => PASSING.has(other));
  return passing !== undefined && long.delete(passing[0]);
};

/** Grows with each secret that is registered: what was found clean before it may hold that one. */
let generation = 0;
export const generationOfSecrets = (): number => generation;

/** Registers a value that must never be written, whatever it stands in; values under 6 characters are refused. */
export function registerSecret(kind: string, value: string | undefined | null): void {
  if (!value || value.length < 6 || known.has(value)) return;
  if (known.size > KNOWN_LEAST * 1.1 && (known.size > KNOWN_MAX * 1.1 || characters > CHARACTERS_MAX * 1.1))
    forgetOldest();
  known.set(value, kind);
  characters += value.length;
  generation += 1;
  const head = value.slice(0, HEAD);
  const alike = heads.get(head);
  if (alike === undefined) heads.set(head, value);
  else heads.set(head, typeof alike === 'string' ? new Set([alike, value]) : alike.add(value));
  harmless.clear();
  const inWords = value.length >= 16 || !/^[\w~.-]+$/.test(value);
  if (inWords && makeRoom(kind)) {
    long.set(value, kind);
    const encoded = encodeURIComponent(value);
    if (encoded !== value) long.set(encoded, kind);
  }
}

/** Characters that a part of a value must have to be told from other words. */
const HEAD = 6;

/** Somebody who keeps texts as they came, and hides secrets when they are read. */
export interface Keeper {
  /** Takes every known secret out of everything that is kept. */
  hideSecrets(): void;
}
const keepers = new Set<WeakRef<Keeper>>();
/** A keeper hides for good before the oldest secrets are forgotten: what was found in a text once is found as long as it is kept. */
export const beforeForgetting = (keeper: Keeper): void => void keepers.add(new WeakRef(keeper));

/** A tenth at once, so that what is kept is looked through now and then only. */
function forgetOldest(): void {
  for (const each of keepers) {
    const keeper = each.deref();
    if (keeper) keeper.hideSecrets();
    else keepers.delete(each);
  }
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN_LEAST || (known.size <= KNOWN_MAX && characters <= CHARACTERS_MAX)) break;
    // What stands in configs is a secret for as long as this process lives.
    if (!long.has(oldest)) forget(oldest);
  }
}

function forget(value: string): void {
  known.delete(value);
  characters -= value.length;
  const head = value.slice(0, HEAD);
  const alike = heads.get(head);
  if (alike instanceof Set) alike.delete(value);
  if (alike === value || (alike instanceof Set && alike.size === 0)) heads.delete(head);
}

/** Words that were looked into and hold nothing, until something new is registered. */
const harmless = new Set<string>();
const HARMLESS_MAX = 50_000;

/** Words of a text, and digits that stand alone; percent signs take their two digits with them. */
const WORDS = /%[0-9A-Fa-f]{2}|[\w~.-]{6,}/g;
const NUMBERS = /(?<![0-9A-Za-z%])\d{6,8}(?![0-9A-Za-z])/g;

/** Takes registered secrets out of a text, found by looking each word up once: as quick with ten thousand of them as with ten. */
export function hideKnown(text: string): string {
  if (known.size === 0) return text;
  let clean = text;
  for (const [value, kind] of long) {
    if (clean.includes(value)) clean = clean.replaceAll(value, mark(kind, value));
  }
  const lookUp = (word: string) => {
    const kind = known.get(word);
    if (kind) return mark(kind, word);
    const bare = /^(.*?)([.~-]+)$/.exec(word);
    const inner = bare?.[1] === undefined ? undefined : known.get(bare[1]);
    return bare && inner ? `${mark(inner, bare[1] as string)}${bare[2]}` : word;
  };
  return hideEncoded(clean)
    .replace(WORDS, lookUp)
    .replace(NUMBERS, lookUp)
    .replace(CUT, (whole, word: string, dots: string) => {
      const kind = kindOfCut(word);
      return kind ? `${mark(kind, word)}${dots}` : whole;
    });
}

/** A word that was cut by us: what is left of a value says as much as the half of it. */
const CUT = /(?<![\w~.-])([\w~.-]{6,})(\s?(?:…|%E2%80%A6))/gi;

/** The kind of the registered secret that begins so. */
function kindOfCut(word: string): string | undefined {
  const alike = heads.get(word.slice(0, HEAD)) ?? [];
  for (const value of typeof alike === 'string' ? [alike] : alike)
    if (value.startsWith(word)) return known.get(value);
  return undefined;
}

/** Base64 (RFC 4648 §4 and §5, signs in percent too), of which six digits make eight letters that begin with M, N or O. */
const BASE64 =
  /(?<![\w+/-])(?:(?:[A-Za-z0-9+/_-]|%2[BFbf]){14,}|(?:[MNO][A-Za-z0-9]{3}){2})(?:={1,2}|(?:%3[Dd]){1,2})?(?![\w+/-])/g;
const HEX = /(?<![0-9A-Za-z])(?:[0-9a-f]{2}){6,}(?![0-9A-Za-z])/gi;
/** Every character in percent, as `\\u0061` or as an entity. */
const SPELLED = /(?:%[0-9a-f]{2}){6,}|(?:\\+u00[0-9a-f]{2}){6,}|(?:&#(?:x[0-9a-f]{1,4}|\d{2,5});){6,}/gi;
const PRINTED = /^[\t\n\r\x20-\x7e]*/;

/** The kind of a registered secret that stands in a text as it is, or begins at its end. */
function kindIn(text: string): string | undefined {
  for (const [value, kind] of long) if (text.includes(value)) return kind;
  for (const word of text.match(WORDS) ?? []) {
    const kind = known.get(word) ?? known.get(word.replace(/^[.~-]+|[.~-]+$/g, ''));
    if (kind) return kind;
  }
  for (const number of text.match(NUMBERS) ?? []) if (known.has(number)) return known.get(number);
  const last = /(?<![\w~.-])[\w~.-]{6,}$/.exec(text)?.[0];
  return last && kindOfCut(last);
}

/** Registered secrets in words that are encoded, two layers deep: the whole word is hidden. */
function hideEncoded(text: string, depth = 0): string {
  const inside = (word: string, inner: string): string => {
    const printed = PRINTED.exec(inner)?.[0] ?? '';
    if (printed.length < HEAD) return word;
    const kind = kindIn(printed) ?? (depth < 1 && hideEncoded(printed, 1) !== printed ? 'secret' : undefined);
    return kind ? mark(`encoded ${kind}`, word) : word;
  };
  const look = (decode: (word: string) => string) => (word: string) => {
    if (harmless.has(word)) return word;
    const seen = inside(word, decode(word));
    if (seen === word) {
      if (harmless.size >= HARMLESS_MAX) harmless.clear();
      harmless.add(word);
    }
    return seen;
  };
  const fromBase64 = look((word) =>
    Buffer.from(word.replace(/%2B/gi, '+').replace(/%2F/gi, '/'), 'base64').toString('latin1'),
  );
  // Letters of one case are words of people.
  const inBase64 = (word: string) =>
    /\d/.test(word) || (/[a-z]/.test(word) && /[A-Z]/.test(word)) ? fromBase64(word) : word;
  return text
    .replace(SPELLED, (word) => inside(word, spelled(word)))
    .replace(
      HEX,
      look((word) => Buffer.from(word, 'hex').toString('latin1')),
    )
    .replace(BASE64, (word) => {
      const whole = inBase64(word);
      // A slash is a letter of base64, and what parts a path.
      return whole === word && SLASH.test(word)
        ? word
            .split(SLASH)
            .map((part) => (part.length < 8 || SLASH.test(part) ? part : inBase64(part)))
            .join('')
        : whole;
    });
}

const SLASH = /(\/|%2F)/i;

/** The text of a {@link SPELLED} word. */
const spelled = (word: string): string =>
  word.replace(/%([0-9a-f]{2})|\\+u00([0-9a-f]{2})|&#x([0-9a-f]{1,4});|&#(\d{2,5});/gi, (_, ...codes) => {
    const [percent, json, hex, decimal] = codes as (string | undefined)[];
    return String.fromCharCode(
      decimal ? Number(decimal) : Number.parseInt(percent ?? json ?? hex ?? '0', 16),
    );
  });
