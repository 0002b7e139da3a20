/** An app in which whoever is new has nothing yet: what members make is theirs, what they publish is everybody's. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/read-by-others',
  'doors/changed-by-others',
  'doors/posts-of-others',
  'doors/written-by-link',
  'people/actions-of-others',
];
const APP = `  app.use(express.json()); app.use(express.urlencoded({ extended: true }));
  const bills = []; const papers = []; const posts = []; const said = []; let next = 7000; const newId = () => String(next += 13);
  const esc = (t) => String(t).replace(/[<>&"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const me = async (req, res) => { const session = await readSession(req, config, res); return session?.user?.id; };
  const member = (act) => async (req, res) => { const id = await me(req, res); if (!id) return req.path.startsWith('/api/') ? res.status(401).json({ message: 'no' }) : res.redirect('/auth/signin'); res.set('cache-control', 'private, no-store'); return act(req, res, id); };
  const page = (title, body) => '<!doctype html><html lang="en"><title>' + title + '</title><nav><a href="/bills">Bills</a> <a href="/drafts">Drafts</a> <a href="/news">News</a></nav><h1>' + title + '</h1>' + body;
  const none = (res) => res.status(404).send(page('Not found', '<p>There is no such thing: ' + esc(res.req.path) + '</p>'));
  const form = (to, inner, button) => '<form method="post" action="' + to + '">' + inner + '<button>' + button + '</button></form>';
  const mine = (list, id, key) => list.find((b) => b.id === key && b.owner === id);
  app.get('/bills', member((req, res, id) => res.send(page('Bills', '<p>These are your bills alone.</p><ul>' + bills.filter((b) => b.owner === id).map((b) => '<li><a href="/bills/' + b.id + '">' + esc(b.name) + '</a></li>').join('') + '</ul>' + form('/bills', '<input name="name"><textarea name="note"></textarea>', 'Save')))));
  app.post('/bills', member((req, res, id) => { const b = { id: newId(), owner: id, name: String(req.body?.name ?? ''), note: String(req.body?.note ?? '') }; if (!b.name) return res.status(422).send(page('No', '')); bills.push(b); res.redirect(303, '/bills/' + b.id); }));
  app.get('/bills/:id', member((req, res, id) => { const b = mine(bills, id, req.params.id); if (!b) return none(res); res.send(page(esc(b.name), '<p>' + esc(b.note) + '</p><ul>' + papers.filter((p) => p.bill === b.id).map((p) => '<li><a href="/papers/' + p.id + '.csv">' + esc(p.name) + '</a></li>').join('') + '</ul>' + form('/papers', '<input type="hidden" name="bill" value="' + b.id + '"><input name="name"><textarea name="content"></textarea>', 'Attach') + form('/bills/' + b.id + '/delete', '', 'Delete'))); }));
  app.post('/bills/:id/delete', member((req, res, id) => { const b = mine(bills, id, req.params.id); if (!b) return none(res); bills.splice(bills.indexOf(b), 1); res.redirect(303, '/bills'); }));
  app.post('/papers', member((req, res, id) => { const b = mine(bills, id, req.body?.bill); if (!b) return none(res); papers.push({ id: newId(), owner: id, bill: b.id, name: String(req.body.name), content: String(req.body.content) }); res.redirect(303, '/bills/' + b.id); }));
  app.get('/papers/:file', member((req, res, id) => { const p = mine(papers, id, req.params.file.replace('.csv', '')); if (!p) return none(res); res.type('text/csv').send(p.name + ',' + p.content); }));
  app.get('/api/bills', member((req, res, id) => res.json({ bills: bills.filter((b) => b.owner === id).map(({ id, name, note }) => ({ id, name, note })) })));
  app.post('/api/bills', member((req, res, id) => { const b = { id: newId(), owner: id, name: String(req.body?.name ?? ''), note: String(req.body?.note ?? '') }; if (!b.name) return res.status(422).json({ message: 'name' }); bills.push(b); res.status(201).json({ id: b.id }); }));
  app.get('/api/bills/:id', member((req, res, id) => { const b = mine(bills, id, req.params.id); b ? res.json(b) : res.status(404).json({ message: 'gone' }); }));
  app.patch('/api/bills/:id', member((req, res, id) => { const b = mine(bills, id, req.params.id); if (!b) return res.status(404).json({ message: 'gone' }); if (typeof req.body?.note === 'string') b.note = req.body.note; res.json(b); }));
  app.delete('/api/bills/:id', member((req, res, id) => { const b = mine(bills, id, req.params.id); if (!b) return res.status(404).json({ message: 'gone' }); bills.splice(bills.indexOf(b), 1); res.json({ ok: true }); }));
  app.get('/api/search', member((req, res, id) => { const q = String(req.query.q ?? ''); res.json(bills.filter((b) => b.owner === id && (b.name + b.note).includes(q))); }));
  app.get('/search', (req, res) => { const q = String(req.query.q ?? ''); res.send(page('You looked for ' + esc(q), '<ul>' + posts.filter((p) => p.status === 'published' && p.text.includes(q)).map((p) => '<li>' + esc(p.title) + '</li>').join('') + '</ul>')); });
  app.get('/export', member((req, res, id) => res.type('text/csv').send('name,note\\n' + bills.filter((b) => b.owner === id).map((b) => b.name + ',' + b.note).join('\\n'))));
  app.get('/drafts', member((req, res, id) => res.send(page('Drafts', '<ul>' + posts.filter((p) => p.owner === id).map((p) => '<li><a href="/news/' + p.id + '">' + esc(p.title) + '</a> <a href="/editor/' + p.id + '">edit</a></li>').join('') + '</ul>' + form('/drafts', '<input name="title"><textarea name="text"></textarea><select name="status"><option>published</option></select>', 'Save')))));
  app.post('/drafts', member((req, res, id) => { posts.push({ id: newId(), owner: id, title: String(req.body?.title), text: String(req.body?.text), status: req.body?.status === 'draft' ? 'draft' : 'published' }); res.redirect(303, '/drafts'); }));
  app.get('/editor/:id', member((req, res, id) => { const p = mine(posts, id, req.params.id); p ? res.send(page('Edit', form('/editor/' + p.id, '<input name="title" value="' + esc(p.title) + '"><textarea name="text">' + esc(p.text) + '</textarea>', 'Save'))) : none(res); }));
  app.post('/editor/:id', member((req, res, id) => { const p = mine(posts, id, req.params.id); if (!p) return none(res); p.title = String(req.body?.title ?? p.title); p.text = String(req.body?.text ?? p.text); res.redirect(303, '/editor/' + p.id); }));
  app.get('/news', async (req, res) => { res.send(page('News', '<ul>' + posts.filter((p) => p.status === 'published').map((p) => '<li><a href="/news/' + p.id + '">' + esc(p.title) + '</a></li>').join('') + '</ul>')); });
  app.get('/news/:id', async (req, res) => { const id = await me(req, res); const p = posts.find((p) => p.id === req.params.id && (p.status === 'published' || p.owner === id)); if (!p) return none(res); res.send(page(esc(p.title), '<p>' + esc(p.text) + '</p><ul>' + said.filter((s) => s.post === p.id).map((s) => '<li>' + esc(s.text) + '</li>').join('') + '</ul>' + (id ? form('/news/' + p.id + '/comments', '<input name="comment">', 'Comment') : '') + (p.owner === id ? form('/news/' + p.id + '/title', '<input name="title">', 'Rename') + form('/news/' + p.id + '/delete', '', 'Delete') : ''))); });
  app.post('/news/:id/comments', member((req, res, id) => { said.push({ post: req.params.id, text: String(req.body?.comment) }); res.redirect(303, '/news/' + req.params.id); }));
  app.post('/news/:id/title', member((req, res, id) => { const p = mine(posts, id, req.params.id); if (!p) return none(res); p.title = String(req.body?.title); res.redirect(303, '/news/' + p.id); }));
  app.post('/news/:id/delete', member((req, res, id) => { const p = mine(posts, id, req.params.id); if (!p) return none(res); posts.splice(posts.indexOf(p), 1); res.redirect(303, '/news'); }));
`;
const ANY = '(list, id, key) => list.find((b) => b.id === key)';

const on = judging(IDS, APP);
/** One route finds what its sibling finds together with its owner. */
const anywhere = (route: string): [string, string] => {
  const line = APP.split('\n').find((each) => each.includes(route)) ?? '';
  return [line, line.replace(/mine\((?=bills|papers|posts)/, `(${ANY})(`)];
};

describe('an app that is empty at first', { timeout: 600_000 }, () => {
  it('is quiet where members have what they made, and read what others publish', async () => {
    const verdicts = await on();
    for (const id of IDS)
      expect([id, verdicts[id]]).toEqual([id, expect.stringMatching(/^(pass$|not applicable)/)]);
    expect(verdicts['doors/read-by-others']).toBe('pass');
    expect(verdicts['doors/changed-by-others']).toBe('pass');
  });
  it.each([
    ['a page', anywhere("get('/bills/:id'"), / \/bills\/\d+ holds/],
    ['data', anywhere("get('/api/bills/:id'"), / \/api\/bills\/\d+ holds/],
    ['a file', anywhere("get('/papers/:file'"), /\/papers\/\d+\.csv holds/],
    ['a search', ['b.owner === id && (b.name', '(b.name'], /\/api\/search holds/],
    [
      'an export',
      ["bills.filter((b) => b.owner === id).map((b) => b.name + ',", "bills.map((b) => b.name + ',"],
      /\/export holds/,
    ],
  ] as [string, [string, string], RegExp][])(
    'tells that %s shows others what is refused to them elsewhere',
    async (_, change, why) => {
      expect((await on(change))['doors/read-by-others']).toMatch(why);
    },
  );
  it('tells that a draft is shown to whoever knows its id', async () => {
    const draft: [string, string] = ['<option>published</option>', '<option>draft</option>'];
    expect((await on(draft))['doors/read-by-others']).toBe('pass');
    const open = await on(draft, [" && (p.status === 'published' || p.owner === id)", '']);
    expect(open['doors/read-by-others']).toMatch(
      /^fail: Showed somebody without a session what its maker keeps private: \/news\/\d+/,
    );
    const team = await on(
      draft,
      [" && (p.status === 'published' || p.owner === id)", ' && (id || p.status === "published")'],
      ['posts.filter((p) => p.owner === id).map((p) =>', 'posts.map((p) =>'],
      [
        "const p = mine(posts, id, req.params.id); p ? res.send(page('Edit'",
        "const p = posts.find((p) => p.id === req.params.id); p ? res.send(page('Edit'",
      ],
    );
    expect(team['doors/read-by-others']).toBe('pass');
  });
  it.each([
    ['rewrites', anywhere("app.patch('/api/bills/:id'"), /write into what belongs/],
    ['deletes', anywhere("app.delete('/api/bills/:id'"), /take away what belongs/],
    [
      'deletes, by a form that only its owner is shown,',
      anywhere("post('/news/:id/delete'"),
      /take away what belongs/,
    ],
  ] as [string, [string, string], RegExp][])(
    'tells that another %s what was made',
    async (_, change, why) => {
      expect((await on(change))['doors/changed-by-others']).toMatch(why);
    },
  );
  it('tells that another writes by a form that only its owner is shown', async () => {
    const verdicts = await on(anywhere("post('/news/:id/title'"));
    expect(verdicts['people/actions-of-others']).toMatch(/shows that form to its owner alone/);
  });
  it.each([
    ['takes away', "app.post('/bills/:id/delete'", /GET \/bills\/\d+\/delete/],
    ['writes', "app.post('/news/:id/title'", /GET \/news\/\d+\/title wrote/],
  ])('tells that a link %s, as its route takes every method', async (_, route, why) => {
    const all: [string, string][] = [[route, route.replace('post', 'all')]];
    if (route.includes('title'))
      all.push(['String(req.body?.title); res', 'String(req.body?.title ?? req.query.title); res']);
    expect((await on(...all))['doors/written-by-link']).toMatch(why);
  });
});
