/** Tokens that look like chance and are digests of something that others know, or count up to. */
import { hash } from 'node:crypto';

/** A token as somebody got it. */
export interface Made {
  token: string;
  /** Milliseconds between which it was made. */
  from: number;
  to: number;
  /** What others know of its owner, by what it is: `the e-mail address`. */
  known: ReadonlyMap<string, string>;
}

/** Bytes of each digest. */
const SIZES = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;
type Algorithm = keyof typeof SIZES;
const ALGORITHMS = Object.keys(SIZES) as Algorithm[];

const NUMBERS = 200_000;
/** So far numbers are tried for digests that were cut, and beside what is known of somebody. */
const FEW_NUMBERS = 2_000;
const COUNTERS = 100;
const WINDOW_MS = 1_000;
/** Clocks of two machines, and whole milliseconds, differ by as much. */
const SLACK_MS = 20;
const SEPARATORS = ['', ':', '-', '_', '.', '|'];
/** A digest that was cut to less is met by chance, or is no token. */
const BYTES_MIN = 8;

const isSealed = (token: string) => /^eyJ[\w-]*\./.test(token);
const isRandomUuid = (token: string) =>
  /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.test(token);
const isHex = (text: string) => /^(?:[\da-f]{2}){8,64}$/i.test(text);

const ESCAPED: Record<string, string> = { '%2B': '+', '%2F': '/', '%3D': '=' };

/** What a token, or a part of it, holds: in hex, or in base64 of bytes or of hex. */
function digestsIn(token: string): string[] {
  if (isSealed(token) || isRandomUuid(token)) return [];
  const text = token.replace(/%(?:2B|2F|3D)/gi, (sign) => ESCAPED[sign.toUpperCase()] as string);
  const parts = [text, ...text.split(/[.:|~]/)];
  const inHex = [...parts, text.replaceAll('-', ''), ...text.split(/[.:|~_-]/)].filter(isHex);
  const inBase64 = parts.flatMap((part) => {
    if (isHex(part) || !/^[\w+/-]{11,}={0,2}$/.test(part)) return [];
    const bytes = Buffer.from(part, 'base64');
    const inner = bytes.toString('latin1');
    if (isHex(inner)) return [inner];
    return bytes.length >= BYTES_MIN && bytes.length <= SIZES.sha512 ? [bytes.toString('hex')] : [];
  });
  return [...new Set([...inHex, ...inBase64].map((digest) => digest.toLowerCase()))];
}

type Guess = [text: string, what: string];

/** The moments at which a token may have been made. */
function momentsOf({ from, to }: Made): Guess[] {
  const guesses: Guess[] = [];
  const last = to + SLACK_MS;
  for (let time = Math.max(from - SLACK_MS, last - WINDOW_MS); time <= last; time += 1)
    guesses.push([String(time), 'the millisecond of the sign-in']);
  for (let time = Math.floor(from / 1000) - 1; time <= Math.ceil(to / 1000); time += 1)
    guesses.push([String(time), 'the second of the sign-in']);
  return guesses;
}

const knownOf = ({ known }: Made): Guess[] => [...known].map(([what, value]) => [value, what]);

const counted = (most: number): Guess[] =>
  Array.from({ length: most }, (_, at) => [String(at), 'a number that counts on']);

function* pairsOf(made: Made): Generator<Guess> {
  const seconds = [...momentsOf(made), ...counted(COUNTERS)];
  for (const [value, what] of knownOf(made))
    for (const [other, and] of seconds)
      for (const separator of SEPARATORS) {
        yield [`${value}${separator}${other}`, `${what} and ${and}`];
        yield [`${other}${separator}${value}`, `${and} and ${what}`];
      }
}

/** Whether one of the digests, or its beginning, is that of a guess. */
function found(
  digests: ReadonlySet<string>,
  algorithms: readonly Algorithm[],
  guesses: Iterable<Guess>,
): string | undefined {
  const lengths = [...new Set([...digests].map(({ length }) => length))];
  for (const [text, what] of guesses)
    for (const algorithm of algorithms) {
      const digest = hash(algorithm, text, 'hex');
      if (lengths.some((length) => digests.has(digest.slice(0, length))))
        return `the ${algorithm} of ${what}`;
    }
  return undefined;
}

/**
 * What tokens are a digest of, where that is nothing secret: `the md5 of a number that counts on`. Sealed sessions and random UUIDs are
 * left alone; the pairs are tried for the first token of each owner. A few hundred thousand digests at most, half a second.
 *
 * @param made tokens of one person or several
 */
export function digestOfKnown(made: readonly Made[]): string | undefined {
  const owners = new Set<unknown>();
  const all = new Set<string>();
  for (const each of made) {
    const digests = new Set(digestsIn(each.token));
    if (digests.size === 0) continue;
    const fitting = ALGORITHMS.filter((name) => [...digests].some(({ length }) => length <= SIZES[name] * 2));
    const whole = ALGORITHMS.filter((name) => [...digests].some(({ length }) => length === SIZES[name] * 2));
    const single = found(digests, fitting, [...knownOf(each), ...momentsOf(each)]);
    const isFirst = !owners.has(each.known);
    owners.add(each.known);
    const pair = isFirst ? found(digests, whole.length ? whole : fitting, pairsOf(each)) : undefined;
    if (single ?? pair) return single ?? pair;
    for (const digest of digests) all.add(digest);
  }
  if (all.size === 0) return undefined;
  const whole = ALGORITHMS.filter((name) => [...all].some(({ length }) => length === SIZES[name] * 2));
  return found(all, ALGORITHMS, counted(FEW_NUMBERS)) ?? found(all, whole, counted(NUMBERS + 1));
}
