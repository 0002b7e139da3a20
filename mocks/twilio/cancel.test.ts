import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CarrierLab, NUMBER, SERVICE, startCarrierLab } from './carrier-lab.ts';

describe('a message is canceled', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    // Slow enough that a message is still queued when the next request comes.
    lab = await startCarrierLab({ paceMs: 60_000, maxMessages: 50 });
  });
  afterAll(() => lab.close());
  const to = '+14155550100';
  const status = async (sid: string) => (await lab.sdk.messages(sid).fetch()).status;

  it.each([
    ['queued', { to, from: NUMBER, body: 'code 123456' }],
    ['accepted', { to, messagingServiceSid: SERVICE, body: 'code 123456' }],
  ])('while it is %s: no phone has it, and no status follows', async (first, form) => {
    const { sid, status: created } = await lab.sdk.messages.create(form);
    expect(created).toBe(first);
    expect(await lab.sdk.messages(sid).update({ status: 'canceled' })).toMatchObject({
      status: 'canceled',
      dateSent: null,
      price: null,
    });
    expect(lab.mock.inbox.list({ to })).toEqual([]);
    lab.clock.advance(600);
    expect(await status(sid)).toBe('canceled');
    await expect(lab.sdk.messages(sid).update({ status: 'canceled' })).rejects.toMatchObject({ code: 30409 });
    expect(await lab.sdk.messages(sid).remove()).toBe(true);
  });
  it('also one that is on its way late, or held back', async () => {
    const scope = await lab.scopes.open();
    lab.scopes.bind('phone', to, scope.id);
    for (const fault of ['delivery/late', 'delivery/out-of-order'] as const) {
      lab.scopes.arm(scope.id, [fault]);
      const { sid } = await lab.sdk.messages.create({ to, from: NUMBER, body: 'code 111111' });
      await lab.sdk.messages(sid).update({ status: 'canceled' });
    }
    lab.scopes.arm(scope.id, []);
    lab.clock.advance(600, scope.id);
    await lab.sdk.messages.create({ to, from: NUMBER, body: 'code 222222' });
    expect(lab.mock.inbox.list({ to }).map(({ code }) => code)).toEqual(['222222']);
    lab.scopes.close(scope.id);
  });
  it('is refused once it is being sent, and changes nothing then', async () => {
    const { sid } = await lab.sdk.messages.create({ to, from: NUMBER, body: 'x' });
    lab.clock.advance(61);
    expect(await status(sid)).toBe('sending');
    await expect(lab.sdk.messages(sid).update({ status: 'canceled', body: '' })).rejects.toMatchObject({
      code: 30409,
      status: 409,
    });
    expect((await lab.sdk.messages(sid).fetch()).body).toBe('x');
  });
  it('takes no other status, and no other text', async () => {
    const { sid } = await lab.sdk.messages.create({ to, from: NUMBER, body: 'x' });
    for (const form of [{ Status: 'sent' }, { Status: 'canceled', Body: 'y' }, { Body: 'y' }])
      expect(await (await lab.call(`/Messages/${sid}.json`, form as never)).json()).toMatchObject({
        code: 20422,
      });
    expect(await lab.sdk.messages(sid).fetch()).toMatchObject({ status: 'queued', body: 'x' });
  });
  it('scheduled messages have a limit, which a canceled one leaves', async () => {
    const plan = { to, messagingServiceSid: SERVICE, body: 'later', scheduleType: 'fixed' as const };
    const sendAt = new Date(Date.now() + 86_400_000);
    const sids: string[] = [];
    for (let n = 0; n < 50; n++) sids.push((await lab.sdk.messages.create({ ...plan, sendAt })).sid);
    await expect(lab.sdk.messages.create({ ...plan, sendAt })).rejects.toMatchObject({ code: 35125 });
    await lab.sdk.messages(sids.at(-1) as string).update({ status: 'canceled' });
    expect((await lab.sdk.messages.create({ ...plan, sendAt })).status).toBe('scheduled');
  });
});
