/** A run on four machines is the run on one: the same checks, the same verdicts, own checks and known failures among them. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readReport } from '../../reports/files.ts';
import type { Report } from '../../reports/model.ts';
import { ROOT } from '../config/defaults.ts';

const SELECTED = ['logs', 'pages', 'laws', 'shop'];
const PARTS = 4;

let place: string;
beforeAll(() => {
  place = mkdtempSync(path.join(os.tmpdir(), 'authjs-shards-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(place, 'node_modules'));
  writeFileSync(
    path.join(place, 'conformance.config.json'),
    JSON.stringify({
      target: { name: 'shop', command: 'node server.js', cwd: path.join(ROOT, 'fixtures/targets/express') },
      scopes: ['offline_access', 'profile', 'email'],
      pages: { home: '/', protected: ['/protected'], api: ['/api/protected'] },
      checks: ['./shop.spec.ts'],
      knownFailures: './known.json',
    }),
  );
  writeFileSync(
    path.join(place, 'known.json'),
    JSON.stringify({ known: [{ check: 'shop/sells', reason: 'The shop opens next week.' }] }),
  );
  const meta = (id: string) =>
    JSON.stringify({
      id,
      title: `does ${id}`,
      clauses: [],
      level: 'must',
      severity: 'minor',
      appMust: 'Do it.',
      otherwise: 'It does not.',
    });
  writeFileSync(
    path.join(place, 'shop.spec.ts'),
    `import { check, demand } from ${JSON.stringify(path.join(ROOT, 'harness/index.ts'))};
check(${meta('shop/greets')} as never)(async ({ visitor }) => {
  const { session } = await (await visitor()).signIn();
  demand(session, 'nobody is signed in');
});
check(${meta('shop/sells')} as never)(async () => demand(false, 'Sold nothing.'));
`,
  );
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Runs a command of ours in the app's folder; the report is what counts. */
const ours = (...args: string[]) =>
  promisify(execFile)(process.execPath, [path.join(ROOT, 'harness/bin.js'), ...args], { cwd: place }).then(
    () => 0,
    (error: { code: number; stdout: string; stderr: string }) => {
      if (error.code === 2) throw new Error(`${error.stdout}\n${error.stderr}`);
      return error.code;
    },
  );

const told = ({ checks }: Report) =>
  Object.fromEntries(
    checks.map(({ id, verdict, known, notScored }) => [id, { verdict, known, notScored }]).sort() as [
      string,
      unknown,
    ][],
  );

it(`${PARTS} shards, merged, are the single run`, { timeout: 600_000 }, async () => {
  const single = path.join(place, 'single');
  const code = await ours('run', ...SELECTED, '--out', single, '--reporter', 'json');
  const whole = readReport(path.join(single, 'selection'));
  const folders = Array.from({ length: PARTS }, (_, index) => path.join(place, `part-${index + 1}`));
  for (const [index, folder] of folders.entries())
    await ours('run', ...SELECTED, '--shard', `${index + 1}/${PARTS}`, '--out', folder, '--reporter', 'json');
  const merged = path.join(place, 'merged');
  expect(await ours('merge', ...folders, '--out', merged, '--reporter', 'json')).toBe(code);
  const report = readReport(merged);
  expect(told(report)).toEqual(told(whole));
  expect(whole.checks.find(({ id }) => id === 'shop/sells')).toMatchObject({
    verdict: 'fail',
    known: 'The shop opens next week.',
  });
  expect(report).toMatchObject({
    result: whole.result,
    exitCode: whole.exitCode,
    counts: whole.counts,
    coverage: whole.coverage,
    causes: whole.causes,
    scope: { kind: 'selection', ran: whole.scope.ran, of: whole.scope.of },
  });
  // Each part did a part of the work.
  const sizes = folders.map((folder) => {
    const { checks } = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as Report;
    return checks.filter(({ suite }) => suite !== 'laws').length;
  });
  const own = whole.checks.filter(({ suite }) => suite !== 'laws').length;
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(own);
  expect(Math.max(...sizes)).toBeLessThan(own);
});
