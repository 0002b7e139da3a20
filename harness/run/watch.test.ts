import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createWatcher, matters } from './watcher.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'conformance-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('waits for a file of the app, not for what a run writes', async () => {
  mkdirSync(path.join(folder, 'conformance-results'));
  mkdirSync(path.join(folder, 'src'));
  const watcher = createWatcher(() => {});
  watcher.over([folder], path.join(folder, 'conformance-results'));
  writeFileSync(path.join(folder, 'conformance-results', 'report.json'), '{}');
  writeFileSync(path.join(folder, 'src', 'auth.ts'), 'export {}');
  expect(await watcher.changed(new AbortController().signal)).toEqual([path.join(folder, 'src', 'auth.ts')]);
  watcher.close();
});

it('ends with its signal', async () => {
  const watcher = createWatcher(() => {});
  watcher.over([folder], folder);
  const end = new AbortController();
  const changed = watcher.changed(end.signal);
  end.abort();
  expect(await changed).toEqual([]);
  watcher.close();
});

it.each([
  ['app/page.tsx', true],
  ['conformance.config.ts', true],
  ['.env.local', true],
  ['node_modules/x/index.js', false],
  ['.next/server/a.js', false],
  ['reports/report.json', false],
  ['data/dev.db-journal', false],
  ['server.log', false],
])('a change of %s: %s', (file, expected) => expect(matters(file, 'reports')).toBe(expected));
