/** The folder of a run: never a report of an older run in it, and the last whole result beside it. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Finding, Report, Scope } from '../../reports/model.ts';
import { REPORT_FILES } from '../../reports/reporter-names.ts';
import { hasEnded, isWhole } from '../../reports/scope.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Lab } from '../lab/lab.ts';
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
    const report: Report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
    return report.scope && report.findings ? report : undefined;
  } catch {
    return undefined;
  }
}

/** Clears the folder of what an older run left there; a whole result is moved to `previous/`. */
export function makeRoom(folder: string): void {
  const report = readReport(folder);
  const kept = path.join(folder, PREVIOUS);
  const keeps = report !== undefined && isWhole(report);
  mkdirSync(folder, { recursive: true });
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

export interface RunWithoutChecks {
  loaded?: LoadedConfig;
  lab?: Lab;
  scope: Scope;
  findings: Finding[];
  /** Folder of the run. */
  folder: string;
  startedAt: string;
  /** More is to come: nothing is printed, no step summary grows. */
  filesOnly?: boolean;
}

/** Writes the reports of a run that has no checks to tell of: one that begins, failed before them, or wanted none. */
export async function writeWithoutChecks(run: RunWithoutChecks): Promise<void> {
  const { emptyReport } = await import('../../reports/build.ts');
  const { writeReports } = await import('../../reports/writers.ts');
  writeReports(emptyReport({ ...factsOf(run), scope: run.scope }), {
    outputFolder: run.folder,
    reporters: run.loaded?.config.reporters ?? ['json', 'junit', 'html'],
    filesOnly: run.filesOnly,
  });
}
