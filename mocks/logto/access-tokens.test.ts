/** Opaque access tokens that are made to order: whose they are, userinfo says; for whom they were made, introspection alone. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mintAccessToken } from './access-tokens.ts';
import { startTokenLab, type TokenLab } from './lab-tokens.ts';

let lab: TokenLab;
let subject: string;
beforeAll(async () => {
  lab = await startTokenLab();
  const { code } = await lab.signIn({ scope: 'openid phone' });
  subject = String(decodeJwt((await lab.exchange(code)).json.id_token ?? '').sub);
});
afterAll(() => lab.close());

const opaque = (more: object = {}) =>
  mintAccessToken(lab.mock.context, {
    opaque: true,
    clientId: 'other',
    subject,
    scope: 'openid phone',
    ...more,
  });

it('are good for userinfo, whatever app they were made for', async () => {
  const token = await opaque();
  expect(token).not.toContain('.');
  const answer = await fetch(`${lab.mock.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.json()).toMatchObject({ sub: subject });
  expect((await lab.post('/token/introspection', { token })).json).toMatchObject({
    active: true,
    client_id: 'other',
  });
});

it('end, and belong to somebody', async () => {
  const token = await opaque({ expiresIn: -3600 });
  const answer = await fetch(`${lab.mock.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(401);
  await expect(opaque({ subject: 'nobody-at-all' })).rejects.toThrow('there is no user nobody-at-all');
});
