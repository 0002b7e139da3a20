/** Temporary folders of this process, and what killed runs left of theirs. */
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConformanceError } from '../errors.ts';
import { endMarked } from './marked-processes.js';
import { isGone, readOwner, thisProcess } from './owner.ts';

const PREFIX = 'authjs-conformance-run-';
const OWNER = 'owner.json';

/** Hours after which a folder without an owner belongs to nobody: it was killed between two lines. */
const FORGOTTEN_HOURS = 24;

const open = new Set<string>();

/**
 * Makes a temporary folder that nobody else can read.
 *
 * @throws ConformanceError CONF_TMP_UNUSABLE
 */
export function openPlace(): string {
  try {
    const place = mkdtempSync(path.join(os.tmpdir(), PREFIX));
    open.add(place);
    writeFileSync(path.join(place, OWNER), JSON.stringify(thisProcess()), { mode: 0o600 });
    return place;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_TMP_UNUSABLE',
      what: `the temporary folder ${os.tmpdir()} cannot be used: ${(error as Error).message}`,
      expected: 'a folder with some room that this user may write to (TMPDIR)',
      remedy: 'make it, empty it, or set TMPDIR to another one.',
    });
  }
}

/** Removes a folder of {@link openPlace}. */
export function closePlace(place: string): void {
  open.delete(place);
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes all that are open: the last act of a process that is told to end. */
export const closePlaces = (): void => {
  for (const place of open) closePlace(place);
};

export interface Leftovers {
  folders: number;
  processes: number;
}

/** Ends the processes and removes the folders of runs of this user that were killed. */
export function clearLeftovers(): Leftovers {
  const found: Leftovers = { folders: 0, processes: 0 };
  let names: string[] = [];
  try {
    names = readdirSync(os.tmpdir()).filter((name) => name.startsWith(PREFIX));
  } catch {
    // openPlace tells it
  }
  for (const name of names) {
    const place = path.join(os.tmpdir(), name);
    try {
      const { uid, mtimeMs } = lstatSync(place);
      if (open.has(place) || (process.getuid && uid !== process.getuid())) continue;
      const owner = readOwner(path.join(place, OWNER));
      const hours = (Date.now() - mtimeMs) / 3_600_000;
      if (owner ? !isGone(owner) : hours < FORGOTTEN_HOURS) continue;
      if (owner) found.processes += endMarked(owner.mark);
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
      if (!existsSync(place)) found.folders += 1;
    } catch {
      // another run clears it just now
    }
  }
  return found;
}

/** What was cleared, in words; undefined when there was nothing. */
export function tellLeftovers({ folders, processes }: Leftovers): string | undefined {
  if (!folders && !processes) return undefined;
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  return `cleared what a killed run left: ${count(processes, 'process', 'processes')}, ${count(folders, 'temporary folder', 'temporary folders')}`;
}
