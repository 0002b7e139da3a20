import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type CarrierLab, SERVICE, startCarrierLab } from './carrier-lab.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const MEGABYTE = 1_048_576;
/** What the mock keeps, small enough that the test passes its limits several times over. */
const KEPT = 300;

describe('memory', () => {
  let lab: CarrierLab;
  let pool: Pool;
  beforeAll(async () => {
    lab = await startCarrierLab({ maxMessages: KEPT, paceMs: 0 });
    pool = new Pool(lab.mock.origin, { connections: 8, pipelining: 1 });
  });
  afterAll(async () => {
    await pool.close();
    await lab.close();
  });
  const headers = {
    authorization: `Basic ${Buffer.from(`${ACCOUNT.sid}:${ACCOUNT.authToken}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  /** Messages over HTTP, each to a number of its own; one in five is refused, one in five undelivered. */
  async function send(from: number, count: number): Promise<number> {
    let next = from;
    let taken = 0;
    const worker = async () => {
      while (next < from + count) {
        const n = next++;
        const to = n % 5 === 0 ? '+15002161000' : n % 5 === 1 ? '+15003000300' : `+1415${2_000_000 + n}`;
        const body = new URLSearchParams({
          To: to,
          MessagingServiceSid: SERVICE,
          Body: `Your sign-in code is ${100_000 + n}.`,
        }).toString();
        const path = `/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`;
        const answer = await pool.request({ method: 'POST', path, headers, body });
        await answer.body.dump();
        if (answer.statusCode === 201) taken += 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    return taken;
  }
  const heap = () => {
    gc();
    gc();
    return process.memoryUsage().heapUsed;
  };

  it('does not grow with the messages that pass through over HTTP', async () => {
    // The journal keeps the redacted exchanges of all mocks, to a limit of its own: it is emptied, as between checks.
    await send(0, 1500);
    lab.journal.reset();
    const before = heap();
    expect(await send(1500, 3000)).toBe(2400);
    lab.journal.reset();
    expect(heap() - before).toBeLessThan(4 * MEGABYTE);
    expect(lab.mock.inbox.list().length).toBeLessThanOrEqual(KEPT * 1.1);
    expect(lab.mock.inbox.attempts().length).toBeLessThanOrEqual(2200);
  }, 60_000);
});
