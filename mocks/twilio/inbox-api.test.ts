import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CarrierLab, SERVICE, startCarrierLab } from './carrier-lab.ts';

let lab: CarrierLab;
beforeAll(async () => {
  lab = await startCarrierLab();
});
afterEach(() => lab.mock.inbox.clear());
afterAll(() => lab.close());
const ANN = '+12015550123';
const BOB = '+14155550100';
const text = (to: string, code: string) =>
  lab.call('/Messages.json', { To: to, MessagingServiceSid: SERVICE, Body: `Your sign-in code is ${code}.` });
const api = (path: string, method = 'GET') => fetch(`${lab.mock.origin}/inbox/api${path}`, { method });

describe('/inbox/api', () => {
  it('lists, searches, shows and deletes', async () => {
    await text(ANN, '111111');
    await text(BOB, '222222');
    expect(await (await api(`/messages?to=${ANN}`)).json()).toMatchObject([
      { code: '111111', template: 'SignIn' },
    ]);
    for (const search of ['222', '415 555', 'SIGN-IN code is 2'])
      expect(await (await api(`/messages?search=${encodeURIComponent(search)}`)).json()).toMatchObject([
        { to: BOB },
      ]);
    const [{ sid }] = await (await api('/messages')).json();
    const shown = await (await api(`/messages/${sid}`)).json();
    expect(shown).toMatchObject({
      priceClass: 'US SMS × 1',
      request: { form: { To: ANN } },
      answer: { status: 201, body: { status: 'accepted' } },
    });
    expect(await (await api(`/messages/${sid}`, 'DELETE')).json()).toEqual({ deleted: 1 });
    expect((await api(`/messages/${sid}`)).status).toBe(404);
    expect(await (await api('/messages', 'DELETE')).json()).toEqual({ deleted: 1 });
    expect(await (await api('/messages')).json()).toEqual([]);
  });
  it('waits for the next code to a number, and says what came instead', async () => {
    const wait = api(`/code?to=${encodeURIComponent(ANN)}`);
    await text(BOB, '222222');
    await text(ANN, '111111');
    expect(await (await wait).json()).toMatchObject({ code: '111111', template: 'SignIn' });
    const late = await api(`/wait?to=${encodeURIComponent('+12015550199')}&waitMs=20`);
    expect(late.status).toBe(408);
    expect((await late.json()).message).toMatch(/what did arrive since then: SignIn to/);
    expect((await api('/wait')).status).toBe(400);
  });
  it('streams what happens', async () => {
    const reader = ((await api('/stream')).body as ReadableStream<Uint8Array>).getReader();
    await text(ANN, '111111');
    let seen = '';
    while (!seen.includes('"status":"delivered"'))
      seen += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    expect(seen).toMatch(/event: message\ndata: .*"code":"111111"/);
  });
});
