/** An app whose telephone app trades an ID token of Logto for a key of its own. */
import { afterAll, describe, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { keysIn, takersOf } from './keys-in-answers.ts';

afterAll(removeVariants);

const answer = (body: unknown, status = 200) => ({ status, text: JSON.stringify(body) }) as never;

it('a key is a long word of an answer that the request has not said', () => {
  const key = 'eyJhbGciOiJub25lIn0.e30.';
  expect(keysIn(answer({ data: { accessToken: key, note: 'to be kept for ninety days' } }), [])).toEqual([
    key,
  ]);
  expect(keysIn(answer({ token: key }), [key])).toEqual([]);
  expect(keysIn(answer({ token: key }, 401), [])).toEqual([]);
});

it('it is tried at what stands beside the path that gave it, and at what is one’s own', () => {
  const lab = {
    config: { pages: { api: ['/api/protected'] } },
    routes: {
      paths: ['/api/mobile/orders', '/api/mobile/orders/[id]', '/api/me', '/prices'].map((path) => ({
        path,
        source: '',
      })),
    },
  };
  expect(takersOf(lab as never, '/api/mobile/session')).toEqual([
    '/api/mobile/orders',
    '/api/me',
    '/api/protected',
  ]);
});

/** @param read how the claims are read of an ID token */
const mobile = (read: string) => `
  const jose = import('jose');
  const own = new TextEncoder().encode('a key of the app for its telephones, 32 bytes');
  app.use(express.json());
  app.post('/api/mobile/session', async (req, res) => {
    const { decodeJwt, createRemoteJWKSet, jwtVerify, SignJWT } = await jose;
    const issuer = process.env.AUTH_LOGTO_ISSUER;
    const claims = await (async () => ${read})().catch(() => null);
    if (!claims?.sub) return res.status(401).json({ message: 'no' });
    const token = await new SignJWT({ name: claims.name }).setSubject(String(claims.sub)).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(own);
    res.json({ token });
  });
  app.get('/api/mobile/orders', async (req, res) => {
    const { jwtVerify } = await jose;
    const known = await jwtVerify(String(req.headers.authorization ?? '').replace('Bearer ', ''), own).catch(() => null);
    if (!known) return res.status(401).json({ message: 'no' });
    res.json({ sub: known.payload.sub, orders: [] });
  });
`;
const verdictOf = async (id: string, read: string) =>
  (
    await verdictsOn([id], {
      first: mobile(read),
      options: ID_OF_LOGTO,
    })
  )[id];

describe('a path that answers with a key for telephones', { timeout: 240_000 }, () => {
  it('is quiet where the ID token is verified', async () => {
    const verified =
      '(await jwtVerify(String(req.body.idToken), createRemoteJWKSet(new URL(issuer + "/jwks")), { issuer, audience: process.env.AUTH_LOGTO_ID })).payload';
    expect((await verdictOf('ways-in/left-open', verified))?.[0]).toBe('pass');
    expect((await verdictOf('ways-in/token-of-elsewhere', verified))?.[0]).toBe('pass');
  });
  it('is quiet where it gives everybody a key, who is nobody yet', async () => {
    expect((await verdictOf('ways-in/left-open', '({ sub: "guest" })'))?.[0]).toBe('pass');
  });
  it('fails where it is only decoded', async () => {
    const [verdict, message] =
      (await verdictOf('ways-in/left-open', 'decodeJwt(String(req.body.idToken))')) ?? [];
    expect([verdict, message]).toEqual([
      'fail',
      'Signed in by POST /api/mobile/session somebody who gave what anybody knows of a member, and a token that nobody signed, as who they said they are: the key in its answer opens /api/mobile/orders, which tells sub, orders.',
    ]);
  });
  it('fails where it may be that of any app', async () => {
    const [verdict, message] =
      (await verdictOf(
        'ways-in/token-of-elsewhere',
        '(await jwtVerify(String(req.body.idToken), createRemoteJWKSet(new URL(issuer + "/jwks")), { issuer })).payload',
      )) ?? [];
    expect([verdict, message]).toEqual([
      'fail',
      expect.stringContaining('an ID token of Logto for another app'),
    ]);
  });
});
