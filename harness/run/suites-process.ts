/** The suites of a run: Playwright in a process of its own, which loads what it needs while the lab starts. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { LAWS, LAWS_GREP } from '../../reports/load-laws.ts';
import type { Scope } from '../../reports/model.ts';
import { LAWS_FILE } from '../check/all-laws.ts';
import { ownChecksText } from '../check/catalogue.ts';
import { KNOWN_FAILURES, type KnownFailure } from '../check/known-failures.ts';
import { grepOf, isOfLaws } from '../check/selection.ts';
import type { Config } from '../config/config.ts';
import { ROOT } from '../config/defaults.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import {
  FACTS_FILE,
  KEEP_WORKERS,
  LAB_FILE,
  LEARNED_FILE,
  WAITS,
  type Waits,
} from '../lab/lab-description.ts';
import { sharesCompiled } from '../machine/caches.js';
import { endMarked, MARK } from '../machine/marked-processes.js';
import { nextMark } from '../machine/run-mark.ts';
import { atMost } from '../machine/signals.ts';
import { factsFileOf } from './facts.ts';
import { learnedFileOf } from './learned.ts';
import { modeOptions } from './playwright-mode.ts';
import type { RunOptions } from './run-options.ts';

/** Where people are few, or requests are counted, one check follows the other: none takes what another waits for. */
const workersOf = ({ live, workers }: Config): number | undefined =>
  live.issuer && (live.pace || !live.allowSignUp) ? 1 : workers;

/** Seconds that a check may take longer because a real carrier, or somebody at the keyboard, is in between. */
const secondsOfCodes = ({ live: { issuer, codeFrom, pace } }: Config): number => {
  if (!issuer) return 0;
  const codes = codeFrom === 'capture' ? 60 : codeFrom === 'prompt' ? 1800 : 600;
  return codes + (pace ? 300 : 0);
};

export interface SuitesProcess {
  /** Lets the checks begin; the lab and its facts are written. Settles with the exit code. */
  begin(): Promise<number | null>;
  /** Ends the checks that run; what was found is still reported. Settles when that is done, or takes too long. */
  interrupt(): Promise<void>;
  /** Ends the process and all it started at once: nothing more is printed, nothing more is written. */
  abandon(): void;
  /** Whether it still lives. */
  readonly lives: boolean;
}

/** What the suites of a run depend on, beside the folder of the lab. */
export interface Suites {
  loaded: LoadedConfig;
  /** What was asked for, looked up. */
  scope: Scope;
  /** Absolute folder that the run writes to. */
  folder: string;
  /** Reports that it is compared with, the best first. */
  compareWith: string[];
  options: RunOptions;
  known: readonly KnownFailure[];
}

/** Milliseconds that checks which are interrupted may take to end and to be told. */
const LAST_WORDS_MS = 20_000;
/** Minutes that the checks may take (playwright.config.ts), and that Playwright may take for the rest. */
const CHECKS_MINUTES = 30;
const REST_MINUTES = 5;

/** Arguments and environment of Playwright, beside the folder of the lab. */
function commandOf({ loaded, folder: out, compareWith, options, known, scope }: Suites) {
  const { config, folder } = loaded;
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
    'cli.js',
  );
  const select = scope.select ?? [];
  // A law sends nothing itself: alone, it judges what all checks sent.
  const grep = select.some((text) => !isOfLaws(text)) ? grepOf(select) : undefined;
  const mode = modeOptions(options.mode);
  const args = [
    ...['test', '--config', path.join(ROOT, `playwright.config${path.extname(import.meta.filename)}`)],
    ...(grep ? ['--grep', grep] : []),
    ...(scope.shard ? ['--shard', `${scope.shard.current}/${scope.shard.total}`] : []),
    ...(options.repeatEach ? ['--repeat-each', String(options.repeatEach)] : []),
    ...(options.maxFailures ? ['--max-failures', String(options.maxFailures)] : []),
    ...mode.args,
  ];
  // What Playwright counts and tries again by itself must look to it like a failure.
  const counts = Boolean(options.maxFailures || options.retries);
  return {
    args: [cli, ...args],
    env: {
      ...mode.env,
      [KNOWN_FAILURES]: JSON.stringify(known),
      ...(!options.mode && !counts && { [KEEP_WORKERS]: '1' }),
      ...(options.retries && { CONFORMANCE_RETRIES: String(options.retries) }),
      CONFORMANCE_OUT: out,
      [LAWS]: LAWS_FILE,
      [LAWS_GREP]: grepOf(select) ?? '',
      CONFORMANCE_TIMEOUT: String(config.timeout + secondsOfCodes(config)),
      ...(workersOf(config) && { CONFORMANCE_WORKERS: String(workersOf(config)) }),
      CONFORMANCE_OWN_CHECKS: ownChecksText({ folder, checks: config.checks }),
      CONFORMANCE_REPORTER: JSON.stringify({
        outputFolder: out,
        reporters: config.reporters,
        scope: { kind: scope.kind, select: scope.select, of: scope.of },
        compareWith,
        cwd: process.cwd(),
        strict: config.strict,
        profile: config.certification.profile,
        verbose: options.verbose,
        maxFailures: options.maxFailures,
        repeatEach: options.repeatEach,
        rerunPrefix: `npx authjs-conformance run${options.targetFlags ? ` ${options.targetFlags}` : ''}`,
      }),
    },
  };
}

/** Two runs with the same key want the same of Playwright. */
export const keyOfSuites = (suites: Suites): string => JSON.stringify(commandOf(suites));

/**
 * Starts Playwright; it waits for `begin`, and ends when this process does.
 *
 * @param labFile where the lab description will be written, and the facts for the report beside it
 * @param waits how far it goes until then
 */
export function startSuites(suites: Suites, labFile: string, waits: Waits): SuitesProcess {
  const { options } = suites;
  const { args, env } = commandOf(suites);
  const output = options.quiet ? 'ignore' : 'inherit';
  const mark = nextMark();
  const place = path.dirname(labFile);
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // A group of its own: a terminal sends its signals to the command alone, which passes them on, once.
    detached: process.platform !== 'win32',
    stdio: [output, output, output, 'ipc'],
    env: {
      ...process.env,
      ...sharesCompiled(),
      ...env,
      [MARK]: mark,
      ...(place.length <= PLACE_MAX && { TMPDIR: place }),
      PLAYWRIGHT_TRANSFORM_CACHE_DIR: process.env.PLAYWRIGHT_TRANSFORM_CACHE_DIR ?? transformCache(),
      [LEARNED_FILE]: learnedFileOf(labFile),
      [LAB_FILE]: labFile,
      [FACTS_FILE]: factsFileOf(labFile),
      [WAITS]: waits,
    },
  });
  let lives = true;
  const closed = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', resolve);
  });
  void closed.then(() => {
    lives = false;
  });
  const abandon = () => {
    child.kill('SIGKILL');
    endMarked(mark);
  };
  return {
    async begin() {
      // It may have ended already, over a check that does not load.
      if (child.connected) child.send('begin', () => {});
      const limits = options.mode
        ? []
        : [
            // Started ahead of the run, Playwright cannot know when its time began.
            ...(waits === 'workers' ? [setTimeout(() => child.kill('SIGINT'), CHECKS_MINUTES * 60_000)] : []),
            setTimeout(abandon, (CHECKS_MINUTES + REST_MINUTES) * 60_000),
          ];
      const code = await closed;
      for (const limit of limits) clearTimeout(limit);
      // Workers and browsers of a process that was killed.
      endMarked(mark);
      return code;
    },
    async interrupt() {
      child.kill('SIGINT');
      await atMost(LAST_WORDS_MS, closed);
    },
    abandon,
    get lives() {
      return lives;
    },
  };
}

/** Characters of a temporary folder below which Chromium may have its socket (unix(7): 108 for the whole path). */
const PLACE_MAX = 60;

/** Where Playwright keeps the own checks of apps that it has compiled: not in the folder of the run, which goes. */
const transformCache = () =>
  path.join(os.tmpdir(), `playwright-transform-cache-${process.geteuid?.() ?? ''}`.replace(/-$/, ''));
