import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stranger, startStranger } from '../../../fixtures/live/stranger.ts';
import { loadConfig } from '../../config/load-config.ts';
import { noteAccount } from '../made-accounts.ts';
import { connectManagement } from '../management.ts';
import { createWire, type Wire } from '../wire.ts';
import { setupTenant, teardownTenant } from './command.ts';
import { planSetup, type SignInExperience } from './plan.ts';

const place = mkdtempSync(path.join(os.tmpdir(), 'live-setup-'));
const state = path.join(place, 'state.json');
let stranger: Stranger;
const lines: string[] = [];
const print = (line: string) => void lines.push(line);

beforeAll(async () => {
  stranger = await startStranger({ redirectUri: 'http://localhost:3999/auth/callback/logto' });
  process.env.CONFORMANCE_M2M_ID = stranger.m2m.id;
  process.env.CONFORMANCE_M2M_SECRET = stranger.m2m.secret;
}, 60_000);
afterAll(async () => {
  delete process.env.CONFORMANCE_M2M_ID;
  delete process.env.CONFORMANCE_M2M_SECRET;
  await stranger?.stop();
});

const load = (flags: Record<string, string> = {}) =>
  loadConfig({
    folder: place,
    flags: {
      'target.url': 'http://localhost:3999',
      'target.basePath': '/auth',
      'live.issuer': stranger.issuer,
      out: path.join(place, 'out'),
      ...flags,
    },
    environment: {},
  });

/** Everything of the tenant that a setup may touch. */
async function snapshot() {
  const wire = createWire();
  const management = await connectManagement({
    wire,
    origin: stranger.origin,
    issuer: stranger.issuer,
    credentials: stranger.m2m,
  });
  const read = async (place: string) => (await management.call('GET', place)).body;
  return {
    applications: await read('/api/applications'),
    connectors: await read('/api/connectors'),
    experience: await read('/api/sign-in-exp'),
    users: await read('/api/users'),
  };
}

describe('the plan', () => {
  const experience: SignInExperience = {
    signInMode: 'SignIn',
    signUp: { identifiers: ['username'], password: true, verify: false },
    signIn: {
      methods: [
        { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
        { identifier: 'email', password: true, verificationCode: false, isPasswordPrimary: true },
      ],
    },
  };
  const wanted = { name: 'x', redirectUris: ['http://a/cb'], postLogoutRedirectUris: [] };

  it('keeps what else people sign in with, and remembers exactly the members that it changes', () => {
    const [step] = planSetup({ experience }, wanted).filter(
      ({ kind }) => kind === 'change sign-in experience',
    );
    expect(step).toMatchObject({
      before: { signInMode: 'SignIn', signUp: experience.signUp, signIn: experience.signIn },
      body: {
        signInMode: 'SignInAndRegister',
        signUp: { identifiers: ['phone'], password: false, verify: true },
      },
    });
    const { signIn } = (step as { body: unknown }).body as SignInExperience;
    expect(signIn.methods.map(({ identifier }) => identifier)).toEqual(['username', 'email', 'phone']);
  });

  it('is empty for a tenant that is as it must be', () => {
    const application = {
      id: 'a',
      name: 'a',
      type: 'Traditional',
      oidcClientMetadata: { redirectUris: ['http://a/cb'], postLogoutRedirectUris: [] },
    };
    const capture = { endpoint: 'http://c/sms', authorization: 'Bearer t' };
    const sms = { id: 's', connectorId: 'http-sms', type: 'Sms', config: capture };
    const good: SignInExperience = {
      signInMode: 'SignInAndRegister',
      signUp: { identifiers: ['phone'], password: false, verify: true },
      signIn: {
        methods: [{ identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false }],
      },
    };
    expect(planSetup({ application, sms, experience: good }, { ...wanted, capture })).toEqual([]);
  });
});

describe('at a stranger', () => {
  it('changes nothing without a yes', async () => {
    const before = await snapshot();
    expect(await setupTenant(await load(), { state, print, confirm: async () => false })).toBe(1);
    expect(await snapshot()).toEqual(before);
    expect(existsSync(state)).toBe(false);
  }, 30_000);

  it('prepares the tenant, and teardown restores exactly what was there', async () => {
    const before = await snapshot();
    expect(await setupTenant(await load(), { state, print, yes: true })).toBe(0);
    const during = await snapshot();
    expect(JSON.stringify(during.connectors)).toContain('http-sms');
    expect(during.applications).toHaveLength((before.applications as unknown[]).length + 1);
    expect(statSync(state).mode & 0o077).toBe(0);
    expect(await teardownTenant(await load(), { state, print })).toBe(0);
    expect(await snapshot()).toEqual(before);
    expect(existsSync(state)).toBe(false);
  }, 30_000);

  it('shows no secret in the plan and none in the journal', async () => {
    const told = lines.join('\n') + readFileSync(path.join(place, 'out/live-journal.jsonl'), 'utf8');
    expect(told).not.toContain('c0f0c0f0');
    expect(told).not.toContain(stranger.m2m.secret);
    expect(told).not.toMatch(/eyJ[\w-]{20,}\./);
  });

  it.each(['application', 'connectors'])(
    'restores it after a crash behind the request to %s',
    async (word) => {
      const before = await snapshot();
      const real = createWire();
      // The request reaches the tenant, and its answer never comes back.
      const crashing: Wire = {
        async ask(url, request) {
          const answer = await real.ask(url, request);
          if (request?.method === 'POST' && String(url).includes(`/api/${word}`)) throw new Error('killed');
          return answer;
        },
      };
      await expect(setupTenant(await load(), { state, print, yes: true, wire: crashing })).rejects.toThrow(
        'killed',
      );
      expect(await snapshot()).not.toEqual(before);
      await expect(setupTenant(await load(), { state, print, yes: true })).rejects.toThrow('CONF_LIVE_STATE');
      expect(await teardownTenant(await load(), { state, print })).toBe(0);
      expect(await snapshot()).toEqual(before);
    },
    30_000,
  );

  it('refuses a tenant with more people than allowed, unless somebody knows', async () => {
    const wire = createWire();
    const management = await connectManagement({
      wire,
      origin: stranger.origin,
      issuer: stranger.issuer,
      credentials: stranger.m2m,
    });
    await management.call('POST', '/api/users', { json: { primaryPhone: '12015550177' } });
    await expect(setupTenant(await load(), { state, print, yes: true, maxUsers: 0 })).rejects.toThrow(
      'CONF_LIVE_USERS',
    );
    expect(await setupTenant(await load(), { state, print, maxUsers: 0, iKnow: true, dryRun: true })).toBe(0);
  }, 30_000);

  it('teardown removes accounts that a killed run made, and nobody else', async () => {
    const out = path.join(place, 'out');
    const wire = createWire();
    const management = await connectManagement({
      wire,
      origin: stranger.origin,
      issuer: stranger.issuer,
      credentials: stranger.m2m,
    });
    const at = Date.now();
    noteAccount(out, { issuer: stranger.issuer, phone: '+12015550178', at });
    await management.call('POST', '/api/users', { json: { primaryPhone: '12015550178' } });
    // Somebody had this number long before a run is said to have made an account for it.
    noteAccount(out, { issuer: stranger.issuer, phone: '+12015550177', at: at + 3_600_000 });
    expect(await teardownTenant(await load(), { state, print })).toBe(1);
    expect(
      ((await snapshot()).users as { primaryPhone: string }[]).map(({ primaryPhone }) => primaryPhone),
    ).toEqual(['12015550177']);
  }, 30_000);

  it('names what is wrong with the credentials', async () => {
    const connect = (credentials: { id: string; secret: string }) =>
      connectManagement({
        wire: createWire(),
        origin: stranger.origin,
        issuer: stranger.issuer,
        credentials,
      });
    await expect(connect({ id: stranger.m2m.id, secret: 'wrong' })).rejects.toThrow('CONF_M2M_REFUSED');
    const wire = createWire();
    const management = await connectManagement({
      wire,
      origin: stranger.origin,
      issuer: stranger.issuer,
      credentials: stranger.m2m,
    });
    const { body } = await management.call<{ id: string }>('POST', '/api/applications', {
      json: { name: 'without role', type: 'MachineToMachine' },
    });
    const { body: secrets } = await management.call<{ value: string }[]>(
      'GET',
      `/api/applications/${body.id}/secrets`,
    );
    await expect(connect({ id: body.id, secret: secrets[0]?.value ?? '' })).rejects.toThrow('CONF_M2M_SCOPE');
  }, 30_000);
});
