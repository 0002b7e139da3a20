/** Advisories of the app's versions are told by every report that has room for them, and change no verdict. */
import { expect, it } from 'vitest';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { htmlReport } from './html/index.ts';
import { reportText } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { AdvisoryNote } from './model.ts';
import { parseReport } from './parse-report.ts';

const NOTE: AdvisoryNote = {
  id: 'GHSA-8fpg-xm3f-6cx3',
  cve: 'CVE-2026-73421',
  severity: 'critical',
  package: 'next-auth',
  version: '5.0.0-beta.31',
  fixed: '5.0.0-beta.32',
  summary: 'Guards <let> everybody in.',
  source: 'https://github.com/advisories/GHSA-8fpg-xm3f-6cx3',
  shows: ['doors/while-authjs-fails'],
};
const report = sampleReport(() => true, { advisories: [NOTE] });
const without = sampleReport();

it('report.json holds them', () => {
  expect(parseReport(reportText(report)).advisories).toEqual([NOTE]);
  expect(parseReport(reportText(without)).advisories).toBeUndefined();
});

it('no verdict is changed by them', () => {
  expect([report.result, report.exitCode, report.counts]).toEqual([
    without.result,
    without.exitCode,
    without.counts,
  ]);
});

it('the page shows them in a table, escaped', () => {
  const page = htmlReport(report, { outputFolder: import.meta.dirname });
  expect(page).toContain('<h2 id="advisories-title">Published advisories</h2>');
  expect(page).toContain('href="https://github.com/advisories/GHSA-8fpg-xm3f-6cx3"');
  expect(page).toContain('Guards &lt;let&gt; everybody in.');
  expect(htmlReport(without, { outputFolder: import.meta.dirname })).not.toContain('Published advisories');
});

it('Markdown lists them', () => {
  expect(markdown(report)).toContain(
    '- [GHSA-8fpg-xm3f-6cx3](https://github.com/advisories/GHSA-8fpg-xm3f-6cx3), critical: `next-auth 5.0.0-beta.31` → `5.0.0-beta.32`. Guards &lt;let\\> everybody in.',
  );
  expect(markdown(without)).not.toContain('Published advisories');
});

it('JUnit has a property for each', () => {
  const xml = junit(report, { outputFolder: '/out', environment: {} });
  expect(xml).toContain(
    '<property name="advisory.GHSA-8fpg-xm3f-6cx3" value="critical: next-auth 5.0.0-beta.31, update to 5.0.0-beta.32: Guards &lt;let',
  );
});
