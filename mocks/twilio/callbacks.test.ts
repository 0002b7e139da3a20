import { createServer, type IncomingMessage, type Server } from 'node:http';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectionSettings } from './callbacks.ts';
import { ACCOUNT, type CarrierLab, NUMBER, SERVICE, startCarrierLab, until } from './carrier-lab.ts';

interface Got {
  url: string;
  headers: IncomingMessage['headers'];
  form: Record<string, string>;
}

describe('status callbacks', () => {
  let lab: CarrierLab;
  let app: Server;
  let origin: string;
  let got: Got[] = [];
  let answerWith = (_request: Got) => 204;
  beforeAll(async () => {
    lab = await startCarrierLab();
    app = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      const seen = {
        url: request.url ?? '',
        headers: request.headers,
        form: Object.fromEntries(new URLSearchParams(body)),
      };
      got.push(seen);
      response.writeHead(answerWith(seen)).end();
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(app.address() as { port: number }).port}`;
  });
  afterEach(() => {
    got = [];
    answerWith = () => 204;
  });
  afterAll(async () => {
    await lab.close();
    app.closeAllConnections();
    await new Promise((resolve) => app.close(resolve));
  });
  const send = (statusCallback: string, to = '+14155550100') =>
    lab.sdk.messages.create({ to, messagingServiceSid: SERVICE, body: 'héllo', statusCallback });

  it('come in order, none for the first status, with the parameters that Twilio names', async () => {
    const { sid } = await send(`${origin}/status`);
    await until(() => got.length === 4);
    expect(got.map(({ form }) => form.MessageStatus)).toEqual(['queued', 'sending', 'sent', 'delivered']);
    expect(got.at(-1)?.form).toMatchObject({
      MessageSid: sid,
      SmsSid: sid,
      SmsStatus: 'delivered',
      AccountSid: ACCOUNT.sid,
      MessagingServiceSid: SERVICE,
      From: NUMBER,
      To: '+14155550100',
      ApiVersion: '2010-04-01',
      RawDlrDoneDate: expect.stringMatching(/^\d{10}$/),
    });
  });

  it("carry a signature that Twilio's validateRequest accepts, and nobody else's", async () => {
    await send(`${origin}/status?b=2&a=%C3%A9#rc=2`);
    await until(() => got.length === 4);
    for (const { headers, url, form } of got) {
      const signature = String(headers['x-twilio-signature']);
      expect(twilio.validateRequest(ACCOUNT.authToken, signature, origin + url, form)).toBe(true);
      expect(twilio.validateRequest('another token', signature, origin + url, form)).toBe(false);
      expect(url).toBe('/status?b=2&a=%C3%A9');
    }
  });

  it('name the error of a message that was not delivered', async () => {
    await send(`${origin}/status`, '+15003000300');
    await until(() => got.length === 4);
    expect(got.at(-1)?.form).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '30003' });
  });

  it('are tried again as the fragment of the address says, and stay in order', async () => {
    let refused = 0;
    answerWith = ({ form }) => (form.MessageStatus === 'queued' && refused++ < 2 ? 500 : 200);
    await send(`${origin}/status#rc=3&rp=5xx`);
    await until(() => got.length === 6);
    expect(got.map(({ form }) => form.MessageStatus)).toEqual([
      'queued',
      'queued',
      'queued',
      'sending',
      'sent',
      'delivered',
    ]);
    expect(new Set(got.slice(0, 3).map(({ headers }) => headers['x-twilio-signature'])).size).toBe(1);
  });

  it('are not tried again after a 5xx by default, but once when nobody listens', async () => {
    answerWith = () => 500;
    const before = lab.journal.position;
    await send(`${origin}/status`);
    // Told when the answer has come, which is later than the callback.
    await until(() => lab.journal.query({ endpoint: 'status-callback', since: before }).length === 4);
    const since = lab.journal.position;
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    await send(`http://127.0.0.1:${port}/`);
    const tries = await until(() => {
      const entries = lab.journal.query({ endpoint: 'status-callback', since });
      return entries.length === 8 && entries;
    });
    // On a busy machine the first try of one status comes before the second of another.
    expect(tries.map(({ facts }) => facts.attempt).sort()).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(got.length).toBe(4);
    expect(tries[0]).toMatchObject({ from: 'carrier', to: 'app', status: null });
  });

  it('read the settings of the fragment, and keep the defaults where it is wrong', () => {
    expect(connectionSettings('http://a/#rc=9&ct=250&rt=1')).toEqual({
      retries: 1,
      policies: new Set(['ct']),
      connectMs: 250,
      readMs: 15_000,
      totalMs: 15_000,
    });
  });
});
