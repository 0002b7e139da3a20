import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultName } from '../faults.ts';
import { type CarrierLab, SERVICE, startCarrierLab, until } from './carrier-lab.ts';
import { errorFaults } from './faults.ts';
import { createInbox, type InboxMessage } from './inbox.ts';
import { createMessageStore } from './message-store.ts';

let lab: CarrierLab;
beforeEach(async () => {
  lab = await startCarrierLab({ maxMessages: 2000 });
});
afterEach(() => lab.close());
const TO = '+14155550100';
const send = (body: string, to = TO) =>
  lab.call('/Messages.json', { To: to, MessagingServiceSid: SERVICE, Body: body });
const sent = async (code: string, to = TO) =>
  (await (await send(`Your sign-in code is ${code}.`, to)).json()) as { sid: string };
const arm = async (...faults: FaultName[]) => {
  const scope = await lab.scopes.open({ willArm: faults });
  lab.scopes.arm(scope.id, faults);
  lab.scopes.bind('phone', TO, scope.id);
  return scope;
};
const codes = (to = TO) => lab.mock.inbox.list({ to }).map(({ code }) => code);
const ended = (sid: string) =>
  until(async () => {
    const message = await (await lab.call(`/Messages/${sid}.json`)).json();
    return ['delivered', 'undelivered', 'failed'].includes(message.status) && message;
  });

describe('delivery', () => {
  it('is over when the answer comes, in the healthy case', async () => {
    await sent('123456');
    expect(codes()).toEqual(['123456']);
  });
  it('loses a message: undelivered, with an error code', async () => {
    await arm('delivery/lost');
    expect(await ended((await sent('123456')).sid)).toMatchObject({
      status: 'undelivered',
      error_code: 30008,
    });
    expect(codes()).toEqual([]);
  });
  it('is late until the clock gets there, and so is the last status', async () => {
    const scope = await arm('delivery/late');
    const { sid } = await sent('123456');
    await until(async () => (await (await lab.call(`/Messages/${sid}.json`)).json()).status === 'sent');
    lab.clock.advance(119, scope.id);
    expect(codes()).toEqual([]);
    lab.clock.advance(1, scope.id);
    expect(codes()).toEqual(['123456']);
    expect(await ended(sid)).toMatchObject({ status: 'delivered' });
  });
  it('comes twice', async () => {
    await arm('delivery/twice');
    await sent('123456');
    expect(codes()).toEqual(['123456', '123456']);
  });
  it('comes out of order: after the next one', async () => {
    const scope = await arm('delivery/out-of-order');
    await sent('111111');
    expect(codes()).toEqual([]);
    lab.scopes.arm(scope.id, []);
    await sent('222222');
    expect(codes()).toEqual(['222222', '111111']);
  });
  it('forgets what is under way when the mock is reset', async () => {
    const scope = await arm('delivery/out-of-order');
    await sent('111111');
    lab.mock.reset();
    lab.scopes.arm(scope.id, []);
    await sent('222222');
    expect(codes()).toEqual(['222222']);
  });
  it('goes to another number, or is cut off within its code', async () => {
    const scope = await arm('delivery/wrong-number');
    await sent('123456');
    expect([codes(), codes('+14155550101')]).toEqual([[], ['123456']]);
    lab.scopes.arm(scope.id, ['delivery/truncated']);
    await sent('123456');
    expect(lab.mock.inbox.list({ to: TO }).map(({ body }) => body)).toEqual(['Your sign-in code is 123']);
  });
  it.each([
    ['error/21610', 400],
    ['error/20429', 429],
    ['error/status-500-html', 500],
    ['error/slow', 201],
  ] as const)('%s answers %i', async (fault, status) => {
    await arm(fault);
    const answer = await send('x');
    await answer.text();
    expect(answer.status).toBe(status);
    expect(lab.journal.query().at(-1)).toMatchObject({ faults: [fault], facts: { resource: 'messages' } });
  });
  /** Those that say no; the others are met above and below. */
  const refusals = (Object.keys(errorFaults) as (keyof typeof errorFaults)[]).filter(
    (name) => !/hang|reset|slow/.test(name),
  );
  it.each(refusals)('%s is an answer of its own, and nothing arrives', async (fault) => {
    await arm(fault);
    const before = lab.mock.inbox.list({ to: TO }).length;
    const answer = await send('x');
    const text = await answer.text();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const code = /^error\/(\d+)$/.exec(fault)?.[1];
    if (code) expect(JSON.parse(text)).toMatchObject({ code: Number(code) });
    expect(lab.mock.inbox.list({ to: TO })).toHaveLength(before);
  });
  it('never answers', async () => {
    await arm('error/hang');
    let ended = false;
    send('x')
      .catch(() => {})
      .finally(() => {
        ended = true;
      });
    const entry = await lab.journal.waitFor({ endpoint: 'messages' }, 30_000);
    expect(entry).toMatchObject({ status: null, faults: ['error/hang'] });
    expect(ended).toBe(false);
  });
  it('resets the connection', async () => {
    await arm('error/reset');
    await expect(send('x')).rejects.toThrow();
  });
});

describe('chaos', () => {
  const faults: FaultName[] = ['error/20429', 'delivery/lost', 'delivery/twice'];
  it('meets the same messages again with the same seed, others with another, none without', async () => {
    const outcome = (seed: string) => {
      lab.mock.setChaos({ percent: 30, seed, faults: faults as never });
      return outcomes();
    };
    const outcomes = async () => {
      const statuses = await Promise.all(
        Array.from({ length: 60 }, async (_, n) => (await send('x', `+1415555${1000 + n}`)).status),
      );
      const texts = lab.mock.inbox
        .list()
        .map(({ to }) => to)
        .sort();
      lab.mock.inbox.clear();
      return { statuses, texts };
    };
    const first = await outcome('a');
    expect(await outcome('a')).toEqual(first);
    expect(await outcome('b')).not.toEqual(first);
    const hit = first.statuses.filter((status) => status === 429).length;
    expect(hit).toBeGreaterThan(0);
    lab.mock.setChaos(null);
    const healthy = await outcomes();
    expect(healthy.statuses.every((status) => status === 201)).toBe(true);
  });
  it('refuses a plan that is wrong, and leaves alone what has faults of its own', async () => {
    expect(() => lab.mock.setChaos({ percent: 101, seed: 1 })).toThrow();
    expect(() => lab.mock.setChaos({ percent: 1, seed: 1, faults: ['delivery/none' as never] })).toThrow(
      /no fault/,
    );
    lab.mock.setChaos({ percent: 100, seed: 1, faults: ['error/20429'] });
    await arm('delivery/twice');
    await sent('123456');
    expect(codes()).toHaveLength(2);
  });
});

describe('many at once', () => {
  it('loses none of 1,000 parallel creates', async () => {
    const numbers = Array.from({ length: 1000 }, (_, n) => `+1415555${String(n).padStart(4, '0')}`);
    const answers = await Promise.all(numbers.map((to, n) => sent(String(100_000 + n), to)));
    expect(new Set(answers.map(({ sid }) => sid)).size).toBe(1000);
    numbers.forEach((to, n) => {
      expect(codes(to)).toEqual([String(100_000 + n)]);
    });
    const listed = await (await lab.call('/Messages.json?PageSize=1000')).json();
    expect(new Set(listed.messages.map(({ sid }: { sid: string }) => sid)).size).toBe(1000);
  });
  it('never gives a wait the code of another number', async () => {
    const numbers = Array.from({ length: 50 }, (_, n) => `+14155551${String(n).padStart(3, '0')}`);
    const waits = numbers.map((to) => lab.mock.inbox.waitFor({ to, limitMs: 5000 }));
    await Promise.all(numbers.toReversed().map((to) => sent(`7${to.slice(-5)}`, to)));
    expect((await Promise.all(waits)).map(({ code }) => code)).toEqual(
      numbers.map((to) => `7${to.slice(-5)}`),
    );
  });
  it('says what did arrive when a wait ends without its message', async () => {
    const since = new Date().toISOString();
    const wait = lab.mock.inbox.waitFor({ to: TO, since, limitMs: 60 });
    await sent('123456', '+14155550177');
    await expect(wait).rejects.toThrow(
      /no message reached .*00 within 60 ms; what did arrive since then: SignIn to .*77 at/,
    );
    const later = new Date(Date.now() + 1000).toISOString();
    await expect(lab.mock.inbox.waitFor({ to: TO, since: later, limitMs: 5 })).rejects.toThrow(
      /nothing at all arrived/,
    );
  });

  it('keeps the newest messages and no more, while 100,000 pass through', () => {
    const inbox = createInbox(500);
    const store = createMessageStore(500);
    for (let n = 0; n < 100_000; n++) {
      const sid = `SM${n}`;
      inbox.add({ sid, to: `+1415555${n % 10_000}`, body: 'x', at: String(n), code: null } as InboxMessage);
      store.add({ resource: { sid }, account: { sid: 'AC' } } as never);
    }
    expect(inbox.list().length).toBeLessThanOrEqual(550);
    expect(inbox.list().at(-1)?.sid).toBe('SM99999');
    expect(store.size).toBeLessThanOrEqual(550);
    expect(store.get('SM99999')).toBeDefined();
    expect(store.get('SM0')).toBeUndefined();
  });
});
