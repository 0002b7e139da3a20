/** The summary that is printed after a run: what failed, what to do, where the reports are. Pure. */
import { styleText } from 'node:util';
import { causesOf } from './causes.ts';
import { devServerNote } from './dev-server.ts';
import type { Cause, CheckResult, Report, Verdict } from './model.ts';
import { isCertification, scopeText } from './scope.ts';
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

type Format = Parameters<typeof styleText>[0];
/** Paints a text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;
export const painter =
  (colour: boolean): Paint =>
  (format, text) =>
    colour ? styleText(format, text, { validateStream: false }) : text;

/** A sign and a colour for each verdict; the word is always there too, for those who see no colour. */
export const SIGN: Record<Verdict, { sign: string; format: Format }> = {
  pass: { sign: '✓', format: 'green' },
  fail: { sign: '✗', format: 'red' },
  warn: { sign: '!', format: 'yellow' },
  note: { sign: 'i', format: 'cyan' },
  'not applicable': { sign: '–', format: 'gray' },
  'not judged': { sign: '?', format: 'yellow' },
  blocked: { sign: '■', format: 'magenta' },
  error: { sign: '✗', format: 'magenta' },
};

/** Breaks a text into lines of at most `width` characters; words longer than a line stay whole, so that links can be clicked. */
export function wrap(text: string, width: number, indent = ''): string {
  const room = Math.max(20, width - indent.length);
  return text
    .split('\n')
    .flatMap((paragraph) => {
      const lines: string[] = [''];
      for (const word of paragraph.split(/ +/)) {
        const line = lines.at(-1) as string;
        if (line && line.length + 1 + word.length > room) lines.push(word);
        else lines[lines.length - 1] = line ? `${line} ${word}` : word;
      }
      return lines;
    })
    .map((line) => indent + line)
    .join('\n');
}

/** A label and its text side by side, or below each other where there is no room. */
const labelled = (label: string, text: string | undefined, width: number) => {
  if (!text) return [];
  if (width < 60) return [`    ${label}:`, wrap(text, width, '      ')];
  const [first = '', ...rest] = wrap(text, width - 16).split('\n');
  return [`    ${label.padEnd(12)}${first}`, ...rest.map((line) => `${' '.repeat(16)}${line}`)];
};

/** A command stays on one line, so that it can be copied. */
const command = (label: string, text: string, width: number) =>
  width < 60 ? [`    ${label}:`, `      ${text}`] : [`    ${label.padEnd(12)}${text}`];

/** One check with all that a person needs to act on it; a warning in fewer words. */
export function describeCheck(
  check: CheckResult,
  clauses: Report['clauses'],
  width: number,
  paint: Paint,
  cause?: Cause,
): string[] {
  const { sign, format } = SIGN[check.verdict];
  const key = check.clauses[0];
  const link = key === undefined ? undefined : clauses[key];
  const warned = check.verdict === 'warn';
  const lost = isLost(check.verdict, true);
  const grade = `(${check.verdict}, ${check.severity})`;
  const fits = check.id.length + grade.length + 5 <= width;
  return [
    `  ${paint(format, sign)} ${paint('bold', check.id)}${fits ? ` ${paint('gray', grade)}` : ''}`,
    ...(fits ? [] : [`    ${paint('gray', grade)}`]),
    wrap(`the app ${check.title}`, width, '    '),
    ...labelled(lost ? 'why' : 'it did', check.message, width),
    ...(lost ? [] : labelled(`it ${check.level}`, check.appMust, width)),
    ...(lost || warned ? [] : labelled('otherwise', check.otherwise, width)),
    ...(lost ? [] : labelled('fix', cause?.fix ?? check.fix, width)),
    ...(cause ? labelled('option', placed(cause), width) : []),
    ...(warned ? [] : labelled('clause', link ? `${link.label} ${link.url}` : key, width)),
    ...command('again', check.rerun, width),
  ];
}

/** The harm that most of the checks of a cause name: that of a single one may be about something else. */
export function harmOf({ checks }: Pick<Cause, 'checks'>, report: Pick<Report, 'checks'>): string {
  const named = new Map<string, number>();
  for (const { id, otherwise } of report.checks)
    if (checks.includes(id)) named.set(otherwise, (named.get(otherwise) ?? 0) + 1);
  return [...named].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

/** `callbacks.redirect, in auth.ts:22`; undefined where neither is known. */
function placed({ option, file, line }: Cause): string | undefined {
  const place = file && `${file}${line ? `:${line}` : ''}`;
  return [option, place].filter(Boolean).join(', in ') || undefined;
}

/** Failures that share a cause as one entry; one that stands alone is told as a check. */
function describeCause(cause: Cause, report: Report, width: number, paint: Paint): string[] {
  const [first] = cause.checks;
  const check = report.checks.find(({ id }) => id === first);
  if (!check) return [];
  if (cause.checks.length === 1) return describeCheck(check, report.clauses, width, paint, cause);
  const { sign, format } = SIGN[cause.verdict];
  return [
    ...wrap(`${sign} ${cause.title}`, width - 4)
      .split('\n')
      .map((line, index) =>
        index
          ? `    ${paint('bold', line)}`
          : `  ${paint(format, sign)} ${paint('bold', line.slice(sign.length + 1))}`,
      ),
    `    ${paint('gray', `(${cause.verdict}, ${cause.severity}, ${counted(cause.checks.length, 'check')})`)}`,
    ...labelled('it did', `${check.message ?? ''} (${check.id})`, width),
    ...labelled('otherwise', harmOf(cause, report), width),
    ...labelled('fix', cause.fix, width),
    ...labelled('option', placed(cause), width),
    ...labelled(
      'checks',
      `${cause.checks.slice(0, 6).join(', ')}${cause.checks.length > 6 ? ` and ${cause.checks.length - 6} more` : ''}`,
      width,
    ),
    ...command('again', rerunOf(cause, check), width),
  ];
}

/** Checks that are named in a command; of more the first is enough to begin with. */
const RERUN_MAX = 12;

/** All checks of a cause in one command; laws judge what other checks send, and are run as they stand alone. */
export function rerunOf({ checks }: Cause, { id, rerun }: CheckResult): string {
  const own = checks.filter((each) => !each.startsWith('laws/'));
  const all = own.includes(id) && own.length <= RERUN_MAX ? own : [id];
  return rerun.endsWith(` ${id}`) ? rerun.slice(0, -id.length) + all.join(' ') : rerun;
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
    return `Next: mend ${cause.option ?? cause.title}${place}, then ${run} --last-failed`;
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
  const causes = report.causes ?? causesOf(report.checks, report.target);
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
