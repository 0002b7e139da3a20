/** Things that happen later on the mock's clock: in real time, or at once when somebody moves the clock past them. */
import type { Clock } from '../clock.ts';

export interface Timers {
  /** @param due milliseconds since the epoch, as the scope sees it */
  at(due: number, scope: string | undefined, run: () => void): { cancel(): void };
  readonly size: number;
  /** Nothing of what was planned happens any more. */
  clear(): void;
  close(): void;
}

interface Entry {
  due: number;
  scope: string | undefined;
  run: () => void;
  timer?: NodeJS.Timeout;
}

/** setTimeout cannot wait longer; the entry then asks the clock again. */
const LONGEST_MS = 2 ** 31 - 1;

export function createTimers(clock: Clock): Timers {
  const entries = new Set<Entry>();
  const fire = (entry: Entry) => {
    clearTimeout(entry.timer);
    if (entries.delete(entry)) entry.run();
  };
  const arm = (entry: Entry) => {
    const left = Math.max(0, entry.due - clock.now(entry.scope));
    entry.timer = setTimeout(
      () => (entry.due <= clock.now(entry.scope) + 1 ? fire(entry) : arm(entry)),
      Math.min(left, LONGEST_MS),
    ).unref();
  };
  const stop = clock.onMove(() => {
    // What falls due may add further entries (the next status): again until nothing is due.
    for (let due = dueNow(); due.length > 0; due = dueNow()) for (const entry of due) fire(entry);
  });
  const dueNow = () =>
    [...entries].filter((entry) => entry.due <= clock.now(entry.scope)).sort((a, b) => a.due - b.due);
  const clear = () => {
    for (const { timer } of entries) clearTimeout(timer);
    entries.clear();
  };
  return {
    at(due, scope, run) {
      const entry: Entry = { due, scope, run };
      entries.add(entry);
      arm(entry);
      return {
        cancel() {
          clearTimeout(entry.timer);
          entries.delete(entry);
        },
      };
    },
    get size() {
      return entries.size;
    },
    clear,
    close() {
      stop();
      clear();
    },
  };
}
