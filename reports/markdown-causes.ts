/** What to mend first, in Markdown: failures by what causes them. */
import { causesOf } from './causes.ts';
import { escapeMarkdown } from './markdown-text.ts';
import type { Cause, Report } from './model.ts';
import { counted } from './words.ts';

/** As many checks are named; more stand in their own section. */
const NAMED = 6;

/** A block of code that no line of its own can end. */
function block(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}ts\n${text.trim()}\n${fence}`;
}

const inline = (text: string) => `<code>${escapeMarkdown(text)}</code>`;

function entry(cause: Cause, index: number): string {
  const { title, severity, checks, option, file, line, fix, before, after } = cause;
  const place = [option && inline(option), file && `in ${inline(line ? `${file}:${line}` : file)}`]
    .filter(Boolean)
    .join(' ');
  const rest = checks.length - NAMED;
  return [
    `${index + 1}. **${escapeMarkdown(title)}** (${severity}, ${counted(checks.length, 'check')})${place ? `: ${place}` : ''}`,
    '',
    `   ${escapeMarkdown(fix)}`,
    '',
    `   ${checks.slice(0, NAMED).map(inline).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    ...(before && after
      ? [
          '',
          '   <details><summary>as it is often written, and as it should be</summary>',
          '',
          ...`${block(before)}\n\n${block(after)}`.split('\n').map((text) => (text ? `   ${text}` : '')),
          '',
          '   </details>',
        ]
      : []),
  ].join('\n');
}

/** The section; empty when nothing failed. */
export function causesSection({
  causes,
  checks,
  target,
  findings,
}: Pick<Report, 'causes' | 'checks' | 'target'> & Partial<Pick<Report, 'findings'>>): string {
  const failing = (causes ?? causesOf(checks, target, findings)).filter(({ verdict }) => verdict === 'fail');
  if (failing.length === 0) return '';
  const byId = new Map(checks.map((check) => [check.id, check]));
  const failures = failing.flatMap(({ checks: ids }) => ids).filter((id) => byId.get(id)?.verdict === 'fail');
  return `\n### Mend this first: ${counted(failing.length, 'cause')}, ${counted(failures.length, 'failure')}\n\n${failing.map(entry).join('\n\n')}\n`;
}
