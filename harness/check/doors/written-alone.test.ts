/** An API that is written to alone: nothing is read there, by members neither. */
import { afterAll, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'session/protected-api',
  'session/protected-not-shared',
  'sign-out/protected-closed',
  'doors/id-token-as-bearer',
];
const DELETED = `  app.all('/api/user', async (req, res) => {
    if (req.method !== 'DELETE') return res.status(405).set('allow', 'DELETE').end();
    const session = await readSession(req, config, res);
    res.status(session?.user ? 200 : 401).end();
  });`;

it('is not judged by what is read there, and takes nothing from the others', {
  timeout: 180_000,
}, async () => {
  const unread = expect.stringMatching(/^not judged: \/api\/user answers no GET \(405\)/);
  const alone = await verdictsOn(IDS, { first: DELETED, pages: { api: ['/api/user'] } });
  expect(told(IDS, alone)).toMatchObject({
    'session/protected-api': unread,
    'doors/id-token-as-bearer': unread,
  });
  const beside = await verdictsOn(IDS, { first: DELETED, pages: { api: ['/api/user', '/api/protected'] } });
  expect(told(IDS, beside)).toMatchObject({
    'session/protected-api': unread,
    'doors/id-token-as-bearer': 'pass',
    'sign-out/protected-closed': 'pass',
  });
});
