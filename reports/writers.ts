/** Every writer by name: a pure function from the report to one file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { htmlReport } from './html/index.ts';
import { reportText } from './json.ts';
import { junit } from './junit.ts';
import type { Report } from './model.ts';

export interface Written {
  /** Name of the file inside the report's folder. */
  file: string;
  text: string;
}

/** What some writers must know about where they write. */
export interface WriterContext {
  /** Absolute folder that the files go to; attachment paths are relative to it. */
  outputFolder: string;
  environment: NodeJS.ProcessEnv;
}

export type Writer = (report: Report, context: WriterContext) => Written;

export const writers = {
  json: (report) => ({ file: 'report.json', text: reportText(report) }),
  html: (report, context) => ({ file: 'report.html', text: htmlReport(report, context) }),
  junit: (report, context) => ({ file: 'junit.xml', text: junit(report, context) }),
} as const satisfies Record<string, Writer>;

export type ReporterName = keyof typeof writers;
export const REPORTER_NAMES = Object.keys(writers) as ReporterName[];
/** Whether a text names a writer, for input that comes from outside. */
export const isReporterName = (name: string): name is ReporterName => Object.hasOwn(writers, name);

/**
 * Writes the selected reports; `json` always, because every other one can be made from it.
 *
 * @returns the absolute paths written, `report.json` first
 */
export function writeReports(
  report: Report,
  options: { outputFolder: string; reporters?: readonly string[]; environment?: NodeJS.ProcessEnv },
): string[] {
  const outputFolder = path.resolve(options.outputFolder);
  mkdirSync(outputFolder, { recursive: true });
  const names = [...new Set(['json', ...(options.reporters ?? ['junit'])])].filter(isReporterName);
  return names.map((name) => {
    const { file, text } = writers[name](report, {
      outputFolder,
      environment: options.environment ?? process.env,
    });
    const place = path.join(outputFolder, file);
    writeFileSync(place, text);
    return place;
  });
}
