import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/reports/sample.ts';
import { emptyReport } from '../../reports/build.ts';
import type { Report } from '../../reports/model.ts';
import { notEnded } from '../../reports/scope.ts';
import { writeReports } from '../../reports/writers.ts';
import { type ConfigInput, configSchema } from '../config/config.ts';
import { ROOT } from '../config/defaults.ts';
import { earlierReports, endedReport, folderOf, makeRoom } from './results-folder.ts';
import { run } from './run.ts';
import type { RunOptions } from './run-options.ts';

let out: string;
const servers: Server[] = [];
beforeEach(() => {
  out = mkdtempSync(path.join(os.tmpdir(), 'authjs-results-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(out, { recursive: true, force: true });
});

/** Yesterday's green, whole report, as a run left it. */
function plantGreen(folder = out): void {
  const green = sampleReport(({ verdict }) => verdict === 'pass');
  expect(green).toMatchObject({ result: 'conformant', exitCode: 0 });
  writeReports(green, { outputFolder: folder, reporters: ['junit', 'html'], environment: {} });
}

const reportIn = (folder: string): Report =>
  JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
const codesIn = (folder: string) => reportIn(folder).findings.map(({ code }) => code);
const junitIn = (folder: string) => readFileSync(path.join(folder, 'junit.xml'), 'utf8');

/** The address of an app that answers as it is told. */
async function appThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function attempt(config: ConfigInput, options: RunOptions = {}) {
  const printed: string[] = [];
  const exitCode = await run(
    { config: configSchema.parse({ browser: 'none', ...config, out }), origins: {}, folder: out },
    { print: (line) => printed.push(line), quiet: true, ...options },
  );
  return { exitCode, text: printed.join('\n') };
}

describe('the folder of a run', () => {
  it('is its own for selections and quick runs', () => {
    expect([folderOf(out, 'whole'), folderOf(out, 'shard')]).toEqual([out, out]);
    expect(folderOf(out, 'selection')).toBe(path.join(out, 'selection'));
    expect(folderOf(out, 'quick')).toBe(path.join(out, 'quick'));
    expect(earlierReports(out, 'selection')[0]).toBe(path.join(out, 'report.json'));
  });
  it('keeps the last whole result beside it, pages and attachments with it', () => {
    plantGreen();
    mkdirSync(path.join(out, 'attachments'));
    writeFileSync(path.join(out, 'attachments', 'x.png'), 'x');
    writeFileSync(path.join(out, 'run.log'), 'not ours');
    makeRoom(out);
    for (const name of ['report.json', 'report.html', 'junit.xml', 'attachments/x.png']) {
      expect(existsSync(path.join(out, 'previous', name)), name).toBe(true);
      expect(existsSync(path.join(out, name)), name).toBe(false);
    }
    expect(existsSync(path.join(out, 'run.log'))).toBe(true);
  });
  it('keeps the last whole result also over runs that did not end, or were parts', () => {
    plantGreen();
    makeRoom(out);
    for (const part of [
      emptyReport({ scope: { kind: 'whole', ran: 0, of: 386 }, findings: [notEnded] }),
      sampleReport(undefined, { scope: { kind: 'shard', shard: { current: 1, total: 2 }, ran: 0, of: 386 } }),
    ]) {
      writeReports(part, { outputFolder: out, reporters: ['junit', 'html'], environment: {} });
      makeRoom(out);
      expect(existsSync(path.join(out, 'junit.xml'))).toBe(false);
      expect(reportIn(path.join(out, 'previous')).result).toBe('conformant');
    }
  });
  it('tells a report of a run that has ended from one that has not', () => {
    writeReports(emptyReport({ findings: [notEnded] }), { outputFolder: out, environment: {} });
    expect(endedReport(out)).toBeUndefined();
    plantGreen();
    expect(endedReport(out)?.result).toBe('conformant');
  });
});

describe('yesterday’s green report is gone, and the reason stands in its place', () => {
  const replaced = (code: string) => {
    expect(codesIn(out)).toEqual([code]);
    expect(reportIn(out)).toMatchObject({ result: 'not judged', exitCode: 2 });
    expect(junitIn(out)).toContain(`type="${code}"`);
    expect(readFileSync(path.join(out, 'report.html'), 'utf8')).toContain(code);
    expect(reportIn(path.join(out, 'previous')).result).toBe('conformant');
  };
  it('when the app hangs in discovery', { timeout: 90_000 }, async () => {
    plantGreen();
    const url = await appThat((request, response) => {
      if (!request.url?.includes('/providers')) response.end('hello');
    });
    const { exitCode, text } = await attempt({ target: { url } });
    expect(exitCode).toBe(2);
    expect(text).toMatch(/CONF_TARGET_SILENT: .*did not answer within[\s\S]*\n {2}Expected: .*\n {2}Do: /);
    replaced('CONF_TARGET_SILENT');
  });
  it('when the app dies in discovery', { timeout: 90_000 }, async () => {
    plantGreen();
    const url = await appThat((request, response) => {
      if (request.url?.includes('/providers')) request.socket.destroy();
      else response.end('hello');
    });
    expect((await attempt({ target: { url } })).exitCode).toBe(2);
    replaced('CONF_TARGET_SILENT');
  });
  it('when something throws that nobody foresaw', { timeout: 90_000 }, async () => {
    plantGreen();
    const { exitCode, text } = await attempt(
      { target: { url: 'http://localhost:9', readyTimeout: 0.2 } },
      {
        print: (line) => {
          if (line.startsWith('starting the Logto')) throw new TypeError('x is not a function');
        },
      },
    );
    expect(exitCode).toBe(2);
    expect(text).toBe('');
    replaced('CONF_DEFECT');
    expect(reportIn(out).findings[0]?.what).toContain('x is not a function');
  });
  it('when a report or a shard of another name is asked for', async () => {
    plantGreen();
    const target = { url: 'http://localhost:9' };
    expect((await attempt({ target, reporters: ['junti', 'junit', 'html'] })).exitCode).toBe(2);
    replaced('CONF_REPORTER_UNKNOWN');
    expect((await attempt({ target }, { shard: '5/2' })).exitCode).toBe(2);
    replaced('CONF_SHARD_INVALID');
  });
  it('when the config cannot be used, and its folder is known', { timeout: 60_000 }, async () => {
    plantGreen();
    const file = path.join(out, 'conformance.config.json');
    writeFileSync(file, JSON.stringify({ out, target: { comand: 'node x.js' } }));
    const child = command('run', '--config', file);
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    replaced('CONF_CONFIG_INVALID');
  });
});

describe('a selection', () => {
  it('of no check leaves the full report alone, and its own folder says why', async () => {
    plantGreen();
    const { exitCode, text } = await attempt(
      { target: { url: 'http://localhost:9' } },
      { select: ['sesion'] },
    );
    expect(exitCode).toBe(2);
    expect(text).toContain('did you mean session?');
    expect(reportIn(out).result).toBe('conformant');
    expect(codesIn(path.join(out, 'selection'))).toEqual(['CONF_SELECTION_UNKNOWN']);
  });
  it('that passes ends with 0, says how much it judged, and leaves the full report alone', {
    timeout: 120_000,
  }, async () => {
    plantGreen();
    const child = command('run', '--out', out, 'redirect/pkce', 'session/no-token');
    const printed = textOf(child);
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(printed()).toMatch(/2 of \d+ checks passed: not a certification/);
    expect(printed()).not.toMatch(/\bconformant\b/);
    expect(reportIn(out).target.name).toBe('acme-portal');
    expect(reportIn(path.join(out, 'selection'))).toMatchObject({
      result: 'passed in part',
      scope: { kind: 'selection', select: ['redirect/pkce', 'session/no-token'], ran: 2 },
    });
  });
});

it('a run whose command is killed leaves reports that say so, and the last whole result', {
  timeout: 120_000,
}, async () => {
  plantGreen();
  const child = command('run', '--verbose', '--out', out);
  const printed = textOf(child);
  const closed = once(child, 'close');
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => /^ *1\/\d+ /m.test(printed()) && resolve());
    void closed.then(() => reject(new Error(printed())));
  });
  // The suites have a group of their own: they tell what they know, and end.
  process.kill(-(child.pid as number), 'SIGKILL');
  await closed;
  expect(reportIn(out)).toMatchObject({ result: 'not judged', exitCode: 2, scope: { kind: 'whole' } });
  expect(codesIn(out)).toEqual(['CONF_INTERRUPTED']);
  expect(junitIn(out)).toContain('type="CONF_INTERRUPTED"');
  for (const name of ['report.json', 'report.html', 'junit.xml'])
    expect(existsSync(path.join(out, 'previous', name)), name).toBe(true);
});

/** The command line in a process group of its own. */
const command = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [path.join(ROOT, 'harness/bin.js'), ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

function textOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  return () => text;
}
