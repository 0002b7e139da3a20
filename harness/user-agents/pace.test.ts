import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHttpAgent } from './http.ts';
import { beginWait, factorOf, inWords, patiently, setPace, spend, wasExceeded } from './pace.ts';

/** Answers after so many milliseconds, as named by the path; `/never` never. */
let server: Server;
let origin: string;
beforeEach(async () => {
  setPace({});
  server = createServer((request, response) => {
    const [, ms] = (request.url ?? '').split('/');
    if (ms !== 'never') setTimeout(() => response.end('there'), Number(ms));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterEach(() => {
  setPace({});
  server.closeAllConnections();
  server.close();
});
const app = () => createHttpAgent({ laneOf: () => 'app' });

it('an app that does not answer in time breaks its duty, and the verdict is known to rest on that', async () => {
  await expect(app().hop(`${origin}/never`, { limitMs: 300 })).rejects.toMatchObject({
    name: 'ConformanceFailure',
    message: expect.stringMatching(/did not answer within [\d.]+ s\./),
  });
  expect(wasExceeded()).toBe(true);
});

it('what the issuer mock does not answer is an error of ours', async () => {
  const visitor = createHttpAgent({ laneOf: () => 'issuer' });
  await expect(visitor.hop(`${origin}/never`, { limitMs: 300 })).rejects.toMatchObject({
    parts: { code: 'CONF_MOCK_SILENT' },
  });
});

it('a limit grows with what an echo takes beside the wait, and the check is given the time', async () => {
  let granted = 0;
  setPace({
    echo: () => sleep(400),
    grant: (ms) => {
      granted += ms;
    },
  });
  expect((await app().hop(`${origin}/1200`, { limitMs: 500 })).text).toBe('there');
  expect(granted).toBeGreaterThan(0);
  expect(wasExceeded()).toBe(false);
});

it('an echo that does not come back counts as long as it is waited for; no limit grows without end', async () => {
  setPace({ echo: () => new Promise(() => {}) });
  const wait = beginWait(300);
  await new Promise((resolve) => wait.signal.addEventListener('abort', resolve));
  expect(wait.limitMs()).toBe(1800);
  wait.end();
});

it('a machine that was slow from the start has longer limits from the start', () => {
  setPace({ factor: 3 });
  const wait = beginWait(1000);
  expect(wait.limitMs()).toBe(3000);
  wait.end();
});

it('an echo of an idle machine changes no limit', () => {
  expect([2, 10, 25, 50, 10_000].map(factorOf)).toEqual([1, 1, 1, 2, 6]);
});

it('a wait that has a limit of its own is begun again while the machine is slow, and no longer', async () => {
  setPace({ echo: () => sleep(400) });
  const attempts: number[] = [];
  await expect(
    patiently(300, async (limitMs) => {
      attempts.push(limitMs);
      await sleep(limitMs);
      throw new Error('nothing arrived');
    }),
  ).rejects.toThrow('nothing arrived');
  expect(attempts.length).toBeGreaterThan(1);
  expect(wasExceeded()).toBe(true);
  attempts.length = 0;
  await expect(
    patiently(60_000, async (limitMs) => {
      attempts.push(limitMs);
      throw new Error('no such number');
    }),
  ).rejects.toThrow('no such number');
  expect(attempts).toHaveLength(1);
});

it('a limit that was exceeded alone, too, is told as that', () => {
  setPace({ alone: true });
  expect(inWords(15_000)).toBe('15 s, also when nothing else ran');
});

it('a wait that a check has left behind says nothing of the next one', async () => {
  setPace({});
  const left = patiently(50, async (limitMs) => {
    await sleep(limitMs);
    throw new Error('nothing arrived');
  });
  setPace({});
  await expect(left).rejects.toThrow('nothing arrived');
  expect(wasExceeded()).toBe(false);
});

it('what a check has waited for answers is none of its own time', () => {
  const granted: number[] = [];
  setPace({ grant: (ms) => granted.push(ms) });
  for (let answers = 0; answers < 50; answers += 1) spend(90);
  expect(granted.reduce((sum, ms) => sum + ms, 0)).toBe(4_320);
  setPace({ grant: (ms) => granted.push(ms) });
  spend(950);
  expect(granted).toHaveLength(4);
  granted.length = 0;
  for (let answers = 0; answers < 400; answers += 1) spend(14_000);
  expect(granted.reduce((sum, ms) => sum + ms, 0)).toBe(120_000);
});
