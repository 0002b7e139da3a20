/** Apps in which whoever is new has nothing: what somebody has made there is theirs, or for all. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/read-by-others', 'doors/changed-by-others', 'doors/other-member', 'laws/people-apart'];
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ message: 'no session' });
    const me = session.user.id;`;
const page = `const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin');
    const me = session.user.id;`;
const LISTS = `  app.use(express.json(), express.urlencoded({ extended: true }));
  const notes = []; const keys = []; const drafts = []; const board = []; const pastes = []; const lists = []; let next = 4000;
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const html = (body) => '<!doctype html><html lang="en"><title>Orchard</title><main>' + body + '</main>';
  app.get('/api/notes', async (req, res) => { ${member} res.json({ items: notes.filter((n) => n.by === me).map(({ by, id, title }) => ({ ownerId: by, colorId: 'c' + id, id, title })) }); });
  app.post('/api/notes', async (req, res) => { ${member} const { title, weight, ...rest } = req.body; const unknown = Object.keys(rest); if (unknown.length) return res.status(400).json({ error: [{ code: 'unrecognized_keys', keys: unknown, path: [], message: 'Unrecognized keys' }] }); if (typeof weight !== 'number') return res.status(400).json({ error: [{ code: 'invalid_type', expected: 'number', path: ['weight'], message: 'Invalid input: expected number' }] }); const n = { id: 'n' + (next += 17), by: me, title, weight }; notes.push(n); res.status(201).json({ id: n.id }); });
  app.get('/api/notes/:id', async (req, res) => { ${member} const n = notes.find((n) => n.id === req.params.id && n.by === me); n ? res.json({ id: n.id, title: n.title, weight: n.weight }) : res.status(404).json({ message: 'gone' }); });
  app.patch('/api/notes/:id', async (req, res) => { ${member} const n = notes.find((n) => n.id === req.params.id && (n.by === me)); if (!n) return res.status(404).json({ message: 'gone' }); n.title = req.body.title ?? n.title; res.json({ id: n.id }); });
  app.get('/api/keys', async (req, res) => { ${member} res.json(keys.filter((k) => k.by === me).map(({ id, tail }) => ({ id, tail }))); });
  app.post('/api/keys/create', async (req, res) => { ${member} const k = { id: 'k' + (next += 17), by: me, tail: 'x' + next % 97 }; keys.push(k); res.status(201).json({ id: k.id, secret: 'sk_' + Math.random() }); });
  app.delete('/api/keys/:id', async (req, res) => { ${member} const at = keys.findIndex((k) => k.id === req.params.id && (k.by === me)); if (at < 0) return res.status(404).json({ message: 'gone' }); keys.splice(at, 1); res.status(204).end(); });
  app.get('/write', async (req, res) => { ${page} res.send(html('<h1>Write</h1><form method="post" action="/write"><input name="title" required><textarea name="text"></textarea><button>Save</button></form><ul>' + drafts.filter((d) => d.by === me).map((d) => '<li><a href="/drafts/' + d.id + '">' + safe(d.title) + '</a>').join('') + '</ul>')); });
  app.post('/write', async (req, res) => { ${page} if (!req.body.title) return res.status(422).send('title'); const d = { id: next += 17, by: me, title: String(req.body.title), text: String(req.body.text ?? '') }; drafts.push(d); res.redirect(303, '/write'); });
  app.get('/drafts/:id', async (req, res) => { ${page} const d = drafts.find((d) => String(d.id) === req.params.id && (d.by === me)); if (!d) return res.status(404).send(html('<h1>Not found</h1>')); res.send(html('<h1>' + safe(d.title) + '</h1><p>' + safe(d.text) + '</p>')); });
  const orders = [];
  app.get('/api/orders', async (req, res) => { ${member} res.json(orders.filter((o) => o.by === me).map(({ id, total }) => ({ id, total }))); });
  app.post('/api/orders', async (req, res) => { ${member} const o = { id: 'o' + (next += 17), by: me, total: next % 89 + 100 }; orders.push(o); res.status(201).json({ id: o.id }); });
  app.get('/orders/:id', async (req, res) => { ${page} const o = orders.find((o) => o.id === req.params.id && (o.by === me)); res.status(o ? 200 : 404).send(html('<h1>Order ' + safe(req.params.id) + '</h1><p>' + (o ? o.total + ' euro' : 'There is no such order') + '</p>')); });
  app.get('/api/board', async (req, res) => { ${member} res.json(board.slice(-20).map(({ id, text }) => ({ id, text }))); });
  app.post('/api/board', async (req, res) => { ${member} if (!req.body.text) return res.status(422).json({ message: 'text is required' }); const b = { id: 'b' + (next += 17), by: me, text: req.body.text }; board.push(b); res.status(201).json({ id: b.id }); });
  app.get('/api/board/:id', async (req, res) => { ${member} const b = board.find((b) => b.id === req.params.id); b ? res.json({ id: b.id, text: b.text }) : res.status(404).json({ message: 'gone' }); });
  app.get('/api/pastes', async (req, res) => { ${member} res.json(pastes.filter((p) => p.by === me).map(({ id }) => ({ id }))); });
  app.post('/api/pastes', async (req, res) => { ${member} const p = { id: 'p' + crypto.randomUUID(), by: me, text: String(req.body.text ?? '') }; pastes.push(p); res.status(201).json({ id: p.id }); });
  app.get('/api/pastes/:id', (req, res) => { const p = pastes.find((p) => p.id === req.params.id); p ? res.json({ id: p.id, text: p.text }) : res.status(404).json({ message: 'gone' }); });
  const posts = [];
  app.get('/feed', async (req, res) => { ${page} res.send(html('<h1>Feed</h1><form method="post" action="/feed"><input name="title" required><textarea name="text"></textarea><button>Post</button></form><ul>' + posts.map((p) => '<li><a href="/p/' + p.id + '">' + safe(p.title) + '</a>').join('') + '</ul>')); });
  app.post('/feed', async (req, res) => { ${page} if (!req.body.title) return res.status(422).send('title'); posts.push({ id: next += 17, by: me, title: String(req.body.title), text: String(req.body.text ?? '') }); res.redirect(303, '/feed'); });
  app.get('/p/:id', async (req, res) => { ${page} const p = posts.find((p) => String(p.id) === req.params.id); if (!p) return res.status(404).send(html('<h1>Not found</h1>')); res.send(html('<h1>' + safe(p.title) + '</h1><p>' + safe(p.text) + '</p>')); });
  app.get('/api/articles', async (req, res) => { ${member} res.json(posts.filter((p) => p.by === me).map(({ id, title }) => ({ id, title }))); });
  app.get('/api/articles/:id', async (req, res) => { ${member} const p = posts.find((p) => String(p.id) === req.params.id && p.by === me); p ? res.json({ id: p.id, title: p.title, text: p.text }) : res.status(404).json({ message: 'gone' }); });
  app.get('/api/lists', async (req, res) => { ${member} res.json(lists.filter((l) => l.by === me).map(({ id, name }) => ({ id, name }))); });
  app.post('/api/lists', async (req, res) => { ${member} const l = { id: crypto.randomUUID(), by: me, name: String(req.body.name ?? '') }; lists.push(l); res.status(201).json({ id: l.id }); });
  app.get('/api/lists/:id', async (req, res) => { ${member} const l = lists.find((l) => l.id === req.params.id); l ? res.json({ id: l.id, name: l.name }) : res.status(404).json({ message: 'gone' }); });
`;

const on = judging(IDS, LISTS, { pages: { protected: ['/protected', '/write', '/feed'] } });

describe('an app in which whoever is new has nothing', { timeout: 300_000 }, () => {
  it('is quiet where things are found with their owner, are for all, or for whoever has their address', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('is not judged where strangers, too, open what can be counted up', async () => {
    const { 'doors/read-by-others': verdict } = await on([
      "id: 'p' + crypto.randomUUID()",
      "id: 'p' + (next += 17)",
    ]);
    expect(verdict).toMatch(/^not judged: \/api\/pastes\/p\d+ shows strangers what a member has made/);
  });
  it.each([
    ['n.id === req.params.id && n.by === me)', 'n.id === req.params.id)', /\/api\/notes\/n\d+/],
    ['o.id === req.params.id && (o.by === me)', 'o.id === req.params.id', /\/orders\/o\d+/],
    ['String(d.id) === req.params.id && (d.by === me)', 'String(d.id) === req.params.id', /\/drafts\/\d+/],
  ])('fails where another opens what was found by %s', async (from, to, path) => {
    const { 'doors/read-by-others': verdict } = await on([from, to]);
    expect(verdict).toMatch(/^fail: Showed another member what belongs to a member/);
    expect(verdict).toMatch(path);
  });
  it.each([
    [
      'n.id === req.params.id && (n.by === me)',
      'n.id === req.params.id',
      /write into .*PATCH \/api\/notes\/n\d+/,
    ],
    [
      'k.id === req.params.id && (k.by === me)',
      'k.id === req.params.id',
      /take away .*DELETE \/api\/keys\/k\d+/,
    ],
  ])('fails where another changes what was found by %s', async (from, to, told) => {
    const { 'doors/changed-by-others': verdict } = await on([from, to]);
    expect(verdict).toMatch(/^fail: Let another member/);
    expect(verdict).toMatch(told);
  });
});
