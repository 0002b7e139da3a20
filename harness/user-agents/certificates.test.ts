import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyTarget } from '../../fixtures/copy-target.ts';
import { forWantOf } from '../../fixtures/for-want-of.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import { configSchema } from '../config/config.ts';
import { ConformanceError } from '../errors.ts';
import { waitUntilReady } from '../targets/command.ts';
import { freePort } from '../targets/start.ts';
import { startTlsFront } from '../targets/tls-front.ts';
import { readCa, takesAnyCertificate } from './certificates.ts';
import { createHttpAgent } from './http.ts';

const certificateFor = (hostname: string) =>
  generate([{ name: 'commonName', value: hostname }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }],
  });
/** An address of this machine that is not the loopback; machines without a network have none. */
const outer = Object.values(os.networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
const noOuter = outer ? undefined : 'an address of this machine that is not the loopback';

let folder: string;
let server: Server;
let port: number;
let own: string;
let other: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-certificates-'));
  const pair = await certificateFor('localhost');
  own = pair.cert;
  other = (await certificateFor('localhost')).cert;
  server = createServer({ key: pair.private, cert: pair.cert }, (_request, response) =>
    response.end('there'),
  );
  server.listen(0);
  await once(server, 'listening');
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  server.closeAllConnections();
  server.close();
});

const ready = (host: string, ca?: string) =>
  waitUntilReady({ url: `https://${host}:${port}`, limitSeconds: 20, ca });

it('localhost may have any certificate', () => ready('localhost'));
it('an authority of its own is trusted', () => ready('localhost', own));
it('with an authority given, localhost is held to it, and told at once', () =>
  expect(ready('localhost', other)).rejects.toMatchObject({
    parts: { code: 'CONF_TARGET_CERTIFICATE', key: 'target.ca' },
  }));
it('another host may not have any certificate', forWantOf(noOuter), async () => {
  await expect(ready(outer as string)).rejects.toMatchObject({ parts: { code: 'CONF_TARGET_CERTIFICATE' } });
  await expect(createHttpAgent({ laneOf: () => 'app' }).hop(`https://${outer}:${port}/`)).rejects.toThrow(
    ConformanceError,
  );
});
it('a certificate for another host is not taken, whoever signed it', forWantOf(noOuter), () =>
  expect(ready(outer as string, own)).rejects.toThrow(/ERR_TLS_CERT_ALTNAME_INVALID/),
);

it.each([
  ['https://localhost', true],
  ['https://shop.localhost:8443', true],
  ['https://127.0.0.2', true],
  ['https://127.1', true],
  ['https://[::1]:1', true],
  ['https://localhost.evil.example', false],
  ['https://127.0.0.1.evil.example', false],
  ['https://notlocalhost', false],
  ['https://[::2]', false],
])('%s may have any certificate: %s', (url, any) => {
  expect(takesAnyCertificate(url, undefined)).toBe(any);
  expect(takesAnyCertificate(url, own)).toBe(false);
});

it.each([
  ['missing.pem', undefined],
  ['garbage.pem', 'no certificate at all'],
])('%s is no authority', (name, text) => {
  if (text) writeFileSync(path.join(folder, name), text);
  const config = configSchema.parse({ target: { url: 'https://localhost', ca: name } });
  expect(() => readCa(config, folder)).toThrow(/CONF_CA_UNREADABLE/);
});

it('an app whose certificate is of the given authority is certified in both user agents', {
  timeout: 60_000,
}, async () => {
  const inner = await freePort(0);
  const front = await startTlsFront('https://localhost', `http://localhost:${inner}`);
  const variant = copyTarget('express');
  const ca = path.join(folder, 'ca.pem');
  writeFileSync(ca, front.certificate);
  try {
    const url = `https://localhost:${front.host.split(':')[1]}`;
    const report = await judge(
      { target: { url, port: inner, command: 'node server.js', cwd: variant.folder, ca } },
      ['phone-otp/browser-journey', 'session/not-cached'],
    );
    expect(report.findings).toEqual([]);
    expect(report.checks.map(({ id, verdict }) => [id, verdict]).sort()).toEqual([
      ['phone-otp/browser-journey', 'pass'],
      ['session/not-cached', 'pass'],
    ]);
  } finally {
    variant.remove();
    await front.close();
  }
});
