import { createPublicKey, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '../faults.ts';
import { SCOPE_COOKIE } from '../scope.ts';
import { differenceOf } from './apply-faults.ts';
import { signInByPhone, signOut } from './lab-sign-in.ts';
import { LAB_CLIENT, type LogtoLab, startLogtoLab } from './logto-lab.ts';

let lab: LogtoLab;
beforeAll(async () => {
  lab = await startLogtoLab();
});
afterAll(() => lab.close());

const REDIRECT_URI = LAB_CLIENT.redirectUris[0] as string;
let people = 0;

/** Signs a new person in with faults armed in a scope of their own. */
async function signIn(...faults: FaultName[]) {
  const scope = await lab.scopes.open({ willArm: faults });
  lab.scopes.arm(scope.id, faults);
  const browser = lab.browser();
  browser.cookies.set(SCOPE_COOKIE, scope.id);
  const query = new URLSearchParams({
    client_id: LAB_CLIENT.id,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid profile phone offline_access',
    prompt: 'consent',
    state: 'st4te',
    nonce: 'n0nce',
  });
  people += 1;
  const url = await signInByPhone(
    lab,
    browser,
    `/oidc/auth?${query}`,
    `1302555${String(people).padStart(4, '0')}`,
  );
  return { scope, browser, url, code: url.searchParams.get('code') ?? '' };
}

const post = (code: string, more: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${lab.mock.issuer}/token`, {
    method: 'POST',
    redirect: 'manual',
    signal,
    headers: { authorization: `Basic ${btoa(`${LAB_CLIENT.id}:${LAB_CLIENT.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      ...more,
    }),
  });
const tokensOf = async (code: string) => (await (await post(code)).json()) as Record<string, string>;

describe('a healthy exchange', () => {
  it('is told as it was sent, without what the engine adds to it', async () => {
    const { code, scope } = await signIn();
    // The only registered redirect URI may be left out, as with a real Logto.
    expect((await post(code, { redirect_uri: '' })).status).toBe(200);
    const [entry] = lab.mock.context.journal.query({ scope: scope.id, endpoint: 'token' });
    expect(entry?.facts.redirectUri || undefined).toBeUndefined();
    lab.scopes.close(scope.id);
  });

  it('has an ID token that the listed key verifies', async () => {
    const { code, scope } = await signIn();
    const { id_token = '' } = await tokensOf(code);
    const { keys } = (await (await fetch(`${lab.mock.issuer}/jwks`)).json()) as { keys: object[] };
    const [header, payload, signature] = id_token.split('.') as [string, string, string];
    const key = createPublicKey({ key: keys[0] as never, format: 'jwk' });
    const input = Buffer.from(`${header}.${payload}`);
    expect(
      verify('sha384', input, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
    ).toBe(true);
    lab.scopes.close(scope.id);
  });

  it('is told to the journal with scope, client authentication and grant', async () => {
    const { code, scope } = await signIn();
    await post(code, { code_verifier: 'v'.repeat(43) });
    const [entry, ...more] = lab.mock.context.journal.query({ scope: scope.id, endpoint: 'token' });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      from: 'app',
      to: 'issuer',
      status: 400,
      faults: [],
      facts: {
        endpoint: 'token',
        clientId: LAB_CLIENT.id,
        clientAuth: 'client_secret_basic',
        grantType: 'authorization_code',
        codeVerifier: 43,
        redirectUri: REDIRECT_URI,
        error: 'invalid_grant',
      },
    });
    expect(JSON.stringify(entry)).not.toContain(code);
    expect(JSON.stringify(entry)).not.toContain(LAB_CLIENT.secret);
    lab.scopes.close(scope.id);
  });
});

it('every request is one entry of the journal', async () => {
  const { browser, scope } = await signIn();
  const { journal } = lab.mock.context;
  const before = journal.position;
  await browser.call('GET', '/oidc/session/end');
  await browser.call('GET', '/sign-in');
  await browser.call('GET', '/api/experience/interaction');
  const entries = journal.query({ since: before });
  expect(entries.map(({ url, facts }) => [url, facts.endpoint])).toEqual([
    ['/oidc/session/end', 'end-session'],
    ['/sign-in', 'sign-in-page'],
    ['/api/experience/interaction', 'experience'],
  ]);
  expect(entries.map((entry) => entry.scope)).toEqual([scope.id, scope.id, scope.id]);
  lab.scopes.close(scope.id);
});

describe('a fault of the ID token', () => {
  it.each<[FaultName, (token: string) => void]>([
    ['id-token/iss-wrong', (token) => expect(decodeJwt(token).iss).toBe('https://evil.example/oidc')],
    ['id-token/sub-missing', (token) => expect(decodeJwt(token).sub).toBeUndefined()],
    [
      'id-token/alg-none',
      (token) => expect([decodeProtectedHeader(token), token.split('.')[2]]).toEqual([{ alg: 'none' }, '']),
    ],
    ['id-token/alg-rs256', (token) => expect(decodeProtectedHeader(token).alg).toBe('RS256')],
    ['id-token/signature-empty', (token) => expect(token.split('.')[2]).toBe('')],
    ['id-token/payload-tampered', (token) => expect(decodeJwt(token).name).toBe('Tampered With')],
    ['id-token/garbage', (token) => expect(() => decodeJwt(token)).toThrow()],
  ])('%s reaches the app, and is journalled', async (name, check) => {
    const { code, scope } = await signIn(name);
    check((await tokensOf(code)).id_token ?? '');
    expect(lab.mock.context.journal.query({ scope: scope.id, endpoint: 'token' })[0]?.faults).toEqual([name]);
    lab.scopes.close(scope.id);
  });

  it('signed with the client secret verifies with that secret', async () => {
    const { code, scope } = await signIn('id-token/alg-hs256-client-secret');
    const { jwtVerify } = await import('jose');
    const { id_token = '' } = await tokensOf(code);
    const { payload } = await jwtVerify(id_token, new TextEncoder().encode(LAB_CLIENT.secret));
    expect(payload.aud).toBe(LAB_CLIENT.id);
    lab.scopes.close(scope.id);
  });

  it('reaches only its own scope', async () => {
    const [ill, well] = [await signIn('id-token/iss-wrong'), await signIn()];
    expect(decodeJwt((await tokensOf(well.code)).id_token ?? '').iss).toBe(lab.mock.issuer);
    expect(decodeJwt((await tokensOf(ill.code)).id_token ?? '').iss).not.toBe(lab.mock.issuer);
    for (const { scope } of [ill, well]) lab.scopes.close(scope.id);
  });

  it('reaches a refreshed ID token, too', async () => {
    const { code, scope } = await signIn();
    const { refresh_token = '' } = await tokensOf(code);
    lab.scopes.arm(scope.id, ['id-token/sub-changed']);
    const answer = await post('', { grant_type: 'refresh_token', refresh_token });
    expect(decodeJwt(((await answer.json()) as { id_token: string }).id_token).sub).toMatch(/-other$/);
    lab.scopes.close(scope.id);
  });
});

describe('a fault of the authorization response', () => {
  it.each<[FaultName, Record<string, string | null>]>([
    ['authorization/state-wrong', { state: 'a-state-of-somebody-else' }],
    ['authorization/iss-missing', { iss: null, state: 'st4te' }],
    ['authorization/error-access-denied', { error: 'access_denied', code: null, state: 'st4te' }],
    ['authorization/code-empty', { code: '' }],
  ])('%s is what the browser carries to the app', async (name, wanted) => {
    const { url, scope } = await signIn(name);
    for (const [key, value] of Object.entries(wanted)) expect(url.searchParams.get(key), key).toBe(value);
    lab.scopes.close(scope.id);
  });
});

describe('a fault of the token answer', () => {
  it('leaves the tokens known that went out all the same', async () => {
    const { code, scope } = await signIn('token/expires-in-short');
    const { access_token: token = '', id_token: idToken = '' } = await tokensOf(code);
    const { issued } = lab.mock.context.journal;
    expect([issued.find(token)?.kind, issued.find(idToken)?.kind]).toEqual(['access token', 'ID token']);
    lab.scopes.close(scope.id);
  });

  it('changes status and body', async () => {
    const { code, scope } = await signIn('token/error-invalid-client');
    const answer = await post(code);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: 'client authentication failed' },
    ]);
    lab.scopes.close(scope.id);
  });

  it('changes the content type and nothing else', async () => {
    const { code, scope } = await signIn('token/content-type-text');
    const answer = await post(code);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(Object.keys((await answer.json()) as object)).toContain('id_token');
    lab.scopes.close(scope.id);
  });

  it('takes the content type away', async () => {
    const { code, scope } = await signIn('token/content-type-missing');
    const answer = await post(code);
    expect(answer.headers.get('content-type')).toBeNull();
    expect(JSON.parse(await answer.text())).toHaveProperty('access_token');
    lab.scopes.close(scope.id);
  });

  it('can be five megabytes', async () => {
    const { code, scope } = await signIn('token/huge');
    expect((await (await post(code)).text()).length).toBeGreaterThan(5_000_000);
    lab.scopes.close(scope.id);
  });
});

describe('a fault of the connection', () => {
  it('never answers, and the journal says so', async () => {
    const { code, scope } = await signIn('transport/token-hang');
    const stop = new AbortController();
    const pending = post(code, {}, stop.signal);
    const entry = await lab.mock.context.journal.waitFor({ scope: scope.id, endpoint: 'token' }, 2000);
    expect([entry.status, entry.faults]).toEqual([null, ['transport/token-hang']]);
    stop.abort();
    await expect(pending).rejects.toThrow();
    lab.scopes.close(scope.id);
  });

  it.each(['arm', 'close'] as const)('breaks off what hangs when the fault is over (%s)', async (how) => {
    const { code, scope } = await signIn('transport/token-hang');
    const pending = post(code);
    await lab.mock.context.journal.waitFor({ scope: scope.id, endpoint: 'token' }, 2000);
    how === 'arm' ? lab.scopes.arm(scope.id, []) : lab.scopes.close(scope.id);
    await expect(pending).rejects.toThrow();
    lab.scopes.close(scope.id);
  });

  it('resets', async () => {
    const { code, scope } = await signIn('transport/token-reset');
    await expect(post(code)).rejects.toThrow();
    lab.scopes.close(scope.id);
  });

  it('drips the healthy answer', async () => {
    const { code, scope } = await signIn('transport/token-slow');
    const began = performance.now();
    expect(await tokensOf(code)).toHaveProperty('id_token');
    expect(performance.now() - began).toBeGreaterThan(1250);
    lab.scopes.close(scope.id);
  });
});

describe('a fault of discovery or the key set', () => {
  it('reaches requests without a scope, while the lease lasts', async () => {
    const scope = await lab.scopes.open({ willArm: ['discovery/issuer-mismatch', 'jwks/unknown-keys-only'] });
    lab.scopes.arm(scope.id, ['discovery/issuer-mismatch', 'jwks/unknown-keys-only']);
    const discovery = async () =>
      (await (await fetch(`${lab.mock.issuer}/.well-known/openid-configuration`)).json()) as {
        issuer: string;
      };
    const keys = async () =>
      (await (await fetch(`${lab.mock.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    expect((await discovery()).issuer).toBe('https://evil.example/oidc');
    expect((await keys()).keys[0]?.kid).toBe('a-key-of-somebody-else');
    lab.scopes.close(scope.id);
    expect((await discovery()).issuer).toBe(lab.mock.issuer);
    expect((await keys()).keys[0]?.kid).not.toBe('a-key-of-somebody-else');
  });
});

describe('faults of userinfo and end-session', () => {
  it('tells of another person', async () => {
    const { code, scope } = await signIn('userinfo/sub-differs');
    const { access_token } = await tokensOf(code);
    const answer = await fetch(`${lab.mock.issuer}/me`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await answer.json()).toMatchObject({ sub: 'somebody-else' });
    lab.scopes.close(scope.id);
  });

  it('fails the sign-out', async () => {
    const { browser, scope } = await signIn('end-session/status-500');
    const answer = await browser.call('GET', '/oidc/session/end');
    expect(answer.status).toBe(500);
    lab.scopes.arm(scope.id, []);
    expect((await signOut(browser, '/oidc/session/end')).location).toBe(
      `${lab.mock.issuer}/session/end/success`,
    );
    lab.scopes.close(scope.id);
  });
});

it('says what it changed in an ID token, also where a claim is named like a member of every object', () => {
  const token = (claims: object) =>
    `${Buffer.from('{"alg":"ES384"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  expect(differenceOf(token({ aud: 'a', sub: '1' }), token({ aud: 'b', sub: '1' }))).toBe('aud: "a" → "b"');
  expect(differenceOf(token({}), token({ constructor: 'x', toString: 1 }))).toBe(
    'constructor: (missing) → "x"; toString: (missing) → 1',
  );
  expect(differenceOf(token({}), 'this.is-not.a-token')).toBe('alg: "ES384" → (missing)');
});
