import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API, basic, startTokenLab, type TokenLab } from './lab-tokens.ts';
import { LAB_CLIENT } from './logto-lab.ts';

let lab: TokenLab;
beforeAll(async () => {
  lab = await startTokenLab();
});
afterAll(() => lab.close());

const post = (...request: Parameters<TokenLab['post']>) => lab.post(...request);
const signIn = (...person: Parameters<TokenLab['signIn']>) => lab.signIn(...person);
const exchange = (...request: Parameters<TokenLab['exchange']>) => lab.exchange(...request);

describe('tokens', () => {
  it('drops offline_access without prompt=consent', async () => {
    const { code } = await signIn({ scope: 'openid offline_access' });
    const { json } = await exchange(code);
    expect([json.scope, json.refresh_token]).toEqual(['openid', undefined]);
  });

  it('are revoked when their code is used a second time', async () => {
    const { code } = await signIn();
    const { json } = await exchange(code);
    expect((await exchange(code)).json.error).toBe('invalid_grant');
    const person = await fetch(`${lab.mock.issuer}/me`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    expect(person.status).toBe(401);
  });

  it('come only within the minute that a code lives', async () => {
    const scope = await lab.scopes.open();
    const browser = lab.browser();
    browser.cookies.set('conformance_scope', scope.id);
    const { code } = await signIn({}, browser);
    lab.clock.advance(76, scope.id);
    expect((await exchange(code)).json.error).toBe('invalid_grant');
    lab.scopes.close(scope.id);
  });

  it('of a resource are JWTs with the scopes of the person’s roles, and userinfo refuses them', async () => {
    await lab.mock.context.tenant.users.create({
      id: 'reader-user',
      primaryPhone: lab.nextPhone(),
      roles: ['reader'],
      createdAt: 1,
      updatedAt: 1,
    });
    const { code } = await signIn({ resource: API, scope: 'openid read write' });
    const { json } = await exchange(code, { resource: API });
    expect(decodeProtectedHeader(json.access_token ?? '')).toMatchObject({ alg: 'ES384', typ: 'at+jwt' });
    expect(decodeJwt(json.access_token ?? '')).toMatchObject({
      aud: API,
      scope: 'read',
      client_id: LAB_CLIENT.id,
    });
    const person = await fetch(`${lab.mock.issuer}/me`, {
      headers: { authorization: `Bearer ${json.access_token}` },
    });
    expect(person.status).toBe(401);
  });

  it('are refreshed by the client that got them, and no other', async () => {
    const { code } = await signIn({ scope: 'openid offline_access', prompt: 'consent' });
    const { refresh_token = '' } = (await exchange(code)).json;
    const other = await post(
      '/token',
      { grant_type: 'refresh_token', refresh_token },
      basic('other', 'other-secret-0000000000000000001'),
    );
    expect(other.json.error).toBe('invalid_grant');
    const own = await post('/token', { grant_type: 'refresh_token', refresh_token });
    expect(own.json.refresh_token).toBe(refresh_token);
  });

  it('are unknown to introspection when they are garbage', async () => {
    expect((await post('/token/introspection', { token: 'garbage' })).json).toEqual({ active: false });
  });

  it('of another client cannot be revoked', async () => {
    const { code } = await signIn();
    const { access_token = '' } = (await exchange(code)).json;
    const answer = await post(
      '/token/revocation',
      { token: access_token },
      basic('other', 'other-secret-0000000000000000001'),
    );
    expect([answer.status, answer.json.error_description]).toEqual([
      400,
      'client is not authorized to revoke the presented token',
    ]);
  });

  it('come for any of an application’s secrets until that one expires', async () => {
    const { tenant } = lab.mock.context;
    const row = tenant.applications.findFirst((q) => q.where({ id: 'other' }));
    await tenant.applications.update(row as never, {
      data(application: { secrets: object[] }) {
        application.secrets.push({
          name: 'second',
          value: 'second-secret-000000000000000002',
          createdAt: 0,
          expiresAt: null,
        });
        application.secrets.push({
          name: 'gone',
          value: 'expired-secret-00000000000000003',
          createdAt: 0,
          expiresAt: 1,
        });
      },
    });
    const statusWith = async (secret: string) =>
      (await post('/token', { grant_type: 'authorization_code', code: 'x' }, basic('other', secret))).json
        .error;
    expect(await statusWith('second-secret-000000000000000002')).toBe('invalid_grant');
    expect(await statusWith('expired-secret-00000000000000003')).toBe('invalid_client');
    expect(await statusWith('wrong')).toBe('invalid_client');
  });
});
