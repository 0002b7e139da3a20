/** Where an app takes tokens of Logto beside the callback: a provider, and a path of its own. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'ways-in/token-of-elsewhere';
const verified = (options: string) => `const { createRemoteJWKSet, jwtVerify } = await import('jose');
      const issuer = process.env.AUTH_LOGTO_ISSUER;
      const known = await jwtVerify(String(token), createRemoteJWKSet(new URL(issuer + '/jwks')), ${options}).catch(() => null);`;
const OWN_CLIENTS = "{ issuer, audience: [process.env.AUTH_LOGTO_ID, 'mobile-app'] }";

/** A path of the app that makes a session for its mobile app. */
const path = (options: string) => `  app.use(express.json());
  app.post('/api/mobile/session', async (req, res) => {
      const { token } = req.body ?? {};
      ${verified(options)}
      if (!known) return res.status(401).json({ message: 'no' });
      const { encode } = await import('@auth/core/jwt');
      const name = 'authjs.session-token';
      const value = await encode({ salt: name, secret: process.env.AUTH_SECRET, token: { sub: known.payload.sub, name: known.payload.name } });
      res.cookie(name, value, { httpOnly: true }).json({ ok: true });
  });
`;
/** A provider that does. */
const provider = (options: string) => `providers: [Logto, {
    id: 'mobile', name: 'Mobile', type: 'credentials', credentials: { token: {} },
    async authorize({ token }) {
      ${verified(options)}
      return known && { id: known.payload.sub, name: known.payload.name };
    },
  }]`;
/** A provider that asks Logto whose an access token is; `looks` at what `told` says of the token itself (RFC 7662). */
const byUserinfo = (looks: string) => `providers: [Logto, {
    id: 'mobile', name: 'Mobile', type: 'credentials', credentials: { accessToken: {} },
    async authorize({ accessToken }) {
      const issuer = process.env.AUTH_LOGTO_ISSUER;
      const asked = await fetch(issuer + '/token/introspection', {
        method: 'POST',
        headers: { authorization: 'Basic ' + btoa(process.env.AUTH_LOGTO_ID + ':' + process.env.AUTH_LOGTO_SECRET) },
        body: new URLSearchParams({ token: String(accessToken) }),
      });
      const told = await asked.json();
      if (!(${looks})) return null;
      const answer = await fetch(issuer + '/me', { headers: { authorization: 'Bearer ' + accessToken } });
      if (!answer.ok) return null;
      const { sub, name } = await answer.json();
      return { id: sub, name };
    },
  }]`;
/** The same at a path of the app's own, which takes the token in a header. */
const byHeader = (looks: string) => `  app.post('/api/mobile/session', async (req, res) => {
      const { authorization = '' } = req.headers;
      const issuer = process.env.AUTH_LOGTO_ISSUER;
      const asked = await fetch(issuer + '/token/introspection', {
        method: 'POST',
        headers: { authorization: 'Basic ' + btoa(process.env.AUTH_LOGTO_ID + ':' + process.env.AUTH_LOGTO_SECRET) },
        body: new URLSearchParams({ token: authorization.replace('Bearer ', '') }),
      });
      const told = await asked.json();
      const answer = await fetch(issuer + '/me', { headers: { authorization } });
      if (!answer.ok || !(${looks})) return res.status(401).json({ message: 'no' });
      const { sub, name } = await answer.json();
      const { encode } = await import('@auth/core/jwt');
      const cookie = 'authjs.session-token';
      const value = await encode({ salt: cookie, secret: process.env.AUTH_SECRET, token: { sub, name } });
      res.cookie(cookie, value, { httpOnly: true }).json({ ok: true });
  });
`;
const on = async (more: { first?: string; options?: string }) =>
  (await verdictsOn([ID], { options: ID_OF_LOGTO, ...more }))[ID];

describe('ID tokens that Logto has signed', { timeout: 240_000 }, () => {
  it('are taken of the apps that belong together, while they last', async () => {
    expect(await on({ first: path(OWN_CLIENTS) })).toEqual(['pass', undefined]);
    expect(await on({ options: provider(OWN_CLIENTS) })).toEqual(['pass', undefined]);
  });
  it('are not taken of any app, at a path beside Auth.js', async () => {
    expect(await on({ first: path('{ issuer }') })).toEqual([
      'fail',
      expect.stringContaining('for another app'),
    ]);
  });
  it('are not taken when they have ended', async () => {
    const ever = '{ issuer, audience: process.env.AUTH_LOGTO_ID, currentDate: new Date(0) }';
    expect(await on({ options: provider(ever) })).toEqual([
      'fail',
      expect.stringContaining('ended a day ago'),
    ]);
  });
});

/** RFC 6749 §10.16: whoever holds an access token that a person gave to one app is that person at another one. */
describe('access tokens that Logto has given out', { timeout: 240_000 }, () => {
  const LOOKS = 'told.active && told.client_id === process.env.AUTH_LOGTO_ID';
  it('are not taken of any app by a provider that asks userinfo whose they are', async () => {
    expect(await on({ options: byUserinfo('true') })).toEqual([
      'fail',
      expect.stringContaining('an access token of Logto for another app'),
    ]);
  });
  it('are not taken of any app in a header, at a path beside Auth.js', async () => {
    expect(await on({ first: byHeader('true') })).toEqual([
      'fail',
      expect.stringContaining('an access token of Logto for another app'),
    ]);
  });
  it('are taken by who looks for whom they were made', async () => {
    expect(await on({ options: byUserinfo(LOOKS) })).toEqual(['pass', undefined]);
    expect(await on({ first: byHeader(LOOKS) })).toEqual(['pass', undefined]);
  });
});
