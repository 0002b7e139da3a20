/** People that an app puts on a request under a name of its own, and guards that look there. */
import { describe, expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const routesOf = (files: Record<string, string>) =>
  findRoutes(Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile));

const SERVER = `import { ExpressAuth, getSession } from '@auth/express'; import { api } from './api.js'; const app = express();
  app.use('/auth', ExpressAuth(authConfig));
  app.get('/help', (req, res) => res.send('help'));
  app.use(async (req, res, next) => { const session = await getSession(req, authConfig); PUT next(); });
  const members = (req, res, next) => (PERSON ? next() : res.redirect(\`/auth/signin?callbackUrl=\${encodeURIComponent(req.originalUrl)}\`));
  app.use('/api', api());
  app.get('/', (req, res) => res.render('home', { me: PERSON }));
  app.get('/welcome', (req, res) => (PERSON ? res.redirect('/account') : res.render('welcome')));
  app.get('/listings/new', (req, res) => { const listing = draftOf(req.query.of); if (!listing.person) return res.redirect('/listings'); res.render('new'); });
  app.get('/account', members, (req, res) => res.render('account'));`;
const API = `export function open() { const router = express.Router(); const members = (req, res, next) => next(); router.get('/none', members, list); return router; }
  export function api() { const router = express.Router(); const problem = (res, status, title) => res.status(status).send(title);
  const members = (req, res, next) => (PERSON ? next() : problem(res, 401, 'Sign in first'));
  router.get('/listings', (req, res) => res.json(all()));
  router.get('/me', members, (req, res) => res.json(one()));
  return router; }
  export function other() { const router = express.Router(); const members = (req, res, next) => next(); router.get('/all', members, list); return router; }`;
const express = (put: string, person = 'req.person') => ({
  'src/server.js': SERVER.replaceAll('PUT', put).replaceAll('PERSON', person),
  'src/api.js': API.replaceAll('PERSON', person),
});

describe('Express', () => {
  it.each([
    ['by a condition', 'req.person = session?.user?.id ? session.user : null;'],
    ['as it is', 'req.person = session?.user;'],
    ['of a database', 'req.person = session?.user ? await db.people.find(session.user.id) : null;'],
    ['by a statement', 'if (session?.user) { req.person = await db.people.find(session.user.id); }'],
    ['after others have gone', 'if (!session) return next(); req.person = await db.find(session.user.id);'],
    [
      'by a name in between, and in a block',
      'let found = null; try { if (session) found = await db.find(session.user.id); req.person = found; } catch (error) { return next(error); }',
    ],
    ['of a list', 'Object.assign(req, { person: session?.user ?? null });'],
    [
      'and on its answer',
      'req.person = session?.user ?? null; Object.assign(res.locals, { person: req.person });',
    ],
    ['on its answer', 'res.locals.person = session?.user ?? null;', 'res.locals.person'],
    [
      'by a script with a token, too',
      'req.person = session?.user ?? null; const bearer = /^Bearer (.+)$/.exec(req.get("authorization") ?? "")?.[1]; if (bearer) req.person = await personOf(bearer);',
    ],
  ])('%s', (_, put, person = 'req.person') => {
    const found = routesOf(express(put, person));
    expect(found.protected).toEqual(['/account']);
    expect(found.api).toEqual(['/api/me']);
  });
  it.each([
    ['a guest', 'req.person = session?.user ?? (await guestOf(req));'],
    ['somebody made up', "req.person = session?.user ?? { name: 'guest' };"],
    ['what a cookie says', 'req.person = req.cookies.person ?? null;'],
    [
      'a guest, of whoever came without',
      'req.person = session?.user; if (!req.person) req.person = newGuest();',
    ],
    ['nobody', 'req.person = null;'],
  ])('lets strangers pass as %s', (_, put) => {
    expect(routesOf(express(put))).toEqual({ protected: [], api: [] });
  });
});

it.each<[string, string]>([
  [
    'Hono',
    `const app = new Hono(); app.use('*', async (c, next) => { const session = await getAuthUser(c); c.set('person', session?.session?.user ?? null); c.set('theme', themeOf(c)); await next(); });
     const members = async (c, next) => { if (!c.get('person')) return c.redirect('/hello'); await next(); };
     app.get('/about', (c) => (c.get('theme') ? c.text('about') : c.redirect('/themes')));
     app.get('/orders', members, (c) => c.text('orders')); app.get('/sales', async (c) => { const { person } = c.var; if (!person) return c.redirect('/hello'); return c.text('sales'); });`,
  ],
  [
    'Koa',
    `const router = new Router(); app.use(async (ctx, next) => { const session = await sessionOf(ctx); ctx.state.person = session?.user; await next(); });
     const members = (ctx, next) => (ctx.state.person ? next() : ctx.redirect('/hello'));
     router.get('/about', (ctx) => { ctx.body = ctx.state.person ? 'hello' : 'about'; });
     router.get('/orders', members, orders); router.get('/sales', members, sales); const sessionOf = async (ctx) => getSession(ctx.req, config);`,
  ],
  [
    'Fastify',
    `const app = fastify(); app.addHook('preHandler', async (request) => { const session = await getSession(request, config); request.person = session?.user ?? null; });
     const members = async (request, reply) => { const { person } = request; if (!person) return reply.redirect('/hello'); };
     app.get('/about', async (request, reply) => reply.view('about', { me: request.person }));
     app.get('/orders', { preHandler: members }, orders); app.get('/sales', { preHandler: [members] }, sales);`,
  ],
])('%s', (_, text) => {
  expect(routesOf({ 'src/server.ts': text }).protected).toEqual(['/orders', '/sales']);
});
