/** An app in which members are there for each other: profiles, posts and follows are everybody's, messages and addresses are not. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/other-member',
  'doors/other-member-in-query',
  'doors/posts-of-others',
  'doors/changed-by-others',
  'people/in-turn',
  'people/same-name',
  'session/two-people',
  'laws/people-apart',
];
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ message: 'no' });
    const me = join(session.user);`;
const SOCIAL = `  app.use(express.json()); app.use(express.urlencoded({ extended: true }));
  const users = new Map(); const posts = []; const dms = []; const follows = new Map(); const seen = new Map();
  let next = 7000;
  const join = (user) => {
    const key = user.id;
    let me = [...users.values()].find((u) => u.key === key);
    if (!me) { next += 13; me = { id: 'u' + next, key, email: user.email, handle: 'member' + next, name: user.name, bio: 'Hello, I am ' + user.name, joined: new Date().toISOString() }; users.set(me.id, me);
      posts.push({ id: 'p' + (next += 13), author: { id: me.id, name: me.name, handle: me.handle }, text: 'First post of ' + me.name, comments: [] });
      dms.push({ id: 'm' + (next += 13), to: me.id, text: 'Welcome, ' + me.name + ', to the orchard club' }); }
    return me;
  };
  const shown = ({ id, handle, name, bio }) => ({ id, handle, name, bio, followers: [...follows.values()].filter((all) => all.has(id)).length });
  app.get('/api/profile', async (req, res) => { ${member}
    const of = req.query.user ? users.get(String(req.query.user)) ?? [...users.values()].find((u) => u.handle === req.query.user) : me;
    if (!of) return res.status(404).json({ message: 'nobody' });
    res.json(of === me ? { ...shown(me), email: session.user.email, joined: me.joined } : shown(of));
  });
  app.get('/api/users', async (req, res) => { ${member} const q = String(req.query.q ?? '').toLowerCase(); res.json({ users: [...users.values()].filter((u) => u.name.toLowerCase().includes(q)).map(shown) }); });
  app.get('/api/users/:id', async (req, res) => { ${member} const u = users.get(req.params.id); u ? res.json(shown(u)) : res.status(404).json({ message: 'nobody' }); });
  app.post('/api/users/:id/follow', async (req, res) => { ${member} const u = users.get(req.params.id); if (!u) return res.status(404).json({ message: 'nobody' }); follows.set(me.id, (follows.get(me.id) ?? new Set()).add(u.id)); res.json(shown(u)); });
  app.get('/api/following', async (req, res) => { ${member} res.json([...(follows.get(me.id) ?? [])].map((id) => shown(users.get(id)))); });
  app.get('/api/feed', async (req, res) => { ${member} res.json({ posts: posts.slice(-20).reverse() }); });
  app.get('/api/my/posts', async (req, res) => { ${member} res.json(posts.filter((p) => p.author.id === me.id)); });
  app.post('/api/posts', async (req, res) => { ${member} const text = String(req.body?.text ?? '').slice(0, 280); if (!text) return res.status(400).json({ message: 'text?' }); const p = { id: 'p' + (next += 13), author: { id: me.id, name: me.name, handle: me.handle }, text, comments: [] }; posts.push(p); res.status(201).location('/api/posts/' + p.id).json(p); });
  app.get('/api/posts/:id', async (req, res) => { ${member} const p = posts.find((p) => p.id === req.params.id); p ? res.json(p) : res.status(404).json({ message: 'gone' }); });
  app.delete('/api/posts/:id', async (req, res) => { ${member} const at = posts.findIndex((p) => p.id === req.params.id && p.author.id === me.id); if (at < 0) return res.status(404).json({ message: 'gone' }); posts.splice(at, 1); res.status(204).end(); });
  app.post('/api/posts/:id/comments', async (req, res) => { ${member} const p = posts.find((p) => p.id === req.params.id); const text = String(req.body?.text ?? ''); if (!p || !text) return res.status(400).json({ message: 'no' }); p.comments.push({ by: me.name, text }); res.json(p); });
  app.get('/api/messages', async (req, res) => { ${member} res.json(dms.filter((m) => m.to === me.id).map(({ id, text }) => ({ id, text }))); });
  app.get('/api/messages/:id', async (req, res) => { ${member} const m = dms.find((m) => m.id === req.params.id && m.to === me.id); m ? res.json({ id: m.id, text: m.text }) : res.status(404).json({ message: 'gone' }); });
  app.post('/api/messages', async (req, res) => { ${member} const u = users.get(String(req.body?.to)); const text = String(req.body?.text ?? ''); if (!u || !text) return res.status(400).json({ message: 'no' }); const m = { id: 'm' + (next += 13), to: u.id, text: me.name + ': ' + text }; dms.push(m); res.status(201).json({ id: m.id }); });
  app.get('/u/:handle', (req, res) => { const u = [...users.values()].find((u) => u.handle === req.params.handle); if (!u) return res.status(404).send('<!doctype html><title>404</title><p>Nobody of that name.'); res.send('<!doctype html><title>' + u.handle + '</title><h1>' + u.name.replace(/[<&"]/g, '') + '</h1><p>' + u.bio.replace(/[<&"]/g, '') + '</p>'); });
`;

const on = judging(IDS, SOCIAL);

describe('an app of members for each other', { timeout: 240_000 }, () => {
  it('is quiet where profiles, posts and lists of followers are shown to all of them', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('fails where a message is shown to whoever knows its id', async () => {
    const verdicts = await on(['m.id === req.params.id && m.to === me.id', 'm.id === req.params.id']);
    expect(verdicts['doors/other-member']).toMatch(/^fail: .*\/api\/messages\/m\d+/);
  });
  it('fails where an order that the feed names tells others where it is shipped to', async () => {
    const text = 'posts.find((p) => p.id === req.params.id); p ? res.json(p)';
    const verdicts = await on([
      text,
      text.replace('res.json(p)', "res.json({ ...p, shipTo: 'Orchard Lane, flat of ' + p.author.id })"),
    ]);
    expect(verdicts['doors/other-member']).toMatch(/^fail: .*\/api\/posts\/p\d+/);
    expect(verdicts['laws/people-apart']).toMatch(/^fail: .*\/api\/posts\/p\d+/);
  });
  it('fails where a profile tells others the address of its owner', async () => {
    const verdicts = await on([
      'u ? res.json(shown(u)) : res',
      'u ? res.json({ ...shown(u), email: u.email }) : res',
    ]);
    expect(verdicts['laws/people-apart']).toMatch(/^fail: .*\/api\/users\/u\d+/);
    expect(verdicts['doors/other-member']).toMatch(/^fail: .*\/api\/users\/u\d+/);
  });
});
