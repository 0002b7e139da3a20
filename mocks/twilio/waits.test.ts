import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInbox, type InboxMessage, type NewInboxMessage } from './inbox.ts';

const message = (to: string, n: number, at = new Date().toISOString()): NewInboxMessage => ({
  sid: `SM${n}`,
  to,
  from: null,
  body: `code ${n}`,
  code: String(n),
  template: null,
  templates: [],
  usageType: null,
  segments: 1,
  encoding: 'GSM-7',
  at,
  scope: null,
  status: 'accepted',
});
/** Numbers that resemble one another: a digit more, another country, the same end. */
const phones = ['+12025550142', '+120255501420', '+442025550142', '+12025550143', '+4915112025550'];
const spelled = (phone: string, how: number) =>
  [phone, phone.slice(1), `${phone.slice(0, 3)} (${phone.slice(3, 6)}) ${phone.slice(6)}`][how] as string;

describe('waits for messages', () => {
  it('never get what was sent to another number, in whatever order waits and messages come', async () => {
    const step = fc.record({
      phone: fc.constantFrom(...phones),
      kind: fc.constantFrom('wait' as const, 'message' as const),
      how: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const inbox = createInbox(10_000);
        const waits: { phone: string; got: Promise<InboxMessage | null> }[] = [];
        for (const [n, { phone, kind, how }] of steps.entries()) {
          if (kind === 'message') inbox.add(message(phone, n));
          else {
            const got = inbox.waitFor({ to: spelled(phone, how), limitMs: 0 }).catch(() => null);
            waits.push({ phone, got });
          }
        }
        for (const { phone, got } of waits) {
          const first = steps.findIndex((each) => each.kind === 'message' && each.phone === phone);
          const seen = await got;
          if (first < 0) expect(seen).toBeNull();
          else expect(seen).toMatchObject({ to: phone, sid: `SM${first}` });
        }
      }),
      { numRuns: 150 },
    );
  });
  it('get the first message since their time, and none from before', async () => {
    const times = fc.array(fc.nat(50), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(times, fc.nat(50), async (offsets, since) => {
        const inbox = createInbox();
        const iso = (offset: number) => new Date(1_800_000_000_000 + offset).toISOString();
        for (const [n, offset] of offsets.sort((a, b) => a - b).entries())
          inbox.add(message(phones[0] as string, n, iso(offset)));
        const got = inbox
          .waitFor({ to: phones[0] as string, since: iso(since), limitMs: 0 })
          .catch(() => null);
        const first = offsets.findIndex((offset) => offset >= since);
        expect((await got)?.sid ?? null).toBe(first < 0 ? null : `SM${first}`);
      }),
      { numRuns: 100 },
    );
  });
  it('of two scopes texting one number each get their own', async () => {
    const inbox = createInbox();
    const waits = ['a', 'b'].map((scope) => inbox.waitFor({ to: '+12025550142', scope, limitMs: 100 }));
    inbox.add({ ...message('+12025550142', 1), scope: 'b' });
    inbox.add({ ...message('+12025550142', 2), scope: 'a' });
    expect((await Promise.all(waits)).map(({ sid }) => sid)).toEqual(['SM2', 'SM1']);
  });
  it('end at once for what is no number or no time, and when nobody waits any more', async () => {
    const inbox = createInbox();
    await expect(inbox.waitFor({ to: 'Ann', limitMs: 10_000 })).rejects.toThrow(/"Ann" is no phone number/);
    await expect(inbox.waitFor({ to: '+12025550142', since: 'soon', limitMs: 10_000 })).rejects.toThrow(
      /no ISO 8601 time/,
    );
    const left = new AbortController();
    const wait = inbox.waitFor({ to: '+12025550142', limitMs: 10_000, signal: left.signal });
    left.abort();
    await expect(wait).rejects.toThrow(/nobody waits/);
    await expect(
      inbox.waitFor({ to: '+12025550142', limitMs: 10_000, signal: AbortSignal.abort() }),
    ).rejects.toThrow(/nobody waits/);
  });
});
