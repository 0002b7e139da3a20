/** What is posted for another, who is named as its owner: into their list, or on a board in their name. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, removeVariants } from '../../../fixtures/verdicts-on-express.ts';
import { itemWith } from './planted.ts';

afterAll(removeVariants);

it('the innermost object that holds a word is found', () => {
  const text = JSON.stringify({
    by: 'all',
    posts: [{ id: 1, text: 'a word', by: { name: 'Eve' } }, { id: 2 }],
  });
  expect(itemWith(text, 'word')).toBe('{"id":1,"text":"a word","by":{"name":"Eve"}}');
  expect(itemWith(text, 'none')).toBeUndefined();
  expect(itemWith('<p>a word</p>', 'word')).toBeUndefined();
});

const IDS = ['doors/changed-by-others'];
const APP = `  app.use(express.json());
  const users = new Map(); const posts = []; const bills = []; let next = 7000;
  const member = (act) => async (req, res) => { const { user } = (await readSession(req, config, res)) ?? {}; if (!user) return res.status(401).json({ message: 'no' }); users.set(user.id, user); res.set('cache-control', 'private, no-store'); return act(req, res, user); };
  app.get('/api/posts', member((req, res) => res.json(posts.slice(-30).map((p) => ({ id: p.id, text: p.text, said: p.said, by: users.get(p.by)?.name })))));
  app.post('/api/posts', member((req, res, user) => { posts.push({ id: 'p' + (next += 13), text: String(req.body?.text), said: req.body?.ownerId, by: user.id }); res.status(201).json({ id: 'p' + next }); }));
  app.get('/api/bills', member((req, res, user) => res.json(bills.filter((b) => b.by === user.id).map(({ id, client }) => ({ id, client })).concat({ id: 'b0', client: 'Orchard of everybody' }))));
  app.post('/api/bills', member((req, res, user) => { bills.push({ id: 'b' + (next += 13), client: String(req.body?.client), by: user.id }); res.status(201).json({ id: 'b' + next }); }));
  app.use(express.urlencoded({ extended: true }));
  const visits = []; const safe = (s) => String(s).replace(/[<&"]/g, '');
  const person = (act) => async (req, res) => { const { user } = (await readSession(req, config, res)) ?? {}; return user ? act(req, res, user) : res.redirect(303, '/auth/signin'); };
  app.get('/visits', person((req, res, user) => res.send('<!doctype html><html lang="en"><title>Visits</title><main><h1>Your visits</h1><ul>' + visits.filter((v) => v.patient === user.id).map((v) => '<li>' + safe(v.note)).join('') + '</ul><form method="post" action="/visits"><select name="kind"><option value="knee">Knee</option></select><input name="note" required><button>Book</button></form></main>')));
  app.post('/visits', person((req, res, user) => { if (req.body.kind !== 'knee') return res.status(400).send('kind'); visits.push({ note: String(req.body.note), patient: user.id }); res.redirect(303, '/visits'); }));
`;
const on = judging(IDS, APP, { pages: { protected: ['/protected', '/visits'], api: [] } });

describe('an app with a board and lists of its members', { timeout: 240_000 }, () => {
  it('is quiet where a post is of whoever is signed in, whatever else is kept of it', async () => {
    expect((await on())['doors/changed-by-others']).toMatch(/^(?:pass|not applicable)/);
  });
  it('fails where a post is of whom it names', async () => {
    const verdicts = await on(['said: req.body?.ownerId, by: user.id', 'by: req.body?.ownerId ?? user.id']);
    expect(verdicts['doors/changed-by-others']).toMatch(
      /^fail: Let another member write in the name of a member/,
    );
  });
  it('fails where a list takes what names its owner, by a field that its data alone tell', async () => {
    const verdicts = await on([
      'client: String(req.body?.client), by: user.id',
      'client: String(req.body?.client), by: req.body?.ownerId ?? user.id',
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(/^fail: Let another member write into what belongs/);
  });
  it('fails where a form takes the owner of what it makes, by the name that the sources have for them', async () => {
    const verdicts = await on(['patient: user.id });', 'patient: req.body.patient ?? user.id });']);
    expect(verdicts['doors/changed-by-others']).toMatch(
      /^fail: Let another member write into what belongs to a member: .*the form of \/visits/,
    );
  });
});
