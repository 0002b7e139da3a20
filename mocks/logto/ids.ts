/** Random ids over an alphabet, without modulo bias. */
import { randomInt } from 'node:crypto';

/** @returns a function that makes a new id of `length` characters of `alphabet` at each call. */
export const customAlphabet = (alphabet: string, length: number) => (): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
