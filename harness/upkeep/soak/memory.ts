/** What a process holds when everything that nobody needs has been collected. */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

export interface Memory {
  /** Bytes of objects and buffers that are still reachable. */
  kept: number;
  /** Bytes of the resident set, free pages of the allocator among them. */
  resident: number;
}

/** Collects twice, with a turn of the loop between: what a finalizer lets go is gone, too. */
export async function keptMemory(): Promise<Memory> {
  collect();
  await setImmediate();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { kept: heapUsed + external, resident: rss };
}

/** Resident set of another process in bytes; NaN where the system does not tell. */
export function residentOf(pid: number | undefined): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  } catch {
    return Number.NaN;
  }
}
