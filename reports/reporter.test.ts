import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult, Report } from './model.ts';
import { parseReport } from './parse-report.ts';

const cli = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')),
  'cli.js',
);
const probe = path.join(import.meta.dirname, 'probe', 'playwright.config.ts');
const out = mkdtempSync(path.join(os.tmpdir(), 'conformance-probe-'));

const playwright = (args: string[], env: Record<string, string>) =>
  new Promise<{ code: number; stdout: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, ...args],
      {
        env: { ...process.env, FORCE_COLOR: '0', PROBE_OUT: out, ...env },
        cwd: path.dirname(probe),
        maxBuffer: 1e8,
      },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout: stdout + stderr }),
    );
  });

let run: { code: number; stdout: string };
let report: Report;
const check = (id: string) => report.checks.find((each) => each.id === id) as CheckResult;

beforeAll(async () => {
  const facts = path.join(out, 'facts.json');
  writeFileSync(
    facts,
    JSON.stringify({
      target: { name: 'probe-app', versions: { 'next-auth': '4.24.15' }, features: [] },
      clauses: {
        'rfc7636 §4.1': {
          label: 'RFC 7636, §4.1',
          url: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.1',
        },
      },
    }),
  );
  run = await playwright(['test', '--config', probe], { CONFORMANCE_LAB_FACTS: facts });
  report = parseReport(readFileSync(path.join(out, 'report.json'), 'utf8'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('a run with a limit of failures', () => {
  const scopeOf = async (place: string, ...args: string[]) => {
    await playwright(['test', '--config', probe, ...args], {
      PROBE_MAX: '2',
      PROBE_OUT: path.join(out, place),
    });
    return parseReport(readFileSync(path.join(out, place, 'report.json'), 'utf8')).scope;
  };
  it('is told to be stopped where it was', async () => {
    expect((await scopeOf('stopped', '--max-failures', '2'))?.select).toContain('stopped after 2 failures');
  });
  it('is none that was stopped, when nothing was left to stop', async () => {
    expect((await scopeOf('whole'))?.select ?? []).toEqual([]);
  });
});

describe('the Playwright reporter', () => {
  it('gives each way to end its verdict', () => {
    expect(Object.fromEntries(report.checks.map(({ id, verdict }) => [id, verdict]))).toEqual({
      'probe/passes': 'pass',
      'probe/misdeed': 'fail',
      'probe/assertion': 'fail',
      'probe/should': 'warn',
      'probe/our-bug': 'error',
      'probe/blocked': 'blocked',
      'probe/skipped': 'not applicable',
      'probe/hangs': 'error',
      'own/a-plain-test-of-a-user': 'pass',
    });
  });
  it('says what the app did in one sentence', () => {
    expect(check('probe/misdeed').message).toBe('Signed the person in: /session shows a session.');
    expect(check('probe/assertion').message).toBe('Got 2, expected 1.');
    expect(check('probe/should').message).toBe('Got ["a"], without "b".');
    expect(check('probe/our-bug').message).toBe('TypeError: x is not a function');
    expect(check('probe/hangs').message).toBe('Test timeout of 1000ms exceeded.');
    expect(check('probe/skipped').message).toBe('the app sends no state');
    expect(check('probe/blocked').message).toBe('The healthy sign-in did not work.');
  });
  it('names the line of the declaration and the command to run it again', () => {
    expect(check('probe/misdeed')).toMatchObject({
      file: 'probe.spec.ts',
      rerun: 'npx authjs-conformance run probe/misdeed',
    });
    expect(check('probe/misdeed').line).toBeGreaterThan(20);
  });
  it('takes steps and log from attachments, redacted, and gives pictures a file', () => {
    const passes = check('probe/passes');
    expect(passes.steps).toHaveLength(1);
    expect(passes.log[0]).toMatch(/^listening on code=‹code #[0-9a-f]{6}›$/);
    expect(passes.attachments).toEqual([
      { name: 'page', contentType: 'image/png', path: expect.stringMatching(/^attachments\/.+\.png$/) },
    ]);
  });
  it('leaves out what Playwright writes beside a failure for coding assistants', () => {
    expect(check('probe/misdeed').attachments).toEqual([]);
  });
  it('takes the facts of the lab and keeps the clauses that are cited', () => {
    expect(report.target.name).toBe('probe-app');
    expect(Object.keys(report.clauses)).toEqual(['rfc7636 §4.1']);
  });
  it('prints one line for each suite, and what fails at once, when nobody watches, then the summary', () => {
    expect(run.stdout).toMatch(/^probe: .*\d pass.*\(\d+\/\d+, /m);
    expect(run.stdout).toMatch(/✗ fail probe\/misdeed: Signed the person in/);
    expect(run.stdout).toContain('probe-app is not conformant');
    expect(run.stdout).not.toContain('\u001b[');
  });
  it('ends with the status of its own verdicts', () => {
    expect(run.code).toBe(1);
    expect(report).toMatchObject({ result: 'not conformant', exitCode: 1 });
  });
  it('does not fail when only a should was broken, and is not judged when nothing ran', async () => {
    const warned = await playwright(['test', '--config', probe, '--grep', 'probe/should|probe/passes'], {});
    expect(warned.code).toBe(0);
    const broken = await playwright(['test', '--config', probe, '--grep', 'probe/hangs'], {});
    expect(broken.code).toBe(1);
    expect(JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'))).toMatchObject({
      result: 'not judged',
      exitCode: 2,
    });
  });
  it('builds the same report from blobs of two shards', async () => {
    const blob = path.join(out, 'blob');
    for (const shard of ['1/2', '2/2'])
      await playwright(['test', '--config', probe, '--shard', shard], {
        PROBE_BLOB: path.join(blob, shard[0] as string),
      });
    const all = path.join(out, 'all');
    const { cpSync, mkdirSync, readdirSync } = await import('node:fs');
    mkdirSync(all);
    for (const shard of ['1', '2'])
      for (const name of readdirSync(path.join(blob, shard)))
        cpSync(path.join(blob, shard, name), path.join(all, name));
    const merged = await playwright(['merge-reports', '--config', probe, all], {});
    const again: Report = JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'));
    expect(merged.stdout).toContain('not conformant');
    expect(again.checks.map(({ id, verdict }) => `${id} ${verdict}`).sort()).toEqual(
      report.checks.map(({ id, verdict }) => `${id} ${verdict}`).sort(),
    );
  });
});
