/** The folder of a run: never a report of an older run in it, and the last whole result beside it. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { REPORT_MAX, readGivenJson } from '../../reports/given-file.ts';
import type { CheckResult, Finding, Report, Scope } from '../../reports/model.ts';
import { REPORT_FILES } from '../../reports/reporter-names.ts';
import { hasEnded, isWhole } from '../../reports/scope.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Lab } from '../lab/lab.ts';
import { holdFolder, makeFolder, reasonOf, unusable } from '../machine/folder.ts';
import { factsOf } from './facts.ts';

const PREVIOUS = 'previous';

/**
 * Where a run writes to, inside the folder of the reports: selections and quick runs have a folder of their own, so
 * that a check that is run again alone leaves the full report as it is.
 */
export const folderOf = (out: string, kind: Scope['kind']): string =>
  kind === 'selection' || kind === 'quick' ? path.join(out, kind) : out;

/** Reports that a run of this kind is compared with, the best first. */
export const earlierReports = (out: string, kind: Scope['kind']): string[] => {
  const kept = path.join(out, PREVIOUS, 'report.json');
  return folderOf(out, kind) === out ? [kept] : [path.join(out, 'report.json'), kept];
};

/** The report of a run that has ended, if the folder holds one. */
export function endedReport(folder: string): Report | undefined {
  const report = readReport(folder);
  return report && hasEnded(report) ? report : undefined;
}

/** A report of this version, or nothing. */
function readReport(folder: string): Report | undefined {
  try {
    const report = readGivenJson(path.join(folder, 'report.json'), { max: REPORT_MAX }) as Report;
    return report.scope && report.findings ? report : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes the folder of a run, holds it, and clears it.
 *
 * @returns lets it go
 * @throws ConformanceError CONF_RESULTS_UNUSABLE, CONF_RESULTS_BUSY
 */
export function takeFolder(folder: string): () => void {
  makeFolder(folder);
  const letGo = holdFolder(folder);
  try {
    makeRoom(folder);
  } catch (error) {
    letGo();
    throw unusable(folder, reasonOf(error));
  }
  return letGo;
}

/** Clears the folder of what an older run left there; a whole result is moved to `previous/`. */
export function makeRoom(folder: string): void {
  const report = readReport(folder);
  const kept = path.join(folder, PREVIOUS);
  const keeps = report !== undefined && isWhole(report);
  if (keeps) {
    rmSync(kept, { recursive: true, force: true });
    mkdirSync(kept);
  }
  for (const name of [...REPORT_FILES, 'attachments']) {
    const file = path.join(folder, name);
    if (!existsSync(file)) continue;
    if (keeps) renameSync(file, path.join(kept, name));
    else rmSync(file, { recursive: true, force: true });
  }
}

export interface OwnReport {
  loaded?: LoadedConfig;
  lab?: Lab;
  scope: Scope;
  findings: Finding[];
  /** Checks that had ended before the suites were killed. */
  checks?: CheckResult[];
  /** Folder of the run. */
  folder: string;
  startedAt: string;
  /** More is to come: nothing is printed, no step summary grows. */
  filesOnly?: boolean;
}

/**
 * Writes the reports of a run that its suites have not written: one that begins, failed before or in them, or wanted none.
 *
 * @throws ConformanceError CONF_RESULTS_UNUSABLE when there is no room for them
 */
export async function writeOwnReport(run: OwnReport): Promise<Report> {
  const { buildReport } = await import('../../reports/build.ts');
  const { writeReports } = await import('../../reports/writers.ts');
  const { checks = [], folder, scope, startedAt } = run;
  const report = buildReport({
    facts: { ...factsOf(run), scope },
    checks,
    durationMs: Date.now() - Date.parse(startedAt),
  });
  try {
    writeReports(report, {
      outputFolder: folder,
      reporters: run.loaded?.config.reporters ?? ['json', 'junit', 'html'],
      filesOnly: run.filesOnly,
    });
  } catch (error) {
    throw unusable(folder, reasonOf(error));
  }
  return report;
}
