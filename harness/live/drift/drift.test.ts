import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mocks, startMocks } from '../../../mocks/index.ts';
import { loadConfig } from '../../config/load-config.ts';
import { driftCommand, findDrift } from './command.ts';
import { compareDiscovery } from './compare.ts';
import { askQuestions } from './questions.ts';

const place = mkdtempSync(path.join(os.tmpdir(), 'drift-'));
const REDIRECT = 'http://localhost:3999/cb';
let mocks: Mocks;
/** A proxy that changes some answers: a Logto that drifts. */
let proxy: Server;
let issuer: string;

beforeAll(async () => {
  proxy = createServer(async (request, response) => {
    const answer = await fetch(`${mocks.issuer.origin}${request.url}`, {
      method: request.method,
      redirect: 'manual',
      headers: {
        ...(request.headers.authorization && { authorization: request.headers.authorization }),
        host: new URL(issuer).host,
        'x-forwarded-proto': 'http',
      },
    });
    let text = (await answer.text()).replaceAll(mocks.issuer.origin, new URL(issuer).origin);
    if (request.url?.includes('openid-configuration')) text = text.replace('"S256"', '"plain"');
    if (request.url?.includes('prompt=none')) {
      const location = String(answer.headers.get('location')).replace('login_required', 'consent_required');
      response.writeHead(answer.status, { location }).end();
      return;
    }
    const headers = Object.fromEntries(
      [...answer.headers].filter(
        ([name]) => !/^(content-(length|encoding)|transfer|connection|keep)/.test(name),
      ),
    );
    response.writeHead(answer.status, { ...headers, 'set-cookie': answer.headers.getSetCookie() }).end(text);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/oidc`;
  mocks = await startMocks({
    publicIssuer: issuer,
    applications: [{ id: 'shop', secret: 'shop-secret-0123456789', redirectUris: [REDIRECT] }],
  });
}, 60_000);
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await mocks.close();
});

const load = (own: string) =>
  loadConfig({
    folder: place,
    flags: {
      'target.url': 'http://localhost:3999',
      'target.clientId': 'shop',
      'live.issuer': own,
      out: path.join(place, 'out'),
    },
    environment: {},
  });

describe('a Logto that drifts', () => {
  it('is told field by field, and what apps build on decides the exit code', async () => {
    const { differences, exitCode } = await findDrift(await load(issuer), { redirectUri: REDIRECT });
    const told = differences.filter(({ matters }) => matters);
    expect(told.map(({ of, field }) => `${of}, ${field}`)).toEqual([
      'discovery, code_challenge_methods_supported',
      'authorize: prompt=none without a session, error',
    ]);
    expect(exitCode).toBe(1);
  }, 60_000);

  it('that does not drift has no difference at all', async () => {
    const same = await startMocks({
      applications: [{ id: 'shop', secret: 'shop-secret-0123456789', redirectUris: [REDIRECT] }],
    });
    const lines: string[] = [];
    try {
      const loaded = await load(same.issuer.issuer);
      expect(
        await driftCommand(loaded, { redirectUri: REDIRECT, json: true, print: (line) => lines.push(line) }),
      ).toBe(0);
      expect(JSON.parse(lines.join('')).differences).toEqual([]);
    } finally {
      await same.close();
    }
  }, 60_000);
});

it.each([
  ['redirect URI', 'shop', 'http://localhost:1/nope', 'Is the redirect URI registered?'],
  ['application', 'nobody', REDIRECT, 'Does the tenant know the application?'],
])(
  'a tenant without the %s of the app does not drift: it is told as the one answer that breaks',
  async (_what, id, redirectUri, question) => {
    const same = await startMocks({
      applications: [{ id: 'shop', secret: 'shop-secret-0123456789', redirectUris: [REDIRECT] }],
    });
    try {
      const loaded = await load(same.issuer.issuer);
      const named = {
        ...loaded,
        config: { ...loaded.config, target: { ...loaded.config.target, clientId: id } },
      };
      const { differences, questions, exitCode } = await findDrift(named, { redirectUri });
      expect(differences).toEqual([]);
      expect(questions.filter(({ verdict }) => verdict === 'breaks').map((each) => each.question)).toEqual([
        question,
      ]);
      expect(exitCode).toBe(1);
    } finally {
      await same.close();
    }
  },
  60_000,
);

it('a list in another order is no difference, and a member that nobody builds on does not matter', () => {
  const origins = { real: 'https://a', mock: 'https://b' };
  expect(
    compareDiscovery({ a: ['x', 'y'], i: 'https://a/oidc' }, { a: ['y', 'x'], i: 'https://b/oidc' }, origins),
  ).toEqual([]);
  expect(compareDiscovery({ b: 1 }, {}, origins)).toMatchObject([{ field: 'b', matters: false }]);
});

describe('questions about app and tenant', () => {
  const tenant = {
    discovery: { id_token_signing_alg_values_supported: ['ES384'], scopes_supported: ['openid'] },
    application: {
      id: 'a',
      name: 'a',
      type: 'SPA',
      oidcClientMetadata: { redirectUris: ['https://*.shop.example/cb'], postLogoutRedirectUris: [] },
    },
    experience: {
      signInMode: 'SignIn',
      signUp: { identifiers: [], password: true, verify: false },
      signIn: { methods: [] },
    },
    sms: {
      id: 's',
      connectorId: 'twilio-short-message-service',
      type: 'Sms',
      config: { templates: [{ usageType: 'SignIn', content: 'no code' }] },
    },
  };
  it('name what breaks, each with a remedy', () => {
    const found = askQuestions(
      { redirectUri: 'https://shop.example/cb', features: [], family: 'v4' },
      tenant,
    );
    const broken = found.filter(({ verdict }) => verdict === 'breaks');
    expect(broken.map(({ question }) => question)).toEqual([
      'Is the redirect URI registered?',
      'Is the application one for Auth.js?',
      'Can the library read ID tokens signed as here?',
      'Can people sign in by phone and code?',
      'Has the connector a text for every use?',
    ]);
    expect(broken.every(({ remedy }) => remedy)).toBe(true);
  });
  it('know wildcards of Logto', () => {
    const [first] = askQuestions({ redirectUri: 'https://eu.shop.example/cb', features: [] }, tenant);
    expect(first?.verdict).toBe('works');
  });
});
