/** Where an app takes ID tokens of Logto beside the callback: a provider, and a path of its own. */
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
