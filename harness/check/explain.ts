/** `authjs-conformance explain`: what a check demands, why, by which clause, and how to mend it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cweOf } from '../../reports/cwe.ts';
import { dutiesOf } from '../../reports/ledger.ts';
import type { CheckMeta, ClauseLink } from '../../reports/model.ts';
import { remedyFor } from '../../reports/words.ts';
import { closest } from '../config/closest.ts';
import { features } from '../config/config.ts';
import { ROOT } from '../config/defaults.ts';
import { ConformanceError } from '../errors.ts';
import { shippedEntries } from './shipped-catalogue.ts';

interface Explained extends Omit<CheckMeta, 'clauses'> {
  clauses: ClauseLink[];
  /** Relative to the root of the package. */
  file: string;
  line?: number;
}

const INDENT = ' '.repeat(14);
/** `.ts` in a checkout, `.js` in the package. */
const EXTENSION = path.extname(import.meta.filename);

/**
 * What is printed of a check.
 *
 * @param id its id, or a former one
 * @throws ConformanceError CONF_CHECK_UNKNOWN
 */
export async function explanation(id: string): Promise<string> {
  const entry = shipped(id) ?? (await listed(id));
  return `${paragraph(entry)}\n`;
}

/** The check as the shipped catalogue tells it, when that says what its declaration says. */
function shipped(id: string): Explained | undefined {
  const entry = shippedEntries().find((each) => each.id === id || each.formerly?.includes(id));
  if (!entry) return undefined;
  const file = entry.file.replace(/\.ts$/, EXTENSION);
  const source = readSource(file);
  if (source === undefined) return undefined;
  const at = source.indexOf(`id: '${entry.id}'`);
  // Checks of a table have no line of their own, and stand in the catalogue alone.
  if (at < 0) return { ...entry, file };
  const told = [entry.title, entry.appMust, entry.otherwise];
  const isNew =
    EXTENSION === '.ts' &&
    !told.every((text) => source.includes(text.replaceAll("'", "\\'")) || source.includes(text));
  return isNew ? undefined : { ...entry, file, line: source.slice(0, at).split('\n').length };
}

const readSource = (file: string): string | undefined => {
  try {
    return readFileSync(path.join(ROOT, file), 'utf8');
  } catch {
    return undefined;
  }
};

/** The check as it is declared now; Playwright lists all, which takes seconds. */
async function listed(id: string): Promise<Explained> {
  const [{ readCatalogue }, { clauses }] = await Promise.all([
    import('./catalogue.ts'),
    import('./clauses.ts'),
  ]);
  const entries = await readCatalogue();
  const entry = entries.find((each) => each.id === id || each.formerly?.includes(id));
  if (entry) return { ...entry, clauses: entry.clauses.map((key) => clauses[key as keyof typeof clauses]) };
  const near = closest(
    id,
    entries.map((each) => each.id),
  );
  throw new ConformanceError({
    code: 'CONF_CHECK_UNKNOWN',
    what: `there is no check "${id}"`,
    expected: 'an id that `npx authjs-conformance list` shows',
    remedy: near ? `did you mean ${near}?` : 'look the id up in the list.',
  });
}

function paragraph(entry: Explained): string {
  const rows: [string, string | undefined][] = [
    ['The app must', entry.appMust],
    ['Otherwise', entry.otherwise],
    ['Fix', entry.fix && remedyFor(entry.fix)],
    ['Level', `${entry.level} (${entry.severity})`],
    ['Clauses', entry.clauses.map(({ label, url }) => `${label}\n${INDENT}${url}`).join(`\n${INDENT}`)],
    ['ASVS 5.0.0', dutiesOf(entry.id, 'asvs').join(', ')],
    ['Weakness', cweOf(entry.id) ? `CWE-${cweOf(entry.id)}` : undefined],
    ['Fault', entry.fault],
    [
      'Needs',
      entry.needs
        ?.map(
          (need) =>
            `${need}${need in features ? `: an app that ${features[need as keyof typeof features]}` : ''}`,
        )
        .join(', '),
    ],
    ['Declared in', entry.line ? `${entry.file}:${entry.line}` : entry.file],
    ['Run it', `npx authjs-conformance run ${entry.id}`],
  ];
  return [
    `${entry.id}: the app ${entry.title}`,
    '',
    ...rows.flatMap(([name, text]) => (text ? [`${`${name}:`.padEnd(14)}${text}`] : [])),
  ].join('\n');
}
