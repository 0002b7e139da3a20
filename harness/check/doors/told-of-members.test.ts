/** An app whose members have a directory, in which each is told with what they say of themselves, and invitations at addresses of their own. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/read-by-others', 'doors/forms'];
const APP = `  app.use(express.urlencoded({ extended: true }));
  const people = new Map(); const notes = []; let next = 300;
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const html = (body) => '<!doctype html><html lang="en"><title>Allotment</title><main>' + body + '</main>';
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return res.redirect(303, '/auth/signin?callbackUrl=' + encodeURIComponent(req.originalUrl)); if (!people.has(user.id)) people.set(user.id, { name: user.name ?? 'Gardener', bio: '' }); res.set('cache-control', 'private, no-store'); return act(req, res, user); };
  app.get('/profile', member((req, res, user) => res.send(html('<h1>Profile</h1><form method="post" action="/profile"><input name="name" value="' + safe(people.get(user.id).name) + '"><textarea name="bio">' + safe(people.get(user.id).bio) + '</textarea><button>Save</button></form>'))));
  app.post('/profile', member((req, res, user) => { people.set(user.id, { name: String(req.body.name), bio: String(req.body.bio) }); res.redirect(303, '/profile'); }));
  app.get('/people', member((req, res) => res.send(html('<h1>People of the allotment</h1><ul>' + [...people.values()].map((p) => '<li>' + safe(p.name) + ' ' + safe(p.bio) + '</li>').join('') + '</ul>'))));
  app.get('/plots', member((req, res, user) => res.send(html('<h1>Plots</h1><form method="post" action="/plots"><input name="title" required><textarea name="text"></textarea><button>Add</button></form><ul>' + notes.filter((n) => n.by === user.id).map((n) => '<li><a href="/plots/' + n.id + '">' + safe(n.title) + '</a>').join('') + '</ul>'))));
  app.post('/plots', member((req, res, user) => { if (!req.body.title) return res.status(422).send('title'); const n = { id: next += 17, by: user.id, title: String(req.body.title), text: String(req.body.text ?? '') }; notes.push(n); res.redirect(303, '/plots/' + n.id); }));
  app.get('/plots/:id', member((req, res, user) => { const n = notes.find((n) => String(n.id) === req.params.id && n.by === user.id); res.status(n ? 200 : 404).send(html(n ? '<h1>' + safe(n.title) + '</h1><p>' + safe(n.text) + '</p><p>Dug by ' + safe(people.get(n.by).name) + '</p>' : '<h1>There is no such plot here</h1>')); }));
  app.get('/latest', member((req, res, user) => res.send(html('<h1>Latest plots</h1><ul>' + notes.filter((n) => n.by === user.id).map((n) => '<li>' + safe(n.title) + ': ' + safe(n.text) + '</li>').join('') + '</ul>'))));
  app.get('/invitations/:token', member((req, res) => res.send(html('<h1>You are invited to dig</h1><form method="post"><button>Accept the invitation</button></form>'))));
  app.post('/invitations/:token', member((req, res) => res.status(404).send(html('<h1>This invitation is too old</h1>'))));
`;
const on = judging(IDS, APP, {
  pages: { protected: ['/protected', '/profile', '/people', '/plots', '/latest'], api: [] },
});

describe('an app that tells its members of each other', { timeout: 240_000 }, () => {
  it('is quiet where a directory has what they say of themselves, and strangers are sent on with the address that they named', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('fails where a list has what is in things of others', async () => {
    const verdicts = await on([
      "<h1>Latest plots</h1><ul>' + notes.filter((n) => n.by === user.id)",
      "<h1>Latest plots</h1><ul>' + notes.slice(-9)",
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed another member what belongs to a member: \/latest holds .* and \/plots\/\d+ refuses it/,
    );
  });
  it('fails where whoever accepts an invitation is told whose it is', async () => {
    const verdicts = await on([
      "app.post('/invitations/:token', member((req, res) => res.status(404)",
      "app.post('/invitations/:token', ((req, res) => res.status(404).append('x-by', [...people.values()].map((p) => p.name).join())",
    ]);
    expect(verdicts['doors/forms']).toMatch(/^fail: Answered nobody: the form of \/invitations/);
  });
});
