import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, it } from 'vitest';
import { GATE, passGate, putUpGate } from './gate.ts';

it('holds who comes before it is opened, and nobody afterwards', async () => {
  const gate = await putUpGate();
  const passed: string[] = [];
  const early = passGate({ [GATE]: String(gate.port) }).then(() => passed.push('early'));
  // Another one gets as far as the first did before the gate knows of either.
  const second = passGate({ [GATE]: String(gate.port) }).then(() => passed.push('second'));
  expect(passed).toEqual([]);
  gate.open();
  await Promise.all([early, second]);
  await passGate({ [GATE]: String(gate.port) });
  expect(passed.toSorted()).toEqual(['early', 'second']);
});

it('is no gate for who was started behind none', async () => {
  await passGate({});
});

it('is given up when whoever put it up is killed', async () => {
  const source = `
    const { putUpGate } = await import(${JSON.stringify(path.join(import.meta.dirname, 'gate.ts'))});
    console.log((await putUpGate()).port);
    setInterval(() => {}, 1000);`;
  const keeper = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [told] = await once(keeper.stdout, 'data');
  const waits = passGate({ [GATE]: String(told).trim() });
  keeper.kill('SIGKILL');
  await expect(waits).rejects.toThrow();
});
