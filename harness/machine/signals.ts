/** Signals that ask a command to end; its exit code is then 128 and their number, as shells have it. */
import os from 'node:os';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof ENDING)[number];

export const exitCodeOf = (signal: EndingSignal): number => 128 + os.constants.signals[signal];

/**
 * @param handle called for each signal, with how many came before it
 * @returns ends it
 */
export function onSignals(handle: (signal: EndingSignal, before: number) => void): () => void {
  let before = 0;
  const listener = (signal: NodeJS.Signals) => {
    handle(signal as EndingSignal, before);
    before += 1;
  };
  for (const signal of ENDING) process.on(signal, listener);
  return () => {
    for (const signal of ENDING) process.off(signal, listener);
  };
}

/** Waits for something, but no longer than a limit; what it throws is of no interest. */
export async function atMost(limitMs: number, wanted: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.resolve(wanted).catch(() => undefined), late]);
  clearTimeout(timer);
}
