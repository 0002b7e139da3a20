/** The names of the writers, without the writers: a run checks them before it starts, and Playwright alone writes. */
import { ReportError } from './report-error.ts';

export const REPORTER_NAMES = [
  'json',
  'html',
  'junit',
  'junit-jenkins',
  'junit-gitlab',
  'junit-github',
  'junit-azure',
  'junit-ant',
  'junit-maven',
  'markdown',
  'ctrf',
  'sarif',
  'badge',
  'code-quality',
  'github',
  'terminal',
] as const;

export type ReporterName = (typeof REPORTER_NAMES)[number];

/** Names of the files that writers make, to be moved or cleared together; `report.json.jws` signs the first. */
export const REPORT_FILES: readonly string[] = [
  'report.json',
  'report.json.jws',
  'report.html',
  'junit.xml',
  ...['jenkins', 'gitlab', 'github', 'azure', 'ant', 'maven'].map((dialect) => `junit-${dialect}.xml`),
  'summary.md',
  'ctrf.json',
  'report.sarif',
  'badge.svg',
  'gl-code-quality.json',
];

/** Whether a text names a writer, for input that comes from outside. */
export const isReporterName = (name: string): name is ReporterName =>
  (REPORTER_NAMES as readonly string[]).includes(name);

/** @throws ReportError CONF_REPORTER_UNKNOWN that lists all names */
export function checkReporters(names: readonly string[] = []): void {
  const unknown = names.filter((name) => !isReporterName(name));
  if (unknown.length === 0) return;
  throw new ReportError({
    code: 'CONF_REPORTER_UNKNOWN',
    what: `there is no report "${unknown.join('", "')}"`,
    expected: `one of ${REPORTER_NAMES.join(', ')} (--reporter, reporters)`,
    remedy: 'correct the name.',
  });
}
