/** Bookings by forms of the server: lists to choose from, tokens against forged requests, notices that are shown once. */
import { afterAll, describe, expect, it } from 'vitest';
import { judging, passed, removeVariants } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/changed-by-others',
  'doors/written',
  'pages/markup-written',
  'people/actions-of-others',
  'people/notices-apart',
];
const JOIN = `  app.use(express.json()); app.use(express.urlencoded({ extended: true }));
  const users = new Map(); let next = 7000; const newId = (p) => p + (next += 13);
  const esc = (t) => String(t).replace(/[<>&"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const joined = []; 
  const join = (user) => { let me = users.get(user.id); if (!me) { me = { id: newId('u'), name: user.name, email: user.email }; users.set(user.id, me); for (const f of joined) f(me); } return me; };
`;
const BOOKINGS = `${JOIN}
  const slots = ['2027-01-04T09:00', '2027-01-04T10:00', '2027-01-05T09:00']; const bookings = []; const flash = new Map(); const csrf = new Map();
  joined.push((me) => { bookings.push({ id: newId('b'), owner: me.id, slot: '2026-12-01T09:00', key: Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2), note: 'First visit of ' + me.name }); });
  const page = (title, body) => '<!doctype html><html lang="en"><title>' + title + '</title><nav><a href="/book">Book</a> <a href="/bookings">Bookings</a> <a href="/auth/signout">Sign out</a></nav>' + body;
  const guard = async (req, res) => { const session = await readSession(req, config, res); if (!session?.user) { res.redirect('/auth/signin?callbackUrl=' + encodeURIComponent(req.originalUrl)); return undefined; } return join(session.user); };
  app.get('/book', (req, res) => res.send(page('Book', '<h1>Free</h1><ul>' + slots.filter((s) => !bookings.some((b) => b.slot === s)).map((s) => '<li>' + s + '</li>').join('') + '</ul>')));
  app.get('/bookings', async (req, res) => { const me = await guard(req, res); if (!me) return; const token = csrf.get(me.id) ?? Math.random().toString(36).slice(2); csrf.set(me.id, token); const notice = flash.get(me.id); flash.delete(me.id); res.set('cache-control', 'private, no-store').send(page('Bookings', (notice ? '<p role="status">' + esc(notice) + '</p>' : '') + '<h1>Bookings of ' + esc(me.name) + '</h1><ul>' + bookings.filter((b) => b.owner === me.id).map((b) => '<li><a href="/bookings/' + b.id + '">' + b.slot + '</a> ' + esc(b.note) + ' <a href="/ics/' + b.key + '.ics">calendar</a></li>').join('') + '</ul><form method="post" action="/bookings"><input type="hidden" name="_csrf" value="' + token + '"><label>When <select name="slot">' + slots.map((s) => '<option>' + s + '</option>').join('') + '</select></label><label>Note <input name="note"></label><button>Book</button></form>')); });
  app.post('/bookings', async (req, res) => { const me = await guard(req, res); if (!me) return; if (req.body?._csrf !== csrf.get(me.id)) return res.status(403).send(page('No', '<p>This form is out of date.</p>')); if (!slots.includes(req.body?.slot)) return res.status(422).send(page('No', '<p>No such time.</p>')); const b = { id: newId('b'), owner: me.id, slot: req.body.slot, key: Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2), note: String(req.body.note ?? '').slice(0, 200) }; bookings.push(b); flash.set(me.id, 'Booked: ' + b.note); res.redirect(303, '/bookings'); });
  app.get('/bookings/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const b = bookings.find((b) => b.id === req.params.id && b.owner === me.id); if (!b) return res.status(404).send(page('Not found', '<p>There is no such booking.</p>')); res.set('cache-control', 'private, no-store').send(page('Booking', '<h1>' + b.slot + '</h1><p>' + esc(b.note) + '</p><form method="post" action="/bookings/' + b.id + '/cancel"><input type="hidden" name="_csrf" value="' + (csrf.get(me.id) ?? '') + '"><button>Cancel</button></form>')); });
  app.post('/bookings/:id/cancel', async (req, res) => { const me = await guard(req, res); if (!me) return; if (req.body?._csrf !== csrf.get(me.id)) return res.status(403).send(page('No', '<p>This form is out of date.</p>')); const at = bookings.findIndex((b) => b.id === req.params.id && b.owner === me.id); if (at < 0) return res.status(404).send(page('Not found', '<p>There is no such booking.</p>')); bookings.splice(at, 1); res.redirect(303, '/bookings'); });
  app.get('/ics/:key.ics', (req, res) => { const b = bookings.find((b) => b.key === req.params.key); if (!b) return res.status(404).end(); res.type('text/calendar').send('BEGIN:VCALENDAR\\nSUMMARY:' + b.note + '\\nEND:VCALENDAR'); });
`;
const on = judging(IDS, BOOKINGS);

describe('bookings', { timeout: 240_000 }, () => {
  it('are everybody’s own', async () => {
    expect(await on()).toEqual(passed(IDS));
  });
  it('are cancelled by whoever has a token of their own', async () => {
    const verdicts = await on([
      'findIndex((b) => b.id === req.params.id && b.owner === me.id)',
      'findIndex((b) => b.id === req.params.id)',
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(/^fail: Let another member take away/);
  });
  it('are told to whoever comes next', async () => {
    const verdicts = await on(
      ['flash.get(me.id); flash.delete(me.id)', "flash.get('x'); flash.delete('x')"],
      ['flash.set(me.id,', "flash.set('x',"],
    );
    expect(verdicts['people/notices-apart']).toMatch(/^fail: Told another member/);
  });
  it('are shown with the markup in them', async () => {
    const verdicts = await on(["'</a> ' + esc(b.note)", "'</a> ' + b.note"]);
    expect(verdicts['pages/markup-written']).toMatch(/^fail: Made <img>/);
  });
});

const TABLES = `${JOIN}
  const tables = [];
  const page = (title, body) => '<!doctype html><html lang="en"><title>' + title + '</title><main>' + body + '</main>';
  const guard = async (req, res) => { const session = await readSession(req, config, res); if (session?.user) return join(session.user); req.path.startsWith('/api') ? res.status(401).json({ error: 'sign in first' }) : res.redirect('/auth/signin'); };
  const mine = (req, me) => tables.find((t) => t.id === req.params.id && t.owner === me.id);
  app.get('/tables', async (req, res) => { const me = await guard(req, res); if (me) res.send(page('Tables', '<h1>Tables of ' + esc(me.name) + '</h1><p>' + (req.query.taken ? 'That day is taken.' : 'Choose a day.') + '</p><ul>' + tables.filter((t) => t.owner === me.id).map((t) => '<li><a href="/tables/' + t.id + '">' + t.day + '</a> ' + esc(t.note) + '</li>').join('') + '</ul><form method="post" action="/tables"><input type="date" name="day" required><input name="note"><button>Book</button></form>')); });
  app.post('/tables', async (req, res) => { const me = await guard(req, res); if (!me) return; const day = String(req.body.day); if (tables.some((t) => t.day === day)) return res.redirect(303, '/tables?taken=1'); tables.push({ id: newId('table-'), owner: me.id, day, note: String(req.body.note ?? '') }); res.redirect(303, '/tables'); });
  app.get('/api/tables', async (req, res) => { const me = await guard(req, res); if (!me) return; const q = String(req.query.q ?? ''); res.json({ tables: tables.filter((t) => t.owner === me.id && t.note.includes(q)).map((t) => ({ id: t.id, day: t.day, note: t.note })) }); });
  const guests = [];
  app.post('/tables/:id/guests', async (req, res) => { const me = await guard(req, res); if (!me) return; if (!mine(req, me)) return res.status(404).end(); guests.push({ id: crypto.randomUUID(), table: req.params.id, owner: me.id, name: String(req.body.name ?? '') }); res.redirect(303, '/tables/' + req.params.id); });
  app.patch('/api/guests/:guest', async (req, res) => { const me = await guard(req, res); if (!me) return; const g = guests.find((g) => g.id === req.params.guest && g.owner === me.id); if (!g) return res.status(404).json({ error: 'none' }); g.name = String(req.body?.name ?? g.name); res.json({ id: g.id }); });
  app.delete('/api/guests/:guest', async (req, res) => { const me = await guard(req, res); if (!me) return; const at = guests.findIndex((g) => g.id === req.params.guest && g.owner === me.id); if (at < 0) return res.status(404).json({ error: 'none' }); guests.splice(at, 1); res.status(204).end(); });
  app.get('/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = mine(req, me); t ? res.send(page('Table', '<h1>' + t.day + '</h1><p>' + esc(t.note) + '</p><ul>' + guests.filter((g) => g.table === t.id).map((g) => '<li data-id="' + g.id + '">' + esc(g.name) + '</li>').join('') + '</ul><form method="post" action="/tables/' + t.id + '/guests"><input name="name"><button>Invite</button></form>')) : res.status(404).send(page('Nothing', '<p>There is no such table.</p>')); });
  app.get('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = mine(req, me); t ? res.json({ id: t.id, day: t.day, note: t.note }) : res.status(404).json({ error: 'none' }); });
  app.patch('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = mine(req, me); if (!t) return res.status(404).json({ error: 'none' }); t.note = String(req.body?.note ?? t.note); res.json({ id: t.id }); });
`;
const OF_TABLES = [
  'doors/changed-by-others',
  'doors/read-by-others',
  'doors/written',
  'pages/markup-written',
];
const onTables = judging(OF_TABLES, TABLES, { pages: { protected: ['/tables'], api: [] } });
const UNGUESSABLE = ["id: newId('table-')", 'id: crypto.randomUUID()'] as [string, string];

describe('tables, one for each day, with an API beside their pages', { timeout: 240_000 }, () => {
  it('are booked by each check that needs one', async () => {
    expect(await onTables()).toEqual(passed(OF_TABLES));
  });
  it('are found by another member who looks for them', async () => {
    const verdicts = await onTables([
      't.owner === me.id && t.note.includes(q)',
      '(q ? t.note.includes(q) : t.owner === me.id)',
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed another member what belongs to a member: GET \/api\/tables with .* = a word of it names \/(?:api\/)?tables\/table-/,
    );
  });
  it('are found where their ids are short, and are none where a search only says what was looked for', async () => {
    const short = ["id: newId('table-')", "id: newId('')"] as [string, string];
    const says = ['res.json({ tables: tables', 'res.json({ q, next: 7013, tables: tables'] as [
      string,
      string,
    ];
    expect((await onTables(short, says))['doors/read-by-others']).not.toMatch(/^fail/);
    const unscoped = await onTables(short, says, [
      't.owner === me.id && t.note.includes(q)',
      '(q ? t.note.includes(q) : t.owner === me.id)',
    ]);
    expect(unscoped['doors/read-by-others']).toMatch(
      /^fail: .* GET \/api\/tables with .* = a word of it names/,
    );
  });
  it('are found by another member whose value is a condition of the query', async () => {
    const verdicts = await onTables([
      't.owner === me.id && t.note.includes(q)',
      '(q.includes("\' OR 1=1 -- ") || (t.owner === me.id && t.note.includes(q)))',
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(/GET \/api\/tables with .* = .*OR 1=1 -- names/);
  });
  it('are shown at the API to another member who is refused at their page', async () => {
    const verdicts = await onTables(UNGUESSABLE, [
      "app.get('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = mine(req, me)",
      "app.get('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = tables.find((t) => t.id === req.params.id)",
    ]);
    expect(verdicts['doors/read-by-others']).toMatch(
      /^fail: Showed another member what belongs to a member: \/api\/tables\/\S+ holds what the first has made, which that one is refused at \/tables\//,
    );
  });
  it('may be managed at a page of their maker alone, where another page shows them to all who have the address', async () => {
    const verdicts = await onTables(UNGUESSABLE, [
      "app.get('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = mine(req, me)",
      "app.get('/join/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = tables.find((t) => t.id === req.params.id); t ? res.send(page('Join', '<p>' + esc(t.note) + '</p>')) : res.status(404).end(); }); app.get('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = tables.find((t) => t.id === req.params.id)",
    ]);
    expect(verdicts['doors/read-by-others']).not.toMatch(/^fail/);
  });
  it('may be shown to whoever has an address that nobody guesses', async () => {
    const all = [
      'const mine = (req, me) => tables.find((t) => t.id === req.params.id && t.owner === me.id)',
      'const mine = (req, me) => tables.find((t) => t.id === req.params.id)',
    ] as [string, string];
    expect((await onTables(UNGUESSABLE, all))['doors/read-by-others']).not.toMatch(/^fail/);
  });
  it('are changed by another member at the API, whose address no page names', async () => {
    const verdicts = await onTables([
      "app.patch('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = mine(req, me)",
      "app.patch('/api/tables/:id', async (req, res) => { const me = await guard(req, res); if (!me) return; const t = tables.find((t) => t.id === req.params.id)",
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(
      /^fail: Let another member write into what belongs to a member: what PATCH \/api\/tables\//,
    );
  });
  it('keep what stands inside them from another member', async () => {
    const verdicts = await onTables([
      'const g = guests.find((g) => g.id === req.params.guest && g.owner === me.id)',
      'const g = guests.find((g) => g.id === req.params.guest)',
    ]);
    expect(verdicts['doors/changed-by-others']).toMatch(
      /^fail: Let another member write into .* what PATCH \/api\/guests\/\S+ said is shown at \/tables\//,
    );
    const taken = await onTables([
      'guests.findIndex((g) => g.id === req.params.guest && g.owner === me.id)',
      'guests.findIndex((g) => g.id === req.params.guest)',
    ]);
    expect(taken['doors/changed-by-others']).toMatch(
      /^fail: Let another member take away .* after DELETE \/api\/guests\/\S+ it is gone from \/tables\//,
    );
  });
  it('are shown with the markup in them', async () => {
    const verdicts = await onTables(["'</a> ' + esc(t.note)", "'</a> ' + t.note"]);
    expect(verdicts['pages/markup-written']).toMatch(/^fail: Made <img>/);
  });
});
