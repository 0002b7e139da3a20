import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mocks, startMocks } from './index.ts';
import { SCOPE_COOKIE } from './scope.ts';

const CALLBACK = 'http://localhost:3999/callback';
const FIRST = { id: 'app-at-first', secret: 'secret-at-first-0000001', redirectUris: [CALLBACK] };
const SECOND = { id: 'app-at-second', secret: 'secret-at-second-000001', redirectUris: [CALLBACK] };

/** Signs a known person in at an issuer; the callback, and what its code is worth at the token endpoint. */
async function signIn(
  {
    origin,
    client,
    cookies,
    scope,
  }: { origin: string; client: typeof FIRST; cookies: string[]; scope: string },
  redeemAt = origin,
) {
  const cookie = [...cookies.map((line) => line.split(';')[0]), `${SCOPE_COOKIE}=${scope}`].join('; ');
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid profile',
    state: 'made-up-state',
  });
  const answer = await fetch(`${origin}/oidc/auth?${query}`, { headers: { cookie }, redirect: 'manual' });
  const callback = new URL(answer.headers.get('location') as string, origin);
  const tokens = await fetch(`${redeemAt}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
    }),
  });
  return { callback, status: tokens.status, tokens: (await tokens.json()) as { id_token: string } };
}

describe('a second issuer', () => {
  let mocks: Mocks;
  let scope: string;
  beforeAll(async () => {
    mocks = await startMocks({ applications: [FIRST], second: { applications: [SECOND] } });
    scope = (await mocks.client.openScope({ willArm: ['discovery/issuer-of-other'] })).id;
  });
  afterAll(() => mocks.close());

  const atFirst = async (redeemAt?: string) => {
    const { cookies = [] } = await mocks.client.addPerson({ signedIn: true });
    return signIn({ origin: mocks.issuer.origin, client: FIRST, cookies, scope }, redeemAt);
  };
  const atSecond = async (id?: string) => {
    const { cookies = [] } = await mocks.client.second.addPerson({ signedIn: true, id });
    return signIn({ origin: mocks.second?.origin as string, client: SECOND, cookies, scope });
  };

  it('is another issuer, with clients, people and keys of its own', async () => {
    const [first, second] = [await atFirst(), await atSecond()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(decodeJwt(second.tokens.id_token)).toMatchObject({ iss: mocks.second?.issuer, aud: SECOND.id });
    const keysOf = (origin: string) => createRemoteJWKSet(new URL(`${origin}/oidc/jwks`));
    await jwtVerify(second.tokens.id_token, keysOf(mocks.second?.origin as string));
    await expect(jwtVerify(second.tokens.id_token, keysOf(mocks.issuer.origin))).rejects.toThrow();
    expect((await atFirst(mocks.second?.origin)).status).toBe(400);
  });

  it('gives no phone number to two people', async () => {
    const phones = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        index % 2 ? (await mocks.client.addPerson()).phone : (await mocks.client.second.addPerson()).phone,
      ),
    );
    expect(new Set(phones).size).toBe(20);
  });

  it('knows somebody under the id that somebody has at the first', async () => {
    const { userId } = await mocks.client.addPerson({ registered: true });
    const { tokens } = await atSecond(userId as string);
    expect(decodeJwt(tokens.id_token).sub).toBe(userId);
  });

  it('does wrong what is armed for it, and the first does not', async () => {
    await mocks.client.second.arm(scope, ['authorization/iss-of-other', 'discovery/issuer-of-other']);
    expect((await atSecond()).callback.searchParams.get('iss')).toBe(mocks.issuer.issuer);
    expect((await atFirst()).callback.searchParams.get('iss')).toBe(mocks.issuer.issuer);
    const documentOf = async (origin: string) =>
      (await (await fetch(`${origin}/oidc/.well-known/openid-configuration`)).json()) as { issuer: string };
    expect((await documentOf(mocks.second?.origin as string)).issuer).toBe(mocks.issuer.issuer);
    expect((await documentOf(mocks.issuer.origin)).issuer).toBe(mocks.issuer.issuer);
    await mocks.client.second.arm(scope, []);
    expect((await atSecond()).callback.searchParams.get('iss')).toBe(mocks.second?.issuer);
  });

  it('hands on an ID token that the first would have made', async () => {
    await mocks.client.second.arm(scope, ['id-token/of-other']);
    const { tokens } = await atSecond();
    await mocks.client.second.arm(scope, []);
    const keys = createRemoteJWKSet(new URL(`${mocks.issuer.origin}/oidc/jwks`));
    const { payload } = await jwtVerify(tokens.id_token, keys);
    expect(payload).toMatchObject({ iss: mocks.issuer.issuer, aud: FIRST.id });
  });

  it('does nothing wrong in the name of the first when that one is told to', async () => {
    await mocks.client.arm(scope, ['authorization/iss-wrong']);
    expect((await atSecond()).callback.searchParams.get('iss')).toBe(mocks.second?.issuer);
    await mocks.client.arm(scope, []);
  });

  it('is told apart in the journal', async () => {
    const { journal: since } = await mocks.client.state();
    await atFirst();
    await atSecond();
    const of = async (tenant: 'first' | 'second') =>
      (await mocks.client.journal({ since, scope, endpoint: 'token', tenant })).map(
        ({ facts }) => facts.clientId,
      );
    expect(await of('first')).toEqual([FIRST.id]);
    expect(await of('second')).toEqual([SECOND.id]);
    expect(await mocks.client.journal({ since, scope, endpoint: 'token' })).toHaveLength(2);
  });
});

it.each([
  ['https://accounts.google.com', '/.well-known/openid-configuration'],
  ['https://login.example/realms/orchard', '/realms/orchard/.well-known/openid-configuration'],
  ['https://partner.logto.app/oidc', '/oidc/.well-known/openid-configuration'],
])('plays %s, whose document is below its identifier', async (issuer, path) => {
  const mocks = await startMocks({ second: { publicIssuer: issuer, applications: [SECOND] } });
  try {
    const { host } = new URL(issuer);
    const answer = await fetch(`${mocks.second?.origin}${path}`, {
      headers: { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
    });
    const document = (await answer.json()) as Record<string, string>;
    expect(document.issuer).toBe(issuer);
    expect(document.token_endpoint).toBe(`https://${host}/oidc/token`);
  } finally {
    await mocks.close();
  }
});

it('a lab with one issuer has no routes for a second', async () => {
  const mocks = await startMocks();
  try {
    await expect(mocks.client.second.addPerson()).rejects.toThrow(/404|Not Found|not found/);
  } finally {
    await mocks.close();
  }
});
