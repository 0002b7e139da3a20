import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { matters, nextChange } from './watch.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('waits for a file of the app, not for what a run writes', async () => {
  mkdirSync(path.join(folder, 'conformance-results'));
  mkdirSync(path.join(folder, 'src'));
  const change = nextChange([folder], new AbortController().signal);
  writeFileSync(path.join(folder, 'conformance-results', 'report.json'), '{}');
  writeFileSync(path.join(folder, 'src', 'auth.ts'), 'export {}');
  expect(await change).toBe(path.join('src', 'auth.ts'));
});

it('ends with its signal', async () => {
  const end = new AbortController();
  const change = nextChange([folder], end.signal);
  end.abort();
  expect(await change).toBeUndefined();
});

it.each([
  ['app/page.tsx', true],
  ['conformance.config.ts', true],
  ['node_modules/x/index.js', false],
  ['.next/server/a.js', false],
  ['reports/report.json', false],
])('a change of %s: %s', (file, expected) => expect(matters(file, 'reports')).toBe(expected));
