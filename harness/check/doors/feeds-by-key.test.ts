/** Addresses that hold a key: programs without a session read them, and nobody who has no key. */
import { afterAll, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/nobody', 'people/in-turn', 'session/two-people', 'laws/people-apart'];
const feeds = (key: string, found = '(u) => u.key === req.query.token') => `
  const users = new Map(); let next = 500;
  const join = (user) => { next += 13; return users.get(user.id) ?? users.set(user.id, { name: user.name, handle: 'user' + next, key: 'ft' + crypto.randomUUID().replaceAll('-', '') }).get(user.id); };
  app.get('/settings', async (req, res) => { const session = await readSession(req, config, res); if (!session?.user) return res.redirect('/auth/signin'); const me = join(session.user); res.set('cache-control', 'private, no-store').send('<!doctype html><title>Settings</title><p>Settings of ' + me.name + ' in the orchard</p><a href="/api/feed?token=' + me.${key} + '">Your private feed</a>'); });
  app.get('/api/feed', (req, res) => { const me = [...users.values()].find(${found}); if (!me) return res.status(401).json({ message: 'token' }); res.set('cache-control', 'private, no-store').json({ title: 'Feed of ' + me.name }); });
`;
const on = async (first: string) =>
  told(
    IDS,
    await verdictsOn(IDS, {
      first,
      options: ID_OF_LOGTO,
      pages: { protected: ['/protected', '/settings'] },
    }),
  );

it('is quiet where a link holds a key that nobody guesses', { timeout: 120_000 }, async () => {
  expect(await on(feeds('key'))).toEqual(Object.fromEntries(IDS.map((id) => [id, 'pass'])));
});
it('fails where what the link holds is the handle of the member', { timeout: 120_000 }, async () => {
  const verdicts = await on(feeds('handle', '(u) => u.handle === req.query.token'));
  expect(verdicts['doors/nobody']).toMatch(/^fail: .*\/api\/feed/);
});
it('fails where any key opens', { timeout: 120_000 }, async () => {
  const verdicts = await on(
    feeds('key', '(u) => [...u.key].sort().join() === [...String(req.query.token)].sort().join()'),
  );
  expect(verdicts['doors/nobody']).toMatch(/^fail: .*\/api\/feed/);
});
