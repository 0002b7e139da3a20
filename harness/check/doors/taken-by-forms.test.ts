/** Forms by which members take away, or call off, what is theirs: of a list of their own, and of a page that all members read. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/changed-by-others'];
const APP = `  app.use(express.urlencoded({ extended: true }));
  const tools = []; const loans = []; let next = 300;
  for (const title of ['Wheelbarrow', 'Ladder', 'Scythe', 'Anvil']) tools.push({ id: 't' + (next += 17), by: 'the shed', title });
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  const html = (body) => '<!doctype html><html lang="en"><title>Toolshed</title><main>' + body + '</main>';
  const button = (to, word) => '<form method="post" action="' + to + '"><button>' + word + '</button></form>';
  const member = (act) => async (req, res) => { const user = (await readSession(req, config, res))?.user; return user ? act(req, res, user.email ?? user.name) : res.redirect(303, '/auth/signin'); };
  app.get('/tools', member((req, res, me) => res.send(html('<h1>Tools to borrow</h1><ul>' + tools.map((t) => '<li><a href="/tools/' + t.id + '">' + safe(t.title) + '</a>').join('') + '</ul><form method="post" action="/tools"><input name="title" required><button>Lend it</button></form>'))));
  app.post('/tools', member((req, res, me) => { if (!req.body.title) return res.status(422).send('title'); const t = { id: 't' + (next += 17), by: me, title: String(req.body.title) }; tools.push(t); res.redirect(303, '/tools/' + t.id); }));
  app.get('/tools/:id', member((req, res, me) => { const t = tools.find((t) => t.id === req.params.id); res.status(t ? 200 : 404).send(html(t ? '<h1>' + safe(t.title) + '</h1>' + (t.by === me ? button('/tools/' + t.id + '/delete', 'Delete') : '') : '<h1>There is no such tool here</h1>')); }));
  app.post('/tools/:id/delete', member((req, res, me) => { const at = tools.findIndex((t) => t.id === req.params.id && t.by === me); if (at < 0) return res.status(404).send(html('<h1>There is no such tool here</h1>')); tools.splice(at, 1); res.redirect(303, '/tools'); }));
  app.get('/loans', member((req, res, me) => res.send(html('<h1>Your loans of tools</h1><ul>' + loans.filter((l) => l.by === me).map((l) => '<li>' + safe(l.note) + ' ' + l.state + button('/loans/' + l.id + '/cancel', 'Cancel')).join('') + '</ul><form method="post" action="/loans"><input name="note" required><button>Ask for a tool</button></form>'))));
  app.post('/loans', member((req, res, me) => { if (!req.body.note) return res.status(422).send('note'); loans.push({ id: 'l' + (next += 17), by: me, note: String(req.body.note), state: 'asked for' }); res.redirect(303, '/loans'); }));
  app.post('/loans/:id/cancel', member((req, res, me) => { const l = loans.find((l) => l.id === req.params.id && l.by === me); if (!l) return res.status(404).send(html('<h1>There is no such loan here</h1>')); l.state = 'cancelled'; res.redirect(303, '/loans'); }));
`;
const on = judging(IDS, APP, { pages: { protected: ['/protected', '/tools', '/loans'], api: [] } });

describe('an app whose members take away what is theirs', { timeout: 240_000 }, () => {
  it('is quiet where nobody else does', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it.each([
    [
      'calls off',
      'l.id === req.params.id && l.by === me',
      'l.id === req.params.id',
      /change .* \/loans says something else/,
    ],
    [
      'takes away',
      't.id === req.params.id && t.by === me',
      't.id === req.params.id',
      /take away .* gone from \/tools\/t\d+/,
    ],
  ])('fails where another %s what is theirs', async (_, from, to, told) => {
    const { 'doors/changed-by-others': verdict } = await on([from, to]);
    expect(verdict).toMatch(/^fail: Let another member/);
    expect(verdict).toMatch(told);
  });
});
