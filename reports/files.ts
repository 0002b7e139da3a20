/** Reports on the disk: read, join, render again. */
import { cpSync, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { REPORT_MAX, readGiven } from './given-file.ts';
import { mergeReports } from './merge.ts';
import type { Report } from './model.ts';
import { parseReport } from './parse-report.ts';
import { ReportError } from './report-error.ts';

/** `report.json` of a folder, or the file itself. */
export const reportFile = (place: string): string =>
  existsSync(place) && statSync(place).isDirectory() ? path.join(place, 'report.json') : place;

/**
 * Reads a report.
 *
 * @param place a report.json, or the folder that holds it
 * @throws ReportError CONF_REPORT_MISSING, CONF_REPORT_UNREADABLE or CONF_REPORT_VERSION
 */
export function readReport(place: string): Report {
  const file = reportFile(place);
  if (!existsSync(file)) {
    throw new ReportError({
      code: 'CONF_REPORT_MISSING',
      what: `there is no file ${file}`,
      expected: 'a report.json, or the folder that holds one',
      remedy: 'correct the path, or run `npx authjs-conformance run` first.',
    });
  }
  return parseReport(readReportText(file), file);
}

/**
 * The text of a report file.
 *
 * @throws ReportError CONF_REPORT_UNREADABLE
 */
export function readReportText(file: string): string {
  try {
    return readGiven(file, { max: REPORT_MAX });
  } catch (error) {
    throw new ReportError({
      code: 'CONF_REPORT_UNREADABLE',
      what: `${file} could not be read: ${(error as Error).message}`,
      expected: 'a report.json that `npx authjs-conformance run` wrote',
      remedy: 'give the path of such a file, or run again.',
    });
  }
}

/**
 * Joins the reports of shards and copies their attachments beside the joined one.
 *
 * @param places report.json files or their folders
 * @param outputFolder where the joined report will be written
 */
export function mergeFiles(places: readonly string[], outputFolder: string): Report {
  const reports = places.map((place, index) => {
    const report = readReport(place);
    const folder = path.dirname(reportFile(place));
    const rebased = (inside: string) =>
      path.posix.join('attachments', `part-${index + 1}`, inside.replace(/^attachments\//, ''));
    const checks = report.checks.map((check) => ({
      ...check,
      attachments: check.attachments.map((attachment) => {
        if (!attachment.path) return attachment;
        const from = path.resolve(folder, attachment.path);
        // Only files beside the report are taken along: its text may come from anywhere.
        if (path.relative(folder, from).startsWith('..') || !existsSync(from))
          return { name: attachment.name, contentType: attachment.contentType };
        const to = rebased(attachment.path);
        cpSync(from, path.resolve(outputFolder, to), { recursive: true });
        return { ...attachment, path: to };
      }),
    }));
    return { ...report, checks };
  });
  return mergeReports(reports);
}
