/** Keys that are shown once, beside a board whose entries have long ids, and files behind signed links. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = ['doors/nobody', 'people/notices-apart'];
const KEYS = `
  app.use(express.urlencoded({ extended: false }));
  const { createHmac, randomBytes } = process.getBuiltinModule('node:crypto');
  const guard = async (req, res, next) => { const session = await readSession(req, config, res); if (!session?.user) return res.redirect('/auth/signin?callbackUrl=' + encodeURIComponent(req.originalUrl)); req.user = session.user; next(); };
  const sign = (text) => createHmac('sha256', 'links').update(text).digest('base64url').slice(0, 24);
  const esc = (t) => String(t).replace(/[<>&"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const keys = []; const files = new Map(); const board = []; const flash = new Map();
  const show = (req, res, title, body) => res.send('<!doctype html><html lang="en"><title>' + title + '</title><nav><a href="/keys">Keys</a> <a href="/live">Talk</a> <a href="/board">Board</a> <a href="/files">Files</a></nav>' + body);
  app.get('/keys', guard, (req, res) => { const me = req.user.id; const fresh = flash.get(me); flash.delete(me); show(req, res, 'Keys', '<h1>Keys of ' + esc(req.user.name) + '</h1>' + (fresh ? '<code>' + fresh + '</code>' : '') + '<ul>' + keys.filter((k) => k.owner === me).map((k) => '<li>' + esc(k.label) + '</li>').join('') + '</ul><form method="post" action="/keys"><input name="label"><button>Make</button></form>'); });
  app.post('/keys', guard, (req, res) => { const key = 'key_' + randomBytes(18).toString('base64url') + '7a'; keys.push({ owner: req.user.id, label: req.body.label }); flash.set(req.user.id, key); tell(req.user.id, 'Made ' + req.body.label); res.redirect(303, '/keys'); });
  app.get('/board', guard, (req, res) => show(req, res, 'Board', '<h1>Board</h1><ul>' + board.map((b) => '<li id="' + b.id + '">' + esc(b.text) + '</li>').join('') + '</ul><form method="post" action="/board"><textarea name="text"></textarea><button>Say</button></form>'));
  app.post('/board', guard, (req, res) => { board.push({ id: randomBytes(16).toString('hex') + '7a', text: req.body.text }); tell(undefined, 'New on the board: ' + req.body.text); res.redirect(303, '/board'); });
  app.get('/live', guard, (req, res) => show(req, res, 'Talk', '<h1>Talk</h1><p>What is said here is kept nowhere.</p><form method="post" action="/live"><input name="text"><button>Say</button></form>'));
  app.post('/live', guard, (req, res) => { tell(undefined, req.user.name + ' says ' + req.body.text); res.status(204).end(); });
  const listeners = new Set();
  const tell = (to, text) => { for (const l of listeners) if (to === undefined || l.id === to) l.res.write('data: ' + JSON.stringify({ text }) + '\\n\\n'); };
  app.get('/events', guard, (req, res) => { res.set('content-type', 'text/event-stream').flushHeaders(); const l = { id: req.user.id, res }; listeners.add(l); res.on('close', () => listeners.delete(l)); res.write('data: ' + JSON.stringify({ text: 'Hello, ' + req.user.name }) + '\\n\\n'); });
  const fileOf = (user) => { const known = [...files.values()].find((f) => f.owner === user.id); if (known) return known; const f = { id: randomBytes(5).toString('hex'), owner: user.id, text: 'Lease of ' + user.name + ', ' + user.email }; files.set(f.id, f); return f; };
  app.get('/files', guard, (req, res) => { const f = fileOf(req.user); const until = Math.floor(Date.now() / 1000) + 300; show(req, res, 'Files', '<h1>Files</h1><a href="/file/' + f.id + '?until=' + until + '&amp;sig=' + sign(f.id + ' ' + until) + '">lease</a>'); });
  app.get('/file/:id', (req, res) => { const f = files.get(req.params.id); const { until, sig } = req.query; if (!f || sig !== sign(f.id + ' ' + until) || Number(until) * 1000 < Date.now()) return res.status(410).send('over'); res.type('text').send(f.text); });
`;
const on = judging(IDS, KEYS);

describe('keys and links', { timeout: 240_000 }, () => {
  it('are for whoever made them, or holds them', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('are no names of files of which pages are made', async () => {
    const verdicts = await on([
      "app.post('/board', guard, (req, res) => {",
      `app.get('/notes/:id/edit', guard, (req, res) => show(req, res, 'Note', '<script src="/static/chunks/%5Bid%5D/page-bccbbb04dd5c71df.js" async></script><p>' + (req.params.id === req.user.id ? 'Yours' : 'Nothing here') + '</p>'));
  app.get('/notes', guard, (req, res) => show(req, res, 'Notes', '<form method="post" action="/notes"><input name="title"><button>Add</button></form>'));
  app.post('/notes', guard, (req, res) => res.redirect(303, '/notes/' + req.user.id + '/edit'));
  app.post('/board', guard, (req, res) => {`,
    ]);
    expect(verdicts['people/notices-apart']).toBe('pass');
  });
  it('are shown to the next person who opens the page', async () => {
    const verdicts = await on(
      ['const fresh = flash.get(me); flash.delete(me);', "const fresh = flash.get('last');"],
      ['flash.set(req.user.id, key)', "flash.set('last', key)"],
    );
    expect(verdicts['people/notices-apart']).toMatch(
      /^fail: Showed another member what was made for a member alone: "key_/,
    );
  });
  it('are told to everybody who listens', async () => {
    const verdicts = await on(["tell(req.user.id, 'Made '", "tell(undefined, 'Made '"]);
    expect(verdicts['people/notices-apart']).toMatch(
      /^fail: Told another member what a member had written: \/events sent both what was written at \/keys/,
    );
  });
  it('are signed, and the signature of any other link will do', async () => {
    const verdicts = await on(["sign(f.id + ' ' + until)", "sign('file ' + until)"]);
    expect(verdicts['doors/nobody']).toMatch(/^fail: Opened \/file\/\w+\?until=\d+&sig=/);
  });
});
