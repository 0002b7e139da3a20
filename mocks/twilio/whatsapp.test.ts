import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type CarrierLab, NUMBER, SERVICE, startCarrierLab, until } from './carrier-lab.ts';

const SENDER = 'whatsapp:+14155238886';
const TO = 'whatsapp:+14155550100';

describe('addresses of WhatsApp', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab({ accounts: [{ ...ACCOUNT, numbers: [NUMBER, SENDER] }] });
  });
  afterEach(() => lab.mock.inbox.clear());
  afterAll(() => lab.close());
  const body = 'Your sign-in code is 482913.';
  const delivered = (sid: string) =>
    until(async () => {
      const message = await lab.sdk.messages(sid).fetch();
      return message.status === 'delivered' && message;
    });

  it('are taken as they are, and reach the same phone', async () => {
    const { sid } = await lab.sdk.messages.create({ to: TO, from: SENDER, body });
    expect(await delivered(sid)).toMatchObject({ to: TO, from: SENDER });
    expect(await lab.mock.inbox.waitFor({ to: '+14155550100', limitMs: 10 })).toMatchObject({
      to: TO,
      code: '482913',
    });
    const [shown] = await (await fetch(`${lab.mock.origin}/inbox/api/messages`)).json();
    expect(shown).toMatchObject({ number: 'WhatsApp +1 415 555 0100', country: 'US' });
    expect(await lab.sdk.messages.list({ to: TO })).toHaveLength(1);
    expect(await lab.sdk.messages.list({ to: '+14155550100' })).toHaveLength(0);
  });
  it('a Messaging Service chooses the sender of the same channel', async () => {
    const { sid, from } = await lab.sdk.messages.create({ to: TO, messagingServiceSid: SERVICE, body });
    expect(from).toBeNull();
    expect((await delivered(sid)).from).toBe(SENDER);
    const sms = await lab.sdk.messages.create({ to: '+14155550100', messagingServiceSid: SERVICE, body });
    expect((await delivered(sms.sid)).from).toBe(NUMBER);
  });
  it.each([
    [21910, { to: TO, from: NUMBER }],
    [21910, { to: '+14155550100', from: SENDER }],
    [63007, { to: TO, from: 'whatsapp:+14155238887' }],
    [21211, { to: 'whatsapp:4155550100', from: SENDER }],
    [21211, { to: 'whatsapp:', from: SENDER }],
    [21610, { to: 'whatsapp:+15002161000', from: SENDER }],
  ])('are refused with %i', async (code, way) => {
    await expect(lab.sdk.messages.create({ ...way, body })).rejects.toMatchObject({ code, status: 400 });
  });
  it('a service without such a sender has none available', async () => {
    lab.mock.setAccounts([ACCOUNT]);
    await expect(
      lab.sdk.messages.create({ to: TO, messagingServiceSid: SERVICE, body }),
    ).rejects.toMatchObject({ code: 21703 });
  });
  it('an error of the channel can be had by number', async () => {
    lab.mock.setAccounts([{ ...ACCOUNT, numbers: [NUMBER, SENDER] }]);
    const { sid } = await lab.sdk.messages.create({ to: 'whatsapp:+15006301600', from: SENDER, body });
    const ended = await until(async () => {
      const message = await lab.sdk.messages(sid).fetch();
      return message.status === 'failed' && message;
    });
    expect(ended.errorCode).toBe(63016);
  });
});
