import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '../faults.ts';
import { createAttempts, type InboxAttempt } from './attempts.ts';
import { ACCOUNT, type CarrierLab, SERVICE, startCarrierLab, until } from './carrier-lab.ts';

describe('messages that reached no phone', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterEach(() => lab.mock.inbox.clear());
  afterAll(() => lab.close());
  const TO = '+14155550100';
  const send = (form: Record<string, string>) =>
    lab.call('/Messages.json', {
      To: TO,
      MessagingServiceSid: SERVICE,
      Body: 'Your sign-in code is 482913.',
      ...form,
    });
  const api = async (path: string, method = 'GET') =>
    (await fetch(`${lab.mock.origin}/inbox/api${path}`, { method })).json();

  it('a refused one is kept with code, reason and both bodies', async () => {
    await send({ To: '+15002161000' });
    expect(await api('/attempts?to=+15002161000')).toMatchObject([
      {
        kind: 'refused',
        to: '+15002161000',
        http: 400,
        code: 21610,
        reason: 'Attempt to send to unsubscribed recipient',
        moreInfo: 'https://www.twilio.com/docs/errors/21610',
        template: 'SignIn',
        body: 'Your sign-in code is 482913.',
        answer: { status: 400, body: { code: 21610 } },
        request: { form: { To: '+15002161000' } },
      },
    ]);
    expect(await api('/messages')).toEqual([]);
  });
  it('a wrong token is seen, and a number that is none', async () => {
    await fetch(`${lab.mock.origin}/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT.sid}:wrong`).toString('base64')}` },
      body: new URLSearchParams({ To: TO, Body: 'x' }),
    });
    await send({ To: 'Ann' });
    expect(await api('/attempts')).toMatchObject([
      { to: TO, http: 401, code: 20003, reason: 'Authenticate' },
      { to: 'Ann', http: 400, code: 21211 },
    ]);
    expect(await api('/attempts?search=ann')).toHaveLength(1);
    expect(await api('/attempts?to=Ann')).toHaveLength(1);
  });
  it.each([
    ['error/status-500-html', 500, null, /answered 500/],
    ['error/reset', null, null, /reset the connection/],
    ['error/20429', 429, 20429, /Too Many Requests/],
  ] as const)('so is one that met %s', async (fault, http, code, reason) => {
    const scope = await lab.scopes.open();
    lab.scopes.bind('phone', TO, scope.id);
    lab.scopes.arm(scope.id, [fault as FaultName]);
    await send({}).catch(() => undefined);
    lab.scopes.close(scope.id);
    expect(lab.mock.inbox.attempts({ to: TO })).toMatchObject([
      { kind: 'refused', http, code, reason: expect.stringMatching(reason), scope: scope.id },
    ]);
  });
  it('one that was taken and never delivered is kept under its sid, with its status line', async () => {
    const { sid } = await (await send({ To: '+15003000300' })).json();
    const [attempt] = await api('/attempts');
    expect(attempt).toMatchObject({ id: sid, kind: 'undelivered', http: 201, code: 30003 });
    expect(attempt.reason).toBe('Unreachable destination handset');
    const ended = await until(async () => {
      const details = await api(`/messages/${sid}`);
      return details.resource.status === 'undelivered' && details;
    });
    expect(ended).toMatchObject({ kind: 'undelivered', errorCode: 30003 });
    expect(ended.timeline.map(({ status }: { status: string }) => status)).toEqual([
      'accepted',
      'queued',
      'sending',
      'sent',
      'undelivered',
    ]);
  });
  it('a wait that ends in vain names what was refused to its number, and what came too early', async () => {
    await send({});
    const since = new Date(Date.now() + 5).toISOString();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await send({ MessagingServiceSid: `MG${'9'.repeat(32)}` });
    await expect(lab.mock.inbox.waitFor({ to: TO, since, limitMs: 5 })).rejects.toThrow(
      /nothing at all arrived since then; to this number a message was refused with 21701: The Messaging Service does not exist; the one before came at .*Z, earlier than asked for$/,
    );
  });
  it('are deleted one by one, by number and all together', async () => {
    await send({ To: '+15002161000' });
    await send({ To: '+15002161100' });
    await send({});
    const [first] = await api('/attempts');
    expect(await api(`/messages/${first.id}`, 'DELETE')).toEqual({ deleted: 1 });
    expect(await api(`/messages?to=${encodeURIComponent('+15002161100')}`, 'DELETE')).toEqual({ deleted: 1 });
    expect(await api('/attempts')).toEqual([]);
    expect(await api('/messages', 'DELETE')).toEqual({ deleted: 1 });
  });
  it('the newest are kept, and no more than that', () => {
    const attempts = createAttempts(10);
    for (let n = 0; n < 1000; n++) attempts.add({ id: `RF${n}` } as InboxAttempt);
    expect(attempts.list().length).toBeLessThanOrEqual(11);
    expect(attempts.list().at(-1)?.id).toBe('RF999');
  });
});
