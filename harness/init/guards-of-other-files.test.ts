/** Guards that stand in other files than what they guard, and that call each other. */
import { describe, expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const routesOf = (files: Record<string, string>) =>
  findRoutes(Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile));

describe('Next.js', () => {
  const page = (imports: string, call: string) => ({
    'src/app/page.tsx': 'export default function Home() { return <h1>Hello</h1>; }',
    'src/app/orders/page.tsx': `${imports} export default async function Orders() { ${call} return <h1>Orders</h1>; }`,
    'src/app/api/orders/route.ts': 'import { GET as get } from "@/lib/api"; export { get as GET };',
    'src/lib/api.ts':
      "import { handler } from './handler'; export const GET = handler(async (request, { user }) => Response.json(ordersOf(user)));",
    'src/lib/handler.ts': `import { whoIsIt } from './who'; import { refuse } from './answers';
      export function handler(inner) { return async (request, context) => { const person = await whoIsIt(); if (!person) return refuse('no'); return inner(request, { ...context, user: person }); }; }`,
    'src/lib/answers.ts': 'export const refuse = (why) => Response.json({ why }, { status: 401 });',
    'src/lib/who.ts':
      "import { cache } from 'react'; import { auth } from '@/auth'; export const whoIsIt = cache(async () => { const it = await auth(); return it?.user ?? null; });",
    'src/auth.ts': 'export const { auth } = NextAuth({ providers: [] });',
    'src/guards/need.ts':
      "import { redirect } from 'next/navigation'; import { whoIsIt } from '../lib/who'; export default async function need() { const person = await whoIsIt(); if (!person) redirect('/hello'); return person; } export const needPaid = cache(async () => { const person = await need(); if (!person.plan) redirect('/pay'); return person; });",
    'src/guards/index.ts':
      "export { default as need, needPaid as needPlan } from './need'; export * from './desk';",
    'src/guards/desk.tsx':
      "import need from './need'; export class Desk { async open() { await this.check(); } async check() { return need(); } static async enter() { await new Desk().open(); } } export const desk = new Desk(); export const doors = { members: () => need() }; export const Members = async ({ children }) => { await need(); return <>{children}</>; }; export const withMember = (Page) => async function Guarded(props) { const member = await need(); return <Page {...props} member={member} />; };",
  });
  it.each([
    ['a default export', "import mustBeHere from '@/guards/need';", 'await mustBeHere();'],
    ['a barrel', "import { need } from '@/guards';", 'const person = await need();'],
    [
      'a guard that calls a guard',
      "import { needPlan } from '~/guards';",
      'const { name } = await needPlan();',
    ],
    ['a module by its name', "import * as guards from '../../guards';", 'await guards.need();'],
    ['a method that calls a method', "import { desk } from '@/guards';", 'await desk.open();'],
    ['a static method', "import { Desk } from '@/guards/desk';", 'await Desk.enter();'],
    [
      'an object of functions',
      "import { doors } from '@/guards/desk';",
      'await Promise.resolve(); await doors.members();',
    ],
    ['a component', "import { Members } from '@/guards';", 'return <Members><p>Orders</p></Members>;'],
    ['an import that is waited for', '', "const { need } = await import('@/guards'); await need();"],
  ])('%s', (_, imports, call) => {
    expect(routesOf(page(imports, call))).toEqual({ protected: ['/orders'], api: ['/api/orders'] });
  });
  it('a component that is handed to a function', () => {
    const files = {
      ...page('', ''),
      'src/app/orders/page.tsx':
        "import { withMember } from '@/guards'; function Orders({ member }) { return <h1>{member.name}</h1>; } export default withMember(Orders);",
    };
    expect(routesOf(files).protected).toEqual(['/orders']);
  });
  it('an answer that the caller hands on, and an error that it catches', () => {
    const guard = `export async function member(request) { const session = await auth(); if (!session) return { response: NextResponse.json({}, { status: 401 }) }; return { user: session.user }; }
      export class Unauthorized extends Error {} export async function memberOrThrow() { const session = await auth(); if (!session?.user) throw new Unauthorized(); return session.user; }`;
    expect(
      routesOf({
        'lib/member.ts': guard,
        'app/api/a/route.ts':
          "import { member } from '../../../lib/member'; export async function GET(request) { const { user, response } = await member(request); if (response) return response; return Response.json(user); }",
        'app/api/b/route.ts':
          "import { memberOrThrow } from '@/lib/member'; export async function GET() { try { const user = await memberOrThrow(); return Response.json(user); } catch (error) { return Response.json({}, { status: 401 }); } }",
        'app/api/c/route.ts':
          "import { memberOrThrow } from '@/lib/member'; export async function GET() { try { return Response.json(await memberOrThrow()); } catch (error) { return Response.json({ guest: true }); } }",
        'app/api/d/route.ts':
          "import { withMember } from '@/lib/with'; export const GET = withMember({ paid: false })(async (request, { user }) => Response.json(user));",
        'lib/with.ts':
          "import { member } from './member'; export const withMember = (options) => (handler) => async (request) => { const found = await member(request); if ('response' in found) return found.response; return handler(request, found); };",
      }),
    ).toEqual({ protected: [], api: ['/api/a', '/api/b', '/api/d'] });
  });
  it('pages of the Pages Router whose props a function of another file makes', () => {
    expect(
      routesOf({
        'lib/ssr.js':
          "export const withSession = (inner) => async (context) => { const session = await getServerSession(context.req, context.res, options); if (!session) return { redirect: { destination: '/hello', permanent: false } }; return inner ? inner(context, session) : { props: { session } }; };",
        'pages/orders.js':
          "import { withSession } from '../lib/ssr'; export default function Orders() { return <p />; } export const getServerSideProps = withSession();",
        'pages/bills.js':
          "import { withSession } from '../lib/ssr'; export default function Bills() { return <p />; } export const getServerSideProps = withSession(async (context, session) => ({ props: {} }));",
        'pages/shop.js':
          'export default function Shop() { return <p />; } export const getServerSideProps = async () => ({ props: {} });',
      }),
    ).toEqual({ protected: ['/bills', '/orders'], api: [] });
  });
  it('middleware that is put together of functions of other files', () => {
    expect(
      findRoutes(
        Object.entries({
          'middleware.ts':
            "import { chain } from './middlewares/chain'; import { withLocale } from './middlewares/locale'; import { withMember } from './middlewares/member'; export default chain([withLocale, withMember]);",
          'middlewares/chain.ts':
            'export const chain = (functions, index = 0) => { const current = functions[index]; if (current) { const next = chain(functions, index + 1); return current(next); } return () => NextResponse.next(); };',
          'middlewares/locale.ts':
            "export const withLocale = (next) => async (request, event) => { if (!request.cookies.get('lang')) request.lang = 'en'; return next(request, event); };",
          'middlewares/member.ts':
            "const OPEN = ['/', '/prices']; export const withMember = (next) => async (request, event) => { const token = await getToken({ req: request }); if (!token && !OPEN.includes(request.nextUrl.pathname)) return NextResponse.redirect(new URL('/hello', request.url)); return next(request, event); };",
        }).map(([file, text]) => readSource(file, text) as SourceFile),
        ['/', '/prices', '/orders'].map((path) => ({ path, source: `app${path}/page.tsx` })),
      ).protected,
    ).toEqual(['/orders']);
  });
});

describe('other routers by file', () => {
  it('SvelteKit: handles of other files in a sequence, pages without a script below a guarded layout', () => {
    expect(
      findRoutes(
        Object.entries({
          'src/hooks.server.ts':
            "import { sequence } from '@sveltejs/kit/hooks'; import { authentication, authorization } from '$lib/server/handles'; export const handle = sequence(authentication, authorization);",
          'src/lib/server/handles.ts':
            "export { handle as authentication } from '../../auth'; export const authorization = async ({ event, resolve }) => { if (event.url.pathname.startsWith('/desk')) { const session = await event.locals.auth(); if (!session) throw redirect(303, '/hello'); } return resolve(event); };",
          'src/auth.ts': 'export const { handle } = SvelteKitAuth({ providers: [] });',
          'src/routes/(in)/+layout.server.ts':
            "import { mustBeIn } from '$lib/server/must'; export const load = async (event) => ({ user: await mustBeIn(event) });",
          'src/lib/server/must.ts':
            "export async function mustBeIn({ locals }) { const session = await locals.auth(); if (!session?.user) redirect(303, '/hello'); return session.user; }",
        }).map(([file, text]) => readSource(file, text) as SourceFile),
        [
          { path: '/', source: 'src/routes/+page.svelte' },
          { path: '/desk', source: 'src/routes/desk/+page.svelte' },
          { path: '/orders', source: 'src/routes/(in)/orders/+page.svelte' },
        ],
      ),
    ).toEqual({ protected: ['/desk', '/orders'], api: [] });
  });
  it('Nuxt: a middleware of its own that pages name, and functions of the server', () => {
    expect(
      routesOf({
        'middleware/members-only.ts':
          "export default defineNuxtRouteMiddleware(() => { const { status } = useAuth(); if (status.value !== 'authenticated') return navigateTo('/hello'); });",
        'pages/orders.vue': "definePageMeta({ middleware: ['members-only'] });",
        'pages/prices.vue': "definePageMeta({ middleware: ['locale'] });",
        'server/utils/member.ts':
          'export const memberOf = async (event) => { const session = await getServerSession(event); if (!session) throw createError({ statusCode: 401 }); return session.user; };',
        'server/api/orders.get.ts':
          'export default defineEventHandler(async (event) => { const member = await memberOf(event); return ordersOf(member); });',
        'server/api/prices.get.ts': 'export default defineEventHandler(() => [1, 2]);',
      }),
    ).toEqual({ protected: ['/orders'], api: ['/api/orders'] });
  });
  it('Astro: pages that ask for themselves, by what stands in locals or by a function', () => {
    expect(
      routesOf({
        'src/pages/orders.astro':
          "const { user } = Astro.locals; if (!user) return Astro.redirect('/hello');",
        'src/pages/bills.astro':
          "import { memberOf } from '../lib/member'; const member = await memberOf(Astro); if (member instanceof Response) return member;",
        'src/pages/index.astro': 'const { user } = Astro.locals; const title = user ? user.name : "Guest";',
        'src/lib/member.ts':
          "export async function memberOf(context) { const session = await getSession(context.request); if (!session) return context.redirect('/hello'); return session.user; }",
      }).protected,
    ).toEqual(['/bills', '/orders']);
  });
  it('React Router and TanStack Start: what runs before a page, and layouts without a name', () => {
    expect(
      routesOf({
        'app/lib/member.server.ts':
          "export async function requireMember(request) { const session = await getSession(request); if (!session) throw redirect('/hello'); return session.user; }",
        'app/routes/orders.tsx':
          "import { requireMember } from '~/lib/member.server'; export async function loader({ request }) { const user = await requireMember(request); return { user }; } export default function Orders() { return <p />; }",
        'app/routes/_in.tsx':
          "import { requireMember } from '~/lib/member.server'; export const loader = async ({ request }) => requireMember(request); export default function In() { return <Outlet />; }",
        'app/routes/_in.bills.old.tsx': 'export default function Bills() { return <p />; }',
        'app/routes/prices.tsx': 'export default function Prices() { return <p />; }',
        'app/routes/api.orders.ts':
          "import { requireMember } from '~/lib/member.server'; export const loader = async ({ request }) => { const session = await getSession(request); if (!session) return Response.json({}, { status: 401 }); return Response.json([]); };",
      }),
    ).toEqual({ protected: ['/bills/old', '/orders'], api: ['/api/orders'] });
    expect(
      routesOf({
        'src/routes/_in.tsx':
          "import { createFileRoute, redirect } from '@tanstack/react-router'; export const Route = createFileRoute('/_in')({ beforeLoad: async ({ context }) => { if (!context.session) throw redirect({ to: '/hello' }); }, component: In });",
        'src/routes/_in/orders.tsx':
          "export const Route = createFileRoute('/_in/orders')({ component: Orders });",
        'src/routes/prices.tsx': "export const Route = createFileRoute('/prices')({ component: Prices });",
        'src/routes/api/orders.ts':
          "export const Route = createFileRoute('/api/orders')({ server: { handlers: { GET: async ({ request }) => { const session = await getSession(request, config); if (!session?.user) return new Response('no', { status: 401 }); return Response.json([]); } } } });",
      }),
    ).toEqual({ protected: ['/orders'], api: ['/api/orders'] });
  });
});

describe('routers of code', () => {
  const GUARDS = `import { whoIsIt } from '../lib/who.js';
    export const needMember = async (req, res, next) => { req.member = await whoIsIt(req); if (!req.member) return refuse(req, res); next(); };
    function refuse(req, res) { if (req.originalUrl.startsWith('/api')) return res.status(401).json({}); return res.redirect('/hello'); }`;
  const WHO =
    "import { getSession } from '@auth/express'; export async function whoIsIt(req) { const session = await getSession(req, config); return session?.user; }";
  it('Express: a guard in front of a router of another file, in a call of its own', () => {
    expect(
      routesOf({
        'src/server.js': `import express from 'express'; import { needMember } from './guards/index.js'; import account from './routes/account.js'; import { bills, prices } from './routes/index.js'; import * as guards from './guards/index.js';
          const app = express(); app.use('/prices', prices); app.use('/account', needMember); app.use('/account', account); app.use('/bills', guards.needMember, bills); app.get('/about', about);
          const api = express.Router(); api.use(needMember); api.use('/orders', require('./routes/orders')); app.use('/api', api);`,
        'src/guards/index.js': "export * from './member.js';",
        'src/guards/member.js': GUARDS,
        'src/lib/who.js': WHO,
        'src/routes/account.js':
          "const router = Router(); router.get('/', show); router.get('/phone', phone); export default router;",
        'src/routes/bills.js': "export const router = Router(); router.get('/', show);",
        'src/routes/prices.js': "export const router = Router(); router.get('/', show);",
        'src/routes/index.js':
          "export { router as bills } from './bills.js'; export { router as prices } from './prices.js';",
        'src/routes/orders.js': "const router = Router(); router.get('/', list); module.exports = router;",
      }),
    ).toEqual({ protected: ['/account', '/account/phone', '/bills'], api: ['/api/orders'] });
  });
  it('Express: a class of guards, and one that is made for a role', () => {
    expect(
      routesOf({
        'guards.js':
          "class Guards { constructor(db) { this.db = db; } requireMember = async (req, res, next) => { if (!(await this.memberOf(req))) return res.redirect('/hello'); return next(); }; async memberOf(req) { return (await getSession(req, config))?.user ?? null; } } export const guards = new Guards(db); export const need = ({ role } = {}) => async (req, res, next) => { const session = await getSession(req, config); if (!session) { res.redirect('/hello'); return; } next(); };",
        'app.js':
          "import { guards, need } from './guards.js'; const app = express(); app.get('/', home); app.get('/orders', guards.requireMember, list); app.get('/bills', need({ role: 'payer' }), list); app.get('/hello', hello);",
      }).protected,
    ).toEqual(['/bills', '/orders']);
  });
  it('Hono: a guard at a path before a router of another file, made by a factory', () => {
    expect(
      routesOf({
        'src/index.ts':
          "import { Hono } from 'hono'; import { member } from './member'; import { account } from './account'; import { prices } from './prices'; const app = new Hono(); app.use('/account/*', member); app.route('/account', account); app.route('/prices', prices); export default app;",
        'src/member.ts':
          "import { createMiddleware } from 'hono/factory'; export const member = createMiddleware(async (c, next) => { const user = await userOf(c); if (!user) return c.redirect('/hello'); c.set('user', user); await next(); }); const userOf = async (c) => (await getAuthUser(c))?.session?.user ?? null;",
        'src/account.ts': "export const account = new Hono().get('/', show).get('/phone', phone);",
        'src/prices.ts': "export const prices = new Hono().get('/', show);",
      }).protected,
    ).toEqual(['/account', '/account/phone']);
  });
  it('Fastify: plugins below a prefix, with hooks of their own or around them', () => {
    expect(
      routesOf({
        'app.js':
          "import { account } from './account.js'; import { member } from './member.js'; app.register(account, { prefix: '/account' }); app.register(async (inner) => { inner.addHook('preHandler', member); inner.get('/orders', list); inner.register(import('./bills.js'), { prefix: '/bills' }); }); app.get('/prices', show); app.route({ method: 'GET', url: '/notes', preHandler: [member], handler: list }); app.route({ method: 'GET', url: '/open', handler: list });",
        'member.js':
          "export async function member(request, reply) { if (!(await sessionIn(request))) return reply.redirect('/hello'); } const sessionIn = async (request) => { const session = await getSession(request); return session?.user; };",
        'account.js':
          "import { member } from './member.js'; export async function account(fastify) { fastify.addHook('onRequest', member); fastify.get('/', show); }",
        'bills.js': "export default async function (fastify) { fastify.get('/', list); }",
      }).protected,
    ).toEqual(['/account', '/bills', '/notes', '/orders']);
  });
});

it('what runs when something is posted says nothing of the page, nor does a word in its address', () => {
  expect(
    routesOf({
      'app/page.tsx':
        "export default async function Home() { const session = await auth(); return <form action={async () => { 'use server'; await signOut(); redirect('/'); }}>{session?.user?.name}</form>; }",
      'app/leave/page.tsx':
        "export default async function Leave() { const session = await auth(); async function leave() { 'use server'; if (!session) redirect('/login'); } return <button onClick={() => { if (!session) redirect('/login'); }} />; }",
      'app/authors/page.tsx':
        "export default async function Authors() { const session = await auth(); if (!session) redirect('/login'); return <p />; }",
      'app/auth/page.tsx':
        "export default async function Auth() { const session = await auth(); if (!session) redirect('/login'); return <p />; }",
      'app/join/page.tsx':
        "export default async function Join() { const session = await auth(); if (session) redirect('/'); return <p />; }",
    }),
  ).toEqual({ protected: ['/authors'], api: [] });
});
