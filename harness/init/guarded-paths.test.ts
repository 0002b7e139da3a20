/** Guards in front of all routes, as guides, starters and apps write them. */
import { expect, it } from 'vitest';
import { guardedPaths } from './guarded-paths.ts';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const ROUTES = [
  '/',
  '/about',
  '/pricing',
  '/dashboard',
  '/dashboard/settings',
  '/account',
  '/login',
  '/api/me',
];
const guarded = (files: Record<string, string>) =>
  guardedPaths(
    Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile),
    ROUTES,
  );
const INSIDE = ['/dashboard', '/dashboard/settings', '/account'];
const MATCHER = "export const config = { matcher: ['/((?!api|_next/static|_next/image|favicon.ico).*)'] };";

it.each<[string, Record<string, string>, string[]]>([
  [
    'Next.js Learn: callbacks.authorized by startsWith',
    {
      'middleware.ts': `import NextAuth from 'next-auth'; import { authConfig } from './auth.config'; export default NextAuth(authConfig).auth; ${MATCHER}`,
      'auth.config.ts': `export const authConfig = { pages: { signIn: '/login' }, callbacks: {
        authorized({ auth, request: { nextUrl } }) {
          const isLoggedIn = !!auth?.user;
          const isOnDashboard = nextUrl.pathname.startsWith('/dashboard');
          if (isOnDashboard) { if (isLoggedIn) return true; return false; }
          else if (isLoggedIn) { return Response.redirect(new URL('/dashboard', nextUrl)); }
          return true;
        } }, providers: [] };`,
    },
    ['/dashboard', '/dashboard/settings'],
  ],
  [
    'an array of prefixes in a middleware',
    {
      'src/middleware.ts': `import { auth } from '@/auth';
        const PROTECTED = ['/dashboard', '/account'];
        export default auth((req) => {
          const { pathname } = req.nextUrl;
          if (PROTECTED.some((prefix) => pathname.startsWith(prefix)) && !req.auth)
            return Response.redirect(new URL('/login', req.nextUrl.origin));
        }); ${MATCHER}`,
    },
    INSIDE,
  ],
  [
    'an array of words',
    {
      'middleware.ts': `const words = ['dashboard', 'account'];
        export async function middleware(request) {
          const token = await getToken({ req: request });
          const isInside = words.some((word) => request.nextUrl.pathname.startsWith(\`/\${word}\`));
          if (isInside && !token) { const url = new URL('/login', request.url); return NextResponse.redirect(url); }
          return NextResponse.next();
        }`,
    },
    INSIDE,
  ],
  [
    'what is public in a file of its own, by a function',
    {
      'proxy.ts': `import { auth } from './auth'; import { isPublic } from './routes';
        export default auth((req) => { const loggedIn = !!req.auth; const path = req.nextUrl.pathname;
          if (isPublic(path)) return; if (!loggedIn) return NextResponse.redirect(new URL('/login', req.url)); }); ${MATCHER}`,
      'routes.ts': `export const publicRoutes = ['/', '/about', '/pricing', '/login'];
        export function isPublic(path) { return publicRoutes.includes(path); }`,
    },
    INSIDE,
  ],
  [
    'withAuth with a callback',
    {
      'middleware.ts': `export default withAuth(function middleware(req) { return NextResponse.next(); },
        { callbacks: { authorized: ({ token }) => !!token } });
        export const config = { matcher: ['/dashboard/:path*', '/account'] };`,
    },
    INSIDE,
  ],
  [
    'hooks of SvelteKit with a list of what is open',
    {
      'src/hooks.server.ts': `const open = new Set(['/', '/about', '/pricing', '/login', '/api/me']);
        const guard = async ({ event, resolve }) => {
          const session = await event.locals.auth();
          if (!open.has(event.url.pathname) && !session?.user) redirect(303, '/login');
          return resolve(event);
        };
        export const handle = sequence(authHandle, guard);`,
    },
    INSIDE,
  ],
  [
    'the middleware of Astro with a pattern, and 401 for data',
    {
      'src/middleware.ts': `const INSIDE = /^\\/(dashboard|account)(\\/|$)/;
        export const onRequest = defineMiddleware(async (context, next) => {
          const session = await getSession(context.request);
          context.locals.user = session?.user ?? null;
          if (context.url.pathname.startsWith('/api/') && !session) return new Response(null, { status: 401 });
          if (INSIDE.test(context.url.pathname) && !session) return context.redirect('/login');
          return next();
        });`,
    },
    [...INSIDE, '/api/me'],
  ],
  [
    'a global middleware of Nuxt',
    {
      'middleware/guard.global.ts': `export default defineNuxtRouteMiddleware((to) => {
        const { status } = useAuth(); const user = useUser().value;
        for (const prefix of ['/dashboard', '/account']) if (to.path.startsWith(prefix) && !isLoggedIn()) return navigateTo('/login');
      });`,
    },
    INSIDE,
  ],
  [
    'nothing: a middleware for languages alone',
    {
      'middleware.ts': `import { auth } from './auth'; const locales = ['en', 'de'];
        export default auth((req) => { const { pathname } = req.nextUrl;
          if (!locales.some((each) => pathname.startsWith(\`/\${each}\`))) return NextResponse.redirect(new URL('/en' + pathname, req.url)); });`,
    },
    [],
  ],
  [
    'nothing: a guard that nobody can read',
    {
      'middleware.ts':
        "export default auth((req) => { if (rules.needs(req) && !req.auth) return NextResponse.redirect(new URL('/login', req.url)); });",
    },
    [],
  ],
])('%s', (_, files, wanted) => {
  expect(guarded(files)).toEqual(wanted);
});

const FASTIFY = `
  app.addHook('onRequest', async (req) => { req.user = (await sessionOf(req))?.user ?? null; });
  async function guard(req, reply) {
    if (req.user) return;
    if (keys.has(req.headers['x-key'])) { req.user = support(); return; }
    if (req.url.startsWith('/api')) return reply.code(401).send({ code: 'AUTH_REQUIRED' });
    return reply.redirect('/auth/signin');
  }
  app.get('/help', async () => 'help');
  app.get('/desk', { preHandler: guard }, async (req, reply) => page(reply, req.user));
  app.get('/notes', { preHandler: [guard] }, async (req) => req.user);
  app.get('/api/notes', { preHandler: guard }, async (req) => req.user);`;
const LOCALS = `
  app.use(async (req, res, next) => { res.locals.user = (await getSession(req, config))?.user; next(); });
  app.use((req, res, next) => {
    if (['/', '/about'].includes(req.path) || req.path.startsWith('/auth')) return next();
    if (!res.locals.user) return req.path.startsWith('/api/') ? res.status(401).json({}) : res.redirect('/auth/signin');
    next();
  });
  app.get('/', home); app.get('/about', about);
  app.get('/desk', (req, res) => res.send(res.locals.user.name));
  app.get('/notes', wrap(async (req, res) => res.send('notes')));
  app.get('/api/notes', (req, res) => res.json([]));`;
const OWN = `
  app.get('/help', (req, res) => res.send(res.locals.user ? 'hello' : 'welcome'));
  app.get('/desk', (req, res) => { const { user } = res.locals; if (!user) return res.redirect('/auth/signin'); res.send(user.name); });
  app.get('/notes', asyncHandler(async (req, res) => { if (!res.locals.user) { res.redirect('/auth/signin'); return; } res.send('notes'); }));
  app.get('/api/notes', (req, res) => res.locals.user ? res.json([]) : res.sendStatus(401));`;

it.each([
  ['options of a route (Fastify)', FASTIFY],
  ['one function before all of them (Express)', LOCALS],
  ['themselves, by what stands in res.locals', OWN],
])('routes that are closed by %s', (_, text) => {
  expect(findRoutes([readSource('app.js', text) as SourceFile])).toEqual({
    protected: ['/desk', '/notes'],
    api: ['/api/notes'],
  });
});

it('ends with sources that go round in circles', () => {
  const circles = `const a = () => b(); const b = () => a(); const c = [...c]; const d = \`\${e}\`; const e = \`\${d}\`;
    function f(x) { return f(x + '1'); }
    export const onRequest = (context, next) => { if (d || c.length || a() || f('1')) return context.redirect('/login'); for (;;) {} };`;
  expect(guarded({ 'src/middleware.ts': circles })).toEqual([]);
});
