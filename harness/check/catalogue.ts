/** The catalogue of checks, taken from the declarations by `playwright test --list`. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { type LedgerSource, shippedLedger } from '../../reports/ledger.ts';
import { LAWS, LAWS_GREP, lawsOf } from '../../reports/load-laws.ts';
import { closest } from '../config/closest.ts';
import { ROOT } from '../config/defaults.ts';
import { ConformanceError } from '../errors.ts';
import { LAWS_FILE } from './all-laws.ts';
import type { CheckDeclaration } from './check.ts';
import { grepOf, resolveSelection } from './selection.ts';
import { shippedCatalogue } from './shipped-catalogue.ts';

export interface CatalogueEntry extends CheckDeclaration {
  suite: string;
  file: string;
  line: number;
}

interface ListedSuite {
  specs?: {
    file: string;
    line: number;
    tests: { annotations: { type: string; description?: string }[] }[];
  }[];
  suites?: ListedSuite[];
}

/** Own checks of an app, as the config of Playwright reads them from its environment. */
export interface OwnChecks {
  /** Folder that the globs are looked up from. */
  folder: string;
  checks: readonly string[];
}

/** The value of CONFORMANCE_OWN_CHECKS. */
export const ownChecksText = ({ folder, checks }: OwnChecks): string =>
  JSON.stringify(checks.length ? [{ folder, globs: checks.map((glob) => path.resolve(folder, glob)) }] : []);

/** All checks (or the selected ones) by suite, laws last; Playwright lists them, which takes seconds. */
export async function readCatalogue(
  select: readonly string[] = [],
  own?: OwnChecks,
): Promise<CatalogueEntry[]> {
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
    'cli.js',
  );
  const grep = grepOf(select);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      cli,
      'test',
      '--list',
      '--reporter=json',
      '--config',
      path.join(ROOT, `playwright.config${path.extname(import.meta.filename)}`),
      ...(grep ? ['--grep', grep] : []),
    ],
    {
      cwd: ROOT,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        ...process.env,
        CONFORMANCE_LAB: 'listing',
        ...(own && { CONFORMANCE_OWN_CHECKS: ownChecksText(own) }),
      },
    },
  ).catch((error: { stdout?: string; message: string }) => {
    if (error.stdout?.includes('"suites"')) return { stdout: error.stdout };
    throw error;
  });
  const listed = JSON.parse(stdout) as {
    config: { rootDir: string };
    suites: ListedSuite[];
    errors?: { message?: string }[];
  };
  // A file that does not load must not make the catalogue shorter without a word.
  const [broken] = listed.errors ?? [];
  if (broken)
    throw new Error(`the checks could not be listed: ${broken.message ?? 'Playwright says no more'}`);
  // Playwright tells files from the folder that all its tests are in.
  const fileOf = (file: string) =>
    path.relative(ROOT, path.resolve(listed.config.rootDir, file)).split(path.sep).join('/');
  const collect = (suite: ListedSuite): CatalogueEntry[] => [
    ...(suite.specs ?? []).flatMap((spec) => {
      const json = spec.tests[0]?.annotations.find(({ type }) => type === 'check')?.description;
      const meta = json ? (JSON.parse(json) as CheckDeclaration) : undefined;
      return meta
        ? [{ ...meta, suite: meta.id.split('/')[0] as string, file: fileOf(spec.file), line: spec.line }]
        : [];
    }),
    ...(suite.suites ?? []).flatMap(collect),
  ];
  // Which file is the first to hold a check of a suite says nothing; within one, checks stay as they are declared.
  const checks = listed.suites.flatMap(collect).toSorted((a, b) => a.suite.localeCompare(b.suite));
  return [...checks, ...(await readLaws(grep))];
}

/** Laws are declared beside the checks, and judged over what these sent. */
async function readLaws(grep: string | undefined): Promise<CatalogueEntry[]> {
  const laws = await lawsOf({ [LAWS]: LAWS_FILE, [LAWS_GREP]: grep ?? '' });
  return laws.map(({ meta }) => ({
    ...(meta as CheckDeclaration),
    suite: 'laws',
    file: 'suites/laws/index.ts',
    line: 1,
  }));
}

/** `authjs-conformance list` */
export async function list(select: string[], json: boolean): Promise<number> {
  const checks = shippedCatalogue();
  const selected = resolveSelection(select, checks);
  if (json) {
    const listed = await readCatalogue(selected.select);
    process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
    return 0;
  }
  const entries = checks.filter(({ id }) => selected.ids.includes(id));
  const width = Math.max(...entries.map(({ id }) => id.length), 0);
  const lines = entries.map(
    ({ id, level, title }) => `${id.padEnd(width)}  ${level.padEnd(6)}  the app ${title}`,
  );
  process.stdout.write(`${lines.join('\n')}\n\n${entries.length} checks\n`);
  return 0;
}

/**
 * `authjs-conformance list --by asvs`: the duties of a source, each with its checks or the reason why it has none.
 *
 * @param select as for `list`; with one, only duties that a selected check stands for
 * @throws ConformanceError CONF_SOURCE_UNKNOWN
 */
export function listBy(name: string, select: string[], json: boolean): number {
  const ledger = shippedLedger();
  const source = ledger.find((each) => each.source === name.toLowerCase());
  if (!source) {
    const sources = ledger.map((each) => each.source);
    const near = closest(name, sources);
    throw new ConformanceError({
      code: 'CONF_SOURCE_UNKNOWN',
      what: `the ledger has no source "${name}"`,
      expected: `one of ${sources.join(', ')} (--by)`,
      remedy: near ? `did you mean ${near}?` : 'take one of these.',
    });
  }
  const ids = new Set(resolveSelection(select, shippedCatalogue()).ids);
  const duties = select.length
    ? source.duties.flatMap((duty) => {
        const checks = duty.checks.filter((id) => ids.has(id));
        return checks.length ? [{ ...duty, checks }] : [];
      })
    : source.duties;
  process.stdout.write(
    json ? `${JSON.stringify({ ...source, duties }, null, 2)}\n` : `${byDuty({ ...source, duties })}\n`,
  );
  return 0;
}

function byDuty({ title, duties }: LedgerSource): string {
  const width = Math.max(...duties.map(({ number }) => number.length), 0);
  const indent = ' '.repeat(width + 2);
  const count = duties.filter(({ excluded }) => !excluded).length;
  return [
    ...duties.flatMap(({ number, duty, checks, excluded, reason, gap }) => [
      `${number.padEnd(width)}  ${duty}`,
      ...(excluded ? [`${indent}${excluded}: ${reason}`] : checks.map((id) => `${indent}${id}`)),
      ...(gap ? [`${indent}(${gap})`] : []),
    ]),
    '',
    `${title}: ${duties.length} duties, ${count} judged`,
  ].join('\n');
}
