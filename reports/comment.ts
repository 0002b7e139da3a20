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

const placeOf = ({ file, line }: Cause) => (file ? ` (\`${file}${line ? `:${line}` : ''}\`)` : '');
const told = ({ id, verdict, severity, message = '' }: CheckResult) =>
  `\`${id}\` ${verdict}, ${severity}: ${escapeMarkdown(message)}`;

/** Checks that share a cause are below it, with one fix; the causes are worst first. */
function list(title: string, checks: readonly CheckResult[], causes: readonly Cause[]): string[] {
  if (checks.length === 0) return [];
  const groups = causes
    .map((cause) => ({ cause, members: checks.filter(({ id }) => cause.checks.includes(id)) }))
    .filter(({ members }) => members.length > 0);
  const alone = checks.filter(({ id }) => !causes.some((cause) => cause.checks.includes(id)));
  let room = SHOWN;
  const shown = (members: readonly CheckResult[]) => {
    const those = members.slice(0, room);
    room -= those.length;
    return those;
  };
  return [
    `### ${title} (${checks.length})`,
    '',
    ...groups.flatMap(({ cause, members }) => {
      const fix = ` **Fix:** ${escapeMarkdown(cause.fix)}${placeOf(cause)}`;
      const those = shown(members);
      if (those.length === 0) return [];
      if (members.length === 1) return those.map((check) => `- ${told(check)}${fix}`);
      return [
        `- **${escapeMarkdown(cause.title)}** (${members.length} checks).${fix}`,
        ...those.map((check) => `  - ${told(check)}`),
      ];
    }),
    ...shown(alone).map(
      (check) => `- ${told(check)}${check.fix ? ` **Fix:** ${escapeMarkdown(check.fix)}` : ''}`,
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
