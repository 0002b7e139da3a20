/** The one comment of a pull request: what is new, fixed and still failing since the base branch. Pure. */
import { diffReports } from './diff.ts';
import { escapeMarkdown } from './markdown-text.ts';
import type { Cause, CheckResult, Report } from './model.ts';
import { counted, headline, tally } from './words.ts';

/** What a later run finds its comment by. */
export const MARK = '<!-- authjs-conformance -->';
/** More stand in the report. */
const SHOWN = 20;

const isOpen = ({ verdict, known }: Pick<CheckResult, 'verdict' | 'known'>) =>
  ['fail', 'error', 'blocked'].includes(verdict) && known === undefined;

function list(title: string, checks: readonly CheckResult[], causes: readonly Cause[]): string[] {
  if (checks.length === 0) return [];
  const fixOf = ({ id, fix }: CheckResult) => {
    const cause = causes.find(({ checks: ids }) => ids.includes(id));
    const place = cause?.file ? ` (\`${cause.file}${cause.line ? `:${cause.line}` : ''}\`)` : '';
    return cause
      ? ` **Fix:** ${escapeMarkdown(cause.fix)}${place}`
      : fix
        ? ` **Fix:** ${escapeMarkdown(fix)}`
        : '';
  };
  return [
    `### ${title} (${checks.length})`,
    '',
    ...checks
      .slice(0, SHOWN)
      .map(
        (check) =>
          `- \`${check.id}\` ${check.verdict}, ${check.severity}: ${escapeMarkdown(check.message ?? '')}${fixOf(check)}`,
      ),
    ...(checks.length > SHOWN ? [`- and ${checks.length - SHOWN} more in the report`] : []),
    '',
  ];
}

/**
 * @param before report of the base branch; without it everything that fails is told as it is
 * @param after report of the pull request
 */
export function pullRequestComment(before: Report | undefined, after: Report): string {
  const failing = after.checks.filter(isOpen);
  const old = new Map(before?.checks.map((check) => [check.id, check]));
  const before_ = (check: CheckResult) =>
    [check.id, ...(check.formerly ?? [])].map((id) => old.get(id)).find((each) => each !== undefined);
  const isStill = (check: CheckResult) => {
    const former = before_(check);
    return former !== undefined && isOpen(former);
  };
  const fixed = before
    ? diffReports(before, after).better.filter(({ after: verdict }) => verdict === 'pass')
    : [];
  const causes = after.causes ?? [];
  return [
    MARK,
    `## ${after.exitCode === 0 ? '✅' : after.exitCode === 1 ? '❌' : '⚠️'} ${escapeMarkdown(headline(after))}`,
    '',
    `${tally(after.checks)}${causes.length ? `; ${counted(causes.filter(({ verdict }) => verdict === 'fail').length, 'cause')} of failures` : ''}`,
    '',
    ...(before
      ? [
          ...list(
            'New',
            failing.filter((check) => !isStill(check)),
            causes,
          ),
          ...(fixed.length
            ? [`### Fixed (${fixed.length})`, '', ...fixed.slice(0, SHOWN).map(({ id }) => `- \`${id}\``), '']
            : []),
          ...list('Still failing', failing.filter(isStill), causes),
          ...(failing.length + fixed.length === 0 ? ['Nothing fails, as on the base branch.', ''] : []),
        ]
      : list('Failing', failing, causes)),
  ].join('\n');
}
