/** The Playwright reporter: live progress while checks run, then the report, its files and the exit status. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { redactText, registerSecretsIn } from '../mocks/redact.ts';
import { buildReport, type Facts } from './build.ts';
import { catalogueIds } from './catalogue-ids.ts';
import { cleanContent, cleanFolder } from './clean.ts';
import { type CollectOptions, collect, metaOf } from './collect.ts';
import { historyOf, judgeLaws } from './laws.ts';
import { countLaws, lawsOf } from './load-laws.ts';
import type { CheckResult, Finding, Report, Scope } from './model.ts';
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
  /** Command that runs one check again when its id is put after it. */
  rerunPrefix?: string;
  /** Flag that chose the target, such as `--config my.config.ts`; used when there is no rerunPrefix. */
  configFlag?: string;
  /** What the harness was asked for; without it the scope follows from the checks that Playwright selects. */
  scope?: Pick<Scope, 'kind' | 'select' | 'of'>;
  /** Files of earlier reports, the first whole one of the same target is compared with. */
  compareWith?: string[];
  /** Folder that printed paths are relative to (default: the working folder of Playwright). */
  cwd?: string;
}

/** Environment variable that names the file with facts about the lab, written by the harness. */
const FACTS_FILE = 'CONFORMANCE_LAB_FACTS';
/** Environment variable that names the lab description; its secrets are never written. */
const LAB_FILE = 'CONFORMANCE_LAB';

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
  const command = rerunPrefix ?? `authjs-conformance run${configFlag ? ` ${configFlag}` : ''}`;
  return command.startsWith('authjs-conformance') ? `npx ${command}` : command;
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

/** Lives in the process of `playwright test` or `playwright merge-reports`. */
export default class ConformanceReporter implements Reporter {
  readonly #options: ReporterOptions;
  readonly #outputFolder: string;
  #root: Suite | undefined;
  #config: FullConfig | undefined;
  #progress: Progress | undefined;
  readonly #findings: Finding[] = [];

  constructor(options: ReporterOptions = {}) {
    this.#options = options;
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
    const check = collect(
      test,
      this.#collecting(() => ''),
    );
    this.#progress?.ended({ ...check, ...(check.message && { message: redactText(check.message) }) });
  }

  onError(error: TestError): void {
    const text = redactText(plain(error.message ?? error.value ?? 'unknown error'));
    const place = error.location ? ` (${path.basename(error.location.file)}:${error.location.line})` : '';
    this.#findings.push({
      code: 'CONF_SUITES_ERROR',
      what: `${text.split('\n')[0]}${place}`,
      expected: 'suites that load and workers that live until the end',
      remedy: 'mend what the message names, or run again with --debug to see more.',
    });
    this.#progress?.say(`\n${text}`);
  }

  async onEnd(result: FullResult): Promise<{ status?: FullResult['status'] }> {
    this.#progress?.end();
    const facts = (readJson(process.env[FACTS_FILE]) ?? {}) as Facts;
    const end = readJson(endFile(process.env[LAB_FILE])) as { finding: Finding } | undefined;
    const startedAt = result.startTime.toISOString();
    const checks = await this.#withLaws(this.#checks(), facts);
    const scope = this.#scope(checks);
    const report = this.#withFindings(
      buildReport({
        facts: {
          ...facts,
          scope,
          findings: [
            ...(facts.findings ?? []),
            ...(end ? [end.finding] : []),
            ...this.#findings,
            ...missingFinding(scope, checks),
          ],
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
          : result.status === 'interrupted' || result.status === 'timedout'
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
        const report = parseReport(readFileSync(place, 'utf8'));
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

  #collecting(store: CollectOptions['store']): CollectOptions {
    return {
      outputFolder: this.#outputFolder,
      rootFolder: this.#config?.configFile
        ? path.dirname(this.#config.configFile)
        : (this.#config?.rootDir ?? process.cwd()),
      rerunPrefix: commandOf(this.#options),
      strict: this.#options.strict,
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
