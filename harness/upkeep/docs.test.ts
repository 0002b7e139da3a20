/** Pages that rot unless they are held to the code: codes of errors, and the figures of the README. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { faults } from '../../mocks/faults.ts';
import { ROOT } from '../config/defaults.ts';

// By path: the mutants are plain JavaScript, which has no types.
const { allKills } = await import(path.join(ROOT, 'fixtures/mutants/kill-matrix.ts'));

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const CODE = /\bCONF_[A-Z]+(?:_[A-Z]+)*\b/g;
/** Rooms whose errors people meet when they set up or start a run. */
const ROOMS = ['doctor', 'lab', 'targets', 'config', 'run', 'visitor', 'user-agents', 'machine'];

const codesIn = (text: string) => new Set(text.match(CODE));

it('docs/getting-started.md tells every code that doctor and run can end with, and no others', () => {
  const used = codesIn(
    globSync(`harness/{${ROOMS.join(',')}}/**/*.ts`, {
      cwd: ROOT,
      exclude: (name) => /[.]test[.]ts$/.test(name),
    })
      .map(read)
      .join('\n'),
  );
  const told = codesIn(read('docs/getting-started.md'));
  expect([...used].filter((code) => !told.has(code))).toEqual([]);
  const anywhere = codesIn(globSync('{harness,reports,mocks}/**/*.ts', { cwd: ROOT }).map(read).join('\n'));
  expect([...told].filter((code) => !anywhere.has(code))).toEqual([]);
});

it('docs/live.md tells every code of a run against a real Logto, and no others', () => {
  const used = codesIn(
    globSync('harness/{live,logto}/**/*.ts', { cwd: ROOT, exclude: (name) => /[.]test[.]ts$/.test(name) })
      .map(read)
      .join('\n'),
  );
  const told = codesIn(read('docs/live.md'));
  expect([...used].filter((code) => !told.has(code))).toEqual([]);
  expect([...told].filter((code) => !used.has(code))).toEqual([]);
});

it('docs/live.md tells the share of each suite, of all at least 45 %', () => {
  const [, all, live] = /\*\*all\*\* \| \*\*(\d+)\*\* \| \*\*(\d+)\*\*/.exec(read('docs/live.md')) ?? [];
  expect(Number(live) / Number(all)).toBeGreaterThan(0.45);
});

it('the catalogue names files that are there', () => {
  const files = new Set<string>(
    JSON.parse(read('reports/catalogue.json')).checks.map(({ file }: { file: string }) => file),
  );
  expect([...files].filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

it('the README tells figures that hold', () => {
  const figures: Record<string, number> = {
    checks: JSON.parse(read('reports/catalogue.json')).checks.length,
    mutants: Object.keys(allKills()).length,
    faults: Object.keys(faults).length,
  };
  for (const file of ['README.md', 'fixtures/mutants/README.md']) {
    for (const [whole, figure, what] of read(file).matchAll(
      /(?<![\d.,])(\d+) (checks|mutants|faults)\b(?! of)/g,
    ))
      expect(`${file}: ${whole}`).toBe(`${file}: ${figures[what as string] ?? figure} ${what}`);
  }
});

it('CONTRIBUTING names files and functions that are there', () => {
  const named = [
    ...read('CONTRIBUTING.md').matchAll(/(\w+)\(\) · ((?:harness|mocks|reports)\/[\w/-]+\.ts)/g),
  ];
  expect(named.length).toBeGreaterThan(8);
  for (const [, name, file] of named) expect(read(file as string)).toMatch(new RegExp(`\\b${name}\\b`));
});

it('pages that show what a run prints tell the number of checks that there are', () => {
  const { length } = JSON.parse(read('reports/catalogue.json')).checks;
  const told = globSync('{README.md,docs/*.md}', { cwd: ROOT })
    // What was measured once is what it was.
    .filter((file) => !/benchmarks/.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/\d+ of (\d+) checks/g)].map(([words]) => `${file}: ${words}`),
    );
  expect(told.length).toBeGreaterThan(1);
  expect(told.filter((words) => !words.includes(` of ${length} checks`))).toEqual([]);
});
