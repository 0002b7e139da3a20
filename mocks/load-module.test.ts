/** Code of others that never lets go: each kind in a process of its own, with short limits. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-endless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Loads a module as a config is loaded. */
function load(text: string) {
  count += 1;
  const module = path.join(folder, `module-${count}.mjs`);
  const loader = path.join(folder, `loader-${count}.mjs`);
  writeFileSync(module, text);
  writeFileSync(
    loader,
    `import { interruptible } from ${JSON.stringify(path.join(import.meta.dirname, 'load-module.ts'))};
     const load = async () => ({ ...(await import(${JSON.stringify(module)})).default });
     try {
       console.log(JSON.stringify(await interruptible('the module', load, { clockMs: 500, cpuMs: 300, idleMs: 2_000, killMs: 1_000 })));
     } catch (error) {
       console.log(error.message);
       process.exitCode = 2;
     }`,
  );
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [loader], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, signal, stdout: stdout.trim(), stderr };
}

it.each([
  ['a loop', 'while (true) {} export default {}'],
  ['a loop that catches what it can', 'for (;;) { try { for (;;); } catch {} } export default {}'],
  ['a loop in a getter', 'export default { get target() { for (;;); } }'],
  ['a loop that awaits what is there', 'for (;;) await null; export default {}'],
  ['an expression that tries everything', '/^(a+)+$/.test("a".repeat(60) + "b"); export default {}'],
])('%s is interrupted, and the process goes on', (_, text) => {
  expect(load(text)).toMatchObject({
    status: 2,
    stdout: 'it lets nothing else happen, for 30 seconds and more (an endless loop?)',
  });
});

it('what waits in the system takes the process with it, and a word is left', () => {
  const { signal, stderr } = load(
    'import { execSync } from "node:child_process"; execSync("sleep 8"); export default {}',
  );
  expect(signal).toBe('SIGKILL');
  expect(stderr).toContain('the module does not end, and cannot be interrupted');
});

it('what works little in much time is left alone: a busy machine is no endless loop', () => {
  const text =
    'import { execSync } from "node:child_process"; execSync("sleep 1.5"); export default { a: 1 }';
  expect(load(text)).toMatchObject({ status: 0, stdout: '{"a":1}' });
});

it('what comes in time is there, and what it throws is thrown', () => {
  expect(load('export default { a: 1 }')).toMatchObject({ status: 0, stdout: '{"a":1}', stderr: '' });
  expect(load('throw new Error("boom")')).toMatchObject({ status: 2, stdout: 'boom' });
});
