/** Keys that members make for themselves, and an administration that looks at the app as somebody else. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';
import { keysIn } from './named-by-others.ts';

afterAll(removeVariants);

describe('keys', () => {
  it('are told by members of data, and by the address of a page', () => {
    expect(keysIn('/api/keys', '[{"id":"k1","secret":"lk_live_9f8a7b6c5d4e3f2a1b"}]')).toEqual([
      'lk_live_9f8a7b6c5d4e3f2a1b',
    ]);
    expect(keysIn('/settings/keys', '<p>Mine: <code>lk_live_9f8a7b6c5d4e3f2a1b</code></p>')).toEqual([
      'lk_live_9f8a7b6c5d4e3f2a1b',
    ]);
  });
  it('are no ids, no tokens against forged requests and no words', () => {
    expect(keysIn('/api/notes', '[{"id":"nt_9f8a7b6c5d4e3f2a1b9f8a"}]')).toEqual([]);
    expect(keysIn('/api/keys', '{"csrfToken":"9f8a7b6c5d4e3f2a1b9f8a"}')).toEqual([]);
    expect(keysIn('/notes', '<p>9f8a7b6c5d4e3f2a1b9f8a</p>')).toEqual([]);
    expect(
      keysIn('/settings/keys', '<a href="/keys/9f8a7b6c5d4e3f2a1b9f8a">a key without a name</a>'),
    ).toEqual([]);
  });
});

const IDS = ['doors/read-by-others', 'doors/posts-of-others'];
const APP = `  app.use(express.json()); app.use(express.urlencoded({ extended: true }));
  const keys = []; const users = new Map(); const follows = new Map(); const numbers = new Map(); const numberOf = (id) => { if (!numbers.has(id)) numbers.set(id, 1000 + numbers.size); return numbers.get(id); }; const published = 'pk_' + crypto.randomUUID().replaceAll('-', '');
  const me = async (req, res) => { const { user } = (await readSession(req, config, res)) ?? {}; if (!user) return undefined; users.set(user.id, user); const as = /seen_as=(\\w+)/.exec(req.headers.cookie ?? '')?.[1]; return (as && user.role === 'admin' && users.get(as)) || user; };
  const member = (act) => async (req, res) => { const user = await me(req, res); if (!user) return req.path.startsWith('/api/') ? res.status(401).json({ message: 'no' }) : res.redirect('/auth/signin'); res.set('cache-control', 'private, no-store'); return act(req, res, user); };
  const rows = (id) => keys.filter((k) => k.owner === id).map(({ label, secret }) => ({ label, secret }));
  app.get('/settings/keys', member((req, res, user) => res.send('<!doctype html><title>Keys</title><h1>Your keys for the orchard</h1><p>Published: <code>' + published + '</code></p><ul>' + rows(user.id).map((k) => '<li>' + k.label + ' <code>' + k.secret + '</code></li>').join('') + '</ul><form method="post" action="/settings/keys"><input name="label"><button>Make a key</button></form>')));
  app.post('/settings/keys', member((req, res, user) => { keys.push({ owner: user.id, label: String(req.body?.label), secret: 'lk_' + crypto.randomUUID().replaceAll('-', '') }); res.redirect(303, '/settings/keys'); }));
  app.get('/api/keys', member((req, res, user) => res.json(rows(user.id))));
  app.get('/api/me', member((req, res, user) => res.json({ id: user.id, memberNo: numberOf(user.id), name: user.name, email: user.email, following: [...(follows.get(user.id) ?? [])].map((id) => users.get(id)?.name) })));
  app.post('/api/follows', member((req, res, user) => { const id = req.body?.userId; if (!users.has(id)) return res.status(404).json({ message: 'nobody' }); follows.set(user.id, (follows.get(user.id) ?? new Set()).add(id)); res.json({ ok: true }); }));
  app.post('/api/admin/look', member((req, res, user) => { if (user.role !== 'admin') return res.status(403).json({ message: 'no' }); res.set('set-cookie', 'seen_as=' + req.body?.userId + '; Path=/; HttpOnly'); res.json({ ok: true }); }));
`;
const on = judging(IDS, APP);

describe('an app that gives out keys', { timeout: 240_000 }, () => {
  it('is quiet where each has their own, one is published, and a page names whom somebody follows', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it.each([
    ['a list has those of everybody', [['res.json(rows(user.id))', 'res.json(keys)']]],
    ['the address says whose', [['res.json(rows(user.id))', 'res.json(rows(req.query.userId ?? user.id))']]],
  ] as [string, [string, string][]][])('fails where %s', async (_, changes) => {
    expect((await on(...changes))['doors/read-by-others']).toMatch(/^fail: Showed another member a key/);
  });
  it('fails where anybody looks at it as somebody else', async () => {
    const verdicts = await on(["user.role === 'admin'", 'true'], ["user.role !== 'admin'", 'false']);
    expect(verdicts['doors/posts-of-others']).toMatch(
      /^fail: Let another member be the first: after POST \/api\/admin\/look/,
    );
  });
  it('fails where anybody does so by the number that the app has of somebody', async () => {
    const verdicts = await on(
      ["user.role === 'admin'", 'true'],
      ["user.role !== 'admin'", 'false'],
      ['req.body?.userId + ', '[...numbers].find(([, no]) => no === req.body?.memberNo)?.[0] + '],
    );
    expect(verdicts['doors/posts-of-others']).toMatch(
      /^fail: Let another member be the first: after POST \/api\/admin\/look/,
    );
  });
});
