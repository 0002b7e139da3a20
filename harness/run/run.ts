/** One run: config → lab → smoke sign-in → suites as Playwright tests → report → exit code. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Finding, Report } from '../../reports/model.ts';
import { checkReporters } from '../../reports/reporter-names.ts';
import {
  type KnownFailure,
  readKnownFailures,
  staleEntries,
  staleFinding,
  writeKnownFailures,
} from '../check/known-failures.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { REPORT_ROUTE } from '../connector/report.ts';
import { ConformanceError } from '../errors.ts';
import type { Lab } from '../lab/lab.ts';
import { rememberUsage } from '../lab/remember-usage.ts';
import { createTargetLog } from '../targets/command.ts';
import { factsOf, writeFacts } from './facts.ts';
import { demandDisplay } from './playwright-mode.ts';
import type { RunOptions } from './run-options.ts';
import { type SuitesProcess, startSuites } from './suites-process.ts';

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
  const place = mkdtempSync(path.join(os.tmpdir(), 'authjs-conformance-'));
  const labFile = path.join(place, 'lab.json');
  let lab: Lab;
  let suites: SuitesProcess | undefined;
  let known: KnownFailure[] = [];
  const log = createTargetLog();
  const clear = () => {
    suites?.abandon();
    rmSync(place, { recursive: true, force: true });
  };
  try {
    if (loaded.config.knownFailures) {
      known = readKnownFailures(path.resolve(loaded.folder, loaded.config.knownFailures));
    }
    if (!options.quick) suites = startSuites({ labFile, loaded, out, options, known });
    // Loaded while Playwright loads, too.
    const { startLab } = await import('../lab/lab.ts');
    lab = await startLab(loaded, { progress: print, log, file: labFile });
  } catch (thrown) {
    clear();
    if (!(thrown instanceof ConformanceError)) throw thrown;
    const { explain } = await import('../doctor/explain.ts');
    const error = await explain(thrown, loaded, log.tail(200));
    print(`\n${error.message}\n${DOCTOR}`);
    if (!options.quick) await writeFailedRun({ loaded, findings: [findingOf(error)], out, startedAt });
    return 2;
  }
  const interrupted = (signal: NodeJS.Signals) => {
    // A terminal sends SIGINT to the suites as well.
    if (signal === 'SIGTERM') suites?.interrupt();
    void lab.stop().then(() => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    // A broken wiring is named before a hundred checks stumble over it.
    const { healthySignIn } = await import('../doctor/healthy-sign-in.ts');
    const { steps, usage } = await healthySignIn(lab, loaded);
    rememberUsage(lab, usage);
    const findings = steps
      .filter(({ name }) => name !== 'scopes') // judged by a check
      .flatMap(({ finding }) => finding ?? []);
    for (const finding of findings)
      print(`\n${finding.code}: ${finding.what}\n  Expected: ${finding.expected}\n  Do: ${finding.remedy}`);
    if (findings.length) print(DOCTOR);
    if (!suites) {
      if (findings.length) return 2;
      print(
        `the smoke sign-in ended in a session, ${seconds(startedAt)} s after the start: the wiring is right`,
      );
      return 0;
    }
    writeFacts({ lab, loaded, findings, startedAt, known: known.length });
    // Begun now, the certification is there when the first check of the suite asks for it; errors are theirs to tell.
    if (!options.select?.length) lab.mocks.client.call('GET', REPORT_ROUTE).catch(() => {});
    const code = await suites.begin();
    const report = readReport(out);
    if (!report && !options.mode) {
      await writeFailedRun({
        loaded,
        lab,
        out,
        startedAt,
        known: known.length,
        findings: [...findings, playwrightFailed(code)],
      });
      return 2;
    }
    if (!report) return 0;
    if (options.writeKnownFailures) {
      const count = writeKnownFailures(path.resolve(options.writeKnownFailures), report);
      print(`${count} known failures written to ${options.writeKnownFailures}`);
    }
    if (options.signKey) {
      const { sign } = await import('../../reports/commands.ts');
      print((await sign(out, options.signKey)).text.trim());
    }
    const stale = staleEntries(known, report).map(staleFinding);
    for (const finding of stale)
      print(`\n${finding.code}: ${finding.what}\n  Expected: ${finding.expected}\n  Do: ${finding.remedy}`);
    return report.exitCode === 0 && stale.length ? 2 : report.exitCode;
  } finally {
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    clear();
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
  known?: number;
}): Promise<void> {
  const { emptyReport } = await import('../../reports/build.ts');
  const { writeReports } = await import('../../reports/writers.ts');
  const report = emptyReport(factsOf(options));
  writeReports(report, {
    outputFolder: options.out,
    reporters: options.loaded?.config.reporters ?? ['json', 'junit'],
  });
}
