import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Suite, TestCase } from '@playwright/test/reporter';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LAB_FILE } from '../lab/lab-description.ts';
import NotAsked from './not-asked.ts';

const META = {
  id: 'step-up/asks',
  title: 'asks again',
  clauses: [],
  level: 'must',
  severity: 'serious',
  appMust: 'Ask again.',
  otherwise: 'Nobody is asked.',
};
const testOf = (meta?: object) =>
  ({
    annotations: meta ? [{ type: 'check', description: JSON.stringify(meta) }] : [],
  }) as unknown as TestCase;
const suiteOf = (...tests: TestCase[]) => ({ allTests: () => tests }) as Suite;
const annotation = (test: TestCase, type: string) =>
  test.annotations.find((each) => each.type === type)?.description;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'not-asked-'));
  vi.stubEnv(LAB_FILE, path.join(folder, 'lab.json'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});
const withLab = () =>
  writeFileSync(
    path.join(folder, 'lab.json'),
    JSON.stringify({ config: { features: [] }, app: { library: '@auth/core' }, browser: {} }),
  );

async function skippedOf(...tests: TestCase[]): Promise<TestCase[]> {
  const skip = vi.fn();
  await new NotAsked().preprocess({ suite: suiteOf(...tests), testRun: { skip } });
  return skip.mock.calls.map(([test]) => test as TestCase);
}

describe('checks that are not asked of an app', () => {
  it('are told with verdict and reason before a worker is asked', async () => {
    withLab();
    const [unclaimed, asked, plain] = [testOf({ ...META, needs: ['second-app'] }), testOf(META), testOf()];
    expect(await skippedOf(unclaimed, asked, plain)).toEqual([unclaimed]);
    expect(annotation(unclaimed, 'verdict')).toBe('not applicable');
    expect(annotation(unclaimed, 'reason')).toMatch(/no second app/);
    expect(annotation(asked, 'verdict')).toBeUndefined();
  });

  it('are known failures all the same, and name the library of their fix', async () => {
    withLab();
    vi.stubEnv('CONFORMANCE_KNOWN_FAILURES', JSON.stringify([{ check: META.id, reason: 'issue 7' }]));
    const test = testOf({ ...META, needs: ['second-app'], fix: 'Update {library}.' });
    await skippedOf(test);
    expect(annotation(test, 'known')).toBe('issue 7');
    expect(annotation(test, 'library')).toBe('@auth/core');
  });

  it('find that out themselves where no lab is known yet', async () => {
    const test = testOf({ ...META, needs: ['second-app'] });
    expect(await skippedOf(test)).toEqual([]);
    expect(test.annotations).toHaveLength(1);
  });
});
