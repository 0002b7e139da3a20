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
import { cleanContent, cleanFolder } from './clean.ts';
import { type CollectOptions, collect, metaOf } from './collect.ts';
import type { CheckResult, Finding, Report } from './model.ts';
import { createProgress, type Progress } from './progress.ts';
import { parseReport } from './schema.ts';
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
      total: suite.allTests().length,
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
    const report = this.#withFindings(
      buildReport({
        facts: {
          ...facts,
          ...(this.#config?.shard && { shard: this.#config.shard }),
          findings: [...(facts.findings ?? []), ...(end ? [end.finding] : []), ...this.#findings],
        },
        checks: this.#checks(),
        startedAt,
        durationMs: facts.startedAt ? Date.now() - Date.parse(facts.startedAt) : result.duration,
        strict: this.#options.strict,
        previous: this.#previous(facts.target?.name),
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

  /** The report of the run before, when it told of the same target. */
  #previous(target: string | undefined): Report | undefined {
    for (const name of ['report.previous.json', 'report.json']) {
      try {
        const report = parseReport(readFileSync(path.join(this.#outputFolder, name), 'utf8'));
        if (report.target.name === (target ?? 'app')) return this.#withoutUnselected(report);
      } catch {
        // no run before, or one of another version: there is nothing to compare with
      }
    }
    return undefined;
  }

  /** A run of selected checks is compared with the same checks of the run before. */
  #withoutUnselected(report: Report): Report {
    const selected = [this.#config?.grep ?? []].flat().some(({ source }) => source !== '.*');
    if (!selected && !this.#config?.shard) return report;
    const ids = new Set(this.#root?.allTests().map((test) => metaOf(test).id));
    return { ...report, checks: report.checks.filter(({ id }) => ids.has(id)) };
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
      ...(report.exitCode === 0 && { result: 'not judged', exitCode: 2 }),
    };
  }
}
