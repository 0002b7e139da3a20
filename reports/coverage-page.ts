/** The ledger for people: suites/COVERAGE.md. */
import { covered, type Duty, type Exclusion, type LedgerSource } from './ledger.ts';
import { escapeMarkdown } from './markdown-text.ts';

const MEANING: Record<Exclusion, string> = {
  'other party': 'the duty is somebody else’s: the issuer’s, the browser’s, an administrator’s',
  'not used': 'neither Auth.js nor Logto does what it speaks of',
  unseen: 'no exchange shows it',
  open: 'it could be judged, and no check does yet',
};

const percent = (part: number, whole: number) => (whole ? `${Math.round((100 * part) / whole)} %` : '–');

const cell = ({ checks, excluded, reason, gap }: Duty) =>
  excluded
    ? `*${excluded}:* ${escapeMarkdown(reason ?? '')}`
    : `${checks.map((id) => `\`${id}\``).join(', ')}${gap ? `. ${escapeMarkdown(gap)}` : ''}`;

/** As many checks as one cell names; a duty of many is told by the first of them. */
const NAMED_MAX = 8;
const short = (duty: Duty): Duty => {
  const rest = duty.checks.length - NAMED_MAX;
  return rest > 0
    ? {
        ...duty,
        checks: duty.checks.slice(0, NAMED_MAX),
        gap: [`and ${rest} more`, duty.gap].filter(Boolean).join('. '),
      }
    : duty;
};

/** The page: a table of the sources, then each duty with its checks or the reason why it has none. */
export function coverageMarkdown(ledger: readonly LedgerSource[]): string {
  const all = ledger.flatMap(({ duties }) => duties);
  const total = covered(all);
  const row = (name: string, duties: readonly Duty[]) => {
    const of = covered(duties);
    const excluded = (kind: Exclusion) => duties.filter((duty) => duty.excluded === kind).length;
    return `| ${name} | ${duties.length} | ${of.covered} | ${excluded('open')} | ${percent(of.covered, of.testable)} | ${excluded('other party')} | ${excluded('not used')} | ${excluded('unseen')} |`;
  };
  return [
    '# Coverage: every duty, and what judges it',
    '',
    '<!-- Generated from suites/ledger: npm run catalogue -->',
    '',
    `${all.length} duties of a client from ${ledger.length} sources, in our own words. ${total.covered} of ${total.testable} that can be judged from outside are judged (${percent(total.covered, total.testable)}). The others are excluded, each for one of these reasons, which a test finds untrue as soon as it is:`,
    '',
    ...Object.entries(MEANING).map(([kind, meaning]) => `- *${kind}*: ${meaning}`),
    '',
    '| Source | Duties | Judged | Open | Judged of those that can be | Other party | Not used | Unseen |',
    '| :-- | --: | --: | --: | --: | --: | --: | --: |',
    ...ledger.map(({ source, title, duties }) => row(`[${escapeMarkdown(title)}](#${source})`, duties)),
    row('**all**', all),
    '',
    '`npx authjs-conformance list --by asvs` prints the same for one source.',
    '',
    ...ledger.flatMap(({ source, title, url, duties }) => [
      `## ${source}`,
      '',
      `[${escapeMarkdown(title)}](${url})`,
      '',
      '| Number | Duty | Judged by |',
      '| :-- | :-- | :-- |',
      ...duties.map(
        (duty) => `| ${escapeMarkdown(duty.number)} | ${escapeMarkdown(duty.duty)} | ${cell(short(duty))} |`,
      ),
      '',
    ]),
  ].join('\n');
}

/** The ledger as it is shipped. */
export const ledgerJson = (sources: readonly LedgerSource[]): string =>
  `${JSON.stringify({ schema: 'urn:authjs-conformance:ledger:1', sources }, null, 1)}\n`;
