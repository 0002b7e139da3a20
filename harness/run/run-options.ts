/** What a run is told besides its config. */
import type { Mode } from './playwright-mode.ts';

export interface RunOptions {
  /** Check ids, suites, clauses, `@level` or `@severity`; none selects all. */
  select?: string[];
  /** Pattern that id, title, clauses or tags must fit, without regard to case. */
  grep?: string;
  grepInvert?: string;
  /** Only what failed, erred or was blocked in the last run. */
  lastFailed?: boolean;
  /** Filled with what failed last, and run again when nothing failed since: who mends an app under `--watch` has not ended. */
  failedBefore?: string[];
  /** How often a check that failed is tried again; one that passes then is told as loosened. */
  retries?: number;
  /** The run ends after so many failures. */
  maxFailures?: number;
  /** How often each check is run; the worst verdict counts. */
  repeatEach?: number;
  /** One line for each check, also where no terminal is. */
  verbose?: boolean;
  /** Only the smoke sign-in. */
  quick?: boolean;
  /** Judges the connector anew, also when nothing of it has changed since an earlier run. */
  fresh?: boolean;
  shard?: string;
  /** File of a private key that signs report.json. */
  signKey?: string;
  /** File that every failure is written to, as a known failure. */
  writeKnownFailures?: string;
  /** Opens Playwright's UI mode, a visible browser, or its inspector. */
  mode?: Mode;
  /** The flags that chose the target, repeated in "run it again" commands. */
  targetFlags?: string;
  /** Names of the commands, for a first word that is a mistyped one. */
  commands?: readonly string[];
  print?: (line: string) => void;
  /** Nothing is printed by the suites, either. */
  quiet?: boolean;
}
