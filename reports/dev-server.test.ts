import os from 'node:os';
import { expect, it } from 'vitest';
import { sampleReport } from '../fixtures/reports/sample.ts';
import { htmlReport } from './html/index.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Report } from './model.ts';
import { terminalSummary } from './terminal.ts';

const stock = sampleReport();
const report: Report = { ...stock, target: { ...stock.target, devServer: 'next dev' } };
const written = (each: Report) => ({
  html: htmlReport(each, { outputFolder: os.tmpdir() }),
  terminal: terminalSummary(each, { width: 400 }),
  markdown: markdown(each),
  junit: junit(each, { environment: {}, outputFolder: os.tmpdir() } as unknown as Parameters<
    typeof junit
  >[1]),
});
const WORDS = 'run by a development server (next dev)';

it('an app that is run by a development server is told so before anything else', () => {
  const { html, terminal, markdown: text, junit: xml } = written(report);
  expect(html.indexOf(WORDS)).toBeGreaterThan(0);
  expect(html.indexOf(WORDS)).toBeLessThan(html.indexOf('id="checks"'));
  expect(terminal.trim().startsWith(`The app was ${WORDS}`)).toBe(true);
  expect(text.split('\n')[2]).toContain(WORDS);
  expect(xml).toContain('<property name="development-server" value="next dev"/>');
});

it('of any other app nothing is said', () => {
  for (const text of Object.values(written(stock))) expect(text).not.toContain('development server');
});
