import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { narrow } from './narrow.ts';

const out = mkdtempSync(path.join(os.tmpdir(), 'conformance-narrow-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const check = (id: string, title: string) => ({
  id,
  title,
  clauses: ['rfc6749 §4.1.2'],
  level: 'must' as const,
  severity: 'serious' as const,
});
const all = [
  check('session/no-token', 'shows no token'),
  check('session/cookie-secure', 'sends its cookie over TLS'),
  check('redirect/pkce', 'protects the code'),
];
const write = (folder: string, verdicts: Record<string, string>, seconds: number) => {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'report.json');
  const checks = Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict }));
  writeFileSync(file, JSON.stringify({ checks, findings: [], scope: {} }));
  utimesSync(file, seconds, seconds);
};

describe('a narrower run', () => {
  it('takes what fits a pattern, in id or title, without regard to case', () => {
    expect(narrow(all, { grep: 'TLS|pkce' }, out)).toEqual(['session/cookie-secure', 'redirect/pkce']);
    expect(narrow(all, { grep: 'session', grepInvert: 'cookie' }, out)).toEqual(['session/no-token']);
  });
  it('says that nothing is left, and what is no pattern', () => {
    expect(() => narrow(all, { grep: 'nothing' }, out)).toThrow(/CONF_NOTHING_SELECTED/);
    expect(() => narrow(all, { grep: '(' }, out)).toThrow(/CONF_GREP_INVALID/);
  });
  it('takes what failed in the newest run, whole or selected', () => {
    expect(() => narrow(all, { lastFailed: true }, out)).toThrow(/CONF_NOTHING_FAILED: there is no report/);
    write(
      out,
      { 'session/no-token': 'fail', 'redirect/pkce': 'blocked', 'session/cookie-secure': 'warn' },
      100,
    );
    expect(narrow(all, { lastFailed: true }, out)).toEqual(['session/no-token', 'redirect/pkce']);
    write(path.join(out, 'selection'), { 'session/no-token': 'pass', 'redirect/pkce': 'error' }, 200);
    expect(narrow(all, { lastFailed: true }, out)).toEqual(['redirect/pkce']);
    write(path.join(out, 'selection'), { 'redirect/pkce': 'pass' }, 300);
    expect(() => narrow(all, { lastFailed: true }, out)).toThrow(/nothing failed in the last run/);
  });
  it('takes the same once more when nothing failed since, for who watches', () => {
    const place = path.join(out, 'watched');
    const failedBefore: string[] = [];
    expect(() => narrow(all, { lastFailed: true, failedBefore }, place)).toThrow(/there is no report/);
    write(place, { 'session/no-token': 'fail', 'redirect/pkce': 'fail' }, 100);
    expect(narrow(all, { lastFailed: true, failedBefore }, place)).toEqual([
      'session/no-token',
      'redirect/pkce',
    ]);
    write(path.join(place, 'selection'), { 'session/no-token': 'pass', 'redirect/pkce': 'pass' }, 200);
    expect(narrow(all, { lastFailed: true, failedBefore }, place)).toEqual([
      'session/no-token',
      'redirect/pkce',
    ]);
    write(path.join(place, 'selection'), { 'session/no-token': 'pass', 'redirect/pkce': 'fail' }, 300);
    expect(narrow(all, { lastFailed: true, failedBefore }, place)).toEqual(['redirect/pkce']);
  });
});
