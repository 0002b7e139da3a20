/** What apps get wrong, or do in a way of their own, at the pages that they guard: made after apps of strangers. */
import { afterAll, describe, expect, it } from 'vitest';
import { GUARD, removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const page = (body: string) => JSON.stringify(`<!doctype html><html lang="en">${body}</html>`);
const script = (code: string) =>
  `  app.get('/app.js', (_req, res) => res.type('js').send(${JSON.stringify(code)}));`;
const GUARDED = ['session/protected-page', 'sign-out/protected-closed'];

describe('a page that is the same for everybody, drawn by scripts', { timeout: 240_000 }, () => {
  const shell = `    res.send(${page('<title>Post</title><h1>Messages</h1><script src="/app.js"></script>')});`;
  it('is closed where its scripts lead strangers to the sign-in', async () => {
    const code = `fetch('/auth/session').then((r) => r.json()).then((s) => { if (!s?.user) location.assign('/auth/signin'); });`;
    expect(await verdictsOn(GUARDED, { guard: shell, first: script(code) })).toEqual({
      [GUARDED[0] as string]: ['pass', undefined],
      [GUARDED[1] as string]: ['pass', undefined],
    });
  });
  it('is open where they do not', async () => {
    const [verdict, message] = (await verdictsOn(GUARDED, { guard: shell, first: script('1') }))[
      GUARDED[0] as string
    ] as [string, string];
    expect(verdict).toBe('fail');
    expect(message).toContain('in whose browser it stayed');
  });
});

describe('what caches may keep', { timeout: 240_000 }, () => {
  const KEPT = ['session/protected-not-shared', 'sign-out/back-button'];
  const kept = (
    body: string,
  ) => `    if (!res.locals.session?.user && ${body.includes('name')}) return res.redirect('/auth/signin');
    res.set('cache-control', 'public, max-age=600').send('<!doctype html><html lang="en"><title>Post</title>' + ${body});`;
  it('may be a page that is the same for everybody, drawn by scripts', async () => {
    const code = `fetch('/auth/session').then((r) => r.json()).then((s) => { if (!s?.user) location.assign('/auth/signin'); });`;
    const guard = kept(`'<h1>Messages</h1><script src="/app.js"></script>'`);
    expect(await verdictsOn(KEPT, { guard, first: script(code) })).toEqual({
      [KEPT[0] as string]: ['pass', undefined],
      [KEPT[1] as string]: ['pass', undefined],
    });
  });
  it('is no page of a member', async () => {
    const verdicts = await verdictsOn(KEPT, { guard: kept("'<p>' + res.locals.session?.user.name") });
    expect(KEPT.map((id) => verdicts[id]?.[0])).toEqual(['warn', 'note']);
  });
});

describe('a page that says to strangers what it says to members', { timeout: 240_000 }, () => {
  it('is open, whatever its navigation offers them', async () => {
    const minutes = '<p>Minutes of the board: the chair resigns in May.</p>';
    const guard = `    res.send(res.locals.session?.user ? ${page(`<nav>Sign out</nav>${minutes}`)} : ${page(`<nav>Sign in</nav>${minutes}`)});`;
    expect((await verdictsOn(['session/protected-page'], { guard }))['session/protected-page']).toEqual([
      'fail',
      expect.stringContaining('the chair resigns in May'),
    ]);
  });
  it('is open in the language that the guard does not know', async () => {
    const first = `  app.get('/sv/protected', (_req, res) => res.send(${page('<p>Styrelsens protokoll: ordförande avgår i maj.</p>')}));
  app.get('/en/protected', (req, res, next) => { req.url = '/protected'; next(); });
  const locales = ['en', 'sv'];`;
    const pages = { protected: ['/en/protected'] };
    expect(
      (await verdictsOn(['session/protected-page'], { first, pages }))['session/protected-page'],
    ).toEqual(['fail', expect.stringContaining('/sv/protected')]);
  });
});

it('answers of members alone are asked for from another site', { timeout: 240_000 }, async () => {
  const first = `  app.use('/api', async (req, res, next) => {
    if (req.headers.origin && (await readSession(req, config, res)))
      res.set({ 'Access-Control-Allow-Origin': req.headers.origin, 'Access-Control-Allow-Credentials': 'true' });
    next();
  });`;
  const ids = ['doors/nobody', 'laws/no-foreign-origin'];
  const verdicts = await verdictsOn(ids, { first });
  expect(verdicts['laws/no-foreign-origin']?.[0]).toBe('fail');
});

it('a page whose script goes where its link says leads members away', { timeout: 240_000 }, async () => {
  const code = `fetch('/auth/session').then((r) => r.json()).then((s) => { if (s?.user) location.href = new URLSearchParams(location.search).get('callbackUrl') ?? '/'; });`;
  const first = `${script(code)}
  app.get('/login', (_req, res) => res.send(${page('<a href="/auth/signin">Sign in</a><script src="/app.js"></script>')}));`;
  const id = 'pages/leads-members-away';
  expect((await verdictsOn([id], { first, pages: { signIn: '/login' } }))[id]).toEqual([
    'fail',
    expect.stringContaining('by a script'),
  ]);
});

it('a guard that leads strangers to the host of a header is told', { timeout: 240_000 }, async () => {
  const guard = GUARD.replace(
    'res.redirect(`/auth',
    "res.redirect('http://' + (req.headers['x-forwarded-host'] ?? req.headers.host) + `/auth",
  );
  const id = 'redirect/forwarded-host-forged';
  expect((await verdictsOn([id], { guard }))[id]).toEqual(['warn', expect.stringContaining('evil.example')]);
});

it('a role in a cookie that anybody can write opens what members are refused', {
  timeout: 240_000,
}, async () => {
  const first = `  app.get('/api/staff', async (req, res) => {
    if (!(await readSession(req, config, res))) return res.status(401).json({ message: 'Sign in' });
    if (!/\\brole=admin\\b/.test(req.headers.cookie ?? '')) return res.status(403).json({ message: 'Not yours' });
    res.json({ salaries: [4711, 1200] });
  });`;
  const id = 'people/cookies-not-believed';
  expect((await verdictsOn([id], { first }))[id]).toEqual(['fail', expect.stringContaining('/api/staff')]);
});

describe('a form whose hidden field says whose note it is', { timeout: 240_000 }, () => {
  it.each([
    ['is believed', 'req.body.owner', 'fail'],
    ['is not believed', 'session.user.name', 'pass'],
    ['is written on a board for all', "'all'", 'not applicable'],
  ])('%s', async (_what, owner, verdict) => {
    const first = `  const notes = new Map();
  app.use('/notes', express.urlencoded({ extended: false }), async (req, res) => {
    const session = await readSession(req, config, res);
    if (!session?.user) return res.redirect('/auth/signin');
    if (req.method === 'POST') notes.set(${owner}, req.body.note);
    const note = notes.get(${owner.replace('req.body.owner', 'session.user.name')}) ?? '';
    res.send(\`<p>Note of \${session.user.name}: \${note}</p><form method="post" action="/notes"><input type="hidden" name="owner" value="\${session.user.name}"><input name="note"><button>Save</button></form>\`);
  });`;
    const pages = { protected: ['/notes'] };
    const id = 'people/actions-of-others';
    expect((await verdictsOn([id], { first, pages }))[id]?.[0]).toBe(verdict);
  });
});

it.each([
  ['is told where it is not there', '/no-such-page', 'fail'],
  ['is what it is where it is', '/oh', 'pass'],
])('a page of its own for sign-ins that failed %s', { timeout: 240_000 }, async (_what, error, verdict) => {
  const first = `  app.get('/oh', (_req, res) => res.send(${page('<p>The sign-in failed. <a href="/">Home</a></p>')}));`;
  const id = 'callback/error-shown';
  expect(
    (await verdictsOn([id], { first, options: `pages: { error: '${error}', signIn: '${error}' }` }))[id]?.[0],
  ).toBe(verdict);
});

describe('habits that are right', { timeout: 240_000 }, () => {
  it('a page that says what it is for, and asks strangers to sign in below that', async () => {
    const about = '<h1>Orders</h1><p>Here is all that you have ordered with us since spring.</p>';
    const guard = `    if (!res.locals.session?.user) return res.send(${page(`${about}<p><a href="/auth/signin">Sign in</a> to see your orders.</p>`)});
    res.send(${page(about)} + '<p>For ' + res.locals.session.user.name + '</p>');`;
    expect((await verdictsOn(['session/protected-page'], { guard }))['session/protected-page']).toEqual([
      'not judged',
      expect.stringContaining('/protected'),
    ]);
  });
  it('a page that is not there in another language, and says so with a 200', async () => {
    const first = `  app.get('/en/protected', (req, res, next) => { req.url = '/protected'; next(); });
  app.get(/^\\/sv\\//, (_req, res) => res.send(${page('<p>Den här sidan är inte översatt ännu.</p>')}));
  const locales = ['en', 'sv'];`;
    const pages = { protected: ['/en/protected'] };
    expect(
      (await verdictsOn(['session/protected-page'], { first, pages }))['session/protected-page'],
    ).toEqual(['pass', undefined]);
  });
  it('a page drawn by scripts that says first that it leads away', async () => {
    const code = `fetch('/auth/session').then((r) => r.json()).then((s) => { if (!s?.user) setTimeout(() => location.assign('/auth/signin'), 3000); });`;
    const shell = page('<title>Post</title><p>One moment</p><script src="/app.js"></script>');
    const guard = `    res.send(${shell});`;
    expect(await verdictsOn(GUARDED, { guard, first: script(code) })).toEqual({
      [GUARDED[0] as string]: ['pass', undefined],
      [GUARDED[1] as string]: ['pass', undefined],
    });
  });
  it('a page that opens for everybody while it is looked at', async () => {
    // As if its hour had come while the first of the forged cookies was sent.
    const first = `  let isOpen = false;
  app.get('/api/market', async (req, res) => {
    if (!(await readSession(req, config, res))) return res.status(401).json({ message: 'Sign in' });
    isOpen ||= /role=admin/.test(req.headers.cookie ?? '');
    if (!isOpen) return res.status(403).json({ message: 'The market opens at nine' });
    res.json({ stalls: [4711, 1200] });
  });`;
    const id = 'people/cookies-not-believed';
    const [verdict, message] = (
      await verdictsOn([id], { first, pages: { api: ['/api/protected', '/api/market'] } })
    )[id] as [string, string | undefined];
    expect([verdict, message]).toEqual(['pass', undefined]);
  });
  it('an app that shows a part of an address only', async () => {
    const options = `callbacks: { session: ({ session }) => { if (session.user.email) session.user.email = session.user.email.replace(/^(.).*@/, '$1•••@'); return session; } }`;
    const id = 'session/maps-email';
    expect((await verdictsOn([id], { options }))[id]?.[0]).toBe('not applicable');
  });
  it.each([
    ['shows members their own home', "url.pathname === '/'", 'pass'],
    ['shows members their own home, whatever they came for', 'true', 'fail'],
  ])('an app that %s', async (_what, when, verdict) => {
    const options = `callbacks: { redirect: ({ url: to, baseUrl }) => { const url = new URL(to, baseUrl); return ${when} ? baseUrl + '/members' : url.origin === baseUrl ? url.href : baseUrl; } }`;
    const id = 'redirect/callback-url-kept';
    expect((await verdictsOn([id], { options }))[id]?.[0]).toBe(verdict);
  });
});

describe('files that are there for the server alone', { timeout: 240_000 }, () => {
  const ID = 'pages/own-files';
  const on = async (first: string) => (await verdictsOn([ID], { first }))[ID] as [string, string | undefined];
  it('are no pages that are called like them', async () => {
    const first = `  app.get('/backup.sql', (_req, res) => res.send(${page('<h1>Backups</h1>')}));
  app.get('/.env.bak', (_req, res) => res.type('text').send('We have no such file.'));
  app.get('/package.json', (_req, res) => res.sendFile('package.json', { root: '.' }));
  app.use('/static', (_req, res) => res.sendFile('package.json', { root: '.' }));`;
    expect(await on(first)).toEqual(['pass', undefined]);
  });
  it.each([
    [
      '/backup.sql',
      "app.get('/backup.sql', (_req, res) => res.type('text').send('-- PostgreSQL database dump'));",
    ],
    // https://cwe.mitre.org/data/definitions/540.html
    ['/server.js', 'app.use(express.static(process.cwd()));'],
    ['/.env.bak', "app.get('/.env.bak', (_req, res) => res.type('text').send('SMTP_PASSWORD=hunter2'));"],
    [
      '/static/..%2fpackage.json',
      `app.get('/static/*file', (req, res) => res.sendFile(process.cwd() + '/public/' + req.params.file.join('/'), (error) => error && res.sendFile(process.cwd() + '/' + req.params.file.join('/').replace('../', ''), { dotfiles: 'allow' }, () => res.end())));`,
    ],
  ])('are given out at %s', async (address, first) => {
    expect(await on(`  ${first}`)).toEqual(['fail', expect.stringContaining(address)]);
  });
});

describe('what scripts keep in the browser', { timeout: 240_000 }, () => {
  const ID = 'sign-out/browser-forgets';
  const on = async (code: string, worker = '') => {
    const first = `${script(code)}
  app.get('/sw.js', (_req, res) => res.type('js').send(${JSON.stringify(worker)}));`;
    const guard = GUARD.replace(
      'return res.send(protectedPage(res.locals.session));',
      `return res.send(protectedPage(res.locals.session) + '<script src="/app.js"></script>');`,
    );
    // The id of the person is that of Logto.
    const options =
      'callbacks: { jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub }), session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub } }) }';
    return (await verdictsOn([ID], { guard, first, options }))[ID] as [string, string | undefined];
  };
  const ofMember = (use: string) =>
    `fetch('/auth/session').then((r) => r.json()).then(({ user }) => { if (user) { ${use} } });`;
  const open = (name: string, row: string) =>
    `const r = indexedDB.open('${name}', 1); r.onupgradeneeded = () => r.result.createObjectStore('rows'); r.onsuccess = () => r.result.transaction('rows', 'readwrite').objectStore('rows').put(${row}, 1);`;
  it('may be anything but the person, and the id by which visits are counted', async () => {
    const counts =
      "document.cookie = 'ajs_user_id=' + user.id; localStorage.setItem('ph_distinct_id', user.id);";
    const code = `${ofMember(counts)} document.cookie = 'theme=dark; max-age=9999'; navigator.serviceWorker.register('/sw.js'); ${ofMember(open('catalogue', "{ sku: 'tea-250' }"))}`;
    const through = "self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));";
    expect(await on(code, through)).toEqual(['pass', undefined]);
  });
  it('is not judged where it fills in the next sign-in: the person may have asked for it', async () => {
    const use = "localStorage.setItem('rememberedNumber', user.phone_number ?? user.phone ?? user.email);";
    expect(await on(ofMember(use))).toEqual(['not judged', expect.stringContaining('rememberedNumber')]);
    const more = "localStorage.setItem('rememberedUser', JSON.stringify(user));";
    expect(await on(ofMember(more))).toEqual(['fail', expect.stringContaining('rememberedUser')]);
  });
  // https://github.com/firebase/firebase-js-sdk/issues/7307
  it.each([
    ['IndexedDB (offline, rows)', open('offline', '{ profile: user }')],
    [
      'the cookie greeting',
      "document.cookie = 'greeting=' + encodeURIComponent(user.name) + '; max-age=9999';",
    ],
  ])('is found in %s', async (place, use) => {
    expect(await on(ofMember(use))).toEqual(['fail', expect.stringContaining(place)]);
  });
});
