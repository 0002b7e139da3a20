import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyTarget } from '../../fixtures/copy-target.ts';
import { configSchema } from '../config/config.ts';
import { ROOT } from '../config/defaults.ts';
import { startLab } from '../lab/lab.ts';
import { startCommand } from './command.ts';
import { rerouteEnvironment } from './reroute-environment.ts';
import { createTargetLog } from './target-log.ts';
import { twilioReroutes } from './twilio-environment.ts';

const TWILIO_ORIGIN = 'https://api.twilio.com';
const ROUTE = '/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json';
const AUTHORIZATION = `Basic ${Buffer.from('AC00000000000000000000000000000001:made-up').toString('base64')}`;
const BODY = 'To=%2B15005550001&Body=Your+code+is+123456';

const BY_FETCH = `fetch('${TWILIO_ORIGIN}${ROUTE}', { method: 'POST', body: new URLSearchParams('${BODY}'), headers: { authorization: '${AUTHORIZATION}' } })
  .then((answer) => answer.text()).then((text) => console.log(text));`;
const BY_HTTPS = `const sent = request('${TWILIO_ORIGIN}${ROUTE}', { method: 'POST', headers: { authorization: '${AUTHORIZATION}', 'content-type': 'application/x-www-form-urlencoded' } }, (answer) => answer.pipe(process.stdout));
sent.end('${BODY}');`;
const APPS: Record<string, string> = {
  'fetch.mjs': BY_FETCH,
  'fetch.cjs': BY_FETCH,
  'https.mjs': `import { request } from 'node:https';\n${BY_HTTPS}`,
  'https.cjs': `const { request } = require('node:https');\n${BY_HTTPS}`,
  'sdk.cjs': `require('twilio')('AC00000000000000000000000000000001', 'made-up').messages.create({ to: '+15005550001', body: 'Your code is 123456' }).then(({ sid }) => console.log(sid));`,
};

let folder: string;
let carrier: Server;
let origin: string;
const seen: { request: IncomingMessage; body: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(ROOT, 'node_modules/.reroute-'));
  for (const [name, text] of Object.entries(APPS)) writeFileSync(path.join(folder, name), text);
  carrier = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    seen.push({ request, body: Buffer.concat(chunks).toString() });
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"SM-of-the-mock"}\n');
  }).listen(0, '127.0.0.1');
  await once(carrier, 'listening');
  origin = `http://127.0.0.1:${(carrier.address() as { port: number }).port}`;
});
afterAll(() => {
  carrier.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(Object.keys(APPS))('%s asks api.twilio.com and gets the answer of the mock', async (name) => {
  const log = createTargetLog();
  const running = startCommand({
    command: `node ${name}`,
    cwd: folder,
    env: { ...process.env, ...rerouteEnvironment({ reroutes: twilioReroutes(origin) }) },
    log,
  });
  expect(await running.ended, log.raw().text).toBe(0);
  await running.stop();
  expect(log.raw().text).toContain('SM-of-the-mock');
  const last = seen.at(-1);
  expect(last?.request).toMatchObject({ method: 'POST', url: ROUTE });
  expect(last?.request.headers).toMatchObject({
    authorization: AUTHORIZATION,
    'x-forwarded-host': 'api.twilio.com',
    'content-type': expect.stringContaining('application/x-www-form-urlencoded'),
  });
  expect(new URLSearchParams(last?.body).get('Body')).toBe('Your code is 123456');
});

// https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region
it.each([
  'https://api.dublin.ie1.twilio.com',
  'https://api.sydney.au1.twilio.com',
  'https://api.us1.twilio.com',
  'https://verify.twilio.com',
  'https://verify.dublin.ie1.twilio.com',
])('%s is answered by the mock', async (host) => {
  const log = createTargetLog();
  const running = startCommand({
    command: `node -e "fetch('${host}/v2').then((answer) => answer.text()).then(console.log)"`,
    cwd: folder,
    env: { ...process.env, ...rerouteEnvironment({ reroutes: twilioReroutes(origin) }) },
    log,
  });
  expect(await running.ended, log.raw().text).toBe(0);
  await running.stop();
  expect(seen.at(-1)?.request.headers['x-forwarded-host']).toBe(new URL(host).host);
});

it('an app on a Node that is older than the suite reaches what is re-routed, and what is not', async () => {
  // Came with Node 22.
  writeFileSync(path.join(folder, 'older.mjs'), 'delete Promise.withResolvers;');
  const elsewhere = origin.replace('127.0.0.1', '127.0.0.2');
  const log = createTargetLog();
  const settings = rerouteEnvironment({
    reroutes: twilioReroutes(origin),
    nodeOptions: `--import ${pathToFileURL(path.join(folder, 'older.mjs')).href}`,
  });
  const running = startCommand({
    command: `node -e "Promise.all(['${TWILIO_ORIGIN}/v2', '${elsewhere}/oidc'].map((url) => fetch(url).catch(({ cause }) => cause.code)))"`,
    cwd: folder,
    env: { ...process.env, ...settings },
    log,
  });
  expect(await running.ended, log.raw().text).toBe(0);
  await running.stop();
  expect(log.raw().text).not.toContain('withResolvers');
  expect(seen.at(-1)?.request.headers['x-forwarded-host']).toBe('api.twilio.com');
});

it('an origin of this machine can be re-routed, too', async () => {
  const log = createTargetLog();
  const running = startCommand({
    command: `node -e "fetch('http://localhost:1/oidc').then((answer) => answer.text()).then(console.log)"`,
    cwd: folder,
    env: { ...process.env, ...rerouteEnvironment({ reroutes: { 'http://localhost:1': origin } }) },
    log,
  });
  expect(await running.ended, log.raw().text).toBe(0);
  await running.stop();
  expect(seen.at(-1)?.request.url).toBe('/oidc');
});

it('an app that claims nothing about messages reaches the mock of the run, too, and keeps its NODE_OPTIONS', async () => {
  const variant = copyTarget('express', {
    'server.js': [
      [
        'createApp()',
        `const answer = await fetch('${TWILIO_ORIGIN}${ROUTE}', { method: 'POST' });
console.log('carrier said', (await answer.json()).code, 'stack', Error.stackTraceLimit);
createApp()`,
      ],
    ],
  });
  const config = configSchema.parse({
    target: {
      command: 'node server.js',
      cwd: variant.folder,
      env: { NODE_OPTIONS: '--stack-trace-limit=23' },
    },
  });
  const log = createTargetLog();
  const lab = await startLab({ config, origins: {}, folder: variant.folder }, { log });
  try {
    // Twilio's error for a request without credentials; its real host cannot have been asked.
    expect(log.raw().text).toContain('carrier said 20003 stack 23');
  } finally {
    await lab.stop();
    variant.remove();
  }
});
