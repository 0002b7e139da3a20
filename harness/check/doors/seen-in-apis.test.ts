/** What apps get wrong, or do in a way of their own, at what they tell of people: APIs, and lists of names. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

describe('an API that refuses with a 200', { timeout: 240_000 }, () => {
  const IDS = [
    'session/protected-api',
    'sign-out/protected-closed',
    'doors/writes',
    'doors/id-token-as-bearer',
  ];
  const API = '/api/me';
  const api = (answer: string) => `  app.all('${API}', async (req, res) => {
    const session = await readSession(req, config, res);
    res.json(${answer});
  });`;
  it.each([
    ['gives nothing', '{ user: session?.user ?? null }'],
    [
      'tells an error',
      "session?.user ? { data: session.user } : { data: null, errors: [{ message: 'UNAUTHENTICATED' }] }",
    ],
  ])('is closed where it %s', async (_what, answer) => {
    const verdicts = await verdictsOn(IDS, { first: api(answer), pages: { api: [API] } });
    expect(Object.fromEntries(Object.entries(verdicts).map(([id, [verdict]]) => [id, verdict]))).toEqual({
      'session/protected-api': 'pass',
      'sign-out/protected-closed': 'pass',
      'doors/writes': 'pass',
      'doors/id-token-as-bearer': 'pass',
    });
  });
  it('is open where it gives data beside that', async () => {
    const answer = '{ user: session?.user ?? null, salaries: [4711, 1200] }';
    const verdicts = await verdictsOn(IDS, { first: api(answer), pages: { api: [API] } });
    expect(verdicts['session/protected-api']?.[0]).toBe('fail');
    expect(verdicts['sign-out/protected-closed']?.[0]).toBe('fail');
  });
  it('takes an ID token for a session where it does', async () => {
    const answer =
      "{ user: session?.user ?? (/^Bearer ey/.test(req.headers.authorization ?? '') ? { name: 'Somebody' } : null) }";
    const verdicts = await verdictsOn(IDS, { first: api(answer), pages: { api: [API] } });
    expect(verdicts['doors/id-token-as-bearer']?.[0]).toBe('fail');
  });
  it('cannot be judged where it gives members nothing either', async () => {
    const verdicts = await verdictsOn(IDS, { first: api('null'), pages: { api: [API] } });
    expect(verdicts['session/protected-api']).toEqual(['not judged', expect.stringContaining('pages.api')]);
  });
});

describe('names of people in a list', { timeout: 240_000 }, () => {
  const IDS = [
    'doors/nobody',
    'doors/other-member',
    'doors/after-sign-out',
    'people/second-person',
    'people/in-turn',
    'laws/people-apart',
    'laws/no-list-of-names',
  ];
  const app = (shown: string) => `  const here = [];
  app.use('/protected', async (req, res, next) => {
    const session = await readSession(req, config, res);
    if (session?.user?.name && !here.some(({ name }) => name === session.user.name)) here.push(session.user);
    next();
  });
  app.get('/people', (_req, res) => res.json({ here: here.slice(-9).map(${shown}) }));`;
  const guard = `    if (!res.locals.session?.user) return res.redirect('/auth/signin');
    res.send(protectedPage(res.locals.session) + '<p>Here: ' + here.slice(-9).map(({ name }) => name).join(', ') + ' <a href="/people">all</a></p>');`;
  it('are told, and are no mix-up', async () => {
    const verdicts = await verdictsOn(IDS, { first: app('({ name }) => name'), guard });
    const all = Object.fromEntries(Object.entries(verdicts).map(([id, [verdict]]) => [id, verdict]));
    expect(all).toEqual({
      ...Object.fromEntries(IDS.map((id) => [id, 'pass'])),
      'laws/no-list-of-names': 'note',
    });
  });
  it('give away what stands beside them', async () => {
    const verdicts = await verdictsOn(IDS, { first: app('({ name, email }) => ({ name, email })'), guard });
    expect(verdicts['people/in-turn']?.[0]).toBe('fail');
    expect(verdicts['laws/people-apart']?.[0]).toBe('fail');
  });
  it('are a mix-up where there is but one, and no list tells who is here', async () => {
    const verdicts = await verdictsOn(IDS, {
      first: app('({ name }) => name').replace(/\n {2}app\.get\('\/people'.*$/s, ''),
      guard: guard.replace('slice(-9)', 'slice(-2, -1)'),
    });
    expect(verdicts['laws/people-apart']?.[0]).toBe('fail');
  });
});

describe('an address that names the member whose data lie there', { timeout: 240_000 }, () => {
  const exported = (guard: string) => `  const exports_ = new Map();
  const parcels = (id) => exports_.get(id) ?? exports_.set(id, { parcels: [{ item: 'Parcel no. 10' + exports_.size + '47' }] }).get(id);
  app.get('/exports/:id', async (req, res) => {
    const session = await readSession(req, config, res);
    ${guard}
    res.json(parcels(req.params.id));
  });
  app.get('/api/protected', async (req, res, next) => {
    const session = await readSession(req, config, res);
    return session ? res.json({ id: session.user.id, parcels: '/exports/' + session.user.id }) : next();
  });`;
  const options =
    'callbacks: { jwt: ({ token, profile }) => ({ ...token, ...(profile && { uid: profile.sub }) }), session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.uid } }) }';
  const IDS = ['doors/nobody', 'doors/other-member', 'doors/crawler'];
  const none = "if (!session) return res.status(401).json({ message: 'Sign in' });";
  it.each([
    [
      'is open to nobody else',
      `${none} if (session.user.id !== req.params.id) return res.sendStatus(404);`,
      'pass pass pass',
    ],
    ['is open to other members', none, 'pass fail pass'],
    ['is open to everybody', '', 'fail pass pass'],
  ])('%s', async (_what, guard, expected) => {
    const verdicts = await verdictsOn(IDS, { first: exported(guard), options });
    expect(IDS.map((id) => verdicts[id]?.[0]).join(' ')).toBe(expected);
  });
});

it('a pixel of another site that is asked for by a number is told', { timeout: 240_000 }, async () => {
  const first = `  app.get('/protected', async (req, res, next) => {
    const session = await readSession(req, config, res);
    return session ? res.send(\`<p>For you</p><img src="https://stats.example/p.gif?m=\${encodeURIComponent(session.user.email)}">\`) : next();
  });`;
  const id = 'laws/no-person-in-address';
  expect((await verdictsOn(['doors/nobody', id], { first }))[id]).toEqual([
    'warn',
    expect.stringContaining('another site'),
  ]);
});

it('a cookie from before the sign-in that opens pages afterwards is told', { timeout: 240_000 }, async () => {
  const first = `  const visits = new Map();
  app.use(async (req, res, next) => {
    const sid = /\\bsid=([^;]+)/.exec(req.headers.cookie ?? '')?.[1] ?? crypto.randomUUID();
    res.cookie('sid', sid, { httpOnly: true, sameSite: 'lax' });
    const session = await readSession(req, config, res);
    if (session) visits.set(sid, session);
    if (req.path === '/protected' && visits.has(sid)) return res.send(protectedPage(visits.get(sid)));
    next();
  });`;
  const id = 'session/fixation';
  expect((await verdictsOn([id], { first }))[id]).toEqual([
    'fail',
    expect.stringContaining('before the sign-in (sid'),
  ]);
});

it('a health check that tells what sessions are sealed with is no settings route for strangers', {
  timeout: 240_000,
}, async () => {
  const first = `  app.get('/api/health', (_req, res) => res.json({ ok: true, options: { secret: process.env.AUTH_SECRET } }));`;
  const id = 'laws/client-secret-kept';
  expect((await verdictsOn(['doors/nobody', id], { first }))[id]).toEqual([
    'fail',
    expect.stringContaining('/api/health'),
  ]);
});

describe('a form that is sent by GET', { timeout: 240_000 }, () => {
  const id = 'doors/written-by-link';
  const app = (name: string, write: string, read: string) => `  const kept = new Map();
  app.get('/desk', async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin');
    const who = session.user.email;
    const given = req.query.${name};
    if (given) { ${write} }
    res.send(\`<h1>Desk of \${session.user.name}</h1><p>\${${read} ?? ''}</p><form action="/desk"><input name="${name}"><button>Go</button></form>\`);
  });`;
  const cookie = "/last=([^;]*)/.exec(req.headers.cookie ?? '')?.[1]";
  it.each([
    ['writes into the account', app('nick', 'kept.set(who, given)', 'kept.get(who)'), 'warn'],
    ['is remembered by the browser alone', app('nick', "res.cookie('last', given)", cookie), 'pass'],
    ['looks for something', app('q', 'kept.set(who, given)', 'kept.get(who)'), 'not applicable'],
  ])('%s', async (_what, first, verdict) => {
    const pages = { protected: ['/desk'] };
    expect((await verdictsOn([id], { first, pages }))[id]?.[0]).toBe(verdict);
  });
});
