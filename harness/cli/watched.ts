/** `run --watch` from start to exit code: what is kept between two runs, and how it ends. */
import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import { type EndingSignal, exitCodeOf, onSignals } from '../machine/signals.ts';
import { askedFor } from '../run/asked.ts';
import { foreseen } from '../run/foreseen.ts';
import type { Watched } from '../run/run.ts';
import type { RunOptions } from '../run/run-options.ts';
import { createStandby } from '../run/standby.ts';
import { watchRuns } from '../run/watch.ts';

/**
 * Runs until Ctrl-C, again at each change.
 *
 * @param watch.folder where the config is looked for
 * @param watch.once one run, with the folder of the reports of the last one
 * @returns the exit code of the last run; after another signal than that of Ctrl-C, its own
 */
export async function watched(watch: {
  folder: string;
  options: RunOptions;
  once(onLoad: (loaded: LoadedConfig) => void, more: Watched, out?: string): Promise<0 | 1 | 2>;
}): Promise<number> {
  const end = new AbortController();
  const standby = createStandby();
  let isWaiting = false;
  let ending: EndingSignal | undefined;
  const off = onSignals((signal, before) => {
    ending = signal;
    end.abort();
    // A run has its own way to end (harness/run/early-end.ts).
    if (isWaiting || (before === 0 && process.listenerCount(signal) > 1)) return;
    void standby.close().finally(() => process.exit(exitCodeOf(signal)));
  });
  let code: 0 | 1 | 2 = 2;
  let loaded: LoadedConfig | undefined;
  try {
    await watchRuns({
      folder: watch.folder,
      signal: end.signal,
      print: (line) => process.stderr.write(`${line}\n`),
      async once({ onLoad, superseded }) {
        isWaiting = false;
        const keep = (each: LoadedConfig) => {
          loaded = each;
          onLoad(each);
        };
        const out = loaded && path.resolve(loaded.config.out);
        code = await watch.once(keep, { standby, superseded }, out).catch((error: unknown) => {
          process.stderr.write(`\n${foreseen(error).message}\n`);
          return 2 as const;
        });
      },
      ready() {
        isWaiting = true;
        if (!loaded) return;
        // What cannot be made ready now is told by the run that needs it.
        askedFor(loaded, watch.options)
          .then((asked) => isWaiting && !end.signal.aborted && standby.prepare(asked))
          .catch(() => undefined);
      },
    });
  } finally {
    await standby.close();
    off();
  }
  return ending && ending !== 'SIGINT' ? exitCodeOf(ending) : code;
}
