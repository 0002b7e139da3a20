/** What healthy apps do with people and their sessions, each beside the mistake that it resembles. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  passed,
  removeVariants,
  told,
  verdictsOn as verdictsOnExpress,
} from '../../../fixtures/verdicts-on-express.ts';
import type { ConfigInput } from '../../config/config.ts';

afterAll(removeVariants);

/** Check → verdict, or what is said of it, of an app with other options, and more in front of it. */
const verdictsOn = async (
  ids: string[],
  { options, first, pages, ...more }: { options?: string; first?: string } & Partial<ConfigInput>,
) => told(ids, await verdictsOnExpress(ids, { options, first, pages, more: { browser: 'none', ...more } }));

describe('people without a name', { timeout: 240_000 }, () => {
  const IDS = ['session/absent-stays-absent', 'experience/phone-only'];
  const named = (name: string) =>
    `callbacks: { jwt: ({ token, profile }) => ({ ...token, ...(profile && { who: profile.sub }) }), session: ({ session, token }) => { session.user.name ??= ${name}; return session; } }`;
  it.each([
    ['a word for all of them', "'Member'"],
    [
      'a word and figures of their own',
      "'guest-' + ([...token.who].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % 9973)",
    ],
  ])('are called by %s', async (_what, name) =>
    expect(await verdictsOn(IDS, { options: named(name) })).toEqual(passed(IDS)),
  );
  it('are not called by another word at each sign-in', async () => {
    const verdicts = await verdictsOn(IDS, { options: named("(token.word ??= 'guest-' + Math.random())") });
    expect(verdicts[IDS[0] as string]).toContain('fail');
  });
  it('are not called by their id at Logto', async () => {
    const verdicts = await verdictsOn(IDS, { options: named("'Member ' + token.who") });
    expect(verdicts[IDS[0] as string]).not.toBe('pass');
  });
});

describe('a redirect callback that knows its pages', { timeout: 240_000 }, () => {
  const ID = 'redirect/callback-url-kept';
  const to = (where: string) =>
    `callbacks: { redirect: ({ url: to, baseUrl }) => { const url = new URL(to, baseUrl); return url.origin === baseUrl ? baseUrl + ${where} : baseUrl; } }`;
  it('keeps the page, and not what else the address says', async () =>
    expect(await verdictsOn([ID], { options: to('url.pathname') })).toEqual(passed([ID])));
  it('does not keep another page', async () =>
    expect((await verdictsOn([ID], { options: to("'/members'") }))[ID]).toContain('fail'));
});

describe('one session for each person', { timeout: 240_000 }, () => {
  const ID = 'phone-otp/two-devices';
  // The last session of each person, by its id.
  const options = `callbacks: {
    jwt: ({ token, profile }) => {
      globalThis.__last ??= new Map();
      if (profile) globalThis.__last.set((token.who = profile.sub), (token.sid = crypto.randomUUID()));
      return globalThis.__last.get(token.who) === token.sid ? token : null;
    },
  }`;
  it('is a policy where the config says so', async () =>
    expect((await verdictsOn([ID], { options, features: ['single-session'] }))[ID]).toBe('pass'));
  it('is told where it does not', async () =>
    expect((await verdictsOn([ID], { options }))[ID]).toMatch(/^warn: Signed the first device out/));
  it('is held against an app that says so and does otherwise', async () =>
    expect((await verdictsOn([ID], { features: ['single-session'] }))[ID]).toMatch(/^warn: Claims/));
});

describe('a link that a member gives away', { timeout: 240_000 }, () => {
  const IDS = ['doors/nobody', 'people/in-turn', 'laws/people-apart'];
  const page = (shown: string) => `  const codes = new Map();
  app.get('/invites', async (req, res) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.redirect('/auth/signin');
    const code = [...(user.email ?? user.name)].reduce((sum, c) => (sum * 131 + c.charCodeAt(0)) % 1e12, 7).toString(36) + 'x7Kq4Tz';
    codes.set(code, user);
    res.send(\`<!doctype html><html lang="en"><h1>Invite</h1><a href="/join/\${code}">Your link</a></html>\`);
  });
  app.get('/join/:code', (req, res, next) => {
    const user = codes.get(req.params.code);
    return user ? res.send(\`<!doctype html><html lang="en"><p>\${${shown}} invites you</p></html>\`) : next();
  });`;
  const pages = { protected: ['/protected', '/invites'] };
  it('says whose it is', async () =>
    expect(await verdictsOn(IDS, { first: page('user.name'), pages })).toEqual(passed(IDS)));
  it('says nothing else of them', async () => {
    const verdicts = await verdictsOn(IDS, { first: page('user.email'), pages });
    expect(verdicts['doors/nobody']).toContain('the email address');
    expect(verdicts['laws/people-apart']).toContain('fail');
  });
});

describe('figures of the server, for everybody', { timeout: 240_000 }, () => {
  const ID = 'people/second-person';
  // The first and the second who look see the same, whoever looks in between does not.
  const counter = (answer: string) => `  let asked = 0;
  app.get('/metrics', async (req, res) => {
    const bytes = 'resident_memory_bytes 4711' + (asked += 1) % 2 + '000';
    ${answer}
  });`;
  const pages = { protected: ['/protected', '/metrics'] };
  it('are nobody’s', async () =>
    expect((await verdictsOn([ID], { first: counter("res.type('text').send(bytes);"), pages }))[ID]).toBe(
      'pass',
    ));
});

// https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#renew-the-session-id-after-any-privilege-level-change
describe('a cookie from before the sign-in', { timeout: 240_000 }, () => {
  const ID = 'session/fixation';
  const withCookie = (known: string) => `  const known = new Map();
  const sid = (req) => /\\bsid=([\\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
  app.use('/auth', (req, res, next) => { if (!sid(req)) res.cookie('sid', crypto.randomUUID(), { httpOnly: true }); next(); });
  app.get('/protected', async (req, res, next) => {
    const session = await readSession(req, config, res);
    if (session?.user && sid(req)) known.set(sid(req), session.user);
    const user = session?.user ?? ${known};
    return user ? res.send('<!doctype html><h1>Yours</h1>') : next();
  });`;
  it('may stay where it opens nothing', async () =>
    expect((await verdictsOn([ID], { first: withCookie('undefined') }))[ID]).toBe('pass'));
  it('opens nothing to who gave it, wherever that one got it', async () =>
    expect((await verdictsOn([ID], { first: withCookie('known.get(sid(req))') }))[ID]).toMatch(
      /^fail: Opened \/protected/,
    ));
  const basket = (of: string) => `  const baskets = new Map();
  app.get('/basket', async (req, res) => {
    let id = /\\bbasket=([\\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
    if (!id) res.cookie('basket', id = crypto.randomUUID(), { httpOnly: true });
    const session = await readSession(req, config, res);
    if (session?.user) baskets.set(id, session.user.name);
    res.send('<!doctype html><h1>Basket of ' + (${of} ?? 'you') + '</h1><p>2 cups</p>');
  });`;
  const open = { pages: { home: '/basket' } };
  it('may stand for a basket', async () =>
    expect((await verdictsOn([ID], { first: basket('session?.user?.name'), ...open }))[ID]).toBe('pass'));
  it('tells who gave it nothing of whoever signs in with it, at pages for everybody either', async () =>
    expect((await verdictsOn([ID], { first: basket('baskets.get(id)'), ...open }))[ID]).toMatch(
      /^fail: Showed the name of the person at \/basket/,
    ));
});

// https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html
describe('a record that is written at one place and shown at another', { timeout: 240_000 }, () => {
  const IDS = ['people/fields-not-written'];
  /** Writes need the token of the app, and the version that was shown. */
  const api = (taken: string) => `  const { createHmac } = process.getBuiltinModule('crypto');
  const { createRequire } = process.getBuiltinModule('module');
  const json = createRequire(process.cwd() + '/')('express').json();
  const members = new Map();
  const own = async (req, res, next) => {
    const { user } = (await readSession(req, config, res)) ?? {};
    if (!user) return res.status(401).json({ error: 'unauthenticated' });
    const key = user.email ?? user.name;
    if (!members.has(key)) members.set(key, { name: user.name, role: 'member', bio: '', version: 1 });
    res.locals.me = members.get(key);
    res.locals.token = createHmac('sha256', 'of the house').update(key).digest('base64url');
    next();
  };
  app.get('/api/who', own, (_req, res) => res.json({ user: { name: res.locals.me.name, role: res.locals.me.role }, csrfToken: res.locals.token }));
  app.get('/api/record', own, (_req, res) => res.set('ETag', '"v' + res.locals.me.version + '"').json({ name: res.locals.me.name, bio: res.locals.me.bio }));
  app.patch('/api/record', own, json, (req, res) => {
    const { me, token } = res.locals;
    if (req.get('x-csrf-token') !== token) return res.status(403).json({ error: 'no token' });
    if (req.get('if-match') !== '"v' + me.version + '"') return res.status(412).json({ error: 'changed' });
    ${taken}
    me.version += 1;
    res.json({ name: me.name, bio: me.bio });
  });`;
  const pages = { protected: ['/protected'], api: ['/api/record', '/api/who'] };
  it('keeps its rights where fields are taken by name', async () => {
    const first = api("if (typeof req.body.bio === 'string') me.bio = req.body.bio;");
    expect(await verdictsOn(IDS, { first, pages: pages as ConfigInput['pages'] })).toEqual(passed(IDS));
  });
  it('gives rights away where all are taken', async () => {
    const first = api('Object.assign(me, req.body, { version: me.version });');
    const verdicts = await verdictsOn(IDS, { first, pages: pages as ConfigInput['pages'] });
    expect(verdicts[IDS[0] as string]).toMatch(/^fail: .*\/api\/who shows user\.role/);
  });
});

describe('an admin who looks through the eyes of a member', { timeout: 240_000 }, () => {
  const ID = 'people/cookies-not-believed';
  const WITH_ID =
    'callbacks: { jwt: ({ token, profile }) => ({ ...token, ...(profile && { sub: "u-" + profile.sub }) }), session: ({ session, token }) => { session.user.id = token.sub; return session; } }';
  const inbox = (mayLook: string) => `  const people = new Map();
  app.get('/inbox', async (req, res) => {
    const session = await readSession(req, config);
    if (!session?.user) return res.redirect('/auth/signin');
    people.set(session.user.id, session.user);
    const as = /(?:^|; )act-as=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
    const { name } = (${mayLook} && people.get(as)) || session.user;
    res.send('<!doctype html><title>Inbox</title><p>Letters of ' + name + '</p>');
  });`;
  it.each([
    ['is one by the session', "session.user.role === 'admin'", 'pass'],
    ['is whoever has the cookie', 'true', 'fail'],
  ])('%s', async (_, mayLook, verdict) => {
    const verdicts = await verdictsOn([ID], {
      options: WITH_ID,
      first: inbox(mayLook),
      pages: { protected: ['/protected', '/inbox'] } as never,
      session: { fields: ['id'] },
    });
    expect(verdicts[ID]?.split(':')[0]).toBe(verdict);
  });
});

describe('a member who works in one of their teams, which a cookie names', { timeout: 240_000 }, () => {
  const ID = 'people/cookies-not-believed';
  const teams = (mine: string) => `  app.use(express.urlencoded({ extended: false }));
  const all = []; const html = (body) => '<!doctype html><html lang="en"><title>Teams</title><main>' + body + '</main>';
  const safe = (s) => String(s).replace(/[<&"]/g, '');
  app.get('/teams', async (req, res) => {
    const session = await readSession(req, config);
    if (!session?.user) return res.redirect('/auth/signin');
    const wanted = /(?:^|; )in-team=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
    const own = all.filter((each) => each.by === session.user.name);
    const team = ${mine} ?? own.at(-1);
    res.send(html('<h1>' + (team ? safe(team.title) : 'No team') + '</h1><ul>' + own.map((each) => '<li><a href="/teams/' + each.id + '">' + safe(each.title) + '</a>').join('') + '</ul><form method="post" action="/teams"><input name="title" required><button>Found it</button></form>'));
  });
  app.post('/teams', async (req, res) => {
    const session = await readSession(req, config);
    if (!session?.user) return res.redirect(303, '/auth/signin');
    all.push({ id: crypto.randomUUID(), by: session.user.name, title: String(req.body.title) });
    res.redirect(303, '/teams');
  });`;
  it.each([
    ['and only where it is theirs', 'own.find((each) => each.id === wanted)', 'pass'],
    ['whose team it may be', 'all.find((each) => each.id === wanted)', 'fail'],
  ])('%s', async (_, mine, verdict) => {
    const verdicts = await verdictsOn([ID], {
      first: teams(mine),
      pages: { protected: ['/protected', '/teams'] } as never,
    });
    expect(verdicts[ID]?.split(':')[0]).toBe(verdict);
  });
});
