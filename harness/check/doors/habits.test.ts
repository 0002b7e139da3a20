/** Habits of healthy apps that look like open doors, each beside the mistake that it resembles. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  passed,
  removeVariants,
  told,
  verdictsOn as verdictsOnExpress,
} from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

/** Check → verdict, or what a failure says, of an app with more in front of it. */
const verdictsOn = async (ids: string[], first: string, pages = {}) =>
  // The first member is the first, however many look at once.
  told(ids, await verdictsOnExpress(ids, { first, pages, more: { browser: 'none', workers: 1 } }));

describe('a home page with two headlines', { timeout: 240_000 }, () => {
  const IDS = ['doors/other-cookies', 'doors/crawler', 'doors/query-that-claims', 'doors/after-sign-out'];
  /** Newcomers get one headline or the other in turn, and keep it. */
  const home = (more: string) => `  let count = 0;
  app.get('/', async (req, res) => {
    const session = await readSession(req, config, res);
    let arm = /\\barm=([ab])/.exec(req.headers.cookie ?? '')?.[1];
    if (!arm) res.cookie('arm', (arm = 'ab'[(count += 1) % 2]));
    const headline = arm === 'a' ? 'Talk with all of us here' : 'Come and join the big talk';
    res.send(\`<!doctype html><html lang="en"><h1>\${headline}</h1>\${session?.user ? '<p>Hello ' + session.user.name + '</p>' : ${more}}</html>\`);
  });`;
  it('opens nothing', async () => {
    expect(await verdictsOn(IDS, home("''"))).toEqual(passed(IDS));
  });
  it('does not hide what a parameter opens', async () => {
    const first = home("(req.query.user ? '<p>Balance 4711 and 1200</p>' : '')").replace(
      "'<p>Hello ' +",
      "'<p>Balance 4711 and 1200</p><p>Hello ' +",
    );
    const verdicts = await verdictsOn(IDS, first);
    expect(verdicts['doors/query-that-claims']).toContain('4711');
    expect(verdicts['doors/other-cookies']).toBe('pass');
  });
});

describe('a page that names the members', { timeout: 240_000 }, () => {
  const IDS = ['doors/other-member', 'people/second-person', 'laws/people-apart'];
  const page = (shown: string) => `  const members = new Map();
  app.use('/members', async (req, res, next) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin');
    const { email, name } = session.user;
    members.set(email ?? name, { id: 'm' + [...(email ?? name)].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1e9, 7), name, email });
    const all = [...members.values()];
    if (req.path !== '/') {
      const one = all.find(({ id }) => req.path === '/' + id);
      return one ? res.send(\`<!doctype html><html lang="en"><h1>\${one.name}</h1></html>\`) : next();
    }
    res.send(\`<!doctype html><html lang="en"><h1>Members</h1><ul>\${${shown}}</ul></html>\`);
  });`;
  const pages = { protected: ['/protected', '/members'] };
  it('is a list where it names all of them, and leads to a page of each', async () => {
    const list = `all.map(({ id, name }) => \`<li><a href="/members/\${id}">\${name}</a></li>\`).join('')`;
    expect(await verdictsOn(IDS, page(list), pages)).toEqual(passed(IDS));
  });
  it('is none where it tells their addresses', async () => {
    const list = "all.map(({ name, email }) => `<li>${name} ${email}</li>`).join('')";
    const verdicts = await verdictsOn(IDS, page(list), pages);
    expect(verdicts['doors/other-member']).toContain('the email address of the member');
    expect(verdicts['laws/people-apart']).toContain('fail');
  });
  it('is none where it names the first of them alone', async () => {
    const verdicts = await verdictsOn(IDS, page("'<li>' + all[0].name + '</li>'"), pages);
    expect(verdicts['doors/other-member']).toContain('the name of the member');
    expect(verdicts['laws/people-apart']).toContain('fail');
  });
});

describe('answers without an end', { timeout: 240_000 }, () => {
  it('are asked for, and left', async () => {
    const first = `  app.use('/api/live', async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return res.status(401).json({ error: 'Sign in' });
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: ' + JSON.stringify({ for: session.user.name }) + '\\n\\n');
  });
  app.use('/archive', async (req, res) => {
    if (!(await readSession(req, config, res))?.user) return res.redirect('/auth/signin');
    res.writeHead(200, { 'content-type': 'application/zip' });
    let left = 100;
    const more = () => {
      while (left-- > 0) if (!res.write(Buffer.alloc(1_048_576))) return res.once('drain', more);
      res.end();
    };
    more();
  });`;
    const ids = [
      'session/protected-api',
      'session/protected-page',
      'sign-out/protected-closed',
      'redirect/no-secret-on-pages',
      'pages/leads-members-away',
    ];
    const pages = { api: ['/api/protected', '/api/live'], protected: ['/protected', '/archive'] };
    expect(await verdictsOn(ids, first, pages)).toEqual(passed(ids));
  });
});

describe('what an app keeps of earlier requests', { timeout: 240_000 }, () => {
  const IDS = ['doors/other-member-in-query', 'doors/other-member'];
  /** A page with the last searches of its member, and what is looked up for them. */
  const page = (found: string) => `  const searches = new Map();
  const members = new Map();
  app.get('/notes', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    const own = user.email ?? user.name;
    members.set(own, user);
    const latest = searches.get(own) ?? [];
    if (req.query.q) searches.set(own, [req.query.q, ...latest].slice(0, 5));
    res.send(\`<!doctype html><html lang="en"><h1>Notes of \${user.name}</h1><p>Looked for: \${(searches.get(own) ?? []).join(', ').replace(/</g, '&lt;')}</p>\${${found}}</html>\`);
  });`;
  const pages = { protected: ['/protected', '/notes'] };
  it('is no answer to a later one', async () => {
    expect(await verdictsOn(IDS, page("''"), pages)).toEqual(passed(IDS));
  });
  it('does not hide what is looked up for whoever names somebody', async () => {
    const verdicts = await verdictsOn(IDS, page("members.get(req.query.email)?.name ?? ''"), pages);
    expect(verdicts['doors/other-member-in-query']).toContain('the name of the member');
  });
});

describe('a stream of what happened lately', { timeout: 240_000 }, () => {
  const IDS = ['doors/other-member'];
  /** The last three who came by, in the words of `told`. */
  const stream = (told: string) => `  const events = [];
  app.get('/api/stream', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).json({ error: 'Sign in' });
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    events.push(${told});
    for (const event of events.slice(-3)) res.write('data: ' + JSON.stringify(event) + '\\n\\n');
  });`;
  const pages = { api: ['/api/protected', '/api/stream'] };
  it('names whoever that is', async () => {
    expect(await verdictsOn(IDS, stream('{ came: user.name }'), pages)).toEqual(passed(IDS));
  });
  it('tells nothing else of them', async () => {
    const verdicts = await verdictsOn(IDS, stream('{ came: user.name, from: user.email }'), pages);
    expect(verdicts['doors/other-member']).toContain('the email address of the member');
  });
});

// https://github.com/wallabag/wallabag/pull/6289
describe('a link that takes something away', { timeout: 240_000 }, () => {
  const ID = 'doors/written-by-link';
  const page = (opened: string) => `  const tasks = new Map();
  const own = async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    const key = user.email ?? user.name;
    if (!tasks.has(key)) tasks.set(key, [[...key].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1e9, 7)]);
    return key;
  };
  app.get('/tasks', async (req, res) => {
    const key = await own(req, res);
    if (key) res.send('<!doctype html><h1>Your tasks</h1>' + tasks.get(key).map((id) => '<p>Task ' + id + ' <a href="/tasks/' + id + '/delete">Delete</a></p>').join(''));
  });
  app.get('/tasks/:id/delete', async (req, res) => {
    const key = await own(req, res);
    if (key) ${opened}
  });`;
  const pages = { protected: ['/protected', '/tasks'] };
  it('asks first', async () => {
    const asks = "res.send('<form method=post><button>Delete it for good</button></form>');";
    expect(await verdictsOn([ID], page(asks), pages)).toEqual(passed([ID]));
  });
  it('takes nothing away for a page of another site', async () => {
    const takes = "tasks.set(key, []), res.redirect('/tasks');";
    expect((await verdictsOn([ID], page(takes), pages))[ID]).toMatch(
      /^warn: Took away .*\/delete, on \/tasks/,
    );
  });
});

// https://support.google.com/calendar/answer/37648 ("Secret address in iCal format"), https://laravel.com/docs/urls#signed-urls
describe('an address that opens to whoever holds it', { timeout: 240_000 }, () => {
  const IDS = ['doors/nobody', 'people/in-turn', 'laws/people-apart'];
  const app = (key: string, looks: string) => `  const { createHmac } = process.getBuiltinModule('crypto');
  const mac = (text) => createHmac('sha256', 'of the house').update(String(text)).digest('base64url');
  const members = new Map();
  app.get('/files', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    const who = user.email ?? user.name;
    if (!members.has(who)) members.set(who, { number: 7000 + members.size * 131, name: user.name, email: who });
    const { number } = members.get(who);
    res.send('<!doctype html><h1>Your files</h1><a href="/calendar/' + ${key} + '">Calendar</a> <a href="/get/' + number + '?expires=99&amp;signature=' + mac(number) + '">Paper</a>');
  });
  app.get('/calendar/:key', (req, res) => {
    const one = [...members.values()].find(({ number }) => req.params.key === String(${key}));
    if (!one) return res.sendStatus(404);
    res.type('text/calendar').send('BEGIN:VCALENDAR\\r\\nX-WR-CALNAME:' + one.name + ' ' + one.email + '\\r\\nEND:VCALENDAR');
  });
  app.get('/get/:number', (req, res) => {
    const one = [...members.values()].find(({ number }) => req.params.number === String(number));
    if (!one ${looks}) return res.sendStatus(403);
    res.type('text').send('Paper of ' + one.name + ', ' + one.email);
  });`;
  const pages = { protected: ['/protected', '/files'] };
  const LOOKS = '|| req.query.signature !== mac(one.number)';
  it('is the secret address of a calendar, and a signed link', async () => {
    expect(await verdictsOn(IDS, app('mac(number + 1)', LOOKS), pages)).toEqual(passed(IDS));
  });
  it('is none where the address of the calendar is a number', async () => {
    expect((await verdictsOn(IDS, app('number', LOOKS), pages))['doors/nobody']).toMatch(/^fail: .*calendar/);
  });
  it('is none where nobody looks at the signature', async () => {
    expect((await verdictsOn(IDS, app('mac(number + 1)', ''), pages))['doors/nobody']).toMatch(
      /^fail: .*get/,
    );
  });
});

// https://developer.wordpress.org/apis/security/nonces/
describe('a link with a token that was made for its member', { timeout: 240_000 }, () => {
  const ID = 'doors/written-by-link';
  const page = (looks: string) => `  const { randomBytes } = process.getBuiltinModule('crypto');
  const members = new Map();
  const own = async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    const key = user.email ?? user.name;
    if (!members.has(key)) members.set(key, { task: 7000 + members.size * 131, token: randomBytes(9).toString('hex'), nick: '' });
    return members.get(key);
  };
  app.get('/tasks', async (req, res) => {
    const me = await own(req, res);
    if (me) res.send('<!doctype html><h1>Your tasks</h1>' + (me.task ? '<p>Task ' + me.task + ' <a href="/tasks/delete?id=' + me.task + '&amp;nonce=' + me.token + '">Delete</a></p>' : '')
      + '<p>' + me.nick + '</p><form action="/tasks/nick"><input name="nick"><input type="hidden" name="nonce" value="' + me.token + '"><button>Save</button></form>');
  });
  app.get('/tasks/:what', async (req, res) => {
    const me = await own(req, res);
    if (!me) return;
    ${looks}
    if (req.params.what === 'delete') me.task = 0;
    else me.nick = String(req.query.nick).replace(/</g, '');
    res.redirect('/tasks');
  });`;
  const pages = { protected: ['/protected', '/tasks'] };
  it('is none that another site can name', async () => {
    const looks = 'if (req.query.nonce !== me.token) return res.sendStatus(403);';
    expect(await verdictsOn([ID], page(looks), pages)).toEqual(passed([ID]));
  });
  it('is any link where nobody looks at the token', async () => {
    expect((await verdictsOn([ID], page(''), pages))[ID]).toMatch(/^warn: /);
  });
});

describe('a body that cannot be read', { timeout: 240_000 }, () => {
  const ID = 'doors/broken-bodies';
  const routes = (answer: string) => `  const { createRequire } = process.getBuiltinModule('module');
  const { json } = createRequire(import.meta.url)('express');
  app.use('/api', json({ limit: '20kb' }), (error, _req, res, _next) => res.status(error.status).type('application/problem+json').send({ title: error.message, code: error.type }));
  app.post('/upload', (req, res) => {
    const parts = /boundary=/.test(req.headers['content-type'] ?? '');
    if (parts || !/^multipart/.test(req.headers['content-type'] ?? '')) return res.sendStatus(204);
    const error = new Error('Multipart: Boundary not found');
    ${answer}
  });`;
  it('is refused in the words of the parser', async () => {
    const refuses =
      "res.status(400).json({ error: error.message, field: 'file', at: new Date().toISOString() });";
    expect(await verdictsOn([ID], routes(refuses))).toEqual(passed([ID]));
  });
  it('shows no stack, whatever it is in', async () => {
    const shows = 'res.status(500).json({ error: error.stack });';
    expect((await verdictsOn([ID], routes(shows)))[ID]).toMatch(
      /^warn: .*POST \/upload with content-type: multipart/,
    );
  });
});
