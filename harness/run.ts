/** One run: config → lab → smoke sign-in → suites as Playwright tests → report → exit code. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Finding, Report } from '../reports/model.ts';
import { checkReporters } from '../reports/reporter-names.ts';
import { REPORT_ROUTE } from './connector/report.ts';
import { ROOT } from './defaults.ts';
import { explain } from './doctor/explain.ts';
import { healthySignIn } from './doctor/healthy-sign-in.ts';
import { ConformanceError } from './errors.ts';
import { factsOf, writeFacts } from './facts.ts';
import {
  KNOWN_FAILURES,
  type KnownFailure,
  readKnownFailures,
  staleEntries,
  staleFinding,
  writeKnownFailures,
} from './known-failures.ts';
import { type Lab, startLab } from './lab.ts';
import { FACTS_FILE, KEEP_WORKERS, LAB_FILE } from './lab-description.ts';
import type { LoadedConfig } from './load-config.ts';
import { demandDisplay, type Mode, modeOptions } from './playwright-mode.ts';
import { createTargetLog } from './targets/command.ts';

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
  print?: (line: string) => void;
  /** Nothing is printed by the suites, either. */
  quiet?: boolean;
}

/** Runs everything; never throws for what is wrong with config or target: it is printed, reported and becomes 2. */
export async function run(loaded: LoadedConfig, options: RunOptions = {}): Promise<0 | 1 | 2> {
  const print = options.print ?? ((line) => process.stderr.write(`${line}\n`));
  const startedAt = new Date().toISOString();
  const out = path.resolve(loaded.config.out);
  try {
    checkReporters(loaded.config.reporters);
    demandDisplay(options.mode, loaded.config.browser);
  } catch (error) {
    print(`\n${(error as Error).message}`);
    return 2;
  }
  if (!options.quick) makeRoom(out);
  let lab: Lab;
  let known: KnownFailure[] = [];
  const log = createTargetLog();
  try {
    if (loaded.config.knownFailures) {
      known = readKnownFailures(path.resolve(loaded.folder, loaded.config.knownFailures));
    }
    lab = await startLab(loaded, { progress: print, log });
  } catch (thrown) {
    if (!(thrown instanceof ConformanceError)) throw thrown;
    const error = await explain(thrown, loaded, log.tail(200));
    print(`\n${error.message}\n${DOCTOR}`);
    if (!options.quick) await writeFailedRun({ loaded, findings: [findingOf(error)], out, startedAt });
    return 2;
  }
  const interrupted = () => void lab.stop().then(() => process.exit(130));
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    // A broken wiring is named before a hundred checks stumble over it.
    const findings = (await healthySignIn(lab, loaded))
      .filter(({ name }) => name !== 'scopes') // judged by a check
      .flatMap(({ finding }) => finding ?? []);
    for (const finding of findings)
      print(`\n${finding.code}: ${finding.what}\n  Expected: ${finding.expected}\n  Do: ${finding.remedy}`);
    if (findings.length) print(DOCTOR);
    if (options.quick) {
      if (findings.length) return 2;
      print(
        `the smoke sign-in ended in a session, ${seconds(startedAt)} s after the start: the wiring is right`,
      );
      return 0;
    }
    const facts = writeFacts({ lab, loaded, findings, startedAt });
    // Begun now, the certification is there when the first check of the suite asks for it; errors are theirs to tell.
    if (!options.select?.length) lab.mocks.client.call('GET', REPORT_ROUTE).catch(() => {});
    const code = await runPlaywright({ lab, loaded, facts, out, options, known });
    const report = readReport(out);
    if (!report && !options.mode) {
      await writeFailedRun({ loaded, lab, out, startedAt, findings: [...findings, playwrightFailed(code)] });
      return 2;
    }
    if (!report) return 0;
    if (options.writeKnownFailures) {
      const count = writeKnownFailures(path.resolve(options.writeKnownFailures), report);
      print(`${count} known failures written to ${options.writeKnownFailures}`);
    }
    if (options.signKey) {
      const { sign } = await import('../reports/commands.ts');
      print((await sign(out, options.signKey)).text.trim());
    }
    const stale = staleEntries(known, report).map(staleFinding);
    for (const finding of stale)
      print(`\n${finding.code}: ${finding.what}\n  Expected: ${finding.expected}\n  Do: ${finding.remedy}`);
    return report.exitCode === 0 && stale.length ? 2 : report.exitCode;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    await lab.stop();
  }
}

const DOCTOR = '`authjs-conformance doctor` walks through the settings one by one.';

const seconds = (startedAt: string) => ((Date.now() - Date.parse(startedAt)) / 1000).toFixed(1);

/** Empties the folder of the reports but for the last report, which the reporter compares with. */
function makeRoom(out: string): void {
  mkdirSync(out, { recursive: true });
  rmSync(path.join(out, 'attachments'), { recursive: true, force: true });
  if (existsSync(path.join(out, 'report.json')))
    renameSync(path.join(out, 'report.json'), path.join(out, 'report.previous.json'));
}

export const findingOf = ({ parts }: ConformanceError): Finding => parts;

const playwrightFailed = (code: number | null): Finding => ({
  code: 'CONF_SUITES_FAILED',
  what: `the suites ended with ${code} before a report was written`,
  expected: 'a report of every selected check',
  remedy: 'read the output above; run again with --debug to see more.',
});

/** Turns a selector into the tag (or the title) that Playwright looks for. */
export function grepOf(select: readonly string[]): string | undefined {
  if (select.length === 0) return undefined;
  const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return select
    .map((text) => {
      if (text.startsWith('@')) return `${quote(text)}(?=\\s|$)`;
      if (/\s/.test(text)) return `@${quote(text.replace(/\s+/g, '/').replace(/§/g, ''))}(?=[\\s/.]|$)`;
      if (text.includes('*')) return `@${text.split('*').map(quote).join('[^\\s]*')}(?=\\s|$)`;
      return text.includes('/') ? `@${quote(text)}(?=\\s|$)` : `@${quote(text)}/`;
    })
    .join('|');
}

async function runPlaywright(context: {
  lab: Lab;
  loaded: LoadedConfig;
  facts: string;
  out: string;
  options: RunOptions;
  known: readonly KnownFailure[];
}): Promise<number | null> {
  const { lab, loaded, facts, out, options, known } = context;
  const { config, folder } = loaded;
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
    'cli.js',
  );
  const grep = grepOf(options.select ?? []);
  const mode = modeOptions(options.mode);
  const args = [
    ...['test', '--config', path.join(ROOT, `playwright.config${path.extname(import.meta.filename)}`)],
    ...(grep ? ['--grep', grep] : []),
    ...(options.shard ? ['--shard', options.shard] : []),
    ...mode.args,
  ];
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: ROOT,
    stdio: options.quiet ? 'ignore' : 'inherit',
    env: {
      ...process.env,
      ...mode.env,
      [LAB_FILE]: lab.file,
      [FACTS_FILE]: facts,
      [KNOWN_FAILURES]: JSON.stringify(known),
      ...(!options.mode && { [KEEP_WORKERS]: '1' }),
      CONFORMANCE_OUT: out,
      CONFORMANCE_TIMEOUT: String(config.timeout),
      ...(config.workers && { CONFORMANCE_WORKERS: String(config.workers) }),
      CONFORMANCE_OWN_CHECKS: JSON.stringify(
        config.checks.length
          ? [{ folder, globs: config.checks.map((glob) => path.resolve(folder, glob)) }]
          : [],
      ),
      CONFORMANCE_REPORTER: JSON.stringify({
        outputFolder: out,
        reporters: config.reporters,
        cwd: process.cwd(),
        strict: config.strict,
        rerunPrefix: `authjs-conformance run${options.targetFlags ? ` ${options.targetFlags}` : ''}`,
      }),
    },
  });
  const end = () => void child.kill();
  process.once('SIGTERM', end);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      process.off('SIGTERM', end);
      resolve(code);
    }),
  );
}

function readReport(out: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** A run that never reached its checks still leaves a report of what was learned. */
async function writeFailedRun(options: {
  loaded?: LoadedConfig;
  lab?: Lab;
  findings: Finding[];
  out: string;
  startedAt: string;
}): Promise<void> {
  const { emptyReport } = await import('../reports/build.ts');
  const { writeReports } = await import('../reports/writers.ts');
  const report = emptyReport(factsOf(options));
  writeReports(report, {
    outputFolder: options.out,
    reporters: options.loaded?.config.reporters ?? ['json', 'junit'],
  });
}
