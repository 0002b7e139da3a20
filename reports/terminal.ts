/** The summary that is printed after a run: what failed, what to do, where the reports are. Pure. */
import { causesOf } from './causes.ts';
import { devServerNote } from './dev-server.ts';
import type { Cause, CheckResult, Report } from './model.ts';
import { isCertification, scopeText } from './scope.ts';
import { describeCause, describeCheck } from './terminal-causes.ts';
import { type Format, labelled, painter, SIGN, wrap } from './terminal-text.ts';
import { counts, isLost } from './verdict.ts';
import {
  alike,
  bySuite,
  counted,
  duration,
  headline,
  librariesOf,
  secondApp,
  tally,
  usageFindings,
  waysIn,
} from './words.ts';

export interface TerminalOptions {
  /** Columns; texts wrap at them. */
  width?: number;
  colour?: boolean;
  /** Paths of the written files. */
  files?: readonly string[];
}

/** What changed since the run before, when something did. */
function sinceLastRun({ comparedWith }: Report, width: number): string[] {
  const { worse = [], better = [] } = comparedWith ?? {};
  const told = (word: string, ids: string[]) =>
    ids.length
      ? [
          wrap(
            `${word} than last time: ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`,
            width,
          ),
        ]
      : [];
  return [...told('worse', worse), ...told('better', better)];
}

/** What to do now, in one line. */
function nextStep(report: Report): string | undefined {
  const [check] = report.checks;
  if (!check || check.rerun === check.id) return undefined;
  const run = check.rerun.slice(0, check.rerun.lastIndexOf(` ${check.id}`)).split(' laws/')[0] as string;
  const [cause] = (report.causes ?? []).filter(({ verdict }) => verdict === 'fail');
  if (cause) {
    const place = cause.file ? ` in ${cause.file}${cause.line ? `:${cause.line}` : ''}` : '';
    return `Next: mend ${cause.option ?? `the cause "${cause.title}"`}${place}, then ${run} --last-failed`;
  }
  if (report.result === 'not judged') return `Next: ${run.replace(/ run\b/, ' doctor')}`;
  if (report.result === 'passed in part' && report.scope.kind === 'selection')
    return `Next: everything: ${run}`;
  return report.result === 'conformant'
    ? 'Next: npx authjs-conformance show-report, or print it: paper gets the certificate'
    : undefined;
}

/** The whole summary, ready to print. */
export function terminalSummary(
  report: Report,
  { width = 80, colour = false, files = [] }: TerminalOptions = {},
): string {
  const paint = painter(colour);
  const narrow = width < 60;
  const suites = bySuite(report.checks);
  const longest = Math.max(0, ...suites.map(([name]) => name.length));
  const table = suites.map(([name, checks]) => {
    const marks = (['fail', 'error', 'blocked', 'not judged', 'warn', 'note'] as const).flatMap((verdict) => {
      const count = checks.filter((check) => check.verdict === verdict).length;
      return count ? [paint(SIGN[verdict].format, `${count} ${verdict}`)] : [];
    });
    const passed = checks.filter(({ verdict }) => verdict === 'pass').length;
    const skipped = checks.filter(({ verdict }) => verdict === 'not applicable').length;
    const text = [
      ...marks,
      paint('green', `${passed} pass`),
      ...(skipped ? [paint('gray', `${skipped} n/a`)] : []),
    ].join(', ');
    return narrow ? `  ${name}\n    ${text}` : `  ${name.padEnd(longest)}  ${text}`;
  });
  const causes = report.causes ?? causesOf(report.checks, report.target, report.findings);
  const failing = causes.filter(({ verdict }) => verdict === 'fail');
  const failures = report.checks.filter((check) => check.verdict === 'fail' && counts(check));
  const groups: [string, CheckResult[]][] = [
    ['Could not be judged', report.checks.filter((check) => isLost(check.verdict, true) && counts(check))],
  ];
  const warnings = causes.filter(({ verdict }) => verdict === 'warn');
  const byCause = (title: string, told: readonly Cause[], count: string) =>
    told.length
      ? [
          '',
          `${paint('bold', title)} ${paint('gray', `(${counted(told.length, 'cause')}, ${count})`)}`,
          ...told.flatMap((cause) => ['', ...describeCause(cause, report, width, paint)]),
        ]
      : [];
  const known = report.checks.filter(({ known, verdict }) => known !== undefined && verdict !== 'pass');
  const verdictFormat: Format =
    report.result === 'conformant'
      ? 'green'
      : report.result === 'passed in part'
        ? 'cyan'
        : report.result === 'not conformant'
          ? 'red'
          : 'magenta';
  const note = devServerNote(report);
  return [
    '',
    ...(note ? [paint('yellow', wrap(note, width)), ''] : []),
    ...table,
    ...byCause('Not conformant', failing, counted(failures.length, 'failure')),
    ...groups.flatMap(([title, checks]) =>
      checks.length
        ? [
            '',
            paint('bold', title),
            ...alike(checks).together.flatMap(({ verdict, reason, ids }) => [
              '',
              `  ${paint(SIGN[verdict].format, SIGN[verdict].sign)} ${paint('bold', counted(ids.length, 'check'))} ${paint('gray', `(${verdict})`)}`,
              ...labelled('why', reason, width),
              ...labelled('checks', `${ids.slice(0, 4).join(', ')} and ${ids.length - 4} more`, width),
            ]),
            ...alike(checks).each.flatMap((check) => [
              '',
              ...describeCheck(check, report.clauses, width, paint),
            ]),
          ]
        : [],
    ),
    ...byCause('Warnings', warnings, counted(warnings.flatMap(({ checks }) => checks).length, 'warning')),
    ...(known.length
      ? [
          '',
          paint('bold', 'Known'),
          ...known.map(({ id, known: reason }) => wrap(`${id}: ${reason}`, width, '  ')),
        ]
      : []),
    ...(report.live
      ? [
          '',
          wrap(
            `Against the real Logto at ${report.live.issuer}: ${report.live.judged} of ${report.live.of} checks could be asked.`,
            width,
          ),
          ...report.live.not.map(({ count, why }) => wrap(`${count}: ${why}`, width, '  ')),
        ]
      : []),
    ...((report.loosened ?? []).length
      ? [
          '',
          paint('bold', 'Loosened by your config'),
          ...(report.loosened ?? []).map(({ key, what }) => wrap(`${key}: ${what}`, width, '  ')),
        ]
      : []),
    ...[...report.findings, ...usageFindings(report)].flatMap(({ code, what, expected, remedy }) => [
      '',
      paint('bold', code),
      wrap(what, width, '  '),
      wrap(`Expected: ${expected}`, width, '  '),
      wrap(`Do: ${remedy}`, width, '  '),
    ]),
    '',
    `${paint([verdictFormat, 'bold'], headline(report))}${report.strict ? ' (strict)' : ''}`,
    wrap(
      `${tally(report.checks)} in ${duration(report.durationMs)}${librariesOf(report) ? `; ${librariesOf(report)}` : ''}`,
      width,
    ),
    ...(waysIn(report) ? [wrap(String(waysIn(report)), width)] : []),
    ...(secondApp(report) ? [wrap(String(secondApp(report)), width)] : []),
    ...(isCertification(report) ? [] : [wrap(scopeText(report), width)]),
    ...sinceLastRun(report, width),
    ...files.map((file) => paint('gray', file)),
    ...(nextStep(report) ? ['', wrap(nextStep(report) as string, width)] : []),
    '',
  ].join('\n');
}
