/** What the second set brought and no recording shows: codes by e-mail to the inbox, subject tokens, what is not served. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMocks } from '../../index.ts';
import { experienceNotServed, managementNotServed } from '../not-served.ts';

const APP = {
  id: 'app',
  secret: 'app-secret-000000000000000000001',
  redirectUris: ['http://localhost:3999/cb'],
};
const MANAGER = {
  id: 'manager',
  secret: 'manager-secret-00000000000000001',
  type: 'MachineToMachine' as const,
  roles: ['Logto Management API access'],
};
let mocks: Awaited<ReturnType<typeof startMocks>>;
let bearer: string;
const basic = ({ id, secret }: typeof APP | typeof MANAGER) => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});
const post = (form: Record<string, string>, client: typeof APP | typeof MANAGER) =>
  fetch(`${mocks.issuer.issuer}/token`, {
    method: 'POST',
    headers: basic(client),
    body: new URLSearchParams(form),
  });
const call = (method: string, path: string, body?: unknown) =>
  fetch(`${mocks.issuer.origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

beforeAll(async () => {
  const emailConnector = { config: { endpoint: 'https://mail.example.com/send', authorization: 'x' } };
  const exchanging = { ...APP, customClientMetadata: { allowTokenExchange: true } };
  mocks = await startMocks({ applications: [exchanging, MANAGER], emailConnector });
  const answer = await post(
    { grant_type: 'client_credentials', resource: 'https://default.logto.app/api', scope: 'all' },
    MANAGER,
  );
  bearer = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => mocks.close());

describe('a code by e-mail', () => {
  it('stands in the inbox, though its service is on the net', async () => {
    const sent = await call('POST', '/api/verification-codes', { email: 'Ann@example.com' });
    expect(sent.status).toBe(204);
    const { code } = await mocks.client.waitForMessage('ann@example.com');
    const verify = { email: 'Ann@example.com', verificationCode: code };
    expect((await call('POST', '/api/verification-codes/verify', verify)).status).toBe(204);
  });
});

describe('a subject token', () => {
  it('is exchanged once, for its user', async () => {
    const user = (await (await call('POST', '/api/users', { username: 'ann' })).json()) as { id: string };
    const made = await call('POST', '/api/subject-tokens', { userId: user.id });
    expect(made.status).toBe(201);
    const { subjectToken } = (await made.json()) as { subjectToken: string };
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: subjectToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope: 'openid profile',
    };
    const answer = await post(form, APP);
    expect(answer.status).toBe(200);
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const me = await fetch(`${mocks.issuer.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(await me.json()).toMatchObject({ sub: user.id, username: 'ann' });
    expect((await post(form, APP)).status).toBe(400);
  });

  it('of nobody is refused', async () => {
    expect((await call('POST', '/api/subject-tokens', { userId: 'nobody' })).status).toBe(404);
    expect((await call('POST', '/api/subject-tokens', {})).status).toBe(400);
  });
});

describe('what is not served', () => {
  it.each([...experienceNotServed, ...managementNotServed])(
    '%s %s is 501 with a name',
    async (method, path, what) => {
      const answer = await call(String(method), path.replace(/:\w+/g, 'x'));
      expect(answer.status).toBe(501);
      expect(await answer.json()).toMatchObject({
        code: 'request.feature_not_supported',
        data: { notServedByMock: what },
      });
    },
  );
});
