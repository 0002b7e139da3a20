/** Data that keep members waiting until there is news. */
import { afterAll, expect, it } from 'vitest';
import { passed, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'session/protected-api',
  'session/protected-not-shared',
  'sign-out/protected-closed',
  'doors/id-token-as-bearer',
  'redirect/no-secret-on-pages',
];
const news = (guard: string) => `  app.get('/api/news', async (req, res) => {
    const session = await readSession(req, config, res);
    ${guard}
    const wait = setTimeout(() => res.status(204).end(), 60_000);
    req.on('close', () => clearTimeout(wait));
  });`;
const GUARDED = news("if (!session?.user) return res.status(401).json({ message: 'Not Authenticated' });");

it('says nothing against an app that refuses strangers there at once', { timeout: 180_000 }, async () => {
  const api = ['/api/protected', '/api/news'];
  expect(told(IDS, await verdictsOn(IDS, { first: GUARDED, pages: { api } }))).toEqual(passed(IDS));
});

it('is not judged where there is nothing else, and fails where strangers wait as well', {
  timeout: 180_000,
}, async () => {
  const ids = ['session/protected-api'];
  const [alone, open] = [
    await verdictsOn(ids, { first: GUARDED, pages: { api: ['/api/news'] } }),
    await verdictsOn(ids, { first: news(''), pages: { api: ['/api/news'] } }),
  ];
  expect(told(ids, alone)).toEqual({
    'session/protected-api': expect.stringMatching(/^not judged: \/api\/news refuses strangers at once/),
  });
  expect(told(ids, open)).toEqual({
    'session/protected-api': expect.stringMatching(/^fail: .*did not answer within 15 s/),
  });
});
