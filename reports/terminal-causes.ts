/** One failure, or those that share a cause, as a terminal tells it. */
import type { Cause, CheckResult, Report } from './model.ts';
import { command, labelled, type Paint, SIGN, wrap } from './terminal-text.ts';
import { isLost } from './verdict.ts';
import { counted } from './words.ts';

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
export function describeCause(cause: Cause, report: Report, width: number, paint: Paint): string[] {
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
