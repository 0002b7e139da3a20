/** Exit code 0 says conformant and 1 not conformant: whatever ends or holds the process, it says neither by accident. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-exit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bin = path.join(import.meta.dirname, '../bin.js');

async function run(config: string, act?: (child: ReturnType<typeof spawn>) => void) {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, config);
  const child = spawn(process.execPath, [bin, 'run', '--config', file, '--out', path.join(folder, 'out')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  act?.(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, text };
}
const NOBODY = 'export default { target: { url: "http://localhost:9", readyTimeout: 0.2 } };';

it.each([0, 1, 7])('a config that ends the process with %i ends it with 2', async (code) => {
  const ended = await run(`process.exit(${code})`);
  expect(ended.code).toBe(2);
  expect(ended.text).toContain(`CONF_ENDED_EARLY: the process was ended with ${code}`);
});
it('a config that leaves something running holds nobody up', async () => {
  expect((await run(`setInterval(() => {}, 1000); ${NOBODY}`)).code).toBe(2);
});
it('a config that throws after it was loaded is named with its line', async () => {
  const { code, text } = await run(
    `setTimeout(() => { throw new Error("late") }, 50); await new Promise((done) => setTimeout(done, 2000)); ${NOBODY}`,
  );
  expect(code).toBe(2);
  expect(text).toMatch(/CONF_OWN_CODE_FAILED: .*\.mjs:1 threw what nobody caught: late/);
});
it('a closed pipe is no verdict', async () => {
  const { code } = await run(NOBODY, (child) => child.stdout?.destroy());
  expect(code).toBe(2);
});
