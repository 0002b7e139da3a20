/** An API for tokens that answers what belongs to whoever the token names: it knows those alone who have signed in. */
import { afterAll, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['api/takes-its-token', 'api/other-resource'];
const RESOURCE = 'https://members.conformance.test';
const api = (knows: string) => `  const known = new Set();
  app.use(async (req, res, next) => { const session = req.path === '/auth/session' || req.path === '/protected' ? await readSession(req, config) : null; if (session?.user?.id) known.add(session.user.id); next(); });
  app.get('/api/v1/me', (req, res) => {
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const { sub, aud } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');
    if (aud !== '${RESOURCE}' || !(${knows})) return res.status(401).set('www-authenticate', 'Bearer').json({ message: 'no' });
    res.json({ me: sub });
  });`;
const on = async (knows: string) =>
  told(
    IDS,
    await verdictsOn(IDS, {
      first: api(knows),
      options: ID_OF_LOGTO,
      pages: { bearer: [{ path: '/api/v1/me', resource: RESOURCE, scope: 'read:me' }] },
      more: { tenant: { resources: [{ indicator: RESOURCE, scopes: ['read:me'] }] } },
    }),
  );

it('takes the tokens of its members, and no others', { timeout: 120_000 }, async () => {
  expect(await on('known.has(sub)')).toEqual({
    'api/takes-its-token': 'pass',
    'api/other-resource': 'pass',
  });
  expect((await on('false'))['api/takes-its-token']).toMatch(
    /^fail: Answered \/api\/v1\/me with 401 to a good token, and with 401 to one of somebody who had just signed in/,
  );
});
