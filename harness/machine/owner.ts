/** Who holds something on this machine, written so that others can tell whether that process still lives. */
import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { marked } from './marked-processes.js';
import { RUN_MARK } from './run-mark.ts';

export interface Owner {
  pid: number;
  /** Start of the process in clock ticks, where the system tells: a process id is given out again. */
  birth?: string;
  /** Machine and process-id namespace: elsewhere the id says nothing. */
  home: string;
  /** What its children carry. */
  mark: string;
}

/** Field 22 of `/proc/<pid>/stat`; the name in field 2 may hold anything (proc(5)). */
function birthOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function homeOf(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // no Linux
  }
  return `${os.hostname()} ${namespace}`.trim();
}

/** This process. */
export const thisProcess = (): Owner => ({
  pid: process.pid,
  birth: birthOf(process.pid),
  home: homeOf(),
  mark: RUN_MARK,
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether an owner is gone; never said of one on another machine or in another container.
 *
 * @param options.children whether what it started counts, too
 */
export function isGone(owner: Owner, { children = false } = {}): boolean {
  if (owner.home !== homeOf()) return false;
  const lives = isThere(owner.pid) && birthOf(owner.pid) === owner.birth;
  return !lives && !(children && marked(owner.mark).length > 0);
}

/** An owner as it was written; undefined when the text is none. */
export function readOwner(file: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8'));
    return typeof owner?.pid === 'number' && typeof owner.home === 'string' && /^[\w-]{8,}$/.test(owner.mark)
      ? owner
      : undefined;
  } catch {
    return undefined;
  }
}
