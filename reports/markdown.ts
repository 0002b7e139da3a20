/** The report as Markdown, for pull requests and step summaries. */
import { devServerNote } from './dev-server.ts';
import { causesSection } from './markdown-causes.ts';
import { code, escapeMarkdown } from './markdown-text.ts';
import type { CheckResult, Report } from './model.ts';
import { isCertification, scopeText } from './scope.ts';
import { SIGN } from './terminal-text.ts';
import { counts, isLost } from './verdict.ts';
import {
  alike,
  bySuite,
  counted,
  day,
  duration,
  headline,
  librariesOf,
  SEVERITIES,
  secondApp,
  tally,
  usageFindings,
  waysIn,
} from './words.ts';

const ICON: Record<Report['result'], string> = {
  conformant: '✅',
  'passed in part': '◐',
  'not conformant': '❌',
  'not judged': '⚠️',
};

function detailsOf(check: CheckResult, clauses: Report['clauses']): string {
  const rows: [string, string | undefined][] = [
    [isLost(check.verdict, true) ? 'Why' : 'It did', check.message && escapeMarkdown(check.message)],
    [`It ${check.level}`, escapeMarkdown(check.appMust)],
    ['Otherwise', escapeMarkdown(check.otherwise)],
    ['Fix', check.fix && escapeMarkdown(check.fix)],
    [
      'Clause',
      check.clauses
        .map((key) =>
          clauses[key] ? `[${escapeMarkdown(clauses[key].label)}](${clauses[key].url})` : escapeMarkdown(key),
        )
        .join(', '),
    ],
    ['ASVS 5.0.0', check.asvs?.join(', ')],
    ['Weakness', check.cwe ? `CWE-${check.cwe}` : undefined],
    ['Run again', code(check.rerun)],
  ];
  return [
    `#### ${SIGN[check.verdict].sign} ${code(check.id)} ${escapeMarkdown(check.title)} (${check.severity})`,
    '',
    ...rows.flatMap(([name, text]) => (text ? [`- **${name}:** ${text}`] : [])),
  ].join('\n');
}

const bytes = (text: string) => Buffer.byteLength(text);

/**
 * Renders the report.
 *
 * @param max bytes; what does not fit is left out, from the least important on, and that is said
 */
export function markdown(report: Report, max = 900_000): string {
  const note = devServerNote(report);
  const head = [
    `## ${ICON[report.result]} ${escapeMarkdown(headline(report))}`,
    '',
    ...(note ? [`> ${escapeMarkdown(note)}`, ''] : []),
    `${tally(report.checks)} in ${duration(report.durationMs)}${report.strict ? ' (strict)' : ''}`,
    '',
    `${[escapeMarkdown(librariesOf(report)), day(report.startedAt), report.environment.commit && code(report.environment.commit)].filter(Boolean).join(' · ')}`,
    '',
    ...(waysIn(report) ? [escapeMarkdown(String(waysIn(report))), ''] : []),
    ...(secondApp(report) ? [escapeMarkdown(String(secondApp(report))), ''] : []),
    ...(isCertification(report) ? [] : [`> ${escapeMarkdown(scopeText(report))}\n`]),
    ...[...report.findings, ...usageFindings(report)].map(
      ({ code: name, what, expected, remedy }) =>
        `> **${name}** ${escapeMarkdown(what)}<br>Expected: ${escapeMarkdown(expected)}<br>Do: ${escapeMarkdown(remedy)}\n`,
    ),
    ...(report.checks.length
      ? [
          '| Suite | Pass | Fail | Warn | Note | Blocked, error | Not judged | Not applicable |',
          '| :-- | --: | --: | --: | --: | --: | --: | --: |',
          ...bySuite(report.checks).map(([suite, checks]) => {
            const of = (...verdicts: string[]) =>
              checks.filter(({ verdict }) => verdicts.includes(verdict)).length || '';
            return `| ${escapeMarkdown(suite)} | ${of('pass')} | ${of('fail')} | ${of('warn')} | ${of('note')} | ${of('blocked', 'error')} | ${of('not judged')} | ${of('not applicable')} |`;
          }),
        ]
      : []),
    '',
  ].join('\n');
  const order = (a: CheckResult, b: CheckResult) =>
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  const sections: [string, CheckResult[]][] = [
    [
      'Not conformant',
      report.checks.filter((check) => check.verdict === 'fail' && counts(check)).sort(order),
    ],
    ['Could not be judged', report.checks.filter((check) => isLost(check.verdict, true) && counts(check))],
    ['Warnings', report.checks.filter(({ verdict }) => verdict === 'warn').sort(order)],
  ];
  const causes = causesSection(report);
  let text = bytes(head) + bytes(causes) > max - 200 ? head : head + causes;
  let left = 0;
  for (const [title, checks] of sections) {
    const { each, together } = alike(checks);
    const blocks = [
      ...together.map(
        ({ verdict, reason, ids }) =>
          `#### ${SIGN[verdict].sign} ${counted(ids.length, 'check')} (${verdict})\n\n- **Why:** ${escapeMarkdown(reason)}\n- **Checks:** ${ids.map(code).join(', ')}`,
      ),
      ...each.map((check) => detailsOf(check, report.clauses)),
    ];
    blocks.forEach((told, index) => {
      const block = `${index === 0 ? `\n### ${title}\n\n` : '\n'}${told}\n`;
      if (bytes(text) + bytes(block) > max - 200) left += 1;
      else text += block;
    });
  }
  const loosened = (report.loosened ?? [])
    .map(({ key, what }) => `- ${code(key)}: ${escapeMarkdown(what)}`)
    .join('\n');
  const rows = (report.usage ?? []).map(
    ({ feature, seen, claimed, judged, note }) =>
      `| ${escapeMarkdown(feature)} | ${seen} | ${claimed === 'never' ? '–' : claimed} | ${judged ? 'yes' : 'no'} | ${escapeMarkdown(note ?? '')} |`,
  );
  const sources = (report.coverage ?? []).map(
    ({ title, duties, kept, notKept, notJudged, excluded }) =>
      `| ${escapeMarkdown(title)} | ${duties} | ${kept} | ${notKept} | ${notJudged} | ${excluded} |`,
  );
  const extra = [
    ...(report.live
      ? [
          `\n### Against a real Logto\n\n${report.live.judged} of ${report.live.of} checks could be asked at ${report.live.issuer}; codes came from ${report.live.codes}.\n\n${report.live.not.map(({ count, why }) => `- ${count}: ${why}`).join('\n')}\n`,
        ]
      : []),
    ...(loosened ? [`\n### Loosened by your config\n\n${loosened}\n`] : []),
    ...(rows.length
      ? [
          `\n### Seen, claimed, judged\n\n| Feature | Seen | Claimed | Judged | |\n| :-- | :-- | :-- | :-- | :-- |\n${rows.join('\n')}\n`,
        ]
      : []),
  ];
  if (sources.length)
    extra.push(
      `\n### Duties by source\n\n| Source | Duties | Kept | Not kept | Not judged here | Excluded |\n| :-- | --: | --: | --: | --: | --: |\n${sources.join('\n')}\n`,
    );
  for (const block of extra) if (bytes(text) + bytes(block) < max - 200) text += block;
  const known = report.checks.filter(({ verdict, known }) => known !== undefined && verdict !== 'pass');
  const advisories = report.advisories?.length
    ? `\n### Published advisories\n\n${report.advisories
        .map(
          ({ id, severity, package: name, version, fixed, summary, source }) =>
            `- [${id}](${source}), ${severity}: ${code(`${name} ${version}`)}${fixed ? ` → ${code(fixed)}` : ''}. ${escapeMarkdown(summary)}`,
        )
        .join('\n')}\n`
    : '';
  if (bytes(text) + bytes(advisories) < max - 200) text += advisories;
  const tail = known.length
    ? `\n### Known\n\n${known.map(({ id, known: reason }) => `- ${code(id)}: ${escapeMarkdown(reason ?? '')}`).join('\n')}\n`
    : '';
  if (bytes(text) + bytes(tail) < max - 200) text += tail;
  return left ? `${text}\n_${left} more are in report.html; they did not fit here._\n` : text;
}
