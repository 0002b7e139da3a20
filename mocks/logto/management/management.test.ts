import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LAB_CLIENT,
  LAB_CONNECTOR_CONFIG,
  type LogtoLab,
  startLogtoLab,
  type TestBrowser,
} from '../logto-lab.ts';

const MANAGER = {
  id: 'lab0manager000000000a',
  secret: 'lab-manager-secret-0000000000001',
  type: 'MachineToMachine' as const,
  roles: ['Logto Management API access'],
};

let lab: LogtoLab;
let browser: TestBrowser;
let token: string;
beforeAll(async () => {
  lab = await startLogtoLab({ applications: [LAB_CLIENT, MANAGER] });
  browser = lab.browser();
  const answer = await fetch(`${lab.mock.origin}/oidc/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${MANAGER.id}:${MANAGER.secret}`)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => lab.close());

const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  browser.call(method, `/api${path}`, body, { authorization: `Bearer ${token}`, ...headers });

const newUser = async (primaryPhone: string): Promise<string> =>
  ((await api('POST', '/users', { primaryPhone })).json as { id: string }).id;

const TWILIO = 'twilio-short-message-service';

describe('who may call', () => {
  it('says what is missing or wrong about the token (recordings 022, 023)', async () => {
    const none = await browser.call('GET', '/api/applications');
    expect([none.status, none.json]).toEqual([
      401,
      { code: 'auth.authorization_header_missing', message: 'Authorization header is missing.' },
    ]);
    const wrong = await browser.call('GET', '/api/applications', undefined, { authorization: 'Bearer nope' });
    expect([wrong.status, wrong.json]).toEqual([
      401,
      {
        code: 'auth.unauthorized',
        data: { code: 'ERR_JWS_INVALID', name: 'JWSInvalid' },
        message: 'Unauthorized. Please check credentials and its scope.',
      },
    ]);
  });

  it('tells methods without asking who it is', async () => {
    const answer = await browser.call('OPTIONS', '/api/applications');
    expect([answer.status, answer.headers.get('allow')]).toEqual([200, 'HEAD, GET, POST']);
  });
});

describe('connectors', () => {
  it('are judged by their own guard when a config is given (recordings 003, 004, 006)', async () => {
    const missing = await api('POST', '/connectors', {
      connectorId: TWILIO,
      config: { ...LAB_CONNECTOR_CONFIG, templates: [] },
    });
    expect([missing.status, missing.json.code, missing.json.details]).toEqual([
      400,
      'connector.invalid_config',
      'Error in key path "templates": (custom) Template with UsageType (Register, SignIn, ForgotPassword, Generic) should be provided!',
    ]);
    const unknown = await api('POST', '/connectors', { connectorId: 'no-such-factory' });
    expect([unknown.status, unknown.json.code]).toEqual([422, 'connector.not_found_with_connector_id']);
  });

  it('replace each other, so that one SMS connector is left (recordings 008, 011, 012)', async () => {
    const made = await api('POST', '/connectors', { connectorId: TWILIO, config: LAB_CONNECTOR_CONFIG });
    expect([made.status, made.json.type, made.json.connectorId]).toEqual([200, 'Sms', TWILIO]);
    expect(String(made.json.logo)).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(String(made.json.readme)).toContain('# Twilio');
    const list = JSON.parse((await api('GET', '/connectors')).text) as { id: string }[];
    expect(list.map(({ id }) => id)).toEqual([made.json.id]);
  });

  it('send a test message with the given config (recordings 013, 015, 016)', async () => {
    const sent = await api('POST', `/connectors/${TWILIO}/test`, {
      phone: '14155550100',
      config: LAB_CONNECTOR_CONFIG,
    });
    expect([sent.status, lab.codeFor('14155550100')]).toEqual([204, '000000']);
    const bad = await api('POST', `/connectors/${TWILIO}/test`, {
      phone: '14155550100',
      config: { ...LAB_CONNECTOR_CONFIG, templates: [] },
    });
    expect([bad.status, bad.json.code]).toEqual([400, 'connector.invalid_config']);
    expect(
      (await api('POST', `/connectors/${TWILIO}/test`, { phone: '+14155550100', config: {} })).json.code,
    ).toBe('guard.invalid_input');
  });

  it('are missed when somebody signs in after the last one went (recording 650)', async () => {
    const [{ id }] = JSON.parse((await api('GET', '/connectors')).text) as [{ id: string }];
    expect((await api('DELETE', `/connectors/${id}`)).status).toBe(204);
    const person = lab.browser();
    await person.authorize();
    await person.call('PUT', '/api/experience', { interactionEvent: 'SignIn' });
    const answer = await person.call('POST', '/api/experience/verification/verification-code', {
      identifier: { type: 'phone', value: '14155550101' },
      interactionEvent: 'SignIn',
    });
    expect([answer.status, answer.json.message]).toEqual([
      501,
      'Cannot find any available connector for type: Sms.',
    ]);
    await api('POST', '/connectors', { connectorId: TWILIO, config: LAB_CONNECTOR_CONFIG });
  });
});

describe('applications', () => {
  it('get a secret of their own and no secret in the answer (recordings 028, 034)', async () => {
    const made = await api('POST', '/applications', {
      name: 'app',
      type: 'Traditional',
      oidcClientMetadata: { redirectUris: ['http://localhost:3000/cb'], postLogoutRedirectUris: [] },
    });
    expect(made.status).toBe(200);
    expect(made.json).not.toHaveProperty('secrets');
    const [secret] = JSON.parse((await api('GET', `/applications/${made.json.id}/secrets`)).text) as [
      { name: string; value: string },
    ];
    expect([secret.name, secret.value.length]).toEqual(['Default secret', 32]);
    const changed = await api('PATCH', `/applications/${made.json.id}`, {
      oidcClientMetadata: { redirectUris: ['https://app.example/cb'] },
    });
    expect(changed.json.oidcClientMetadata).toEqual({
      redirectUris: ['https://app.example/cb'],
      postLogoutRedirectUris: [],
    });
  });

  it('refuse redirect URIs that are none (recording 027)', async () => {
    const answer = await api('POST', '/applications', {
      name: 'x',
      type: 'SPA',
      oidcClientMetadata: { redirectUris: ['not a url'], postLogoutRedirectUris: [] },
    });
    expect(answer.json.data).toEqual({
      issues: [{ code: 'custom', message: 'Invalid input', path: ['oidcClientMetadata', 'redirectUris', 0] }],
      name: 'ZodError',
    });
  });
});

describe('users', () => {
  it('are made, found, suspended and deleted (recordings 632 to 636, 652)', async () => {
    const made = await api('POST', '/users', { primaryPhone: '14155550130', name: 'Bob' });
    expect(made.json).toMatchObject({
      primaryPhone: '14155550130',
      name: 'Bob',
      hasPassword: false,
      cimdClientId: null,
      lastSignInAt: null,
    });
    expect((await api('POST', '/users', { primaryPhone: '14155550130' })).json.code).toBe(
      'user.phone_already_in_use',
    );
    const found = JSON.parse((await api('GET', '/users?search.primaryPhone=14155550130')).text) as {
      id: string;
    }[];
    expect(found.map(({ id }) => id)).toEqual([made.json.id]);
    expect(
      (await api('PATCH', `/users/${made.json.id}/is-suspended`, { isSuspended: true })).json.isSuspended,
    ).toBe(true);
    expect((await api('DELETE', `/users/${made.json.id}`)).status).toBe(204);
    expect((await api('GET', `/users/${made.json.id}`)).json.code).toBe('entity.not_found');
  });
});

describe('the sign-in experience', () => {
  it('wants codes verified at sign-up by phone (recording 026)', async () => {
    const answer = await api('PATCH', '/sign-in-exp', {
      signUp: { identifiers: ['phone'], password: false, verify: false },
    });
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        code: 'sign_in_experiences.passwordless_requires_verify',
        message: 'Must enable verify for email/phone sign up identifier.',
      },
    ]);
  });

  it('fills in the defaults of a password policy group that is named (recording 025)', async () => {
    const answer = await api('PATCH', '/sign-in-exp', { passwordPolicy: { rejects: { pwned: false } } });
    expect(answer.json.passwordPolicy).toEqual({
      rejects: { pwned: false, repetitionAndSequence: true, userInfo: true, words: [] },
    });
  });
});

describe('codes without an interaction', () => {
  it('use the Generic template and are used up once (recordings 627 to 629)', async () => {
    expect((await api('POST', '/verification-codes', { phone: '14155550120' })).status).toBe(204);
    const verificationCode = lab.codeFor('14155550120');
    expect(
      (await api('POST', '/verification-codes/verify', { phone: '14155550120', verificationCode })).status,
    ).toBe(204);
    expect(
      (await api('POST', '/verification-codes/verify', { phone: '14155550120', verificationCode })).json.code,
    ).toBe('verification_code.not_found');
  });
});

describe('signing keys', () => {
  it('rotate to RSA and back, the one before staying listed (recordings 666, 667, 672)', async () => {
    const view = async (method: string, path: string, body?: unknown) =>
      (
        JSON.parse((await api(method, path, body)).text) as { signingKeyAlgorithm: string; status: string }[]
      ).map((key) => [key.signingKeyAlgorithm, key.status]);
    expect(await view('GET', '/configs/oidc/private-keys')).toEqual([['EC', 'Current']]);
    expect(await view('POST', '/configs/oidc/private-keys/rotate', { signingKeyAlgorithm: 'RSA' })).toEqual([
      ['RSA', 'Current'],
      ['EC', 'Previous'],
    ]);
  });
});

describe('roles', () => {
  const role = async (name: string) =>
    (await api('POST', '/roles', { name, description: name })).json as { id: string };
  const listed = async (id: string) =>
    ((await api('GET', '/roles')).json as unknown as { id: string }[]).find((row) => row.id === id);

  it('count those who have them, and nobody else', async () => {
    const [user, other] = [await newUser('12015550171'), await newUser('12015550172')];
    const { id } = await role('editor');
    expect(await listed(id)).toMatchObject({ usersCount: 0, featuredUsers: [], applicationsCount: 0 });
    await api('POST', `/roles/${id}/users`, { userIds: [user] });
    expect(await listed(id)).toMatchObject({ usersCount: 1, featuredUsers: [{ id: user }] });
    expect((await api('GET', `/users/${other}/roles`)).json).toEqual([]);
  });

  it('that are deleted leave nobody with their name', async () => {
    const user = await newUser('12015550173');
    const { id } = await role('guest');
    await api('POST', `/roles/${id}/users`, { userIds: [user] });
    expect((await api('DELETE', `/roles/${id}`)).status).toBe(204);
    await role('guest');
    expect((await api('GET', `/users/${user}/roles`)).json).toEqual([]);
  });
});
