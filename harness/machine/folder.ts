/** A folder that a run writes its results to: made, tried, and held by one run at a time. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConformanceError } from '../errors.ts';
import { isGone, readOwner, thisProcess } from './owner.ts';

/** Bytes that must find room before a run begins: the report that says that it has not ended. */
const ROOM = 256 * 1024;

/** The error of a folder that cannot hold the reports. */
export const unusable = (folder: string, why: string) =>
  new ConformanceError({
    code: 'CONF_RESULTS_UNUSABLE',
    key: 'out',
    what: `the folder of the reports, ${folder}, cannot be used: ${why}`,
    expected: 'a folder with room that this user may write to, or a path where one can be made (out, --out)',
    remedy: 'name another folder with --out, or mend its permissions or its disk.',
  });

/** What an error of the file system says of a path; its text without the call that failed. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code
    ? `${code}, ${message.replace(/^\w+: /, '').replace(/,? (?:mkdir|open|write|stat)\b.*$/, '')}`
    : message;
};

function isFolder(place: string): boolean {
  try {
    if (statSync(place).isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  throw new Error(`${place} is no folder`);
}

/**
 * Makes a folder and those above it, one by one: Node's recursive mkdir never comes back on /proc, where each of them is
 * missing and none can be made.
 *
 * @throws ConformanceError CONF_RESULTS_UNUSABLE
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  try {
    for (let place = folder; !isFolder(place); place = path.dirname(place)) missing.unshift(place);
    for (const place of missing) mkdirSync(place);
    const trial = path.join(folder, `.trial-${process.pid}`);
    try {
      writeFileSync(trial, Buffer.alloc(ROOM, 'x'));
    } finally {
      rmSync(trial, { force: true });
    }
  } catch (error) {
    // Another run may have made it just now.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') makeFolder(folder);
    else throw unusable(folder, reasonOf(error));
  }
}

const HOLDER = '.running';

/**
 * Holds a folder for this run; what a killed run holds is free.
 *
 * @returns lets it go
 * @throws ConformanceError CONF_RESULTS_BUSY when another run writes there
 */
export function holdFolder(folder: string): () => void {
  const file = path.join(folder, HOLDER);
  const aside = `${file}-${process.pid}`;
  const mine = JSON.stringify(thisProcess());
  for (;;) {
    try {
      // Linked into place, so that nobody reads half of it.
      writeFileSync(aside, mine);
      linkSync(aside, file);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(folder, reasonOf(error));
    } finally {
      rmSync(aside, { force: true });
    }
    const holder = readOwner(file);
    if (holder && !isGone(holder, { children: true })) {
      if (holder.pid === process.pid) return () => {};
      throw new ConformanceError({
        code: 'CONF_RESULTS_BUSY',
        key: 'out',
        what: `another run (process ${holder.pid}) writes its reports to ${folder}`,
        expected: 'a folder of its own for each run (out, --out)',
        remedy: `wait until it has ended, or add --out with another folder; when there is no such run, remove ${file}.`,
      });
    }
    // Moved away first: of two that find it free, one alone takes it.
    try {
      renameSync(file, aside);
      rmSync(aside);
    } catch {
      // another run took it just now
    }
  }
  return () => {
    try {
      if (readFileSync(file, 'utf8') === mine) rmSync(file);
    } catch {
      // removed by somebody
    }
  };
}
