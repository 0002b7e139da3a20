/** Settings, keys and drafts of each member, by forms whose token is called `token`. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/changed-by-others',
  'doors/written',
  'pages/markup-written',
  'people/actions-of-others',
  'people/notices-apart',
  'people/fields-not-written',
];
const JOIN = `  app.use(express.json()); app.use(express.urlencoded({ extended: true }));
  const users = new Map(); let next = 7000; const newId = (p) => p + (next += 13); const rand = () => Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
  const esc = (t) => String(t ?? '').replace(/[<>&"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const join = (user) => { let me = users.get(user.id); if (!me) { me = { id: newId('u'), name: user.name ?? 'somebody', email: user.email, settings: { theme: 'light', mails: 'weekly', bio: '', nick: '' }, token: rand(), keys: [], invites: [], posts: [] }; users.set(user.id, me); } return me; };
  const page = (title, body) => '<!doctype html><html lang="en"><title>' + title + '</title><nav><a href="/settings">Settings</a> <a href="/keys">Keys</a> <a href="/team">Team</a> <a href="/drafts">Drafts</a> <a href="/auth/signout">Sign out</a></nav>' + body;
  const guard = async (req, res) => { const session = await readSession(req, config, res); if (!session?.user) { res.redirect('/auth/signin?callbackUrl=' + encodeURIComponent(req.originalUrl)); return undefined; } res.set('cache-control', 'private, no-store'); res.set('referrer-policy', 'same-origin'); res.set('x-frame-options', 'DENY'); return join(session.user); };
  const checked = (req, res, me) => { if (req.body?.token === me.token) return true; res.status(403).send(page('No', '<p>Out of date.</p>')); return false; };
  const hidden = (me) => '<input type="hidden" name="token" value="' + me.token + '">';
`;
const WORKSPACE = `${JOIN}
  app.get('/settings', async (req, res) => { const me = await guard(req, res); if (!me) return; const s = me.settings; const o = (name, all) => '<select name="' + name + '">' + all.map((v) => '<option value="' + v + '"' + (s[name] === v ? ' selected' : '') + '>' + v + '</option>').join('') + '</select>'; res.send(page('Settings', '<h1>Settings of ' + esc(me.name) + '</h1><form method="post" action="/settings">' + hidden(me) + '<label>Theme ' + o('theme', ['light', 'dark']) + '</label><label>Mails ' + o('mails', ['never', 'weekly']) + '</label><label>Name to show <input name="nick" maxlength="30" value="' + esc(s.nick) + '"></label><label>Bio <textarea name="bio">' + esc(s.bio) + '</textarea></label><button>Save</button></form>')); });
  app.post('/settings', async (req, res) => { const me = await guard(req, res); if (!me || !checked(req, res, me)) return; const { theme, mails, nick, bio } = req.body; if (!['light', 'dark'].includes(theme) || !['never', 'weekly'].includes(mails)) return res.status(422).send(page('No', '<p>Not a choice.</p>')); me.settings = { theme, mails, nick: String(nick ?? '').slice(0, 30), bio: String(bio ?? '').slice(0, 500) }; res.redirect(303, '/settings?saved=1'); });
  app.get('/keys', async (req, res) => { const me = await guard(req, res); if (!me) return; const fresh = me.fresh; me.fresh = undefined; res.send(page('Keys', (fresh ? '<p role="status">Your new key, shown this once: <code>' + fresh + '</code></p>' : '') + '<ul>' + me.keys.map((k) => '<li>' + esc(k.label) + ' …' + k.end + '<form method="post" action="/keys/' + k.id + '/revoke">' + hidden(me) + '<button>Revoke</button></form></li>').join('') + '</ul><form method="post" action="/keys">' + hidden(me) + '<label>Label <input name="label"></label><select name="scope"><option>read</option><option>write</option></select><button>Create</button></form>')); });
  app.post('/keys', async (req, res) => { const me = await guard(req, res); if (!me || !checked(req, res, me)) return; if (!['read', 'write'].includes(req.body.scope)) return res.status(422).send(page('No', '<p>Not a choice.</p>')); const key = rand(); me.keys.push({ id: newId('k'), label: String(req.body.label ?? '').slice(0, 40), end: key.slice(-4), key }); me.fresh = key; res.redirect(303, '/keys'); });
  app.post('/keys/:id/revoke', async (req, res) => { const me = await guard(req, res); if (!me || !checked(req, res, me)) return; const at = me.keys.findIndex((k) => k.id === req.params.id); if (at < 0) return res.status(404).send(page('Not found', '<p>No such key.</p>')); me.keys.splice(at, 1); res.redirect(303, '/keys'); });
  app.get('/drafts', async (req, res) => { const me = await guard(req, res); if (!me) return; res.send(page('Drafts', '<ul>' + me.posts.map((p) => '<li><a href="/drafts/' + p.id + '">' + esc(p.title) + '</a></li>').join('') + '</ul><form method="post" action="/drafts">' + hidden(me) + '<input name="title"><textarea name="text"></textarea><label><input type="checkbox" name="public"> for everybody</label><button>Save</button></form>')); });
  app.post('/drafts', async (req, res) => { const me = await guard(req, res); if (!me || !checked(req, res, me)) return; me.posts.push({ id: newId('d'), title: String(req.body.title ?? '').slice(0, 80), text: String(req.body.text ?? ''), isPublic: req.body.public === 'on' }); res.redirect(303, '/drafts'); });
  app.get('/drafts/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const p = me.posts.find((p) => p.id === req.params.id); if (!p) return res.status(404).send(page('Not found', '<p>No such draft.</p>')); res.send(page('Draft', '<h1>' + esc(p.title) + '</h1><p>' + esc(p.text) + '</p><form method="post" action="/drafts/' + p.id + '">' + hidden(me) + '<input name="title" value="' + esc(p.title) + '"><button>Rename</button></form><form method="post" action="/drafts/' + p.id + '/delete">' + hidden(me) + '<button>Delete</button></form>')); });
  app.post('/drafts/:id', async (req, res) => { const me = await guard(req, res); if (!me || !checked(req, res, me)) return; const p = me.posts.find((p) => p.id === req.params.id); if (!p) return res.status(404).send(page('Not found', '<p>No such draft.</p>')); p.title = String(req.body.title ?? '').slice(0, 80); res.redirect(303, '/drafts/' + p.id); });
  app.post('/drafts/:id/delete', async (req, res) => { const me = await guard(req, res); if (!me || !checked(req, res, me)) return; const at = me.posts.findIndex((p) => p.id === req.params.id); if (at < 0) return res.status(404).send(page('Not found', '<p>No such draft.</p>')); me.posts.splice(at, 1); res.redirect(303, '/drafts'); });
  app.get('/blog', (req, res) => res.send(page('Blog', '<ul>' + [...users.values()].flatMap((u) => u.posts.filter((p) => p.isPublic).map((p) => '<li>' + esc(p.title) + ' by ' + esc(u.settings.nick || 'somebody') + '</li>')).slice(-20).join('') + '</ul>')));
`;

const SLIPS: [what: string, id: string, from: string, to: string][] = [
  [
    'a draft that others rename',
    'people/actions-of-others',
    "if (!me || !checked(req, res, me)) return; const p = me.posts.find((p) => p.id === req.params.id); if (!p) return res.status(404).send(page('Not found', '<p>No such draft.</p>')); p.title",
    "if (!me || !checked(req, res, me)) return; const p = [...users.values()].flatMap((u) => u.posts).find((p) => p.id === req.params.id); if (!p) return res.status(404).send(page('Not found', '<p>No such draft.</p>')); p.title",
  ],
  [
    'a draft that others delete',
    'doors/changed-by-others',
    "const at = me.posts.findIndex((p) => p.id === req.params.id); if (at < 0) return res.status(404).send(page('Not found', '<p>No such draft.</p>')); me.posts.splice(at, 1);",
    'for (const u of users.values()) u.posts = u.posts.filter((p) => p.id !== req.params.id);',
  ],
  [
    'a key that others revoke',
    'doors/changed-by-others',
    "const at = me.keys.findIndex((k) => k.id === req.params.id); if (at < 0) return res.status(404).send(page('Not found', '<p>No such key.</p>')); me.keys.splice(at, 1);",
    'for (const u of users.values()) u.keys = u.keys.filter((k) => k.id !== req.params.id);',
  ],
];
const on = judging(IDS, WORKSPACE);

describe('what members have', { timeout: 240_000 }, () => {
  it('is everybody’s own', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it.each(SLIPS)('%s', async (_, id, from, to) => {
    expect((await on([from, to]))[id]).toMatch(/^fail/);
  });
});
