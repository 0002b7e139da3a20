/**
 * Plays recorded exchanges again. What was new in each answer then (a state, a code, an id of an interaction) is new now,
 * too: the words of the recorded answer and of the new one are laid side by side, and each word that differs stands for
 * the other in whatever is sent later.
 */

/** Words, and what `redact` put in the place of a secret, as it is or percent-encoded. */
const WORD = /‹[^›]*›|%E2%80%B9[\s\S]*?%E2%80%BA|[\w.~-]+/gi;

const words = (text: string): string[] => text.match(WORD) ?? [];

/** What a mark stands for is told by its kind and fingerprint, however it is encoded. */
const plain = (word: string): string => {
  if (!/^%E2/i.test(word)) return word;
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
};

/** Recorded word → the word that stands in its place now. */
export type Words = Map<string, string>;

/** Learns from an answer; texts that are built otherwise than then teach nothing. */
export function learn(known: Words, recorded: string, now: string): void {
  const before = words(recorded);
  const after = words(decoded(now, recorded));
  if (before.length !== after.length) return;
  for (const [index, word] of before.entries()) {
    const other = after[index] as string;
    if (plain(word) !== other && word.length >= 4) known.set(plain(word), other);
  }
}

/** A mark takes the place of a value that was percent-encoded: its signs of percent are letters of one word. */
const decoded = (now: string, recorded: string): string =>
  recorded.includes('‹') || /%E2%80%B9/i.test(recorded) ? now.replace(/%(?=[0-9A-F]{2})/gi, '') : now;

/** A recorded text with the words of now. */
export const withWordsOfNow = (text: string, known: Words): string =>
  text.replace(WORD, (word) => {
    const now = known.get(plain(word));
    return now === undefined ? word : /^%E2/i.test(word) ? encodeURIComponent(now) : now;
  });

/** Whether two paths are of the same kind: all that differs are ids. */
export function sameKind(one: string, other: string): boolean {
  const [a, b] = [one.split('/'), other.split('/')];
  return (
    a.length === b.length &&
    a.every((part, index) => part === b[index] || (isId(part) && isId(b[index] as string)))
  );
}
const isId = (part: string) => part.length >= 8 && /[\d_A-Z-]/.test(part);

/** A jar that is as simple as can be: the last value of a name counts; a cookie that is over is gone. */
export function createJar(): {
  take(origin: string, lines: readonly string[]): void;
  header(origin: string): string;
} {
  const jars = new Map<string, Map<string, string>>();
  const of = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };
  return {
    take(origin, lines) {
      for (const line of lines) {
        const [pair = '', ...flags] = line.split(';');
        const cut = pair.indexOf('=');
        const isOver = flags.some((flag) => /^\s*(max-age=0|expires=.*1970)/i.test(flag));
        if (isOver) of(origin).delete(pair.slice(0, cut));
        else of(origin).set(pair.slice(0, cut), pair.slice(cut + 1));
      }
    },
    header: (origin) => [...of(origin)].map(([name, value]) => `${name}=${value}`).join('; '),
  };
}
