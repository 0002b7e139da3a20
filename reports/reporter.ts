/** The Playwright reporter: live progress while checks run, then the report, its files and the exit status. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { type IssuedKind, SECRET_KINDS } from '../mocks/issued.ts';
import { redactText, registerSecret, registerSecretsIn } from '../mocks/redact.ts';
import { withLimits } from './app-limits.ts';
import { buildReport, type Facts } from './build.ts';
import { catalogueIds } from './catalogue-ids.ts';
import { cleanContent, cleanFolder } from './clean.ts';
import { type CollectOptions, collect, metaOf } from './collect.ts';
import { readReportText } from './files.ts';
import { historyOf, judgeLaws } from './laws.ts';
import { countLaws, lawsOf } from './load-laws.ts';
import type { CheckResult, Finding, Report, Scope, SentMessages } from './model.ts';
import { defaultProfile, type Profile, profileOf } from './profiles.ts';
import { createProgress, type Progress } from './progress.ts';
import { parseReport } from './schema.ts';
import { isWhole } from './scope.ts';
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

/** Environment variable that names the file with facts about the lab, written by the harness. */
const FACTS_FILE = 'CONFORMANCE_LAB_FACTS';
/** Environment variable that names the lab description; its secrets are never written. */
const LAB_FILE = 'CONFORMANCE_LAB';
/** Environment variable that names a file to which each check is added as it ends (harness/run/learned.ts). */
const LEARNED_FILE = 'CONFORMANCE_LEARNED';

/** Milliseconds that the mocks may take to tell what they gave out. */
const LEARN_MS = 10_000;

/** Beside the lab description the harness writes that the app ended in mid-run (harness/lab/target-end.ts). */
const endFile = (labFile: string | undefined) =>
  labFile && path.join(path.dirname(labFile), 'target-ended.json');

function readJson(file: string | undefined): unknown {
  try {
    return file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** `npx` in front, unless the command says how it is started. */
const commandOf = ({ rerunPrefix, configFlag }: ReporterOptions) => {
  const command = rerunPrefix ?? `npx authjs-conformance run${configFlag ? ` ${configFlag}` : ''}`;
  return command.startsWith('authjs-conformance') ? `npx ${command}` : command;
};

/** How many checks each suite has. */
const suitesOf = (ids: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const name = id.split('/')[0] as string;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
};

const missingIn = (ids: ReadonlySet<string>): string[] => catalogueIds().filter((id) => !ids.has(id));

/** A run of everything in which checks are missing must say which: a file of checks that did not load hides them. */
function missingFinding(scope: Scope, checks: readonly CheckResult[]): Finding[] {
  if (scope.kind !== 'whole') return [];
  const missing = missingIn(new Set(checks.map(({ id }) => id)));
  if (missing.length === 0) return [];
  return [
    {
      code: 'CONF_CHECKS_MISSING',
      what: `${missing.length} checks of the catalogue are in no file of checks that was loaded: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}`,
      expected: 'every check of reports/catalogue.json',
      remedy: 'read the output above; after a check was taken away: npm run catalogue.',
    },
  ];
}

/** A run that stops after failures is a part, whatever was asked for. */
const stoppedScope = (scope: Scope, failures: number): Scope => ({
  ...scope,
  kind: scope.kind === 'shard' ? 'shard' : 'selection',
  select: [...(scope.select ?? []), `stopped after ${failures} ${failures === 1 ? 'failure' : 'failures'}`],
});

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
  /** Position in what the mocks gave out. */
  #heard = 0;
  /** When they were last asked, and told; what ended before is known since then. */
  #askedAt = 0;

  constructor(options: ReporterOptions = {}) {
    this.#options = options;
    this.#profile = profileOf(options.profile ?? defaultProfile());
    this.#outputFolder = path.resolve(options.outputFolder ?? 'conformance-results');
  }

  printsToStdio(): boolean {
    return true;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#config = config;
    this.#root = suite;
    registerSecretsIn(readJson(process.env[LAB_FILE]));
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
    this.#progress?.started(metaOf(test).id);
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
      .then(() => (check.message && this.#askedAt < ended ? this.#learnSecrets() : undefined))
      .then(() =>
        this.#progress?.ended({ ...check, ...(check.message && { message: redactText(check.message) }) }),
      );
    const file = process.env[LEARNED_FILE];
    if (!file) return;
    try {
      appendFileSync(file, `${JSON.stringify({ ...check, exchanges: [], attachments: [] })}\n`, {
        mode: 0o600,
      });
    } catch {
      // The report at the end does not need it.
    }
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
    this.#progress?.say(`\n${text}`);
  }

  /** What Logto sent in this run; nothing of a lab that has ended, or of a real one. */
  async #sent(): Promise<SentMessages[] | undefined> {
    const lab = readJson(process.env[LAB_FILE]) as { control?: string; controlToken?: string } | undefined;
    if (!lab?.control || !lab.controlToken) return undefined;
    try {
      const answer = await fetch(`${lab.control}/usage-types`, {
        headers: { 'x-conformance-token': lab.controlToken },
        signal: AbortSignal.timeout(LEARN_MS),
      });
      return answer.ok ? ((await answer.json()) as SentMessages[]) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Registers what the mocks gave out since the last time; a lab that has ended tells nothing more. */
  async #learnSecrets(): Promise<void> {
    const lab = readJson(process.env[LAB_FILE]) as { control?: string; controlToken?: string } | undefined;
    if (!lab?.control || !lab.controlToken) return;
    const asked = performance.now();
    try {
      const answer = await fetch(`${lab.control}/issued?since=${this.#heard}`, {
        headers: { 'x-conformance-token': lab.controlToken },
        signal: AbortSignal.timeout(LEARN_MS),
      });
      const { issued, next } = (await answer.json()) as {
        issued: { kind: IssuedKind; value: string }[];
        next: number;
      };
      this.#heard = next;
      this.#askedAt = asked;
      for (const { kind, value } of issued) if (SECRET_KINDS.has(kind)) registerSecret(kind, value);
    } catch {
      // What stands in exchanges was hidden where it was seen.
    }
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] }> {
    await this.#told;
    await this.#learnSecrets();
    const sent = await this.#sent();
    this.#progress?.end();
    const told = (readJson(process.env[FACTS_FILE]) ?? {}) as Facts;
    const facts: Facts = {
      ...told,
      ...(told.connector && sent && { connector: { ...told.connector, sent } }),
    };
    const end = readJson(endFile(process.env[LAB_FILE])) as { finding: Finding } | undefined;
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
    const scope = stopped ? stoppedScope(this.#scope(checks), maxFailures) : this.#scope(checks);
    const flaky = checks
      .filter(({ verdict, retries }) => verdict === 'pass' && retries > 0)
      .map(({ id }) => id);
    const report = this.#withFindings(
      buildReport({
        facts: {
          ...facts,
          scope,
          ...(process.env.CONFORMANCE_RETRIES &&
            flaky.length > 0 && {
              loosened: [
                ...(facts.loosened ?? []),
                {
                  key: '--retries',
                  what: `passed only when tried again: ${flaky.slice(0, 8).join(', ')}${flaky.length > 8 ? ` and ${flaky.length - 8} more` : ''}`,
                },
              ],
            }),
          findings: withLimits(
            [
              ...(facts.findings ?? []),
              ...(end ? [end.finding] : []),
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

  /** Which part of the catalogue these checks are. */
  #scope(checks: readonly CheckResult[]): Scope {
    const given = this.#options.scope;
    const ids = new Set(checks.map(({ id }) => id));
    const shard = this.#config?.shard;
    const kind = shard ? 'shard' : (given?.kind ?? (missingIn(ids).length ? 'selection' : 'whole'));
    return {
      kind,
      ...(given?.select?.length && { select: given.select }),
      ...(shard && { shard: { current: shard.current, total: shard.total } }),
      ran: ids.size,
      of: Math.max(given?.of ?? 0, new Set([...catalogueIds(), ...ids]).size),
    };
  }

  /** The last whole report, when it told of the same target. */
  #previous(target: string | undefined, scope: Scope): Report | undefined {
    const places = this.#options.compareWith ?? [
      path.join(this.#outputFolder, 'report.json'),
      path.join(this.#outputFolder, 'previous', 'report.json'),
    ];
    for (const place of places) {
      try {
        const report = parseReport(readReportText(place));
        if (report.target.name === (target ?? 'app') && isWhole(report))
          return scope.kind === 'whole' ? report : this.#withoutUnselected(report);
      } catch {
        // no run before, or one of another version: there is nothing to compare with
      }
    }
    return undefined;
  }

  /** A run of selected checks is compared with the same checks of the run before. */
  #withoutUnselected(report: Report): Report {
    const ids = new Set(this.#root?.allTests().map((test) => metaOf(test).id));
    return { ...report, checks: report.checks.filter(({ id }) => ids.has(id)) };
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
    const store = (name: string, contentType: string, body: Buffer) => this.#store(name, contentType, body);
    return (this.#root?.allTests() ?? []).map((test) => collect(test, this.#collecting(store)));
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

  /** Attachments without a file get one, named by their content, so that the same picture is kept once. */
  #store(name: string, contentType: string, body: Buffer): string {
    const content = cleanContent(body);
    const extension =
      {
        'image/png': '.png',
        'image/jpeg': '.jpg',
        'application/json': '.json',
        'text/html': '.html',
        'text/plain': '.txt',
      }[contentType] ??
      (path.extname(name) || '.bin');
    const file = path.join(
      'attachments',
      `${createHash('sha256').update(content).digest('hex').slice(0, 16)}${extension}`,
    );
    mkdirSync(path.join(this.#outputFolder, 'attachments'), { recursive: true });
    writeFileSync(path.join(this.#outputFolder, file), content);
    return file;
  }

  /** A run that was cut short must not look whole. */
  #withFindings(report: Report, status: FullResult['status']): Report {
    if (status !== 'interrupted' && status !== 'timedout') return report;
    const cut: Finding = {
      code: status === 'interrupted' ? 'CONF_INTERRUPTED' : 'CONF_TIMED_OUT',
      what:
        status === 'interrupted'
          ? 'the run was interrupted before all checks had run'
          : 'the run took longer than its time limit',
      expected: 'a run of all selected checks',
      remedy: 'run it again.',
    };
    return {
      ...report,
      findings: [...report.findings, cut],
      // What was broken stays broken; everything else is open.
      ...(report.exitCode !== 1 && { result: 'not judged', exitCode: 2 }),
    };
  }
}
