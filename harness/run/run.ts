/** One run: config → lab → smoke sign-in → suites as Playwright tests → report → exit code. */
import path from 'node:path';
import type { Finding, Scope } from '../../reports/model.ts';
import { checkReporters } from '../../reports/reporter-names.ts';
import { notEnded } from '../../reports/scope.ts';
import { staleEntries, staleFinding, writeKnownFailures } from '../check/known-failures.ts';
import { liveKinds, tellKinds } from '../check/live-kinds.ts';
import { resolveSelection } from '../check/selection.ts';
import { shippedCatalogue } from '../check/shipped-catalogue.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { REPORT_ROUTE } from '../connector/report.ts';
import { ConformanceError } from '../errors.ts';
import type { Lab } from '../lab/lab-handle.ts';
import { rememberUsage } from '../lab/remember-usage.ts';
import { clearLeftovers, closePlace, openPlace, tellLeftovers } from '../machine/place.ts';
import { createTargetLog } from '../targets/target-log.ts';
import { askedFor } from './asked.ts';
import { endsEarly } from './early-end.ts';
import { lookAhead, writeFacts } from './facts.ts';
import { foreseen } from './foreseen.ts';
import { learned } from './learned.ts';
import { demandDisplay } from './playwright-mode.ts';
import { endedReport, folderOf, takeFolder, writeOwnReport } from './results-folder.ts';
import type { RunOptions } from './run-options.ts';
import { kindAskedFor } from './run-scope.ts';
import type { Standby } from './standby.ts';
import { type Suites, startSuites } from './suites-process.ts';

/**
 * Runs everything; never throws for what is wrong with config, target or harness: it is printed, reported and becomes 2.
 *
 * From the start until the end the folder of the run holds reports that say that it has not ended.
 */
export async function run(
  loaded: LoadedConfig,
  options: RunOptions = {},
  watched: Watched = {},
): Promise<0 | 1 | 2> {
  const isOver = () => watched.superseded?.aborted === true;
  const write = options.print ?? ((line: string) => process.stderr.write(`${line}\n`));
  const print = (line: string) => {
    if (!isOver()) write(line);
  };
  const startedAt = new Date().toISOString();
  let scope: Scope = { kind: kindAskedFor(options), ran: 0, of: 0 };
  let asked: Suites | undefined;
  let refused: ConformanceError | undefined;
  try {
    checkReporters(loaded.config.reporters);
    demandDisplay(options.mode, loaded.config.browser);
    asked = await askedFor(loaded, options, (found) => {
      scope = found;
    });
  } catch (thrown) {
    refused = foreseen(thrown);
    print(`\n${refused.message}`);
  }
  const folder = folderOf(path.resolve(loaded.config.out), scope.kind);
  let letGo: (() => void) | undefined;
  try {
    letGo = takeFolder(folder);
    if (!asked) {
      const findings = refused ? [findingOf(refused)] : [];
      await writeOwnReport({ loaded, scope, findings, folder, startedAt });
      return 2;
    }
    const cleared = tellLeftovers(clearLeftovers());
    if (cleared) print(cleared);
    return await runIn({ asked, watched, print, startedAt, letGo });
  } catch (thrown) {
    if (isOver()) return 2;
    const error = foreseen(thrown);
    print(`\n${error.message}`);
    // Whose folder it is decides: another run's is left alone, and one without room stays as it is.
    if (letGo)
      await writeOwnReport({ loaded, scope, findings: [findingOf(error)], folder, startedAt }).catch(
        () => {},
      );
    return 2;
  } finally {
    letGo?.();
  }
}

/** What `--watch` adds to a run. */
export interface Watched {
  /** Where it finds what it needs. */
  standby?: Standby;
  /** Ends it, and what it would still tell and write: files of the app have changed meanwhile. */
  superseded?: AbortSignal;
}

interface Prepared {
  asked: Suites;
  watched: Watched;
  print(line: string): void;
  startedAt: string;
  letGo(): void;
}

/** The run itself; throws when its folder is of no use any more. */
async function runIn({ asked, watched, print, startedAt, letGo }: Prepared): Promise<0 | 1 | 2> {
  const { loaded, options, scope, folder, known } = asked;
  const { superseded } = watched;
  const ready = await watched.standby?.take(asked);
  ready?.tell(print);
  const place = ready?.place ?? openPlace();
  const labFile = ready?.labFile ?? path.join(place, 'lab.json');
  const log = ready?.log ?? createTargetLog();
  let opened = ready?.lab;
  let suites = ready?.suites;
  let lab: Lab | undefined;
  let begun = false;
  let findings: Finding[] = [];
  /** What was written at the end of the suites is worth more than what went wrong after it. */
  const write = async (finding: Finding) =>
    endedReport(folder) ??
    (await writeOwnReport({
      loaded,
      lab,
      scope,
      findings: [...findings, finding],
      checks: learned(labFile),
      folder,
      startedAt,
    }));
  const isOver = () => superseded?.aborted === true;
  /** The app goes at once, and whatever waits for it fails. */
  const giveUp = () => {
    if (begun) suites?.abandon();
    void lab?.stop();
  };
  superseded?.addEventListener('abort', giveUp, { once: true });
  const early = endsEarly({
    print,
    async interrupt() {
      if (begun) await suites?.interrupt();
      suites?.abandon();
    },
    write,
    stop: () => (lab ?? opened)?.stop(),
    leave() {
      suites?.abandon();
      letGo();
    },
  });
  const failed = async (error: ConformanceError) => {
    await early.hold();
    if (isOver()) return 2;
    print(`\n${error.message}`);
    const { exitCode } = await write(findingOf(error));
    return exitCode || 2;
  };
  try {
    // Tools of Playwright ask no reporter before they start a worker.
    if (!options.quick) suites ??= startSuites(asked, labFile, options.mode ? 'setup' : 'loaded');
    try {
      const tellBegin = () =>
        writeOwnReport({ loaded, scope, findings: [notEnded], folder, startedAt, filesOnly: true });
      let isTold = false;
      if (!opened) {
        // Written, and the lab loaded, while Playwright loads, too.
        await tellBegin();
        isTold = true;
        const { openLab } = await import('../lab/lab.ts');
        opened = await openLab(loaded, { progress: print, log, file: labFile, fresh: options.fresh });
      }
      const meanwhile = async () => {
        lookAhead(loaded);
        if (!isTold) await tellBegin();
        isTold = true;
      };
      lab = await opened.start({ signal: superseded, meanwhile });
      if (!isTold) await tellBegin();
      if (isOver()) return 2;
    } catch (thrown) {
      if (isOver()) return 2;
      suites?.abandon();
      const { explain } = await import('../doctor/explain.ts');
      const error =
        thrown instanceof ConformanceError
          ? await explain(thrown, loaded, log.tail(200)).catch(() => thrown)
          : foreseen(thrown);
      const code = await failed(error);
      print(DOCTOR);
      return code;
    }
    // A broken wiring is named before a hundred checks stumble over it.
    const { healthySignIn } = await import('../doctor/healthy-sign-in.ts');
    const { onboardingTold } = await import('../visitor/onboarding.ts');
    const { tellRoutes } = await import('./tell-routes.ts');
    tellRoutes(lab, loaded);
    const { steps, usage } = await healthySignIn(lab, loaded);
    if (isOver()) return 2;
    rememberUsage(lab, usage);
    findings = steps
      .filter(({ name }) => name !== 'scopes') // judged by a check
      .flatMap(({ finding }) => finding ?? []);
    await early.hold();
    if (usage.onboarding) print(onboardingTold(usage.onboarding, loaded));
    for (const finding of findings)
      print(`\n${finding.code}: ${finding.what}\n  Expected: ${finding.expected}\n  Do: ${finding.remedy}`);
    if (findings.length) print(DOCTOR);
    if (!suites) {
      await writeOwnReport({ loaded, lab, scope, findings, folder, startedAt });
      if (findings.length) return 2;
      print(
        `the smoke sign-in ended in a session, ${seconds(startedAt)} s after the start: the wiring is right`,
      );
      return 0;
    }
    const checks = selectedOf(scope);
    if (lab.description.live)
      for (const line of tellKinds(liveKinds(checks, lab.description.live.abilities))) print(line);
    writeFacts({ lab, loaded, findings, startedAt, known: known.length, checks });
    // Begun now, the certification is there when the first check of the suite asks for it; errors are theirs to tell.
    if (!scope.select) lab.client.call('GET', REPORT_ROUTE).catch(() => {});
    begun = true;
    const code = await suites.begin();
    await early.hold();
    if (isOver()) return 2;
    const report = endedReport(folder);
    // Somebody who closes a tool of Playwright without running anything has seen what there was to see.
    if (!report && options.mode) return 0;
    if (!report) return await failed(suitesFailed(code, learned(labFile).length));
    if (options.writeKnownFailures) {
      const count = writeKnownFailures(path.resolve(options.writeKnownFailures), report);
      print(`${count} known failures written to ${options.writeKnownFailures}`);
    }
    if (options.signKey) {
      const { sign } = await import('../../reports/commands.ts');
      print((await sign(folder, options.signKey)).text.trim());
    }
    const stale = staleEntries(known, report).map(staleFinding);
    for (const finding of stale)
      print(`\n${finding.code}: ${finding.what}\n  Expected: ${finding.expected}\n  Do: ${finding.remedy}`);
    return report.exitCode === 0 && stale.length ? 2 : report.exitCode;
  } catch (thrown) {
    return await failed(foreseen(thrown));
  } finally {
    await early.hold();
    superseded?.removeEventListener('abort', giveUp);
    const isKept = isOver() && !begun && watched.standby !== undefined && suites?.lives === true;
    if (!isKept) suites?.abandon();
    await (lab ?? opened)?.stop();
    if (isKept) watched.standby?.giveBack(asked, { place, labFile, suites });
    else closePlace(place);
    early.off();
  }
}

/** The checks that a run was asked for, as the catalogue knows them; own checks of the app stand in none. */
const selectedOf = ({ select }: Scope) => {
  const all = shippedCatalogue();
  if (!select) return all;
  const idsOf = (text: string): string[] => {
    try {
      return resolveSelection([text], all).ids;
    } catch {
      return [];
    }
  };
  const ids = new Set(select.flatMap(idsOf));
  return all.filter(({ id }) => ids.has(id));
};

const DOCTOR = '`npx authjs-conformance doctor` walks through the settings one by one.';

const seconds = (startedAt: string) => ((Date.now() - Date.parse(startedAt)) / 1000).toFixed(1);

const findingOf = ({ parts }: ConformanceError): Finding => parts;

const suitesFailed = (code: number | null, ended: number) =>
  new ConformanceError({
    code: 'CONF_SUITES_FAILED',
    what: `the suites ended with ${code ?? 'a signal'} before a report was written; ${ended} checks had ended`,
    expected: 'a report of every selected check',
    remedy: 'read the output above; run again with --debug to see more.',
  });
