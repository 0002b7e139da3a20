/** The Playwright reporter: live progress while checks run, then the report, its files and the exit status. */
import { type EventEmitter, once } from 'node:events';
import path from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { redactText } from '../mocks/redact.ts';
import { withLimits } from './app-limits.ts';
import { buildReport, type Facts } from './build.ts';
import { catalogueIds } from './catalogue-ids.ts';
import { cleanFolder } from './clean.ts';
import { attemptsOf, type CollectOptions, collect, metaOf } from './collect.ts';
import { historyOf, judgeLaws } from './laws.ts';
import { countLaws, lawsOf } from './load-laws.ts';
import type { CheckResult, Finding, Report, Scope } from './model.ts';
import { defaultProfile, type Profile, profileOf } from './profiles.ts';
import { createProgress, type Progress } from './progress.ts';
import { withCrashes } from './run/crashes.ts';
import { LabOfRun } from './run/lab-of-run.ts';
import { missingFinding, scopeOfChecks, stoppedScope, suitesOf, withCut } from './run/part-of-catalogue.ts';
import { previousReport } from './run/previous.ts';
import { loosenedByRetries } from './run/retried.ts';
import { storeAttachment } from './run/store-attachment.ts';
import { terminalSummary } from './terminal.ts';
import { plain } from './words.ts';
import { writeReports } from './writers.ts';

export interface ReporterOptions {
  /** Folder of the reports (default: conformance-results). */
  outputFolder?: string;
  /** Names of the writers (default: json, junit, html). */
  reporters?: string[];
  /** A broken `should` fails, too. */
  strict?: boolean;
  /** Name of the profile that scores (default: the newest dated one). */
  profile?: string;
  /** Command that runs one check again when its id is put after it. */
  rerunPrefix?: string;
  /** Flag that chose the target, such as `--config my.config.ts`; used when there is no rerunPrefix. */
  configFlag?: string;
  /** What the harness was asked for; without it the scope follows from the checks that Playwright selects. */
  scope?: Pick<Scope, 'kind' | 'select' | 'of'>;
  /** Files of earlier reports, the first whole one of the same target is compared with. */
  compareWith?: string[];
  /** One line for each check, also where no terminal is (default: one for each suite). */
  verbose?: boolean;
  /** The run ended on purpose after so many failures: what did not run is left out. */
  maxFailures?: number;
  repeatEach?: number;
  /** Folder that printed paths are relative to (default: the working folder of Playwright). */
  cwd?: string;
}

/** Event of this process when a run begins that it was started ahead of (harness/run/global-setup.ts). */
const BEGUN = 'conformance:begun';

/** `npx` in front, unless the command says how it is started. */
const commandOf = ({ rerunPrefix, configFlag }: ReporterOptions) => {
  const command = rerunPrefix ?? `npx authjs-conformance run${configFlag ? ` ${configFlag}` : ''}`;
  return command.startsWith('authjs-conformance') ? `npx ${command}` : command;
};

/** Lives in the process of `playwright test` or `playwright merge-reports`. */
export default class ConformanceReporter implements Reporter {
  readonly #options: ReporterOptions;
  readonly #outputFolder: string;
  readonly #profile: Profile;
  #root: Suite | undefined;
  #config: FullConfig | undefined;
  #progress: Progress | undefined;
  readonly #findings: Finding[] = [];
  /** Settles when all that has happened is printed. */
  #told: Promise<unknown> = Promise.resolve();
  readonly #lab = new LabOfRun();
  /** There until the run begins that this process was started ahead of: what is to be done then. */
  #ahead: (() => void)[] | undefined;
  #begun: Promise<unknown> = Promise.resolve();

  constructor(options: ReporterOptions = {}) {
    this.#options = options;
    this.#profile = profileOf(options.profile ?? defaultProfile());
    this.#outputFolder = path.resolve(options.outputFolder ?? 'conformance-results');
    if (process.env.CONFORMANCE_WAITS !== 'workers') return;
    this.#ahead = [];
    this.#begun = once(process as EventEmitter, BEGUN).then(() => {
      const waiting = this.#ahead ?? [];
      this.#ahead = undefined;
      for (const act of waiting) act();
    });
  }

  /** Acts once the run has begun: before, nothing is printed and nothing is read. */
  #whenBegun(act: () => void): void {
    if (this.#ahead) this.#ahead.push(act);
    else act();
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#config = config;
    this.#root = suite;
    this.#whenBegun(() => this.#begin(suite));
  }

  #begin(suite: Suite): void {
    this.#lab.begin();
    const stream = process.stdout;
    this.#progress = createProgress({
      total: suite.allTests().length + countLaws(catalogueIds(), process.env),
      suites: new Map([
        ...suitesOf(suite.allTests().map((test) => metaOf(test).id)),
        ['laws', countLaws(catalogueIds(), process.env)] as const,
      ]),
      verbose: this.#options.verbose,
      isTTY: Boolean(stream.isTTY) && !process.env.CI,
      width: stream.columns ?? 80,
      colour: stream.isTTY && stream.hasColors() && !process.env.NO_COLOR,
      write: (text) => stream.write(text),
    });
    this.#progress.begin();
  }

  onTestBegin(test: TestCase): void {
    this.#whenBegun(() => this.#progress?.started(metaOf(test).id));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    // A run that will be tried again is no verdict yet.
    const final =
      result.status === 'passed' ||
      result.status === 'skipped' ||
      test.outcome() === 'expected' ||
      result.retry >= test.retries;
    if (!final) return;
    const check = collect(test, { ...this.#collecting(() => ''), withoutExchanges: true });
    const ended = performance.now();
    // What the mocks gave out meanwhile must be known before something is printed.
    this.#told = this.#told
      .then(() => (check.message ? this.#lab.learnSecrets(ended) : undefined))
      .then(() =>
        this.#progress?.ended({ ...check, ...(check.message && { message: redactText(check.message) }) }),
      );
    this.#lab.keep(check);
  }

  onError(error: TestError): void {
    const text = redactText(plain(error.message ?? error.value ?? 'unknown error'));
    // Asked for by --max-failures.
    if (this.#options.maxFailures && /^Testing stopped early/.test(text)) return;
    const place = error.location ? ` (${path.basename(error.location.file)}:${error.location.line})` : '';
    this.#findings.push({
      code: 'CONF_SUITES_ERROR',
      what: `${text.split('\n')[0]}${place}`,
      expected: 'suites that load and workers that live until the end',
      remedy: 'mend what the message names, or run again with --debug to see more.',
    });
    this.#whenBegun(() => this.#progress?.say(`\n${text}`));
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] }> {
    await this.#begun;
    await this.#told;
    await this.#lab.lookAtApp();
    await this.#lab.learnSecrets();
    const sent = await this.#lab.sent();
    this.#progress?.end();
    const told = this.#lab.facts();
    const facts: Facts = {
      ...told,
      ...(told.connector && sent && { connector: { ...told.connector, sent } }),
    };
    const end = this.#lab.endOfTarget();
    const startedAt = result.startTime.toISOString();
    const all = this.#checks();
    const { maxFailures } = this.#options;
    const ran = this.#ran(all);
    // Retries come after all others: so many failures may be known only when nothing is left to stop.
    const stopped =
      maxFailures !== undefined &&
      ran.length < all.length &&
      all.filter(({ verdict }) => verdict === 'fail').length >= maxFailures;
    const checks = await this.#withLaws(stopped ? ran : all, facts);
    const asked = scopeOfChecks(checks, this.#options.scope, this.#config?.shard);
    const scope = stopped ? stoppedScope(asked, maxFailures) : asked;
    const report = withCut(
      buildReport({
        facts: {
          ...facts,
          scope,
          ...loosenedByRetries(facts, checks),
          findings: withLimits(
            [
              ...(facts.findings ?? []),
              ...(end ? [end] : []),
              ...this.#findings,
              ...missingFinding(scope, checks),
            ],
            checks,
          ),
        },
        checks,
        startedAt,
        durationMs: facts.startedAt ? Date.now() - Date.parse(facts.startedAt) : result.duration,
        strict: this.#options.strict,
        previous: this.#previous(facts.target?.name, scope),
      }),
      result.status,
    );
    cleanFolder(path.join(this.#outputFolder, 'attachments'));
    const files = writeReports(report, {
      outputFolder: this.#outputFolder,
      reporters: this.#options.reporters ?? ['json', 'junit', 'html'],
      cwd: this.#options.cwd,
    });
    const stream = process.stdout;
    stream.write(
      terminalSummary(report, {
        width: Math.min(stream.columns ?? 100, 120),
        colour: Boolean(stream.isTTY) && stream.hasColors() && !process.env.NO_COLOR,
        files: files.map((file) => path.relative(this.#options.cwd ?? process.cwd(), file) || file),
      }),
    );
    return {
      status:
        report.exitCode === 0
          ? 'passed'
          : !stopped && (result.status === 'interrupted' || result.status === 'timedout')
            ? result.status
            : 'failed',
    };
  }

  #previous(target: string | undefined, scope: Scope): Report | undefined {
    const places = this.#options.compareWith ?? [
      path.join(this.#outputFolder, 'report.json'),
      path.join(this.#outputFolder, 'previous', 'report.json'),
    ];
    const ids = () => new Set(this.#root?.allTests().map((test) => metaOf(test).id));
    return previousReport(places, target, scope, ids);
  }

  /** Judges the laws that this run asks for over everything that its checks sent and got. */
  async #withLaws(checks: CheckResult[], facts: Facts): Promise<CheckResult[]> {
    const laws = await lawsOf(process.env);
    if (laws.length === 0) return checks;
    const known = JSON.parse(process.env.CONFORMANCE_KNOWN_FAILURES ?? '[]') as {
      check: string;
      reason: string;
    }[];
    const results = judgeLaws(laws, historyOf(checks, facts.target ?? {}), {
      strict: this.#options.strict,
      profile: this.#profile,
      rerunPrefix: commandOf(this.#options),
      known: (id) => known.find(({ check }) => check === id)?.reason,
      nobodySignsIn: facts.target?.nobodySignsIn,
    });
    for (const result of results)
      this.#progress?.ended({ ...result, ...(result.message && { message: redactText(result.message) }) });
    return [...checks, ...results];
  }

  #checks(): CheckResult[] {
    const store = (name: string, contentType: string, body: Buffer) =>
      storeAttachment(this.#outputFolder, name, contentType, body);
    const tests = this.#root?.allTests() ?? [];
    const checks = tests.map((test) => collect(test, this.#collecting(store)));
    const crashes = this.#lab.crashes();
    return crashes.length ? withCrashes(checks, tests.flatMap(attemptsOf), crashes) : checks;
  }

  /** Without the checks that the end of the run left undone. */
  #ran(checks: readonly CheckResult[]): CheckResult[] {
    const begun = new Set(
      (this.#root?.allTests() ?? [])
        .filter(({ results }) => results.some(({ status }) => status !== 'interrupted'))
        .map((test) => metaOf(test).id),
    );
    return checks.filter(({ id }) => begun.has(id));
  }

  #collecting(store: CollectOptions['store']): CollectOptions {
    return {
      outputFolder: this.#outputFolder,
      rootFolder: this.#config?.configFile
        ? path.dirname(this.#config.configFile)
        : (this.#config?.rootDir ?? process.cwd()),
      rerunPrefix: commandOf(this.#options),
      strict: this.#options.strict,
      profile: this.#profile,
      store,
    };
  }
}
