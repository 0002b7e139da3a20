/** Flags of `run` that say which checks, how often and until when; named as Playwright names them. */
import { type Command, InvalidArgumentError } from 'commander';
import type { RunOptions } from '../run/run-options.ts';

/** A whole number of a flag, 1 or more. */
export const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
};

/** Ten thousand times the catalogue would run for days, and fill the disk. */
const REPEAT_MAX = 100;
const repeats = (text: string): number => {
  const value = count(text);
  if (value > REPEAT_MAX) throw new InvalidArgumentError(`It must be ${REPEAT_MAX} or less.`);
  return value;
};

/** Adds the flags; `runFlagsOf` reads them. */
export const withRunFlags = (command: Command): Command =>
  command
    .option('-g, --grep <pattern>', 'only checks whose id, title, clause or tag fits')
    .option('-G, --grep-invert <pattern>', 'only checks that do not fit')
    .option('--last-failed', 'only what failed, erred or was blocked in the last run')
    .option(
      '--retries <count>',
      'try failed checks again so often; what passes then is told as loosened',
      count,
    )
    .option('-x', 'stop after the first failure')
    .option('--max-failures <count>', 'stop after so many failures', count)
    .option(
      '--repeat-each <count>',
      'run each check so often (100 at most); the worst verdict counts',
      repeats,
    )
    .option('--fresh', 'judge the connector anew, also when nothing of it has changed')
    .option('--watch', 'run again when the app or its config changes')
    .option('--verbose', 'one line for each check, also where no terminal is');

export interface RunFlags {
  grep?: string;
  grepInvert?: string;
  lastFailed?: boolean;
  retries?: number;
  x?: boolean;
  maxFailures?: number;
  repeatEach?: number;
  verbose?: boolean;
  fresh?: boolean;
}

export const runFlagsOf = (flags: RunFlags): Partial<RunOptions> => ({
  grep: flags.grep,
  grepInvert: flags.grepInvert,
  lastFailed: flags.lastFailed,
  retries: flags.retries,
  maxFailures: flags.x ? 1 : flags.maxFailures,
  repeatEach: flags.repeatEach,
  verbose: flags.verbose,
  fresh: flags.fresh,
});
