/** Every writer by name: a pure function from the report to one file. */
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { badge } from './badge.ts';
import { codeQuality } from './code-quality.ts';
import { ctrf } from './ctrf.ts';
import { githubAnnotations } from './github.ts';
import { htmlReport } from './html/index.ts';
import { reportText } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Report } from './model.ts';
import { isReporterName, type ReporterName } from './reporter-names.ts';
import { sarif } from './sarif.ts';
import { terminalSummary } from './terminal.ts';
import { writeCommands } from './visible.ts';
import type { WriterContext } from './writer-context.ts';

export interface Written {
  /** Name of the file inside the report's folder; without it the text is printed. */
  file?: string;
  text: string;
}

/** What some writers must know about where they write. */
export type Writer = (report: Report, context: WriterContext) => Written;

const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

export const writers = {
  json: (report) => ({ file: 'report.json', text: reportText(report) }),
  html: (report, context) => ({ file: 'report.html', text: htmlReport(report, context) }),
  /** JUnit in the dialect of the CI system that is running. */
  junit: (report, context) => ({ file: 'junit.xml', text: junit(report, context) }),
  'junit-jenkins': (report, context) => ({
    file: 'junit-jenkins.xml',
    text: junit(report, { ...context, dialect: 'jenkins' }),
  }),
  'junit-gitlab': (report, context) => ({
    file: 'junit-gitlab.xml',
    text: junit(report, { ...context, dialect: 'gitlab' }),
  }),
  'junit-github': (report, context) => ({
    file: 'junit-github.xml',
    text: junit(report, { ...context, dialect: 'github' }),
  }),
  'junit-azure': (report, context) => ({
    file: 'junit-azure.xml',
    text: junit(report, { ...context, dialect: 'azure' }),
  }),
  'junit-ant': (report, context) => ({
    file: 'junit-ant.xml',
    text: junit(report, { ...context, dialect: 'ant' }),
  }),
  'junit-maven': (report, context) => ({
    file: 'junit-maven.xml',
    text: junit(report, { ...context, dialect: 'maven' }),
  }),
  markdown: (report) => ({ file: 'summary.md', text: markdown(report) }),
  ctrf: (report) => ({ file: 'ctrf.json', text: json(ctrf(report)) }),
  sarif: (report) => ({ file: 'report.sarif', text: json(sarif(report)) }),
  badge: (report) => ({ file: 'badge.svg', text: badge(report) }),
  'code-quality': (report) => ({ file: 'gl-code-quality.json', text: json(codeQuality(report)) }),
  github: (report) => ({ text: githubAnnotations(report) }),
  terminal: (report) => ({ text: terminalSummary(report, { width: 100 }) }),
} as const satisfies Record<ReporterName, Writer>;

/** Bytes that GitHub takes in a step summary; a larger one is dropped whole. */
const STEP_SUMMARY_MAX = 1_024 * 1_024;

export interface WriteOptions {
  outputFolder: string;
  /** Names of writers; `json` is written always, because every other report can be made from it. */
  reporters?: readonly string[];
  environment?: NodeJS.ProcessEnv;
  /** Folder that the person is in, which paths in reports are relative to (default: that of this process). */
  cwd?: string;
  /** Files only: nothing is printed, no step summary grows; for reports that will be replaced. */
  filesOnly?: boolean;
  /** Where writers without a file print to (default: standard output). */
  print?: (text: string) => void;
}

/**
 * Writes the selected reports; on GitHub also the annotations and the step summary.
 *
 * @returns the absolute paths written, `report.json` first
 */
export function writeReports(report: Report, options: WriteOptions): string[] {
  const {
    environment = process.env,
    filesOnly = false,
    print = (text) => process.stdout.write(text),
  } = options;
  const outputFolder = path.resolve(options.outputFolder);
  mkdirSync(outputFolder, { recursive: true });
  const wanted = [
    'json',
    ...(options.reporters ?? ['junit', 'html']),
    ...(environment.GITHUB_ACTIONS ? ['github'] : []),
  ];
  const files = [...new Set(wanted)].filter(isReporterName).flatMap((name) => {
    const { file, text }: Written = writers[name](report, {
      outputFolder,
      environment,
      cwd: options.cwd,
    });
    if (file === undefined) {
      if (text && !filesOnly) {
        if (name === 'github' && !options.print) writeCommands(process.stdout, text);
        else print(text);
      }
      return [];
    }
    return [{ place: path.join(outputFolder, file), text }];
  });
  replaceFiles(files);
  if (environment.GITHUB_STEP_SUMMARY && !filesOnly) appendSummary(report, environment.GITHUB_STEP_SUMMARY);
  return files.map(({ place }) => place);
}

/**
 * Moved into place when all of them are whole: on a full disk the older ones stay, and say that the run has not ended. One that
 * told another verdict than its neighbour would be a lie.
 */
function replaceFiles(files: readonly { place: string; text: string }[]): void {
  const half = (place: string) => `${place}.half`;
  try {
    for (const { place, text } of files) writeFileSync(half(place), text);
    for (const { place } of files) renameSync(half(place), place);
  } finally {
    for (const { place } of files) rmSync(half(place), { force: true });
  }
}

/** Appends to the summary of the step, whatever other steps wrote before, and never over its limit. */
function appendSummary(report: Report, file: string): void {
  const room = STEP_SUMMARY_MAX - (existsSync(file) ? statSync(file).size : 0) - 1_000;
  if (room > 2_000) appendFileSync(file, `${markdown(report, room)}\n`);
}
