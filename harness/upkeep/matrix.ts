/**
 * Certifies all bundled targets and writes docs/matrix.md: target × suite.
 *
 * `npm run matrix` runs everything, `npm run matrix -- express hono` those two, and `npm run matrix -- --no-run` only
 * writes the page anew. As many run at once as the cores allow; `--at-once N` takes another number. A row is always made from a report.json; a target without a whole report is shown as not run.
 */

import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Report, Verdict } from '../../reports/model.ts';
import { isWhole } from '../../reports/scope.ts';
import { VERDICT_NAMES } from '../../reports/verdict-names.ts';
import { ROOT } from '../config/defaults.ts';

const CONTAINER = 'express-container';
const results = path.join(ROOT, 'conformance-results');

/** What reproduces a row. */
const commandOf = (target: string): string =>
  target === CONTAINER
    ? 'npm run test:container'
    : `npm run conformance -- --config fixtures/targets/${target}/conformance.config.ts --out conformance-results/${target}`;

const execute = (command: string, log: string): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(`${command} >${JSON.stringify(log)} 2>&1`, {
      cwd: ROOT,
      shell: true,
      stdio: 'ignore',
    });
    child.once('close', (code) => resolve(code ?? 2));
  });

/** Runs a target; once more when it could not be judged (2), never when it was (1). */
async function certify(target: string): Promise<number> {
  const out = path.join(results, target);
  mkdirSync(out, { recursive: true });
  const once = () => execute(commandOf(target), path.join(out, 'run.log'));
  const code = await once();
  return code === 2 ? once() : code;
}

const VERDICTS: [Verdict, string][] = [
  ['fail', 'failed'],
  ['warn', 'warned'],
  ['note', 'noted'],
  ['blocked', 'blocked'],
  ['error', 'in error'],
];

/** `11 of 11`, or `9 of 11: 1 failed, 1 noted`; checks that are not applicable are left out of both numbers. */
function cell(checks: Report['checks']): string {
  const judged = checks.filter(({ verdict }) => !verdict.startsWith('not '));
  if (!judged.length) return '–';
  const others = VERDICTS.flatMap(([verdict, word]) => {
    const count = judged.filter((each) => each.verdict === verdict).length;
    return count ? [`${count} ${word}`] : [];
  });
  const passed = judged.filter(({ verdict }) => verdict === 'pass').length;
  return `${passed} of ${judged.length}${others.length ? `: ${others.join(', ')}` : ''}`;
}

/** The report of a whole run; one of a part makes no row. */
function reportOf(target: string): Report | undefined {
  const file = path.join(results, target, 'report.json');
  if (!existsSync(file)) return undefined;
  const report: Report = JSON.parse(readFileSync(file, 'utf8'));
  return report.scope && isWhole(report) ? report : undefined;
}

/** The page; exported for its test. */
export function matrixPage(rows: { target: string; report: Report | undefined }[]): string {
  const suites = [
    ...new Set(rows.flatMap(({ report }) => report?.checks.map(({ suite }) => suite) ?? [])),
  ].sort();
  const known = rows.flatMap(({ target, report }) => (report ? [{ target, report }] : []));
  const table = (head: string[], lines: string[][]) =>
    [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
  const versions = ({ versions: all }: Report['target']) =>
    Object.entries(all)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ') || '–';
  return `# Matrix: target × suite

Written by \`npm run matrix\` from the report of each run; do not edit. A cell says how many of the checks that apply
passed. A warning is a broken *should*, a note a *may* or a limit of the library that every app built on it shares.

${table(
  ['target', 'result', ...VERDICT_NAMES, 'seconds', 'run at'],
  rows.map(({ target, report }) =>
    report
      ? [
          target,
          report.result,
          ...(
            ['pass', 'fail', 'warn', 'note', 'not applicable', 'not judged', 'blocked', 'error'] as const
          ).map((verdict) => String(report.counts[verdict])),
          String(Math.round(report.durationMs / 1000)),
          `${report.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
        ]
      : [target, 'not run', ...Array(10).fill('')],
  ),
)}

## By suite

${table(
  ['suite', ...known.map(({ target }) => target)],
  suites.map((suite) => [
    suite,
    ...known.map(({ report }) => cell(report.checks.filter((check) => check.suite === suite))),
  ]),
)}

## Versions

${table(
  ['target', 'framework', 'recognised as', 'versions', 'Node', 'commit'],
  known.map(({ target, report }) => [
    target,
    report.target.framework ?? '–',
    report.target.library ?? '–',
    versions(report.target),
    report.environment.node,
    report.environment.commit?.slice(0, 7) ?? '–',
  ]),
)}

## To reproduce a row

${table(
  ['target', 'command'],
  rows.map(({ target }) => [target, `\`${commandOf(target)}\``]),
)}

A single cell: the same command with the name of the suite at its end.
`;
}

/** Cores that one run keeps busy: two workers, the app and the mocks take turns. */
const CORES_OF_A_RUN = 2;

/** Does something with each item, so many at once, in the order of the list. */
export async function atOnce<Item>(
  items: readonly Item[],
  most: number,
  body: (item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await body(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}

/** Runs and writes; returns the exit code. */
async function main(): Promise<0 | 1 | 2> {
  const { values, positionals } = parseArgs({
    options: {
      'no-run': { type: 'boolean', default: false },
      'at-once': {
        type: 'string',
        default: String(Math.max(1, Math.floor(os.availableParallelism() / CORES_OF_A_RUN))),
      },
    },
    allowPositionals: true,
  });
  const targets = globSync('fixtures/targets/*/conformance.config.ts', { cwd: ROOT })
    .map((file) => path.basename(path.dirname(file)))
    .sort();
  const unknown = positionals.filter((name) => !targets.includes(name));
  if (unknown.length) {
    process.stderr.write(`there is no target ${unknown.join(', ')}; there are ${targets.join(', ')}\n`);
    return 2;
  }
  const codes: number[] = [];
  const write = () => {
    const rows = targets.map((target) => ({ target, report: reportOf(target) }));
    writeFileSync(path.join(ROOT, 'docs/matrix.md'), matrixPage(rows));
    return rows;
  };
  const wanted = values['no-run'] ? [] : positionals.length ? positionals : targets;
  await atOnce(wanted, Math.max(1, Number(values['at-once']) || 1), async (target) => {
    const begun = Date.now();
    const code = await certify(target);
    codes.push(code);
    const report = write().find((row) => row.target === target)?.report;
    const counts = Object.entries(report?.counts ?? {}).filter(([, count]) => count);
    process.stdout.write(
      `${target}: exit code ${code}, ${counts.map(([verdict, count]) => `${count} ${verdict}`).join(', ') || `no whole report, see conformance-results/${target}/run.log`} (${Math.round((Date.now() - begun) / 1000)} s)\n`,
    );
  });
  write();
  return codes.includes(1) ? 1 : codes.includes(2) ? 2 : 0;
}

if (import.meta.main) process.exitCode = await main();
