import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goodTwilioConfig, type Mocks, startMocks } from '../../../mocks/index.ts';
import type { Wire } from '../wire.ts';
import { byCommand, byPrompt } from './by-hand.ts';
import { captureClient } from './capture-client.ts';
import { createStore } from './capture-command.ts';
import { type Capture, startCapture } from './capture-server.ts';
import { codeIn, type Received } from './source.ts';
import { twilioList } from './twilio-list.ts';

const TOKEN = 'a-token-of-the-operator-0001';
const PHONE = '+12015550123';
const EPOCH = new Date(0).toISOString();

describe('the capture endpoint', () => {
  const store = createStore();
  let capture: Capture;
  const refused: string[] = [];
  beforeAll(async () => {
    capture = await startCapture({
      port: 0,
      host: '127.0.0.1',
      token: TOKEN,
      deliver: store.add,
      waitFor: store.waitFor,
      refused: (reason) => refused.push(reason),
    });
  });
  afterAll(() => capture.close());

  const post = (body: unknown, authorization = `Bearer ${TOKEN}`) =>
    fetch(`${capture.origin}/sms`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it("takes what Logto's own connector posts, and hands it to a run in another process", async () => {
    const entry = createRequire(import.meta.url).resolve('@logto/connector-http-sms');
    const { default: create } = await import(pathToFileURL(entry).href);
    const connector = await create({
      getConfig: async () => ({ endpoint: `${capture.origin}/sms`, authorization: `Bearer ${TOKEN}` }),
    });
    const got: Received[] = [];
    const source = await captureClient({ url: capture.origin, token: TOKEN }, (message) => got.push(message));
    const asked = source.fetch?.({ to: PHONE, since: EPOCH, limitMs: 5_000 });
    await connector.sendMessage({
      to: PHONE.slice(1),
      type: 'Register',
      payload: { code: '485966', locale: 'en' },
      ip: '::ffff:127.0.0.1',
    });
    await asked;
    expect(got).toMatchObject([{ to: PHONE, code: '485966', usageType: 'Register' }]);
  });

  it.each([
    ['no token', {}, '', 401],
    ['another token', {}, 'Bearer somebody-else', 401],
    ['no JSON', '{', undefined, 400],
    ['no number', { to: 'me', type: 'Register', payload: {} }, undefined, 400],
    ['a huge body', { to: '12015550123', type: 'x', payload: { code: 'x'.repeat(80_000) } }, undefined, 413],
  ] as const)('refuses %s', async (_what, body, authorization, status) => {
    expect((await post(body, authorization)).status).toBe(status);
    expect(refused.at(-1)).toContain(String(status));
  });

  it('tells a run that has another token, or that asks somebody else', async () => {
    await expect(captureClient({ url: capture.origin, token: 'wrong' }, () => {})).rejects.toThrow(
      'CONF_CAPTURE_TOKEN',
    );
    await expect(captureClient({ url: 'http://127.0.0.1:9', token: TOKEN }, () => {})).rejects.toThrow(
      'CONF_CAPTURE_UNKNOWN',
    );
  });

  it('names a port that is taken', async () => {
    const port = Number(new URL(capture.origin).port);
    await expect(startCapture({ port, host: '127.0.0.1', token: TOKEN, deliver: () => {} })).rejects.toThrow(
      'CONF_PORT_TAKEN',
    );
  });
});

describe("Twilio's list of messages", () => {
  let mocks: Mocks;
  const environment = {
    TWILIO_ACCOUNT_SID: goodTwilioConfig.accountSID,
    TWILIO_AUTH_TOKEN: goodTwilioConfig.authToken,
  };
  beforeAll(async () => {
    mocks = await startMocks();
  });
  afterAll(() => mocks.close());

  it('finds the code for a number among the messages of others, once, and no older one', async () => {
    const { phone } = await mocks.client.addPerson();
    const other = await mocks.client.addPerson();
    const scope = await mocks.client.openScope();
    const send = async (to: string) => mocks.client.testConnector(scope.id, to);
    const got: Received[] = [];
    const source = await twilioList({ origin: mocks.carrier.origin, environment }, (message) =>
      got.push(message),
    );
    const since = new Date().toISOString();
    await send(other.phone);
    await send(phone);
    await source.fetch?.({ to: phone, since, limitMs: 5_000 });
    expect(got).toMatchObject([{ to: phone, code: '000000', usageType: null }]);
    await source.fetch?.({ to: phone, since, limitMs: 1 });
    expect(got).toHaveLength(1);
    const later = new Date(Date.now() + 60_000).toISOString();
    const again = await twilioList({ origin: mocks.carrier.origin, environment }, (message) =>
      got.push(message),
    );
    await again.fetch?.({ to: phone, since: later, limitMs: 1 });
    expect(got).toHaveLength(1);
  }, 30_000);

  it('waits as Twilio says, and blocks what needs a code when that would take too long', async () => {
    const answers: [status: number, wait: string][] = [];
    const asked: string[] = [];
    const wire: Wire = {
      async ask(url) {
        asked.push(String(url));
        const [status, wait] = answers.shift() ?? [200, '0'];
        return { status, headers: { 'retry-after': wait }, text: '', json: () => ({ messages: [] }) };
      },
    };
    const open = () => twilioList({ origin: 'https://api.twilio.com', environment }, () => {}, wire);
    answers.push([429, '0'], [429, '0']);
    const source = await open();
    expect(asked).toHaveLength(3);
    answers.push([429, '3600']);
    const looking = source.fetch?.({ to: '+14155550101', since: new Date().toISOString(), limitMs: 1 });
    await expect(looking).rejects.toMatchObject({
      name: 'Blocked',
      message: expect.stringContaining('3600 s'),
    });
    answers.push([429, '3600']);
    await expect(open()).rejects.toThrow('CONF_LIVE_LIMITED');
  });

  it('says when Twilio refuses the key, and when there is none', async () => {
    const wrong = { ...environment, TWILIO_AUTH_TOKEN: 'f'.repeat(32) };
    await expect(twilioList({ origin: mocks.carrier.origin, environment: wrong }, () => {})).rejects.toThrow(
      'CONF_TWILIO_REFUSED',
    );
    await expect(twilioList({ origin: mocks.carrier.origin, environment: {} }, () => {})).rejects.toThrow(
      'CONF_CREDENTIAL_MISSING',
    );
  });
});

describe('codes by hand', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'codes-'));

  it('come from a command that is told number and moment, and run until it prints one', async () => {
    const script = path.join(folder, 'code.sh');
    writeFileSync(
      script,
      `[ -f ${folder}/ran ] || { touch ${folder}/ran; exit 0; }\necho "to $CODE_TO since $CODE_SINCE: your code is 314159"\n`,
    );
    const got: Received[] = [];
    await byCommand(`sh ${script}`, (message) => got.push(message)).fetch?.({
      to: PHONE,
      since: EPOCH,
      limitMs: 20_000,
    });
    expect(got).toMatchObject([
      { to: PHONE, code: '314159', body: `to ${PHONE} since ${EPOCH}: your code is 314159` },
    ]);
  }, 30_000);

  it('a command that fails is named', async () => {
    await expect(
      byCommand('exit 3', () => {}).fetch?.({ to: PHONE, since: EPOCH, limitMs: 20_000 }),
    ).rejects.toThrow('CONF_CODE_COMMAND');
  }, 30_000);

  it('are asked for one after another, again when no code was typed', async () => {
    const questions: string[] = [];
    const typed = ['no', '271828', '161803'];
    const got: Received[] = [];
    const source = byPrompt(
      (message) => got.push(message),
      async (question) => {
        questions.push(question);
        return typed.shift() as string;
      },
    );
    await Promise.all([
      source.fetch?.({ to: PHONE, since: EPOCH, limitMs: 1 }),
      source.fetch?.({ to: '+12015550124', since: EPOCH, limitMs: 1 }),
    ]);
    expect(got.map(({ to, code }) => [to, code])).toEqual([
      [PHONE, '271828'],
      ['+12015550124', '161803'],
    ]);
    // Six digits of a number are not shown: a terminal may be filmed.
    expect(questions[0]).not.toContain('2015550123');
  });

  it('need a terminal', () => {
    if (!process.stdin.isTTY) expect(() => byPrompt(() => {})).toThrow('CONF_PROMPT_NO_TERMINAL');
  });

  it('are six digits that stand alone', () => {
    expect(codeIn('Call 4155550123 or use 123456.')).toBe('123456');
    expect(codeIn('1234567')).toBeNull();
  });
});
