/**
 * What another site can do to the mocks from a browser of this machine: nothing. The attacker's page is on a name that its
 * owner points here, as in DNS rebinding, and on another origin of this machine.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from '@playwright/test';
import { chromium } from '@playwright/test';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noChromium } from '../fixtures/chromium.ts';
import { forWantOf } from '../fixtures/for-want-of.ts';
import { resolveBrowser } from '../harness/lab/browser.ts';
import { controlRoutes } from './control/routes.ts';
import { type Mocks, startMocks } from './index.ts';

let mocks: Mocks;
let phone: string;
beforeAll(async () => {
  mocks = await startMocks();
  phone = (await mocks.client.addPerson()).phone;
});
afterAll(() => mocks.close());

const ask = async (url: string, options: Parameters<typeof request>[1] = {}) => {
  const answer = await request(url, options);
  await answer.body.dump();
  return answer.statusCode;
};
const changing = () =>
  controlRoutes(mocks as never)
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => ({ method, path: path.replace(/:\w+/g, 'x') }));

describe('the control server', () => {
  it('changes nothing without the token of the run, nor tells what it gave out', async () => {
    const before = await mocks.client.state();
    for (const { method, path } of changing()) {
      const url = mocks.control.origin + path;
      expect(await ask(url, { method: method as 'POST' }), `${method} ${path}`).toBe(401);
      const wrong = { 'x-conformance-token': 'x'.repeat(mocks.control.token.length) };
      expect(await ask(url, { method: method as 'POST', headers: wrong }), `${method} ${path}`).toBe(401);
    }
    expect(changing().length).toBeGreaterThan(12);
    expect(await ask(`${mocks.control.origin}/issued`)).toBe(401);
    const several = {
      method: 'POST' as const,
      body: '["/issued"]',
      headers: { 'content-type': 'application/json' },
    };
    expect(await ask(`${mocks.control.origin}/several`, several)).toBe(401);
    expect(await mocks.client.state()).toEqual(before);
  });

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['another origin', { origin: 'http://localhost:1' }, 403],
    ['an origin of nobody', { origin: 'null' }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['the same site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another host', { host: 'evil.example' }, 421],
  ])('refuses what %s sends, even with the token', async (_what, headers, status) => {
    const token = { 'x-conformance-token': mocks.control.token };
    const options = { method: 'POST' as const, body: '{}', headers: { ...token, ...headers } };
    expect(await ask(`${mocks.control.origin}/reset`, options)).toBe(status);
  });
});

it('issuer, carrier and inbox answer no name that was pointed here', async () => {
  const headers = { host: 'evil.example' };
  for (const url of [
    `${mocks.issuer.issuer}/.well-known/openid-configuration`,
    `${mocks.issuer.origin}/api/.well-known/sign-in-exp`,
    `${mocks.carrier.origin}/2010-04-01/Accounts.json`,
    `${mocks.carrier.origin}/inbox/api/messages`,
    `${mocks.carrier.origin}/v2/Services`,
    `${mocks.carrier.origin}/nowhere`,
  ])
    expect(await ask(url, { headers }), url).toBe(421);
  expect(await ask(`${mocks.carrier.origin}/nowhere`, { headers: { host: 'api.twilio.com' } })).toBe(404);
});

describe('from a browser', forWantOf(noChromium), () => {
  let browser: Browser;
  let attacker: Server;
  let port: number;
  let seen: string[] = [];
  beforeAll(async () => {
    attacker = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>');
    }).listen(0);
    await new Promise((resolve) => attacker.once('listening', resolve));
    port = (attacker.address() as AddressInfo).port;
    const { executablePath, args, env } = await resolveBrowser(process.env.CONFORMANCE_BROWSER);
    browser = await chromium.launch({
      executablePath,
      // What the attacker's name server would say.
      args: [...args, '--host-resolver-rules=MAP *.evil.example 127.0.0.1'],
      env: { ...process.env, ...env } as Record<string, string>,
    });
  });
  afterAll(async () => {
    await browser?.close();
    attacker?.close();
  });

  /** What a page of the attacker reads or changes at these addresses. */
  const attack = (page: Page, urls: string[]) =>
    page.evaluate(async (targets) => {
      const got: string[] = [];
      for (const url of targets) {
        for (const options of [
          { method: 'GET' },
          { method: 'POST', body: '{}' },
          { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
          { method: 'DELETE' },
          { method: 'POST', mode: 'no-cors' as const, body: 'a=b' },
        ]) {
          try {
            const answer = await fetch(url, options);
            if (answer.type !== 'opaque' && answer.ok)
              got.push(`${options.method} ${url}: ${(await answer.text()).slice(0, 80)}`);
          } catch {
            // refused by the browser
          }
        }
      }
      return got;
    }, urls);
  const addresses = (origin: (each: string) => string) => [
    `${origin(mocks.control.origin)}/state`,
    `${origin(mocks.control.origin)}/journal`,
    `${origin(mocks.control.origin)}/reset`,
    `${origin(mocks.control.origin)}/people`,
    `${origin(mocks.carrier.origin)}/inbox/api/messages`,
    `${origin(mocks.issuer.origin)}/api/applications`,
  ];

  it('another origin of this machine reads and changes nothing', async () => {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    await mocks.client.testConnector((await mocks.client.openScope()).id, phone);
    const before = await mocks.client.state();
    expect(
      await attack(
        page,
        addresses((origin) => origin),
      ),
    ).toEqual([]);
    expect((await mocks.client.state()).twilio).toEqual(before.twilio);
    expect(await mocks.client.messages(phone)).toHaveLength(1);
    await page.close();
  });

  it('a name that was pointed here is the same origin to the browser, and is answered by none of the mocks', async () => {
    const page = await browser.newPage();
    page.on('response', (response) => seen.push(`${response.status()} ${new URL(response.url()).pathname}`));
    for (const origin of [mocks.control.origin, mocks.carrier.origin, mocks.issuer.origin]) {
      const named = origin.replace('127.0.0.1', 'a.evil.example');
      seen = [];
      await page.goto(`${named}/`);
      const got = await attack(
        page,
        addresses(() => named),
      );
      expect(got).toEqual([]);
      expect(seen.length).toBeGreaterThan(5);
      expect(seen.filter((line) => !line.startsWith('421 '))).toEqual([]);
    }
    expect(await mocks.client.messages(phone)).toHaveLength(1);
    await page.close();
  });

  it('a form of another site changes nothing', async () => {
    const page = await browser.newPage();
    await page.goto(`http://b.evil.example:${port}/`);
    const scopes = (await mocks.client.state()).journal;
    await page.setContent(
      `<form method="post" enctype="text/plain" action="${mocks.control.origin}/reset"><button>x</button></form>`,
    );
    const answered = page.waitForResponse((response) => response.url().endsWith('/reset'));
    await page.getByRole('button').click();
    expect((await answered).status()).toBe(403);
    expect((await mocks.client.state()).journal).toBeGreaterThanOrEqual(scopes);
    await page.close();
  });
});

describe('the mocks ask this machine only', () => {
  let neighbour: Server;
  const asked: string[] = [];
  beforeAll(async () => {
    neighbour = createServer((incoming, response) => {
      asked.push(`${incoming.headers.host}${incoming.url}`);
      response.end();
    }).listen(0, '0.0.0.0');
    await new Promise((resolve) => neighbour.once('listening', resolve));
  });
  afterAll(() => neighbour.close());

  it('a status callback to another address is not sent, and the journal says so', async () => {
    const { port } = neighbour.address() as AddressInfo;
    const { twilio } = await mocks.client.state();
    const send = (callback: string) =>
      fetch(`${mocks.carrier.origin}/2010-04-01/Accounts/${twilio.TWILIO_ACCOUNT_SID}/Messages.json`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${twilio.TWILIO_ACCOUNT_SID}:${twilio.TWILIO_AUTH_TOKEN}`).toString('base64')}`,
        },
        body: new URLSearchParams({
          To: phone,
          MessagingServiceSid: twilio.TWILIO_MESSAGING_SERVICE_SID as string,
          Body: 'Your code is 111111.',
          StatusCallback: callback,
        }),
      });
    expect((await send(`http://0.0.0.0:${port}/refused`)).status).toBe(201);
    expect((await send(`http://127.0.0.1:${port}/taken`)).status).toBe(201);
    const [first] = await mocks.client.journal({ endpoint: 'status-callback', waitMs: 5000 });
    await mocks.carrier.callbacksSettled();
    expect(first).toBeDefined();
    const told = await mocks.client.journal({ endpoint: 'status-callback' });
    const of = (url: string) => told.filter((each) => each.url.endsWith(url));
    expect(of('/refused')[0]).toMatchObject({
      status: null,
      response: { body: expect.stringContaining('not sent') },
    });
    await expect.poll(() => asked.some((each) => each.endsWith('/taken'))).toBe(true);
    expect(asked.filter((each) => each.endsWith('/refused'))).toEqual([]);
  });
});
