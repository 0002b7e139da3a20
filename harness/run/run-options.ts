/** What a run is told besides its config. */
import type { Mode } from './playwright-mode.ts';

export interface RunOptions {
  /** Check ids, suites, clauses, `@level` or `@severity`; none selects all. */
  select?: string[];
  /** Only the smoke sign-in. */
  quick?: boolean;
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
