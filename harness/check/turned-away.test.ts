import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LAB_FILE } from '../lab/lab-description.ts';
import { CRASHES_FILE } from '../lab/target-end.ts';
import { learnedNothingBefore } from './turned-away.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'turned-away-'));
  vi.stubEnv(LAB_FILE, path.join(folder, 'lab.json'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('what was learned of an app holds until it has crashed, and anew when it answers again', () => {
  expect(learnedNothingBefore()).toBe(0);
  const crashed = (...crashes: object[]) =>
    writeFileSync(path.join(folder, CRASHES_FILE), JSON.stringify(crashes));
  crashed({ at: 1_000, upAt: 1_500 }, { at: 2_000 });
  expect(learnedNothingBefore()).toBe(2_000);
  crashed({ at: 1_000, upAt: 1_500 }, { at: 2_000, upAt: 2_700 });
  expect(learnedNothingBefore()).toBe(2_700);
});
