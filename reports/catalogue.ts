/** The catalogue of checks, for people (suites/README.md) and for tools (reports/catalogue.json). */
import { cweOf } from './cwe.ts';
import { dutiesOf, type LedgerSource } from './ledger.ts';
import { escapeMarkdown } from './markdown-text.ts';
import type { CheckMeta, ClauseLink } from './model.ts';

/** A declared check and where it stands. */
export interface CatalogueRow extends CheckMeta {
  suite: string;
  file: string;
  line: number;
}

export interface CatalogueInput {
  checks: readonly CatalogueRow[];
  clauses: Readonly<Record<string, ClauseLink>>;
  /** What each check stands for in the ledger. */
  ledger?: readonly LedgerSource[];
}

const suitesOf = (checks: readonly CatalogueRow[]) =>
  [...new Set(checks.map(({ suite }) => suite))].map((suite) => ({
    suite,
    checks: checks.filter((check) => check.suite === suite),
  }));

/** The catalogue as JSON; lines of files are left out, so that it changes only when a check does. */
export const catalogueJson = ({ checks, clauses }: CatalogueInput): string =>
  `${JSON.stringify(
    {
      schema: 'urn:authjs-conformance:catalogue:1',
      checks: checks.map(({ line: _line, ...check }) => ({
        ...check,
        ...(cweOf(check.id) && { cwe: cweOf(check.id) }),
        clauses: check.clauses.map((key) => ({ key, ...clauses[key] })),
      })),
    },
    null,
    2,
  )}\n`;

const linked = (key: string, clauses: CatalogueInput['clauses']) =>
  clauses[key] ? `[${escapeMarkdown(key)}](${clauses[key].url})` : escapeMarkdown(key);

/** The catalogue as Markdown. */
export function catalogueMarkdown({ checks, clauses, ledger = [] }: CatalogueInput): string {
  const levels = (['must', 'should', 'may'] as const).map(
    (level) => `${checks.filter((check) => check.level === level).length} ${level}`,
  );
  const cited = new Set(checks.flatMap((check) => check.clauses));
  return [
    '# Catalogue of checks',
    '',
    '<!-- Generated from the declarations: npm run catalogue -->',
    '',
    `${checks.length} checks in ${suitesOf(checks).length} suites: ${levels.join(', ')}; ${cited.size} clauses. Titles read after "the app"; what each stands for, and what is not judged, is in [COVERAGE.md](COVERAGE.md).`,
    '',
    ...suitesOf(checks).map(({ suite, checks: members }) => `- [${suite}](#${suite}) (${members.length})`),
    '',
    ...suitesOf(checks).flatMap(({ suite, checks: members }) => [
      `## ${suite}`,
      '',
      '| Check | The app … | Level | Harm | Clauses | ASVS | CWE | Fault |',
      '| :-- | :-- | :-- | :-- | :-- | :-- | :-- | :-- |',
      ...members.map(
        (check) =>
          `| \`${check.id}\` | ${escapeMarkdown(check.title)}${check.needs?.length ? ` (needs ${check.needs.join(', ')})` : ''}${check.provisional ? ' (provisional)' : ''} | ${check.level} | ${check.severity} | ${check.clauses.map((key) => linked(key, clauses)).join(', ')} | ${dutiesOf(check.id, 'asvs', ledger).join(', ')} | ${check.cwe ?? cweOf(check.id) ?? ''} | ${check.fault ? `\`${check.fault}\`` : ''} |`,
      ),
      '',
    ]),
  ].join('\n');
}
