/** GitHub workflow commands: annotations on the run and on the file that configures Auth.js. */
import type { CheckResult, Report } from './model.ts';
import { counts } from './verdict.ts';
import { headline, SEVERITIES, tally, usageFindings } from './words.ts';

/** GitHub shows ten of each kind per step. */
const EACH_MAX = 10;

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

type Kind = 'error' | 'warning' | 'notice';

const command = (kind: Kind, title: string, text: string, file?: string, line = 1) =>
  `::${kind} ${file ? `file=${property(file)},line=${line},` : ''}title=${property(title)}::${data(text)}`;

const textOf = (check: CheckResult, clauses: Report['clauses']) =>
  [
    check.message,
    `The app ${check.level}: ${check.appMust}`,
    check.fix && `Fix: ${check.fix}`,
    ...check.clauses
      .slice(0, 1)
      .map((key) => (clauses[key] ? `${clauses[key].label} ${clauses[key].url}` : key)),
    `Run again: ${check.rerun}`,
  ]
    .filter(Boolean)
    .join('\n');

/** The commands, one a line; errors first, worst first. */
export function githubAnnotations(report: Report): string {
  const { clauses, target } = report;
  const of = (kind: Kind, fits: (check: CheckResult) => boolean) => {
    const checks = report.checks
      .filter((check) => counts(check) && fits(check))
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
    const rest = checks.length - EACH_MAX;
    const shown = rest > 0 ? checks.slice(0, EACH_MAX - 1) : checks;
    return [
      ...shown.map((check) => {
        const cause = (report.causes ?? []).find(({ checks: ids }) => ids.includes(check.id));
        return command(
          kind,
          `${check.id}: the app ${check.title}`,
          textOf(check, clauses),
          cause?.file ?? target.authFile,
          cause?.line,
        );
      }),
      ...(rest > 0
        ? [
            command(
              kind,
              headline(report),
              `${checks.length - shown.length} more: ${tally(report.checks)}. See report.html.`,
            ),
          ]
        : []),
    ];
  };
  const lines = [
    ...report.findings
      .slice(0, EACH_MAX)
      .map(({ code, what, expected, remedy }) =>
        command('error', code, `${what}\nExpected: ${expected}\nDo: ${remedy}`),
      ),
    ...of('error', ({ verdict }) => ['fail', 'error', 'blocked'].includes(verdict)),
    ...[
      ...of('warning', ({ verdict }) => verdict === 'warn'),
      ...usageFindings(report).map(({ code, what, expected, remedy }) =>
        command('warning', code, `${what}\nExpected: ${expected}\nDo: ${remedy}`),
      ),
    ].slice(0, EACH_MAX),
  ];
  return lines.length ? `${lines.join('\n')}\n` : '';
}
