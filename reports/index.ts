/** What the command line and other code may call. */
export { buildReport, emptyReport, type Facts } from './build.ts';
export { type CatalogueInput, type CatalogueRow, catalogueJson, catalogueMarkdown } from './catalogue.ts';
export {
  diff,
  merge,
  type Outcome,
  type OutputOptions,
  renderAgain,
  sign,
  verify,
} from './commands.ts';
export { type Change, diffReports, diffText, type ReportDiff } from './diff.ts';
export { mergeFiles, readReport, reportFile } from './files.ts';
export { reportText } from './json.ts';
export { mergeReports } from './merge.ts';
export type * from './model.ts';
export { parseReport } from './parse-report.ts';
export { ReportError } from './report-error.ts';
export {
  checkReporters,
  isReporterName,
  REPORT_FILES,
  REPORTER_NAMES,
  type ReporterName,
} from './reporter-names.ts';
export { jsonSchema } from './schema.ts';
export { hasEnded, isCertification, isWhole, notEnded, scopeText } from './scope.ts';
export { type SignedResult, signReport, type Verification, verifyReport } from './sign.ts';
export { terminalSummary } from './terminal.ts';
export { type WriteOptions, writeReports, writers } from './writers.ts';
