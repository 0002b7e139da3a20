/**
 * Runs the catalogue again and again, half of the times beside processes that take all the CPU, and demands equal verdicts.
 *
 * `npm run steady` makes ten runs of the Express target, `npm run steady -- --runs 4` four, `--config FILE` takes another
 * target. The table goes into docs/benchmarks.md. Exit codes: 0 all verdicts are equal, 1 some are not.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Report, Verdict } from '../../reports/model.ts';
import { VERDICT_NAMES } from '../../reports/verdict-names.ts';
import { DEFAULT_CONFIG, ROOT } from '../config/defaults.ts';

/** One run: how many processes took the CPU beside it, and what it found. */
export interface SteadyRun {
  hogs: number;
  report: Report | undefined;
  seconds: number;
}

const PAGE = path.join(ROOT, 'docs/benchmarks.md');
const BEGIN = '<!-- steady: written by npm run steady -->';
const END = '<!-- steady: end -->';

/** Checks that had not the same verdict in every run, with the verdict of each run; a run without it has none. */
export function unsteady(runs: readonly Pick<SteadyRun, 'report'>[]): Map<string, (Verdict | 'none')[]> {
  const verdicts = runs.map(({ report }) => new Map(report?.checks.map(({ id, verdict }) => [id, verdict])));
  const ids = [...new Set(verdicts.flatMap((each) => [...each.keys()]))].sort();
  return new Map(
    ids
      .map((id) => [id, verdicts.map((each) => each.get(id) ?? ('none' as const))] as const)
      .filter(([, each]) => new Set(each).size > 1)
      .map(([id, each]) => [id, [...each]]),
  );
}

const table = (head: string[], lines: string[][]) =>
  [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');

/** The section of the page. */
export function steadySection(
  runs: readonly SteadyRun[],
  about: { target: string; machine: string },
): string {
  const differing = unsteady(runs);
  const missing = runs.filter(({ report }) => !report).length;
  const rows = runs.map(({ hogs, report, seconds }, index) => [
    String(index + 1),
    hogs ? `${hogs} CPU hogs` : 'no hogs',
    report?.result ?? 'no report',
    ...VERDICT_NAMES.map((verdict) => String(report?.counts[verdict] ?? '')),
    String(report?.checks.filter(({ retries }) => retries > 0).length ?? ''),
    String(Math.round(seconds)),
  ]);
  const verdict =
    differing.size || missing
      ? `**Not steady**: ${differing.size} checks had not the same verdict in every run.`
      : `All ${runs[0]?.report?.checks.length ?? 0} checks had the same verdict in each of ${runs.length} runs.`;
  return `${BEGIN}

${runs.length} runs of the whole catalogue on the target \`${about.target}\`, on ${about.machine}.
${verdict} *Judged twice* are checks whose first verdict rested on a time limit.

${table(['run', 'beside', 'result', ...VERDICT_NAMES, 'judged twice', 'seconds'], rows)}
${
  differing.size
    ? `\n${table(
        ['check', ...runs.map((_, index) => `run ${index + 1}`)],
        [...differing].map(([id, each]) => [`\`${id}\``, ...each]),
      )}\n`
    : ''
}
${END}`;
}

/** The page with its section replaced; whatever stands around it is left. */
export const withSection = (page: string, section: string): string =>
  page.includes(BEGIN)
    ? `${page.slice(0, page.indexOf(BEGIN))}${section}${page.slice(page.indexOf(END) + END.length)}`
    : `${page.trimEnd()}\n\n${section}\n`;

/** Processes that do nothing but take the CPU; they end with this one, and by themselves after an hour. */
const startHogs = (count: number): ChildProcess[] =>
  Array.from({ length: count }, () => {
    const hog = spawn(
      process.execPath,
      [
        '-e',
        `const owner = process.ppid; const end = Date.now() + 3_600_000;
         while (process.ppid === owner && Date.now() < end) for (let n = 0; n < 1e7; n += 1);`,
      ],
      { stdio: 'ignore' },
    );
    return hog;
  });

async function once(config: string, out: string): Promise<Report | undefined> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const log = openSync(path.join(out, 'run.log'), 'w');
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'harness/bin.js'), 'run', '--config', config, '--out', out, '--reporter', 'json'],
    { cwd: ROOT, stdio: ['ignore', log, log] },
  );
  await new Promise((resolve) => child.once('close', resolve));
  try {
    return JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

async function main(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '10' }, config: { type: 'string' } },
  });
  const { config = DEFAULT_CONFIG as string } = values;
  const count = Number(values.runs);
  if (!Number.isInteger(count) || count < 2) throw new Error(`--runs ${values.runs}: give 2 or more`);
  const cores = os.availableParallelism();
  const runs: SteadyRun[] = [];
  for (let index = 0; index < count; index += 1) {
    // The second half is run beside hogs.
    const hogs = startHogs(index < Math.ceil(count / 2) ? 0 : 2 * cores);
    const begun = performance.now();
    try {
      const report = await once(config, path.join(ROOT, 'conformance-results/steady', String(index + 1)));
      const seconds = (performance.now() - begun) / 1000;
      runs.push({ hogs: hogs.length, report, seconds });
      process.stdout.write(
        `run ${index + 1} beside ${hogs.length} hogs: ${report?.result ?? 'no report'}, ${seconds.toFixed(0)} s\n`,
      );
    } finally {
      for (const hog of hogs) hog.kill('SIGKILL');
    }
  }
  const section = steadySection(runs, {
    target: runs.find(({ report }) => report)?.report?.target.name ?? path.relative(ROOT, config),
    machine: `${cores} cores, ${process.platform} ${process.arch}, Node ${process.version}`,
  });
  process.stdout.write(`${section}\n`);
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), section));
  return unsteady(runs).size || runs.some(({ report }) => !report) ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main();
