import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, type CarrierLab, NUMBER, SERVICE, startCarrierLab } from './carrier-lab.ts';

describe('requests that no SDK sends', () => {
  let lab: CarrierLab;
  beforeAll(async () => {
    lab = await startCarrierLab();
  });
  afterAll(() => lab.close());
  const path = `/2010-04-01/Accounts/${ACCOUNT.sid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.sid}:${ACCOUNT.authToken}`).toString('base64')}`;
  const form = `To=%2B14155550100&MessagingServiceSid=${SERVICE}&Body=x`;
  const ask = (init: RequestInit = {}, where = path) =>
    fetch(lab.mock.origin + where, {
      ...init,
      headers: { authorization, ...(init.headers as Record<string, string>) },
    });
  /** What a socket gets for bytes as they are. */
  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const { port } = new URL(lab.mock.origin);
      let answer = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (data) => {
        answer += data;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
      socket.setTimeout(3000, () => socket.destroy());
    });
  const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
  const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each(['/2010-04-01/%zz', '/%', '/2010-04-01/Accounts/%E0%A4%A', '/nothing', '/2010-04-01', '/'])(
    'the path %s is not found, in the shape of an error of Twilio',
    async (where) => {
      const answer = await raw(`GET ${where} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      if (where.startsWith('/2010-04-01/'))
        expect(answer).toContain('<TwilioResponse><RestException><Code>20404</Code>');
      else expect(bodyOf(answer)).toMatchObject({ code: 20404, status: 404, more_info: expect.any(String) });
      expect(answer.toLowerCase()).toContain('twilio-request-id: rq');
    },
  );
  it.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'x', ';', 'application/xml'])(
    'a body of type %s is not read: its To is missing',
    async (type) => {
      const answer = await ask({ method: 'POST', body: form, headers: { 'content-type': type } });
      expect([answer.status, (await answer.json()).code]).toEqual([400, 21604]);
    },
  );
  it('a form without a content type, or empty, lacks its To', async () => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${authorization}\r\n`;
    expect(bodyOf(await raw(`${head}Content-Length: ${form.length}\r\n\r\n${form}`))).toMatchObject({
      code: 21604,
    });
    expect(bodyOf(await raw(`${head}Content-Length: 0\r\n\r\n`))).toMatchObject({ code: 21604 });
    expect(await (await ask({ method: 'POST', body: '', headers: urlencoded })).json()).toMatchObject({
      code: 21604,
    });
    const declared = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    expect((await ask({ method: 'POST', body: form, headers: declared })).status).toBe(201);
  });
  it.each(['PUT', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND', 'QUERY', 'DELETE'])(
    '%s is not allowed',
    async (method) => {
      const answer = await raw(
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: ${authorization}\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 405 /);
      if (method !== 'HEAD') expect(bodyOf(answer)).toMatchObject({ code: 20004, status: 405 });
    },
  );
  it('another method on a Messaging Service is not allowed either', async () => {
    const answer = await ask({ method: 'DELETE' }, `/v1/Services/${SERVICE}`);
    expect(await answer.json()).toMatchObject({ code: 20004, status: 405 });
  });
  it('a body of two megabytes is too long a message, and the mock goes on', async () => {
    const body = `${form}&Body=${'x'.repeat(2_000_000)}`;
    const answer = await ask({ method: 'POST', body, headers: urlencoded });
    expect(await answer.json()).toMatchObject({ code: 21617, status: 400 });
    const services = await ask({ method: 'POST', body, headers: urlencoded }, '/2010-04-01/Accounts.json');
    expect(await services.json()).toMatchObject({ code: 20422, status: 422 });
    expect((await ask()).status).toBe(200);
  });
  it('headers without end and bytes that are no HTTP get an error document, too', async () => {
    const long = await raw(`GET ${path}?${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 431 /);
    expect(bodyOf(long)).toMatchObject({
      status: 431,
      code: expect.any(Number),
      message: expect.any(String),
    });
    expect(bodyOf(await raw('HELLO\r\n\r\n'))).toMatchObject({ status: 400, more_info: expect.any(String) });
  });
  it('of repeated keys the last one counts', async () => {
    const twice = `To=1&To=%2B14155550122&MessagingServiceSid=${SERVICE}&Body=a&Body=b`;
    const created = await (await ask({ method: 'POST', body: twice, headers: urlencoded })).json();
    expect(created).toMatchObject({ to: '+14155550122', body: 'b' });
    const listed = await (
      await ask({}, `${path}?To=1&To=%2B14155550122&PageSize=x&PageSize=1&Page=a`)
    ).json();
    expect(listed).toMatchObject({ page_size: 1, page: 0, messages: [{ sid: created.sid }] });
  });
  it.each(['PageSize=0', 'PageSize=-1', 'PageSize=abc', 'Page=-3', 'DateSent=never', '__proto__=1'])(
    'the list answers %s',
    async (query) => {
      const answer = await ask({}, `${path}?${query}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ page_size: 50, messages: expect.any(Array) });
    },
  );
  it('unknown parameters are ignored, and a heap of them is not kept', async () => {
    const heap = Array.from({ length: 5000 }, (_, n) => `p${n}=${'y'.repeat(100)}`).join('&');
    const body = `${heap}&${form}&constructor=1&__proto__=2`;
    const created = await (await ask({ method: 'POST', body, headers: urlencoded })).json();
    expect(created).toMatchObject({ status: 'accepted' });
    const details = await (await fetch(`${lab.mock.origin}/inbox/api/messages/${created.sid}`)).json();
    expect(JSON.stringify(details.request.form).length).toBeLessThan(20_000);
    expect(details.request.form).toMatchObject({ To: '+14155550100', Body: 'x' });
  });
  it.each([
    ['123', "Invalid 'To' Phone Number: XXX"],
    ['+12', "Invalid 'To' Phone Number: +XX"],
    ['+1', "Invalid 'To' Phone Number: +X"],
    ['+1234567890123456', "Invalid 'To' Phone Number: +123456789012XXXX"],
  ])('the invalid number %s keeps its plus and loses its end', async (To, message) => {
    expect(await (await lab.call('/Messages.json', { To, From: NUMBER, Body: 'x' })).json()).toMatchObject({
      code: 21211,
      message,
    });
  });
  it('the inbox answers a wrong question in words', async () => {
    const wrong = async (where: string) => {
      const answer = await fetch(`${lab.mock.origin}/inbox/api${where}`);
      return [answer.status, (await answer.json()).message];
    };
    expect(await wrong('/messages?since=yesterday')).toEqual([
      400,
      expect.stringContaining('no ISO 8601 time'),
    ]);
    expect(await wrong('/wait?to=nobody&waitMs=1')).toEqual([
      408,
      expect.stringContaining('no phone number'),
    ]);
    expect(await wrong('/messages?limit=0')).toEqual([400, expect.any(String)]);
  });
});
