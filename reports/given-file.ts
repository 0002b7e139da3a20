/** Files that somebody named: on a command line, in a config. They may be anything. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that a file of settings may have; 1 GB of zeros is none. */
const SETTINGS_MAX = 4 * 1_048_576;
/** Bytes that a report may have: that of a run has some ten million. */
export const REPORT_MAX = 128 * 1_048_576;

export interface GivenFileOptions {
  /** Bytes that it may have at most (default: 4 MB, for files that people write). */
  max?: number;
  /** Leaves the mark at the beginning of a UTF-8 file where it is. */
  keepMark?: boolean;
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  ELOOP: 'it is a link to itself',
  ENAMETOOLONG: 'its name is too long',
  ENXIO: 'it is a socket or a device',
};

const tooLarge = (size: string, max: number) =>
  new Error(`it has ${size} bytes, and no such file has more than ${max}`);

/** Opened without waiting for a writer, as a FIFO would have one wait for ever. */
function opened<Result>(file: string, read: (descriptor: number, size: number) => Result): Result {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw new Error(REASONS.EISDIR);
    if (!stat.isFile()) throw new Error('it is no file, but a pipe, a socket or a device');
    return read(descriptor, stat.size);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code ? new Error(REASONS[code] ?? message, { cause: error }) : error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Looks at a file that somebody else will read, such as a module.
 *
 * @throws Error whose message says why it is not read, in words that go on after "could not be read:"
 */
export function checkGiven(file: string, { max = SETTINGS_MAX }: GivenFileOptions = {}): void {
  opened(file, (_, size) => {
    if (size > max) throw tooLarge(String(size), max);
  });
}

/** Bytes of a file; one that says that it has none, as those of /proc do, is read to its end or to the limit. */
const bytesOf = (file: string, max: number): Buffer =>
  opened(file, (descriptor, size) => {
    if (size > max) throw tooLarge(String(size), max);
    const parts: Buffer[] = [];
    let had = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(Math.min(max - had + 1, Math.max(size - had, 65_536)));
      const count = readSync(descriptor, part);
      if (count === 0) return Buffer.concat(parts);
      had += count;
      if (had > max) throw tooLarge(`more than ${max}`, max);
      parts.push(part.subarray(0, count));
    }
  });

/**
 * Reads a file that somebody named, as it is.
 *
 * @throws Error whose message says why it cannot be read, in words that go on after "could not be read:"
 */
export const readGivenBytes = (file: string, { max = SETTINGS_MAX }: GivenFileOptions = {}): Buffer =>
  bytesOf(file, max);

/**
 * Reads a text file that somebody named. UTF-8, or UTF-16 with its mark, as Windows writes it.
 *
 * @throws Error whose message says why it cannot be read, in words that go on after "could not be read:"
 */
export function readGiven(file: string, { max = SETTINGS_MAX, keepMark }: GivenFileOptions = {}): string {
  const bytes = bytesOf(file, max);
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: keepMark && encoding === 'utf-8' }).decode(
      bytes,
    );
  } catch (error) {
    throw new Error(`it is no ${encoding.toUpperCase()} text`, { cause: error });
  }
}

/**
 * Reads a JSON file that somebody named.
 *
 * @throws Error as {@link readGiven}, or what JSON.parse says, in one line
 */
export function readGivenJson(file: string, options: GivenFileOptions = {}): unknown {
  const text = readGiven(file, options);
  try {
    return JSON.parse(text);
  } catch (error) {
    const [told] = (error as Error).message.split('\n');
    throw new Error(`it is no JSON: ${text.trim() === '' ? 'it is empty' : told}`, { cause: error });
  }
}
