/** What members write on the page of something that is theirs alone: nobody else's pages lead there. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['pages/markup-written'];
const APP = `  app.use(express.urlencoded({ extended: true }));
  const notes = []; let next = 300;
  const safe = (s) => String(s).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const html = (body) => '<!doctype html><html lang="en"><title>Allotment</title><main>' + body + '</main>';
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; return user ? act(req, res, user.email ?? user.name) : res.redirect(303, '/auth/signin'); };
  const ofMember = (act) => member((req, res, me) => { const note = notes.find((n) => String(n.id) === req.params.id && n.by === me); return note ? act(req, res, note) : res.status(404).send(html('<h1>There is no such plot here</h1>')); });
  app.get('/plots', member((req, res, me) => { if (!notes.some((n) => n.by === me)) notes.push({ id: next += 17, by: me, title: 'My first plot', said: [] }); res.send(html('<h1>Plots</h1><ul>' + notes.filter((n) => n.by === me).map((n) => '<li><a href="/plots/' + n.id + '">' + safe(n.title) + '</a>').join('') + '</ul>')); }));
  app.get('/plots/:id', ofMember((req, res, note) => res.send(html('<h1>' + safe(note.title) + '</h1><ul>' + note.said.map((said) => '<li>' + safe(said)).join('') + '</ul><form method="post" action="/plots/' + note.id + '/said"><textarea name="body" required></textarea><button>Say it</button></form>'))));
  app.post('/plots/:id/said', ofMember((req, res, note) => { note.said.push(String(req.body.body)); res.redirect(303, '/plots/' + note.id); }));
`;
const on = judging(IDS, APP, { pages: { protected: ['/protected', '/plots'], api: [] } });

describe('an app whose members write on pages of their own', { timeout: 240_000 }, () => {
  it('is quiet where what they write is shown as text', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('fails where it is shown as markup', async () => {
    const { 'pages/markup-written': verdict } = await on(["'<li>' + safe(said)", "'<li>' + said"]);
    expect(verdict).toMatch(
      /^fail: Made .* of what a member wrote into the form of \/plots\/\d+, at \/plots\/\d+/,
    );
  });
});
