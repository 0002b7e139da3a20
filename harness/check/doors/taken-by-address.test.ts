/** Notes of a server and of its API, with addresses that ask before they take something away. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';
import { takingRoutes } from './taken-by-address.ts';

afterAll(removeVariants);

describe('routes that take something away', () => {
  it('are known by the last part of their address, behind the id of a thing', () => {
    expect(
      takingRoutes([
        '/notes/:id/delete',
        '/api/files/[id]/remove',
        '/notes/:id',
        '/delete',
        '/t/:t/n/:n/delete',
      ]),
    ).toEqual([
      { taking: '/notes/:id/delete', thing: '/notes/:id', list: '/notes' },
      { taking: '/api/files/[id]/remove', thing: '/api/files/[id]', list: '/api/files' },
    ]);
  });
});

const IDS = ['doors/written-by-link', 'doors/changed-by-others'];
const NOTES = `
  app.use(express.json());
  const notes = []; let count = 9000;
  const guard = async (req, res, next) => { const session = await readSession(req, config, res); if (!session?.user) return res.status(401).json({ error: 'Sign in' }); req.user = session.user; if (!notes.some((n) => n.owner === req.user.id)) notes.push({ id: 'n' + (count += 3), owner: req.user.id, text: 'First note of ' + req.user.name }); if (!req.get('cookie').includes('notes-csrf=')) res.append('set-cookie', 'notes-csrf=' + session.user.id + '; Path=/; SameSite=Lax'); next(); };
  const forged = (req, res, next) => (req.get('x-notes-csrf') && req.get('cookie').includes('notes-csrf=' + req.get('x-notes-csrf')) ? next() : res.status(403).json({ error: 'Load the page again' }));
  const own = (req) => notes.find((n) => n.id === req.params.id && n.owner === req.user.id);
  app.get('/api/notes', guard, (req, res) => res.json(notes.filter((n) => n.owner === req.user.id).map(({ id, text }) => ({ id, text }))));
  app.post('/api/notes', guard, forged, (req, res) => { const n = { id: 'n' + (count += 3), owner: req.user.id, text: String(req.body.text) }; notes.push(n); res.status(201).json({ id: n.id }); });
  app.get('/api/notes/:id', guard, (req, res) => { const n = own(req); return n ? res.json({ id: n.id, text: n.text }) : res.status(404).json({ error: 'No such note' }); });
  app.patch('/api/notes/:id', guard, forged, (req, res) => { const n = own(req); if (!n) return res.status(404).json({ error: 'No such note' }); n.text = String(req.body.text); res.json({ id: n.id }); });
  app.get('/api/notes/:id/delete', guard, (req, res) => (own(req) ? res.json({ ask: 'Really?' }) : res.status(404).json({ error: 'No such note' })));
`;
const on = judging(IDS, NOTES);

describe('notes of an API with a token in a cookie of its own name', { timeout: 240_000 }, () => {
  it('are taken away by nothing that only asks', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('are taken away by an address', async () => {
    const verdicts = await on([
      "res.json({ ask: 'Really?' })",
      '(notes.splice(notes.indexOf(own(req)), 1), res.json({ ok: true }))',
    ]);
    expect(verdicts['doors/written-by-link']).toMatch(
      /^warn: Took away from a member.*GET \/api\/notes\/n\d+\/delete/,
    );
  });
  it('are counted by an address at which they are downloaded', async () => {
    const verdicts = await on(
      [
        "/delete', guard, (req, res) => (own(req) ? res.json({ ask: 'Really?' })",
        "/archive', guard, (req, res) => (own(req) ? res.json({ times: (own(req).times = (own(req).times ?? 0) + 1) })",
      ],
      ['res.json({ id: n.id, text: n.text })', 'res.json({ id: n.id, text: n.text, times: n.times })'],
    );
    expect(verdicts['doors/written-by-link']).toBe('pass');
  });
  it('are put aside by an address', async () => {
    const verdicts = await on(
      [
        "/delete', guard, (req, res) => (own(req) ? res.json({ ask: 'Really?' })",
        "/archive', guard, (req, res) => (own(req) ? res.json({ kept: (own(req).aside = true) })",
      ],
      ['res.json({ id: n.id, text: n.text })', 'res.json({ id: n.id, text: n.text, aside: n.aside })'],
    );
    expect(verdicts['doors/written-by-link']).toMatch(
      /^warn: Changed what belongs to a member: after GET \/api\/notes\/n\d+\/archive/,
    );
  });
  it('are written into by another member who sends their own token', async () => {
    const verdicts = await on([
      "forged, (req, res) => { const n = own(req); if (!n) return res.status(404).json({ error: 'No such note' }); n.text",
      "forged, (req, res) => { const n = notes.find((each) => each.id === req.params.id); if (!n) return res.status(404).json({ error: 'No such note' }); n.text",
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(
      /^fail: Let another member write.*PATCH \/api\/notes\/n\d+/,
    );
  });
});
