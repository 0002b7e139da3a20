/** Apps in which members work on the same things, and in which whoever comes first is the admin. */
import { afterAll, expect, it } from 'vitest';
import { ID_OF_LOGTO, removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'doors/other-member',
  'doors/posts-of-others',
  'doors/changed-by-others',
  'people/in-turn',
  'people/same-name',
  'session/two-people',
  'laws/people-apart',
];
const member = `const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ message: 'no' });
    const me = join(session.user);`;
const JOIN = `  app.use(express.json()); app.use(express.urlencoded({ extended: true }));
  const users = new Map(); let next = 7000; const newId = (p) => p + (next += 13);
  const esc = (t) => String(t).replace(/[<>&"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
  const joined = []; 
  const join = (user) => { let me = users.get(user.id); if (!me) { me = { id: newId('u'), name: user.name, email: user.email }; users.set(user.id, me); for (const f of joined) f(me); } return me; };
`;

const APPS = {
  'a team that shares its tasks': `${JOIN}
  const tasks = []; const log = [];
  joined.push((me) => { log.push({ at: new Date().toISOString(), text: me.name + ' joined the team' }); });
  tasks.push({ id: newId('t'), title: 'Order apples', by: 'the team', done: false });
  app.get('/api/tasks', async (req, res) => { ${member} res.json({ tasks }); });
  app.post('/api/tasks', async (req, res) => { ${member} const title = String(req.body?.title ?? '').slice(0, 80); if (!title) return res.status(400).json({ message: 'title?' }); const t = { id: newId('t'), title, by: me.name, done: false }; tasks.push(t); log.push({ at: new Date().toISOString(), text: me.name + ' added ' + title }); res.status(201).location('/api/tasks/' + t.id).json(t); });
  app.get('/api/tasks/:id', async (req, res) => { ${member} const t = tasks.find((t) => t.id === req.params.id); t ? res.json(t) : res.status(404).json({ message: 'gone' }); });
  app.patch('/api/tasks/:id', async (req, res) => { ${member} const t = tasks.find((t) => t.id === req.params.id); if (!t) return res.status(404).json({ message: 'gone' }); if (typeof req.body?.title === 'string') t.title = req.body.title.slice(0, 80); if (typeof req.body?.done === 'boolean') t.done = req.body.done; t.changedBy = me.name; res.json(t); });
  app.delete('/api/tasks/:id', async (req, res) => { ${member} const at = tasks.findIndex((t) => t.id === req.params.id); if (at < 0) return res.status(404).json({ message: 'gone' }); tasks.splice(at, 1); res.status(204).end(); });
  app.get('/api/activity', async (req, res) => { ${member} res.json(log.slice(-30)); });
  app.get('/api/me', async (req, res) => { ${member} res.json({ ...me, tasks: tasks.filter((t) => t.by === me.name).length }); });
  app.get('/board', async (req, res) => { const session = await readSession(req, config, res); if (!session?.user) return res.redirect('/auth/signin'); const me = join(session.user); res.send('<!doctype html><title>Board</title><h1>Board of the team</h1><p>Signed in as ' + esc(me.name) + '</p><ul>' + tasks.map((t) => '<li><a href="/api/tasks/' + t.id + '">' + esc(t.title) + '</a> by ' + esc(t.by) + '</li>').join('') + '</ul><form method="post" action="/board"><input name="title"><button>Add</button></form><a href="/auth/signout">Sign out</a>'); });
  app.post('/board', async (req, res) => { ${member} const title = String(req.body?.title ?? '').slice(0, 80); if (title) tasks.push({ id: newId('t'), title, by: me.name, done: false }); res.redirect(303, '/board'); });
`,
  'an app whose first member is its admin': `${JOIN}
  let admin; joined.push((me) => { admin ??= me.id; });
  app.get('/api/me', async (req, res) => { ${member} res.json({ ...me, role: me.id === admin ? 'admin' : 'member' }); });
  app.get('/api/admin/users', async (req, res) => { ${member} if (me.id !== admin) return res.status(403).json({ message: 'no' }); res.json([...users.values()]); });
  app.get('/api/notes', async (req, res) => { ${member} me.note ??= { id: newId('n'), text: 'Note of ' + me.name }; res.json([me.note]); });
`,
};

it.each(Object.entries(APPS))('%s is quiet', { timeout: 240_000 }, async (_, first) => {
  const verdicts = told(IDS, await verdictsOn(IDS, { first, options: ID_OF_LOGTO }));
  expect(Object.entries(verdicts).filter(([, verdict]) => !/^(pass$|not applicable)/.test(verdict))).toEqual(
    [],
  );
  for (const id of ['people/in-turn', 'session/two-people', 'laws/people-apart'])
    expect(verdicts[id]).toBe('pass');
});
