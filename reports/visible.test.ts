import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleChecks } from '../fixtures/reports/sample.ts';
import { buildReport } from './build.ts';
import { diffReports, diffText } from './diff.ts';
import type { CheckResult, Report } from './model.ts';
import { parseReport } from './parse-report.ts';
import { createProgress } from './progress.ts';
import { REPORTER_NAMES } from './reporter-names.ts';
import { terminalSummary } from './terminal.ts';
import { guardOutput, printable, visible, writeCommands } from './visible.ts';
import { writeReports } from './writers.ts';

/** What an app may write to take over a terminal, a log of a CI system, or the eyes of its reader. */
const payloads = {
  title: '\x1b]0;owned\x07',
  clipboard: '\x1b]52;c;cm0gLXJmIC8=\x07',
  link: '\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\',
  clear: '\x1b[2J\x1b[H',
  c1: '\x9b31m\x9d0;owned\x9c',
  backspace: 'fail\b\b\b\bpass',
  overwrite: 'verdict: fail\rverdict: pass',
  bidi: 'user\u202e \u2066// admin\u2069 \u2066',
  mark: '\u200e\u200f\u061c',
  github: 'x\n::error file=app.js::owned\n  ::add-mask::x\n::stop-commands::y',
  old: 'x ##[error]owned ##[set-env name=PATH]x',
  azure: 'x ##vso[task.setvariable variable=PATH]owned',
  teamcity: "##teamcity[buildStatus status='SUCCESS']",
  nul: 'a\x00b',
};
const everything = Object.values(payloads).join(' ');

const RAW_TEXT = String.raw`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)`;
const RAW = new RegExp(RAW_TEXT);
const COMMAND = /^\s*::|##\s*(?:vso|teamcity)?\[/im;
/** Our own colours. */
const OURS_TEXT = String.raw`\x1b\[[\d;]*m|\r\x1b\[2K`;
const bare = (text: string) => text.replace(new RegExp(OURS_TEXT, 'g'), '');

describe('what is printed', () => {
  it('steers no terminal and is no command, whatever it was', () => {
    const nasty = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(...Object.values(payloads), '\n', '::', '##', '[', '\x1b', 'vso['),
      ),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        const text = printable(parts.join(''));
        expect(bare(text)).not.toMatch(RAW);
        expect(bare(text)).not.toMatch(COMMAND);
        expect(printable(text)).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });
  it('keeps our colours, lines, tabs and all other letters', () => {
    const text = '\x1b[31mfail\x1b[39m\tÜber 日本語 🎉 a::b\r\n## Title ::\n';
    expect(printable(text)).toBe(text);
    expect(visible('Zoë\n\tא')).toBe('Zoë\n\tא');
  });
  it('is guarded once and for all where it leaves; commands of our own pass', () => {
    const written: string[] = [];
    const stream = { write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
    guardOutput(stream);
    guardOutput(stream);
    stream.write(everything);
    writeCommands(stream, '::error title=x::y\n');
    expect(bare(written[0] as string)).not.toMatch(RAW);
    expect(written[0]).not.toMatch(COMMAND);
    expect(written[1]).toBe('::error title=x::y\n');
  });
});

const hostile = (check: CheckResult): CheckResult => ({
  ...check,
  message: everything,
  detail: everything,
  fix: everything,
  log: Object.values(payloads),
  steps: [{ name: 'control', outcome: everything, ok: true, from: 1, to: 1 }],
  exchanges: check.exchanges.map((exchange) => ({
    ...exchange,
    url: `http://localhost/${everything}`,
    response: { headers: { [everything]: everything }, body: { [everything]: [everything] } },
  })),
  ...(check.known !== undefined && { known: everything }),
});
const facts: Partial<Report> = {
  target: { name: everything, origin: everything, versions: { [everything]: everything }, features: [] },
  findings: [{ code: 'CONF_TARGET_EXITED', what: everything, expected: everything, remedy: everything }],
  targetLog: Object.values(payloads),
};
const report = buildReport({ facts, checks: sampleChecks().map(hostile) });

describe('what an app wrote', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-visible-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const printed: string[] = [];
  const stepSummary = path.join(folder, 'step-summary.md');
  writeReports(report, {
    outputFolder: folder,
    // What is printed for people goes through the guard.
    reporters: REPORTER_NAMES.filter((name) => name !== 'terminal'),
    environment: { GITHUB_ACTIONS: '1', GITHUB_STEP_SUMMARY: stepSummary },
    print: (text) => printed.push(text),
  });
  it.each(readdirSync(folder))('is in %s as what it is', (file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    expect(text).not.toMatch(RAW);
    // The name of the format: no other line may begin so.
    if (file.endsWith('.md')) expect(text).not.toMatch(/<script|\]\(javascript:/i);
  });
  it('makes one annotation of each of ours, and no command of its own', () => {
    const commands = printed
      .join('')
      .split('\n')
      .filter((line) => /^\s*::/.test(line));
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands)
      expect(line).toMatch(/^::(error|warning|notice) (file=[^,]*,line=1,)?title=[^:]*::/);
  });
  it('is in the summary, the progress and the comparison as what it is', () => {
    const written: string[] = [];
    const progress = createProgress({
      total: report.checks.length,
      isTTY: true,
      width: 80,
      colour: true,
      write: (text) => void written.push(text),
    });
    progress.begin();
    for (const check of report.checks) progress.ended(check);
    progress.end();
    const before = {
      ...report,
      checks: report.checks.map((check) => ({ ...check, verdict: 'pass' as const })),
    };
    for (const text of [
      ...written,
      terminalSummary(report, { width: 100, colour: true }),
      diffText(diffReports(before, report)),
    ]) {
      expect(bare(text)).not.toMatch(RAW);
      expect(bare(printable(text))).not.toMatch(COMMAND);
    }
  });
  it('of a report that somebody else made, too', () => {
    const raw = JSON.stringify({
      ...report,
      target: { ...report.target, name: everything },
      findings: facts.findings,
    });
    const read = parseReport(raw);
    expect(JSON.stringify(read)).not.toMatch(RAW);
    expect(read.target.name).not.toMatch(RAW);
    expect(terminalSummary(read, { width: 100 })).not.toMatch(RAW);
  });
});
