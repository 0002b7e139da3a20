/** The report as JSON: the form that every other report can be made from again. */
import type { Report } from './model.ts';

/** Text of report.json; its digest is what a signature covers. */
export const reportText = (report: Report): string => `${JSON.stringify(report, null, 1)}\n`;
