import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/reports/sample.ts';
import { writeReports } from '../../reports/writers.ts';
import {
  type KnownFailure,
  knownAs,
  readKnownFailures,
  staleEntries,
  writeKnownFailures,
} from './known-failures.ts';
import { resolveKnownFailures, withoutGlobs } from './known-globs.ts';
import { shippedCatalogue } from './shipped-catalogue.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-known-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (known: KnownFailure[]) => {
  const file = path.join(folder, 'known.json');
  writeFileSync(file, JSON.stringify({ $schema: './x.json', known }));
  return file;
};

describe('known failures', () => {
  const entries = [{ check: 'session/no-token', reason: 'old app' }];
  it('cover the check that they name and no other', () => {
    expect(knownAs(entries, 'session/no-token')?.reason).toBe('old app');
    expect(knownAs(entries, 'session/no-token-2')).toBeUndefined();
    expect(knownAs([{ check: '*', reason: 'all' }], 'session/no-token')).toBeUndefined();
  });
  it('are stale once the check that they name passes', () => {
    const check = (verdict: string) => ({ id: 'session/no-token', verdict }) as never;
    expect(staleEntries(entries, { checks: [check('fail')] })).toEqual([]);
    expect(staleEntries(entries, { checks: [check('pass')] })).toEqual(entries);
    expect(staleEntries(entries, { checks: [] })).toEqual([]);
  });
  it('a file that cannot be read is told', () => {
    expect(() => readKnownFailures('/nowhere.json')).toThrow(/CONF_KNOWN_FAILURES_INVALID/);
  });
  it.each(['*', 'session/*', 's*n/no-token'])(
    'a file with %s is refused with the command that resolves it',
    (glob) => {
      const file = write([{ check: glob, reason: 'x' }]);
      expect(() => readKnownFailures(file)).toThrow(
        /^CONF_KNOWN_FAILURE_GLOB: .*\n {2}Expected: .*\n {2}Do: .*authjs-conformance known resolve /,
      );
    },
  );
  it('are written as ids', () => {
    const file = path.join(folder, 'written.json');
    const report = sampleReport();
    expect(writeKnownFailures(file, report)).toBe(report.counts.fail);
    expect(readKnownFailures(file).every(({ check }) => !check.includes('*'))).toBe(true);
  });
});

describe('known resolve', () => {
  it('puts the ids of today in the place of a glob, with its reason and last day', async () => {
    const file = write([
      { check: 'session/*', reason: 'old app', until: '2999-01-01' },
      { check: 'session/no-token', reason: 'its own reason' },
    ]);
    const { text } = await resolveKnownFailures(file);
    const known = readKnownFailures(file);
    const suite = shippedCatalogue().filter(({ id }) => id.startsWith('session/'));
    expect(known).toHaveLength(suite.length);
    expect(new Set(known.map(({ check }) => check)).size).toBe(suite.length);
    expect(known[0]).toMatchObject({ reason: 'old app', until: '2999-01-01' });
    expect(knownAs(known, 'session/no-token')?.reason).toBe('its own reason');
    expect(knownAs(known, 'session/of-the-next-version')).toBeUndefined();
    expect(JSON.parse(readFileSync(file, 'utf8')).$schema).toBe('./x.json');
    expect(text).toContain(`became ${suite.length - 1} ids`);
  });
  it('takes only what fails in a report', async () => {
    const report = sampleReport();
    writeReports(report, { outputFolder: folder, reporters: [], environment: {} });
    const file = write([{ check: '*', reason: 'old app' }]);
    await resolveKnownFailures(file, folder);
    expect(readKnownFailures(file)).toHaveLength(
      report.counts.fail + report.counts.warn + report.counts.note,
    );
  });
  it('refuses a glob that stands for nothing', () =>
    expect(() => withoutGlobs([{ check: 'sesion/*', reason: 'x' }], ['session/no-token'])).toThrow(
      /^CONF_KNOWN_FAILURE_UNMATCHED/,
    ));
});
