/** A run against the mock as a stranger: another process, another address, the real http-sms connector, nothing else known. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stranger, startStranger } from '../../fixtures/live/stranger.ts';
import type { Report } from '../../reports/model.ts';
import { ROOT } from '../config/defaults.ts';
import { loadConfig } from '../config/load-config.ts';
import { ABILITIES } from '../live/abilities.ts';
import { connectManagement } from '../live/management.ts';
import { createWire } from '../live/wire.ts';
import { waitUntilReady } from '../targets/command.ts';
import { freePort } from '../targets/start.ts';
import { run } from './run.ts';

const TOKEN = 'a-token-of-the-operator-0001';
const place = mkdtempSync(path.join(os.tmpdir(), 'live-run-'));
let stranger: Stranger;
let port: number;
let capturePort: number;

beforeAll(async () => {
  port = await freePort(0);
  capturePort = await freePort(0);
  stranger = await startStranger({
    redirectUri: `http://localhost:${port}/auth/callback/logto`,
    captureOrigin: `http://127.0.0.1:${capturePort}`,
    token: TOKEN,
  });
  process.env.CONFORMANCE_CAPTURE_TOKEN = TOKEN;
}, 60_000);
afterAll(async () => {
  delete process.env.CONFORMANCE_CAPTURE_TOKEN;
  await stranger?.stop();
});

const app = (mutant?: string) => ({
  'target.command': mutant ? 'node server.js' : 'node ../../targets/express/server.js',
  'target.cwd': path.join(ROOT, 'fixtures/mutants/express'),
  'target.port': String(port),
  ...(mutant && { 'target.env': `MUTANT=${mutant}` }),
});

/** Runs some checks; gives the exit code, verdicts by id, and what was printed. */
async function judged(
  flags: Record<string, string | boolean>,
  select: string[],
  environment: Record<string, string> = { CONFORMANCE_TARGET_CLIENT_SECRET: stranger.client.secret },
) {
  const out = path.join(place, `out-${Math.random().toString(36).slice(2)}`);
  const loaded = await loadConfig({
    folder: place,
    flags: {
      'live.issuer': stranger.issuer,
      'live.capture.port': String(capturePort),
      'target.clientId': stranger.client.id,
      browser: 'none',
      out,
      ...flags,
    },
    environment,
  });
  const printed: string[] = [];
  const exitCode = await run(loaded, { select, quiet: true, print: (line) => printed.push(line) });
  const report = JSON.parse(readFileSync(path.join(out, 'selection/report.json'), 'utf8')) as Report;
  const verdicts = Object.fromEntries(report.checks.map(({ id, verdict }) => [id, verdict]));
  // What was counted before the run is what the run then could not ask, no more and no less.
  const reasons = new Set<string | undefined>(Object.values(ABILITIES));
  if (report.live)
    expect(report.checks.flatMap(({ id, message }) => (reasons.has(message) ? [id] : []))).toHaveLength(
      report.live.of - report.live.judged,
    );
  return { exitCode, report, verdicts, printed: printed.join('\n') };
}

/** The numbers of everybody whom the tenant knows. */
async function usersOf(): Promise<string[]> {
  const management = await connectManagement({
    wire: createWire(),
    origin: stranger.origin,
    issuer: stranger.issuer,
    credentials: stranger.m2m,
  });
  const { body } = await management.call<{ primaryPhone: string }[]>('GET', '/api/users');
  return body.map(({ primaryPhone }) => primaryPhone);
}

const SELECT = [
  'callback/session',
  'callback/iss-wrong',
  'callback/token-500',
  'callback/one-token-request',
  'doors/id-token-as-bearer',
  'logs/code',
  'logs/client-secret',
  'people/recycled-number',
  'people/number-alike',
  'people/subject-case',
  'people/unverified-email',
  'people/gone-at-logto',
  'phone-otp/same-person',
  'phone-otp/register',
  'phone-otp/sign-in',
  'phone-otp/wrong-code',
  'session/maps-name',
  'sign-out/session-gone',
];

describe('an app that we start, at a real Logto', () => {
  it('is judged by what its browser and its pages show; what only the issuer knows is not applicable', async () => {
    process.env.CONFORMANCE_M2M_ID = stranger.m2m.id;
    process.env.CONFORMANCE_M2M_SECRET = stranger.m2m.secret;
    const before = await usersOf();
    // The secret is read from the tenant.
    const { exitCode, verdicts, report, printed } = await judged(
      { ...app(), 'live.allowSignUp': true },
      SELECT,
      {},
    );
    delete process.env.CONFORMANCE_M2M_ID;
    delete process.env.CONFORMANCE_M2M_SECRET;
    expect(verdicts).toEqual({
      'callback/session': 'pass',
      'callback/iss-wrong': 'pass',
      'callback/token-500': 'not applicable',
      'callback/one-token-request': 'not applicable',
      'doors/id-token-as-bearer': 'not applicable',
      'logs/code': 'pass',
      'logs/client-secret': 'pass',
      'people/recycled-number': 'pass',
      'people/number-alike': 'pass',
      'people/subject-case': 'not applicable',
      'people/unverified-email': 'not applicable',
      // The plain app keeps its session whatever becomes of the account.
      'people/gone-at-logto': 'note',
      'phone-otp/same-person': 'pass',
      'phone-otp/register': 'pass',
      'phone-otp/sign-in': 'pass',
      'phone-otp/wrong-code': 'pass',
      'session/maps-name': 'pass',
      'sign-out/session-gone': 'pass',
    });
    expect([exitCode, report.result]).toEqual([0, 'passed in part']);
    expect(report.live).toMatchObject({ issuer: stranger.issuer, judged: 13, of: 18 });
    expect(printed).toContain('2 not applicable: a real issuer is not made to misbehave');
    expect(JSON.stringify(report)).not.toContain(stranger.client.secret);
    // Every account that was made is gone again.
    expect(await usersOf()).toEqual(before);
  }, 300_000);

  it('that takes a callback in the name of another issuer is found out', async () => {
    const { exitCode, verdicts } = await judged(
      { ...app('no-response-iss-rule'), 'live.allowSignUp': true },
      ['callback/iss-wrong'],
    );
    expect([exitCode, verdicts]).toEqual([1, { 'callback/iss-wrong': 'fail' }]);
  }, 300_000);

  it.each([
    ['the client secret as a flag', { 'target.clientSecret': 'x'.repeat(20) }, 'CONF_SECRET_IN_ARGV', {}],
    [
      'a client that the tenant does not know',
      { 'target.clientId': 'nobody' },
      'CONF_CLIENT_UNKNOWN',
      undefined,
    ],
    ['a free port each time', { 'target.port': '0' }, 'CONF_LIVE_TARGET', undefined],
  ] as const)(
    '%s is refused before anybody signs in',
    async (_what, flags, code, environment) => {
      const { exitCode, report } = await judged({ ...app(), ...flags }, ['callback/session'], environment);
      expect([exitCode, report.findings[0]?.code]).toEqual([2, code]);
    },
    120_000,
  );
});

it('a tenant without an SMS connector is named, and nothing is said of the app', async () => {
  const poor = await startStranger({ redirectUri: `http://localhost:${port}/auth/callback/logto` });
  try {
    const management = await connectManagement({
      wire: createWire(),
      origin: poor.origin,
      issuer: poor.issuer,
      credentials: poor.m2m,
    });
    const { body } = await management.call<{ id: string }[]>('GET', '/api/connectors');
    for (const { id } of body) await management.call('DELETE', `/api/connectors/${id}`);
    const { exitCode, report, verdicts } = await judged(
      { ...app(), 'live.issuer': poor.issuer, 'live.allowSignUp': true },
      ['callback/session', 'phone-otp/register', 'session/maps-name'],
    );
    expect(exitCode).toBe(2);
    expect(report.findings[0]).toMatchObject({
      code: 'CONF_TENANT_SIGN_IN',
      what: expect.stringContaining('It has no SMS connector'),
    });
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['blocked', 'not applicable']));
  } finally {
    await poor.stop();
  }
}, 180_000);

describe('an app that is deployed', () => {
  let deployed: ChildProcess;
  const people = path.join(place, 'people.txt');
  beforeAll(async () => {
    deployed = spawn(process.execPath, [path.join(ROOT, 'fixtures/targets/express/server.js')], {
      stdio: 'ignore',
      env: {
        ...process.env,
        PORT: String(port),
        AUTH_SECRET: 'the-secret-of-a-deployed-app-0001',
        AUTH_TRUST_HOST: 'true',
        AUTH_LOGTO_ISSUER: stranger.issuer,
        AUTH_LOGTO_ID: stranger.client.id,
        AUTH_LOGTO_SECRET: stranger.client.secret,
      },
    });
    await waitUntilReady({ url: `http://localhost:${port}`, limitSeconds: 60 });
    const management = await connectManagement({
      wire: createWire(),
      origin: stranger.origin,
      issuer: stranger.issuer,
      credentials: stranger.m2m,
    });
    for (const phone of ['14155550191', '14155550192', '14155550193'])
      await management.call('POST', '/api/users', { json: { primaryPhone: phone } });
    writeFileSync(people, '+1 415 555 0191\n+1 415 555 0192\n+1 415 555 0193\n');
  }, 90_000);
  afterAll(async () => {
    const ended = once(deployed, 'exit');
    deployed.kill('SIGKILL');
    await ended;
  });

  const select = [
    'callback/session',
    'callback/other-browser',
    'doors/forms',
    'phone-otp/register',
    'phone-otp/sign-in',
    'redirect/client-id',
    'redirect/no-secret-in-url',
  ];

  it('is judged with the people of the file; nobody is signed up, and no form is posted', async () => {
    const before = await usersOf();
    const { exitCode, verdicts, report } = await judged(
      { 'target.url': `http://localhost:${port}`, 'live.people': people, 'live.pace': '50' },
      select,
      {},
    );
    expect(verdicts).toEqual({
      'callback/session': 'pass',
      'callback/other-browser': 'pass',
      'doors/forms': 'not applicable',
      'phone-otp/register': 'not applicable',
      'phone-otp/sign-in': 'pass',
      'redirect/client-id': 'pass',
      'redirect/no-secret-in-url': 'not applicable',
    });
    expect(exitCode).toBe(0);
    expect(report.checks.find(({ id }) => id === 'phone-otp/register')?.message).toContain('--allow-sign-up');
    expect(await usersOf()).toEqual(before);
  }, 300_000);

  it('that goes to another issuer than the one that is named is told', async () => {
    const other = await startStranger({ redirectUri: 'http://localhost:1/cb' });
    try {
      const { exitCode, report } = await judged(
        { 'target.url': `http://localhost:${port}`, 'live.people': people, 'live.issuer': other.issuer },
        ['callback/session'],
        {},
      );
      expect([exitCode, report.findings[0]?.code]).toEqual([2, 'CONF_ISSUER_OTHER']);
    } finally {
      await other.stop();
    }
  }, 120_000);
});
