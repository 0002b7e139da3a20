import http from 'node:http';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signOut } from './lab-sign-in.ts';
import { basic, REDIRECT_URI, startTokenLab, type TokenLab } from './lab-tokens.ts';
import { LAB_CLIENT, type TestBrowser } from './logto-lab.ts';

const CHALLENGE = {
  code_challenge: 'QnLKNvpWbTmpVmdB-pQipl7Fxf1HsGUif9cBgEHvKgg',
  code_challenge_method: 'S256',
};

let lab: TokenLab;
beforeAll(async () => {
  lab = await startTokenLab();
  const { mock } = lab;
  await mock.putApplication({ id: 'spa', type: 'SPA', redirectUris: [REDIRECT_URI] });
  await mock.putApplication({
    id: 'native',
    type: 'Native',
    redirectUris: ['http://127.0.0.1/cb', 'com.app://cb'],
  });
  await mock.putApplication({ id: 'wild', redirectUris: ['https://*.preview.example.test/cb/*'] });
});
afterAll(() => lab.close());

const authorize = (params: Record<string, string>, browser: TestBrowser = lab.browser()) =>
  browser.call(
    'GET',
    `/oidc/auth?${new URLSearchParams({ client_id: LAB_CLIENT.id, redirect_uri: REDIRECT_URI, response_type: 'code', scope: 'openid', state: 's', ...params })}`,
  );
const errorOf = (location: string | undefined) => {
  const params = new URL(location ?? '').searchParams;
  return [params.get('error'), params.get('error_description'), params.get('state'), params.get('iss')];
};
const post = (...request: Parameters<TokenLab['post']>) => lab.post(...request);
const signIn = (...person: Parameters<TokenLab['signIn']>) => lab.signIn(...person);
const exchange = (...request: Parameters<TokenLab['exchange']>) => lab.exchange(...request);

describe('authorization', () => {
  it.each([
    ['an unknown client', { client_id: 'nope' }, 'oidc.invalid_client', 'invalid client nope'],
    [
      'another port',
      { redirect_uri: 'http://localhost:4000/callback' },
      'oidc.invalid_redirect_uri',
      "redirect_uri did not match any of the client's registered redirect_uris",
    ],
    [
      'an added query',
      { redirect_uri: `${REDIRECT_URI}?a=1` },
      'oidc.invalid_redirect_uri',
      "redirect_uri did not match any of the client's registered redirect_uris",
    ],
  ])('answers %s with 400 JSON and no redirect', async (_, params, code, description) => {
    const answer = await authorize(params);
    expect([answer.status, answer.location, answer.json.code, answer.json.error_description]).toEqual([
      400,
      undefined,
      code,
      description,
    ]);
  });

  it.each([
    ['a public client without PKCE', { client_id: 'spa' }, 'invalid_request'],
    [
      'plain PKCE',
      { code_challenge: CHALLENGE.code_challenge, code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['prompt=none without a session', { prompt: 'none' }, 'login_required'],
    ['an unknown resource', { resource: 'https://nope.example' }, 'invalid_target'],
    ['a nonce without openid', { scope: 'profile', nonce: 'n' }, 'invalid_request'],
    ['prompt=select_account', { prompt: 'select_account' }, 'invalid_request'],
  ])('sends %s back with error, state and iss', async (_, params, error) => {
    const { status, location } = await authorize(params);
    const [got, description, state, iss] = errorOf(location);
    expect([status, got, state, iss]).toEqual([303, error, 's', lab.mock.issuer]);
    expect(description).toBeTruthy();
  });

  it('lets native apps use any port of the loopback address', async () => {
    const answer = await authorize({
      client_id: 'native',
      redirect_uri: 'http://127.0.0.1:51234/cb',
      ...CHALLENGE,
    });
    expect(answer.location).toBe('/sign-in?app_id=native');
    const other = await authorize({
      client_id: 'native',
      redirect_uri: 'http://127.0.0.1:51234/other',
      ...CHALLENGE,
    });
    expect(other.status).toBe(400);
  });

  it.each([
    ['https://pr-7.preview.example.test/cb/logto', 303],
    ['https://pr-7.preview.example.test/other', 400],
    ['https://evil.example/.preview.example.test/cb/x', 400],
    ['https://a.b.preview.example.test.evil.example/cb/x', 400],
  ])('matches wildcards in registered addresses: %s gives %i', async (redirect_uri, status) => {
    expect((await authorize({ client_id: 'wild', redirect_uri })).status).toBe(status);
  });

  it('reads a form like a query', async () => {
    const answer = await lab.browser().post('/oidc/auth', {
      client_id: LAB_CLIENT.id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid',
    });
    expect([answer.status, answer.location]).toEqual([303, `/sign-in?app_id=${LAB_CLIENT.id}`]);
  });

  it('signs in silently at a second application of the tenant, after consent', async () => {
    const { browser } = await signIn();
    expect(errorOf((await authorize({ client_id: 'other', prompt: 'none' }, browser)).location)[0]).toBe(
      'consent_required',
    );
    expect((await authorize({ client_id: 'other' }, browser)).location).toBe('/consent?app_id=other');
    const silent = await authorize({ prompt: 'none' }, browser);
    expect(new URL(silent.location ?? '').searchParams.get('code')).toBeTruthy();
  });

  it('asks again when the session is older than max_age', async () => {
    const { browser } = await signIn();
    expect((await authorize({ max_age: '3600' }, browser)).location).toMatch(/^http:/);
    lab.clock.advance(3700);
    expect((await authorize({ max_age: '3600' }, browser)).location).toMatch(/^\/sign-in/);
  });
});

describe('signing out', () => {
  it('refuses an address that is not registered, and a broken hint', async () => {
    const bad = await lab
      .browser()
      .call(
        'GET',
        `/oidc/session/end?client_id=${LAB_CLIENT.id}&post_logout_redirect_uri=http://evil.example/`,
      );
    expect([bad.status, bad.json.error_description]).toEqual([
      400,
      'post_logout_redirect_uri not registered',
    ]);
    const hint = await lab.browser().call('GET', '/oidc/session/end?id_token_hint=abc');
    expect([hint.status, hint.json.error_description]).toEqual([400, 'could not decode id_token_hint']);
  });

  it('tells registered applications over the back channel', async () => {
    const told: string[] = [];
    const app = http.createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      told.push(new URLSearchParams(text).get('logout_token') ?? '');
      response.end();
    });
    await new Promise<void>((resolve) => app.listen(0, 'localhost', resolve));
    const { port } = app.address() as { port: number };
    await lab.mock.putApplication({
      id: LAB_CLIENT.id,
      backchannelLogoutUri: `http://localhost:${port}/logout`,
      backchannelLogoutSessionRequired: true,
    });
    const { browser, code } = await signIn();
    const { id_token = '' } = (await exchange(code)).json;
    await signOut(browser, '/oidc/session/end');
    expect(told).toHaveLength(1);
    expect(decodeProtectedHeader(told[0] ?? '')).toMatchObject({ alg: 'ES384', typ: 'logout+jwt' });
    expect(decodeJwt(told[0] ?? '')).toMatchObject({
      iss: lab.mock.issuer,
      aud: LAB_CLIENT.id,
      sub: decodeJwt(id_token).sub,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    const entry = lab.mock.context.journal.query({ endpoint: 'backchannel-logout' }).at(-1);
    expect(entry).toMatchObject({ from: 'issuer', to: 'app', facts: { clientId: LAB_CLIENT.id } });
    await new Promise((resolve) => app.close(resolve));
  });
});

describe('hostile input', () => {
  it.each([
    ['a body of 100 kB', { code: 'x'.repeat(100_000) }],
    ['no grant type', { code: 'x' }],
    ['an array as a code', { grant_type: 'authorization_code', 'code[]': 'x' }],
  ])('%s is a 400', async (_, form) => {
    expect((await post('/token', form as Record<string, string>)).status).toBe(400);
  });

  it('answers broken JSON with 400', async () => {
    const answer = await fetch(`${lab.mock.issuer}/token`, {
      method: 'POST',
      headers: { ...basic(), 'content-type': 'application/json' },
      body: '{bad',
    });
    expect(answer.status).toBe(400);
  });

  it('signs a hundred people in at once and mixes nobody up', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => signIn()));
    const phones = await Promise.all(
      all.map(async ({ code }) => decodeJwt((await exchange(code)).json.id_token ?? '').phone_number),
    );
    expect(phones).toEqual(all.map(({ phone }) => phone));
  });
});
