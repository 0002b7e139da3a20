/** The page of one check, in Markdown for the documentation site. */
import { remediesFor } from '../../../reports/remedies/index.ts';
import { remedyFor } from '../../../reports/words.ts';
import type { Entry } from './suites.ts';
import { timeLine } from './time-line.ts';

/** Text that Markdown and Vue take for text. */
export const plain = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([\\`*_[\]|{}])/g, '\\$1')
    .replace(/\\\{\\\{/g, '&#123;&#123;');

/** Commands and names as code, without anything that Vue would fill in. */
const code = (text: string) => `<code v-pre>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</code>`;

const LEVELS = {
  must: 'A **must**: an app that breaks it is not conformant.',
  should: 'A **should**: an app that breaks it is warned, and fails with `--strict`.',
  may: 'A **may**: an app that breaks it is told so in a note.',
};

const block = (text: string) => `\`\`\`ts\n${text}\n\`\`\``;

/** What to do, and the code before and after where the words are those of a remedy. */
function mending({ id, fix }: Entry): string[] {
  if (!fix) return [];
  const remedy = remediesFor(id).find((each) => each.fix === fix);
  return [
    '## How to mend it',
    plain(remedyFor(fix)),
    ...(remedy?.before && remedy.after
      ? ['As it is often written:', block(remedy.before), 'As it should be:', block(remedy.after)]
      : []),
  ];
}

/**
 * @param faultTitle what the mock does in the fault phase, in words
 */
export function checkPage(entry: Entry, faultTitle?: string): string {
  const picture = timeLine(entry, faultTitle);
  const parts = [
    `# ${entry.id}`,
    `The app **${plain(entry.title)}**.`,
    `${LEVELS[entry.level]} Severity: ${entry.severity}.${entry.cwe ? ` [CWE-${entry.cwe}](https://cwe.mitre.org/data/definitions/${entry.cwe}.html).` : ''}`,
    ...Object.values(entry.libraryLimit ?? {}).map((limit) => `A limit of the library: ${plain(limit)}`),
    '## What the app must do',
    plain(entry.appMust),
    '## Why it matters',
    plain(entry.otherwise),
    ...mending(entry),
    ...(picture || entry.fault
      ? [
          '## What happens',
          entry.fault
            ? `A healthy sign-in comes first. Then the mock **${plain(faultTitle ?? 'misbehaves')}** (fault ${code(entry.fault)}), and a healthy sign-in again.`
            : 'Nothing is spoilt: what the app does in a healthy exchange is looked at.',
          picture ?? '',
        ]
      : []),
    ...(entry.needs?.length
      ? [
          '## When it is judged',
          `For apps with ${entry.needs.map(code).join(', ')}, as seen on the wire or declared in \`features\`.`,
        ]
      : []),
    '## Clauses',
    entry.clauses.map(({ label, url }) => `- [${plain(label)}](${url})`).join('\n'),
    '## Run it alone',
    `\`\`\`sh\nnpx authjs-conformance run ${entry.id}\nnpx authjs-conformance explain ${entry.id}\n\`\`\``,
    `Declared in ${code(entry.file)}.`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
