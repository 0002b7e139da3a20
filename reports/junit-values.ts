/** How values are written in JUnit XML. */
import type { create } from 'xmlbuilder2';
import type { CheckResult, Report } from './model.ts';
import { scopeText } from './scope.ts';
import { clipped, librariesOf, waysIn } from './words.ts';

/** Characters; Jenkins keeps about 1 000 characters of output of passing tests. */
export const FAILURE_MAX = 8_000;
export const OUTPUT_MAX = 16_000;
const MESSAGE_MAX = 1_000;

export type Attributes = Record<string, string | number>;
export type Element = ReturnType<ReturnType<typeof create>['ele']>;

export const seconds = (ms: number) => (Math.max(0, ms) / 1000).toFixed(3);
export const oneLine = (text: string) =>
  clipped(text.replace(/\s+/g, ' ').trim(), MESSAGE_MAX).replace(/\n/g, ' ');

/** `2026-11-23T12:00:00`, the only form that the Ant schema takes. */
export const stamp = (at: string) => new Date(at).toISOString().slice(0, 19);

export const propertiesOf = (report: Report, checks: readonly CheckResult[]): [string, string][] => [
  ['target', report.target.name],
  ['library', librariesOf(report)],
  ...(waysIn(report) ? [['ways-in', oneLine(String(waysIn(report)))] satisfies [string, string]] : []),
  ['result', report.result],
  ['scope', scopeText(report)],
  ...(report.target.devServer
    ? [['development-server', report.target.devServer] satisfies [string, string]]
    : []),
  ['tool', `${report.tool.name} ${report.tool.version}`],
  ...(report.advisories ?? []).map(
    ({ id, severity, package: name, version, fixed, summary }): [string, string] => [
      `advisory.${id}`,
      oneLine(`${severity}: ${name} ${version}${fixed ? `, update to ${fixed}` : ''}: ${summary}`),
    ],
  ),
  ...checks
    .filter(({ verdict }) => verdict === 'warn')
    .map(({ id, message }): [string, string] => [`warning.${id}`, oneLine(message ?? '')]),
];
