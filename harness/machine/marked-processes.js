/**
 * Processes that a run started, found by a variable in their environment: children of children too, also those that left
 * the process group. Linux tells (`/proc/<pid>/environ`, proc(5)); elsewhere none is found, and the group is all there is.
 * Plain JavaScript, because the watchdog runs it, too.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The variable; its value is the mark of a run, a dot, and what was started. */
export const MARK = 'AUTHJS_CONFORMANCE_RUN';

/** Times that all are looked for again, because one may start another while it is ended. */
const ROUNDS = 20;

const pids = () => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
};

/**
 * @param {string} mark of a run, or of one thing that it started
 * @returns {number[]} process ids, this process left out
 */
export function marked(mark) {
  return pids()
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1')
          .split('\0')
          .some((entry) => entry === `${MARK}=${mark}` || entry.startsWith(`${MARK}=${mark}.`));
      } catch {
        return false; // gone, or somebody else's
      }
    })
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/**
 * @param {string} mark
 * @param {NodeJS.Signals} [signal]
 * @returns {number} how many were there
 */
export function endMarked(mark, signal = 'SIGKILL') {
  let count = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = marked(mark);
    if (round === 0) count = found.length;
    for (const pid of found) {
      try {
        process.kill(pid, signal);
      } catch {
        // already gone
      }
    }
    if (found.length === 0 || signal !== 'SIGKILL') break;
  }
  return count;
}

/**
 * TCP ports that these processes listen on.
 *
 * @param {string} mark
 * @returns {number[]}
 */
export function listeningPorts(mark) {
  const sockets = new Set(
    marked(mark).flatMap((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
          try {
            return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
          } catch {
            return [];
          }
        });
      } catch {
        return [];
      }
    }),
  );
  const ports = ['tcp', 'tcp6'].flatMap((table) => {
    try {
      return readFileSync(`/proc/net/${table}`, 'utf8')
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter((row) => row[3] === '0A' && sockets.has(row[9]))
        .map((row) => Number.parseInt(row[1].split(':').at(-1), 16));
    } catch {
      return [];
    }
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}
