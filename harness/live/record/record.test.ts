import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stranger, startStranger } from '../../../fixtures/live/stranger.ts';
import { loadConfig } from '../../config/load-config.ts';
import { freePort } from '../../targets/start.ts';
import { recordCommand, replaySet } from './command.ts';
import { loadFlows } from './flow.ts';

const TOKEN = 'a-token-of-the-operator-0001';
const place = mkdtempSync(path.join(os.tmpdir(), 'record-'));
const to = path.join(place, 'set');
let stranger: Stranger;

beforeAll(async () => {
  const capturePort = await freePort(0);
  stranger = await startStranger({
    redirectUri: 'http://localhost:3999/cb',
    captureOrigin: `http://127.0.0.1:${capturePort}`,
    token: TOKEN,
  });
  // The client secret and the token of the connector are read from the tenant.
  Object.assign(process.env, {
    CONFORMANCE_M2M_ID: stranger.m2m.id,
    CONFORMANCE_M2M_SECRET: stranger.m2m.secret,
  });
  const loaded = await loadConfig({
    folder: place,
    flags: {
      'target.url': 'http://localhost:3999',
      'target.clientId': stranger.client.id,
      'live.issuer': stranger.issuer,
      'live.capture.port': String(capturePort),
      'live.allowSignUp': true,
      out: path.join(place, 'out'),
    },
    environment: {},
  });
  await recordCommand(loaded, { redirectUri: stranger.client.redirectUri, to, print: () => {} });
}, 90_000);
afterAll(async () => {
  for (const name of ['M2M_ID', 'M2M_SECRET']) delete process.env[`CONFORMANCE_${name}`];
  await stranger?.stop();
});

it('every step of every flow is recorded', () => {
  const files = readdirSync(to).filter((file) => /^\d{3}-/.test(file));
  expect(files).toHaveLength(loadFlows().flatMap(({ steps }) => steps).length);
});

it('no recording holds a secret, or the address of the tenant', () => {
  const text = readdirSync(to)
    .map((file) => readFileSync(path.join(to, file), 'utf8'))
    .join('\n');
  const basic = Buffer.from(`${stranger.client.id}:${stranger.client.secret}`).toString('base64');
  for (const secret of [stranger.client.secret, stranger.m2m.secret, basic, stranger.origin, TOKEN])
    expect(text).not.toContain(secret);
});

it('the mock answers as was recorded, and a recording that says otherwise is told', async () => {
  const rows = await replaySet(to);
  expect(rows.filter(({ differences }) => differences.length > 0)).toEqual([]);
  expect(rows).toHaveLength(loadFlows().flatMap(({ steps }) => steps).length);
  const file = path.join(to, '204-prompt-none.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('login_required', 'consent_required'));
  const changed = (await replaySet(to)).filter(({ differences }) => differences.length > 0);
  expect(changed.map(({ name }) => name)).toEqual(['204 prompt-none']);
}, 90_000);
