/**
 * `npm run bench`: what the harness costs, beside what the app, the mocks and the exchanges cost without it.
 *
 * `--times 5` how often each is measured (the median counts), `--config FILE` another target, `--only floor,starts` parts
 * of it (floor, starts, growth, exchanges, peers), `--select suite` a part of the catalogue, `--write` puts it into
 * docs/benchmarks.md. Runs and floors alternate, so that what else the machine does meets both.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readReport } from '../../../reports/files.ts';
import { DEFAULT_CONFIG, ROOT } from '../../config/defaults.ts';
import { bySuite, type Count, largest } from './exchanges.ts';
import type { Played } from './floor.ts';
import { measureGrowth } from './growth.ts';
import { load, type Measured, machine, measure, median } from './measure.ts';
import { measurePeers } from './peers.ts';
import { measureStarts } from './starts.ts';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '5' },
    config: { type: 'string', default: DEFAULT_CONFIG },
    only: { type: 'string', default: 'floor,starts,growth,exchanges,peers' },
    select: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
  },
});
const times = Number(values.times);
const parts = values.only.split(',');
const out = mkdtempSync(path.join(os.tmpdir(), 'authjs-bench-'));
const sections: string[] = [];

const table = (head: string[], rows: string[][]) =>
  [head, head.map((_, index) => (index ? '--:' : ':--')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
const say = (title: string, ...texts: string[]) => {
  sections.push([`### ${title}`, ...texts].join('\n\n'));
  process.stdout.write(`\n${sections.at(-1)}\n`);
};
const round = (value: number, digits = 1) => value.toFixed(digits);

interface Round {
  run: Measured;
  floor: Measured & { played: Played };
}

async function floorAndRun(): Promise<void> {
  const folder = path.join(out, 'run');
  const config = values.config ? ['--config', values.config] : [];
  const report = path.join(folder, values.select.length ? 'selection' : '', 'report.json');
  const rounds: Round[] = [];
  for (let count = 0; count < times; count += 1) {
    const run = await measure(
      [path.join(ROOT, 'harness/bin.js'), 'run', ...values.select, ...config, '--out', folder],
      { cwd: ROOT, words: [/ (1?\d+ )?checks?\n/, /\(\d+\/\d+, /] },
    );
    if (run.code === 2) throw new Error(`the run could not be judged:\n${run.stdout.slice(-2_000)}`);
    const floor = await measure(
      [path.join(import.meta.dirname, 'floor.ts'), report, ...(values.config ? [values.config] : [])],
      { cwd: ROOT },
    );
    if (floor.code !== 0) throw new Error(`the floor ended with ${floor.code}`);
    rounds.push({ run, floor: { ...floor, played: JSON.parse(floor.stdout) as Played } });
    const last = rounds.at(-1) as Round;
    process.stdout.write(
      `run ${round(last.run.cpu)} CPU s, ${round(last.run.wall)} s; floor ${round(last.floor.cpu)} CPU s, ${round(last.floor.wall)} s\n`,
    );
  }
  const of = (pick: (each: Round) => number) => median(rounds.map(pick));
  const [{ floor }] = rounds as [Round];
  const { played } = floor;
  const memory = new Map<string, number>();
  for (const { run } of rounds)
    for (const [kind, peak] of run.memory) memory.set(kind, Math.max(memory.get(kind) ?? 0, peak));
  const { scope } = readReport(report);
  say(
    'A run beside its floor',
    `${scope.ran} checks, medians of ${times}, alternating. The floor plays the ${played.exchanges} exchanges of browsers once more, ${round((100 * played.alike) / played.exchanges, 0)} % of them with the same status, to the same app and mocks, over undici and nothing else.`,
    table(
      ['', 'run', 'floor', 'run ÷ floor'],
      [
        [
          'CPU seconds',
          round(of(({ run }) => run.cpu)),
          round(of(({ floor: each }) => each.cpu)),
          round(
            of(({ run, floor: each }) => run.cpu / each.cpu),
            2,
          ),
        ],
        [
          'seconds',
          round(of(({ run }) => run.wall)),
          round(of(({ floor: each }) => each.wall)),
          round(
            of(({ run, floor: each }) => run.wall / each.wall),
            2,
          ),
        ],
      ],
    ),
    table(
      ['CPU seconds', 'run', 'floor'],
      [
        ...new Set(rounds.flatMap(({ run, floor: each }) => [...run.shares.keys(), ...each.shares.keys()])),
      ].map((kind) => [
        kind,
        round(of(({ run }) => run.shares.get(kind) ?? 0)),
        round(of(({ floor: each }) => each.shares.get(kind) ?? 0)),
      ]),
    ),
    `Largest resident sets: ${[...memory].map(([kind, peak]) => `${kind} ${peak} MB`).join(', ')}.`,
  );
  if (!parts.includes('exchanges')) return;
  const rows = (counts: Count[]) =>
    counts.map(({ name, checks, browser, servers, signIns }) => [
      name === 'all' ? '**all**' : name,
      ...[checks, browser, servers, signIns].map(String),
    ]);
  const head = ['', 'checks', 'by browsers', 'by servers', 'sign-ins begun'];
  say(
    'Exchanges',
    table(head, rows(bySuite(readReport(report)))),
    table(head, rows(largest(readReport(report)))),
  );
}

try {
  mkdirSync(out, { recursive: true });
  process.stdout.write(`${machine()}; ${load()}\n`);
  if (parts.includes('starts')) {
    const starts = await measureStarts({ times, out: path.join(out, 'starts'), config: values.config });
    say(
      'Starts',
      table(
        ['', 'seconds', 'goal', 'CPU seconds'],
        starts.map(({ what, goal, wall, cpu }) => [what, round(wall, 2), `${goal}`, round(cpu, 2)]),
      ),
    );
  }
  if (parts.includes('floor')) await floorAndRun();
  if (parts.includes('growth'))
    say(
      'Growth',
      table(
        ['', 'milliseconds'],
        (await measureGrowth()).map(({ what, milliseconds }) => [what, round(milliseconds)]),
      ),
    );
  if (parts.includes('peers')) {
    const { versions, rows } = await measurePeers();
    say('Beside others', versions, table(['', '', ''], rows));
  }
  if (values.write) {
    const page = path.join(ROOT, 'docs/benchmarks.md');
    const text = readFileSync(page, 'utf8');
    const [begin, end] = ['<!-- bench: written by npm run bench -->', '<!-- bench: end -->'];
    const [before, rest] = text.split(begin) as [string, string];
    const after = rest.slice(rest.indexOf(end));
    writeFileSync(
      page,
      `${before}${begin}\n\n${machine()}; ${load()} when it ended.\n\n${sections.join('\n\n')}\n\n${after}`,
    );
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
