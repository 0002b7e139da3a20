import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const HEADER = 'x-conformance-clock';
const APP = `
import { createServer } from 'node:http';
const told = () => { const date = new Date(); return {
  now: Date.now(), since: performance.timeOrigin + performance.now(), date: date.getTime(), isDate: date instanceof Date, byConstructor: date.constructor === Date,
  given: new Date(5).getTime(), text: typeof Date(), iso: new Date('2026-01-01T00:00:00Z').toISOString() }; };
createServer(async (request, response) => {
  const before = told();
  await new Promise((resolve) => setTimeout(resolve, 5));
  response.end(JSON.stringify([before, told()]));
}).listen(0, 'localhost', function () { console.log(this.address().port); });`;

let app: ChildProcess;
let origin: string;
beforeAll(async () => {
  const preload = pathToFileURL(path.join(import.meta.dirname, 'clock-preload.js')).href;
  app = spawn(process.execPath, ['--import', preload, '--input-type=module', '--eval', APP]);
  const [port] = await once(app.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  origin = `http://localhost:${Number(port)}`;
});
afterAll(() => void app.kill());

const ask = async (seconds?: number) => {
  const answer = await fetch(origin, { headers: seconds ? { [HEADER]: String(seconds) } : {} });
  return { told: (await answer.json()) as Record<string, unknown>[], moved: answer.headers.get(HEADER) };
};
const DAY = 86_400;
/** Milliseconds: the request itself takes some. */
const ABOUT = DAY * 500;

it('moves the clock for the request that asks for it, and for what it waits for', async () => {
  const { told, moved } = await ask(DAY);
  expect(moved).toBe(String(DAY));
  for (const { now, since, date, ...rest } of told) {
    for (const time of [now, since, date])
      expect(Math.abs(Number(time) - Date.now() - DAY * 1000)).toBeLessThan(ABOUT);
    expect(rest).toEqual({
      isDate: true,
      byConstructor: true,
      given: 5,
      text: 'string',
      iso: '2026-01-01T00:00:00.000Z',
    });
  }
});

it('leaves other requests alone, those of the same moment, too', async () => {
  const [{ told, moved }] = await Promise.all([ask(), ask(DAY), ask(2 * DAY)]);
  expect(moved).toBeNull();
  for (const { now, since } of told)
    for (const time of [now, since]) expect(Math.abs(Number(time) - Date.now())).toBeLessThan(ABOUT);
});
