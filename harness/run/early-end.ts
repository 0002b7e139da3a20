/** A run that is told to end: its checks are interrupted, what was found is written, nothing is left behind. */
import type { Finding } from '../../reports/model.ts';
import { endMarked } from '../machine/marked-processes.js';
import { closePlaces } from '../machine/place.ts';
import { RUN_MARK } from '../machine/run-mark.ts';
import { atMost, type EndingSignal, exitCodeOf, onSignals } from '../machine/signals.ts';

/** Milliseconds that the lab may take to end. */
const LAB_MS = 10_000;

export interface EarlyEnd {
  /** Never settles once a signal has come: the process ends by itself then. */
  hold(): Promise<void>;
  /** Signals are of no interest any more. */
  off(): void;
}

const interrupted = (signal: EndingSignal): Finding => ({
  code: 'CONF_INTERRUPTED',
  what: `the run was ended by ${signal} before all checks had run`,
  expected: 'a run of all selected checks',
  remedy: 'run it again.',
});

/**
 * Listens to the signals that end a run: the first one ends it in order, the second at once.
 *
 * @param run.interrupt ends the suites, which may still tell what they found
 * @param run.write writes a report, if the suites have written none
 * @param run.stop ends mocks and app
 * @param run.leave the last act, whatever was left out
 */
export function endsEarly(run: {
  print(line: string): void;
  interrupt(): Promise<void>;
  write(finding: Finding): Promise<unknown>;
  stop(): Promise<void> | undefined;
  leave(): void;
}): EarlyEnd {
  let begun = false;
  const leave = (signal: EndingSignal): void => {
    try {
      run.leave();
      endMarked(RUN_MARK);
      closePlaces();
    } finally {
      process.exit(exitCodeOf(signal));
    }
  };
  const inOrder = async (signal: EndingSignal): Promise<void> => {
    run.print(`\nended by ${signal}: what was found so far is written`);
    await run.interrupt();
    await run.write(interrupted(signal));
    await atMost(LAB_MS, run.stop());
  };
  const off = onSignals((signal, before) => {
    if (before > 0) return leave(signal);
    begun = true;
    void inOrder(signal)
      .catch((error: Error) => run.print(`\n${error.message}`))
      .finally(() => leave(signal));
  });
  return { hold: () => (begun ? new Promise(() => {}) : Promise.resolve()), off };
}
