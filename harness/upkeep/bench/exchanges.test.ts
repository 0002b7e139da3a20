import { expect, it } from 'vitest';
import { sampleReport } from '../../../fixtures/reports/sample.ts';
import { bySuite, largest } from './exchanges.ts';

it('exchanges are counted once, by suite and by check', () => {
  const report = sampleReport();
  const all = bySuite(report).at(-1);
  const own = report.checks.filter(({ suite }) => suite !== 'laws');
  expect(all).toMatchObject({ name: 'all', checks: own.length });
  expect((all?.browser ?? 0) + (all?.servers ?? 0)).toBe(own.flatMap(({ exchanges }) => exchanges).length);
  const parts = bySuite(report).slice(0, -1);
  expect(parts.reduce((sum, { browser }) => sum + browser, 0)).toBe(all?.browser);
  expect(largest(report, 3)).toHaveLength(3);
});
