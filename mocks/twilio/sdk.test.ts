import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type CarrierLab, NUMBER, SERVICE, startCarrierLab, until } from './carrier-lab.ts';

describe("Twilio's SDK 6", () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterAll(() => lab.close());
  const delivered = (sid: string) =>
    until(async () => {
      const message = await lab.sdk.messages(sid).fetch();
      return message.status === 'delivered' && message;
    });

  it('creates by Messaging Service: accepted, no sender, no segments, then delivered from a number', async () => {
    const created = await lab.sdk.messages.create({
      to: '+14155550100',
      messagingServiceSid: SERVICE,
      body: 'Your sign-in code is 123456.',
    });
    expect(created).toMatchObject({ status: 'accepted', from: null, numSegments: '0', price: null });
    expect(created.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(created.dateSent).toBeNull();
    const after = await delivered(created.sid);
    expect(after).toMatchObject({ from: NUMBER, numSegments: '1', price: '-0.00790', errorCode: null });
    expect(after.dateSent).toBeInstanceOf(Date);
  });

  it('creates by number: queued, with its segments counted', async () => {
    const created = await lab.sdk.messages.create({
      to: '+14155550101',
      from: NUMBER,
      body: 'é'.repeat(161),
    });
    expect(created).toMatchObject({ status: 'queued', from: NUMBER, numSegments: '2' });
  });

  it('lists by number and day, the newest first, page by page', async () => {
    const to = '+14155550102';
    const sids = [];
    for (let n = 0; n < 5; n++)
      sids.unshift((await lab.sdk.messages.create({ to, messagingServiceSid: SERVICE, body: `n${n}` })).sid);
    await Promise.all(sids.map(delivered));
    const listed = await lab.sdk.messages.list({ to, pageSize: 2 });
    expect(listed.map(({ sid }) => sid)).toEqual(sids);
    const page = await lab.sdk.messages.page({ to, pageSize: 2 });
    const second = await page.nextPage();
    expect(second?.instances.map(({ sid }) => sid)).toEqual(sids.slice(2, 4));
    expect((await second?.previousPage())?.instances.map(({ sid }) => sid)).toEqual(sids.slice(0, 2));
    const day = new Date();
    const yesterday = new Date(Date.now() - 86_400_000);
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(await lab.sdk.messages.list({ to, dateSent: day })).not.toHaveLength(0);
    expect(
      await lab.sdk.messages.list({ to, dateSentAfter: yesterday, dateSentBefore: tomorrow }),
    ).toHaveLength(5);
    expect(await lab.sdk.messages.list({ to, dateSentAfter: tomorrow })).toHaveLength(0);
    expect(await lab.sdk.messages.list({ to, dateSentBefore: yesterday })).toHaveLength(0);
    expect(await lab.sdk.messages.list({ from: '+19995550100' })).toHaveLength(0);
  });

  it('redacts and deletes a message that is delivered, and no other', async () => {
    const { sid } = await lab.sdk.messages.create({
      to: '+14155550103',
      messagingServiceSid: SERVICE,
      body: 'x',
    });
    await expect(lab.sdk.messages(sid).remove()).rejects.toMatchObject({ status: 409, code: 20009 });
    await delivered(sid);
    expect((await lab.sdk.messages(sid).update({ body: '' })).body).toBe('');
    await expect(lab.sdk.messages(sid).update({ status: 'canceled' })).rejects.toMatchObject({ code: 30409 });
    expect(await lab.sdk.messages(sid).remove()).toBe(true);
    await expect(lab.sdk.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('schedules: sent when the clock gets there, or canceled before', async () => {
    const plan = {
      to: '+14155550104',
      messagingServiceSid: SERVICE,
      body: 'later',
      scheduleType: 'fixed' as const,
      sendAt: new Date(Date.now() + 3_600_000),
    };
    const [one, two] = [await lab.sdk.messages.create(plan), await lab.sdk.messages.create(plan)];
    expect(one.status).toBe('scheduled');
    expect((await lab.sdk.messages(two.sid).update({ status: 'canceled' })).status).toBe('canceled');
    expect(lab.mock.inbox.list({ to: plan.to })).toHaveLength(0);
    lab.clock.advance(3600);
    await delivered(one.sid);
    expect(lab.mock.inbox.list({ to: plan.to })).toHaveLength(1);
  });

  it('sends media, lists it, deletes it and confirms the message', async () => {
    const created = await lab.sdk.messages.create({
      to: '+14155550105',
      from: NUMBER,
      mediaUrl: ['https://example.com/a.png', 'https://example.com/b.jpg'],
    });
    expect(created.sid).toMatch(/^MM/);
    expect(created.numMedia).toBe('2');
    const media = await lab.sdk.messages(created.sid).media.list();
    expect(media.map(({ contentType }) => contentType)).toEqual(['image/png', 'image/jpeg']);
    const first = lab.sdk.messages(created.sid).media(media[0]?.sid ?? '');
    expect((await first.fetch()).parentSid).toBe(created.sid);
    expect(await first.remove()).toBe(true);
    await expect(first.fetch()).rejects.toMatchObject({ code: 20404 });
    expect((await lab.sdk.messages(created.sid).feedback.create({ outcome: 'confirmed' })).outcome).toBe(
      'confirmed',
    );
  });

  it('reads the account and its Messaging Services', async () => {
    expect((await lab.sdk.api.v2010.accounts(ACCOUNT.sid).fetch()).status).toBe('active');
    expect((await lab.sdk.messaging.v1.services.list()).map(({ sid }) => sid)).toEqual([SERVICE]);
    expect((await lab.sdk.messaging.v1.services(SERVICE).fetch()).accountSid).toBe(ACCOUNT.sid);
    expect((await lab.sdk.messaging.v1.services(SERVICE).phoneNumbers.list())[0]?.phoneNumber).toBe(NUMBER);
    await expect(lab.sdk.messaging.v1.services(`MG${'f'.repeat(32)}`).fetch()).rejects.toMatchObject({
      code: 20404,
    });
  });

  it('got no answer that differs from the API description', () => {
    const kinds = new Set(lab.validated.map((line) => line.replace(/[A-Z]{2}[0-9a-f]{32}/g, '…')));
    expect([...kinds].sort()).toEqual([
      'GET 200 /2010-04-01/Accounts/….json',
      'GET 200 /2010-04-01/Accounts/…/Messages.json',
      'GET 200 /2010-04-01/Accounts/…/Messages/….json',
      'GET 200 /2010-04-01/Accounts/…/Messages/…/Media.json',
      'GET 200 /2010-04-01/Accounts/…/Messages/…/Media/….json',
      'POST 200 /2010-04-01/Accounts/…/Messages/….json',
      'POST 200 /2010-04-01/Accounts/…/Messages/…/Feedback.json',
      'POST 201 /2010-04-01/Accounts/…/Messages.json',
    ]);
  });
});
