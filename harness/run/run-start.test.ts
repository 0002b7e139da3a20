/** A run that ends before its checks begin: Playwright, which loads meanwhile, must end with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Report } from '../../reports/model.ts';
import { ROOT } from '../config/defaults.ts';

/** @param appOf the app's command, given a file that it may write to say that it runs */
function startRun(appOf: (sign: string) => string) {
  const out = mkdtempSync(path.join(os.tmpdir(), 'authjs-start-'));
  const place = mkdtempSync(path.join(os.tmpdir(), 'authjs-app-'));
  const child = spawn(
    process.execPath,
    [
      path.join(ROOT, 'harness/bin.js'),
      ...['run', '--command', appOf(path.join(place, 'runs')), '--out', out],
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const runs = once(watch(place), 'change');
  // Playwright writes to the same pipes: they close when it has ended, too.
  const clear = () => {
    for (const folder of [out, place]) rmSync(folder, { recursive: true });
  };
  return { child, out, runs, closed: once(child, 'close'), text: () => text, clear };
}

/** What the reports of a folder say. */
const stateOf = (folder: string) => {
  const report: Report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
  return {
    result: report.result,
    exitCode: report.exitCode,
    codes: report.findings.map(({ code }) => code),
    junit: /type="(CONF_\w+)"/.exec(readFileSync(path.join(folder, 'junit.xml'), 'utf8'))?.[1],
    html: /<h1>(?:[^<]*): this run has not ended<\/h1>/.test(
      readFileSync(path.join(folder, 'report.html'), 'utf8'),
    ),
  };
};
it.each([
  ['SIGKILL', 'CONF_RUN_NOT_ENDED', true],
  ['SIGTERM', 'CONF_INTERRUPTED', false],
] as const)(
  'after %s while the app starts, Playwright is gone, and has said nothing',
  { timeout: 60_000 },
  async (signal, code, html) => {
    const { child, out, runs, closed, text, clear } = startRun(
      (sign) => `node -e "fs.writeFileSync('${sign}', ''); setInterval(() => {}, 1000)"`,
    );
    await runs;
    child.kill(signal);
    await closed;
    expect(text()).not.toMatch(/\d+ checks|CONF_|Error/);
    expect(stateOf(out)).toEqual({ result: 'not judged', exitCode: 2, codes: [code], junit: code, html });
    clear();
  },
);

it('an app that does not start is told once, in a report without checks', { timeout: 60_000 }, async () => {
  const { out, closed, text, clear } = startRun(() => 'node -e "process.exit(7)"');
  const [code] = await closed;
  expect(code).toBe(2);
  expect(text().match(/CONF_TARGET_EXITED/g)).toHaveLength(1);
  expect(text()).not.toMatch(/\d+ checks/);
  expect(readdirSync(out)).toContain('report.json');
  clear();
});
