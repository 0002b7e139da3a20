/** What guards go by: settings, patterns, names of routes, headers, and what they are no guards of. */
import { describe, expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const routesOf = (files: Record<string, string>) =>
  findRoutes(Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile));

describe('what guards are told by', () => {
  const closed = (files: Record<string, string>, paths: string[]) =>
    findRoutes(
      Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile),
      paths.map((path) => ({ path, source: `app${path}/page.tsx` })),
    );
  it('an object of settings, whose lists are walked through', () => {
    expect(
      closed(
        {
          'middleware.ts':
            "import { auth } from './auth'; import { routes } from './routes'; export default auth((req) => { const { pathname } = req.nextUrl; if (routes.open.includes(pathname) || pathname.startsWith(routes.prefix)) return; if (!req.auth) return Response.redirect(new URL(routes.entry, req.nextUrl)); });",
          'routes.ts': "export const routes = { open: ['/', '/prices'], prefix: '/blog', entry: '/hello' };",
        },
        ['/', '/prices', '/blog/first', '/orders'],
      ).protected,
    ).toEqual(['/orders']);
  });
  it('patterns that a package matches an address with', () => {
    expect(
      closed(
        {
          'middleware.ts':
            "const open = ['/', '/terms', '/auth/**', '/invitations/*']; export default async function middleware(req) { if (micromatch.isMatch(req.nextUrl.pathname, open)) return NextResponse.next(); const token = await getToken({ req }); if (!token) return NextResponse.redirect(new URL('/hello', req.url)); return NextResponse.next(); }",
        },
        ['/', '/terms', '/termsheet', '/auth/x/y', '/invitations/abc', '/orders'],
      ).protected,
    ).toEqual(['/orders', '/termsheet']);
  });
  it('the pattern of a guide for languages, in front of a guard that is called behind a cast', () => {
    expect(
      closed(
        {
          'middleware.ts': `import { routing } from './routing'; const open = ['/', '/prices']; const intl = createMiddleware(routing);
            const OPEN = RegExp(\`^(/(\${routing.locales.join('|')}))?(\${open.flatMap((p) => (p === '/' ? ['', '/'] : p)).join('|')})/?$\`, 'i');
            const guarded = auth((req) => (req.auth ? intl(req) : Response.redirect(new URL('/hello', req.url))));
            export default function middleware(req) { if (OPEN.test(req.nextUrl.pathname)) return intl(req); return (guarded as any)(req); }`,
          'routing.ts':
            "export const routing = defineRouting({ locales: ['en', 'sv'], defaultLocale: 'en', localePrefix: 'as-needed' });",
        },
        ['/[locale]', '/[locale]/prices', '/[locale]/orders'],
      ).protected,
    ).toEqual(['/orders']);
  });
  it('what is asked for beside something else, and errors that a function turns into answers', () => {
    expect(
      routesOf({
        'app/orders/page.tsx':
          "export default async function Orders() { const [session, orders] = await Promise.all([auth(), ordersOfAll()]); if (!session) redirect('/hello'); return <p>{orders.length}</p>; }",
        'app/api/orders/route.ts':
          "import { withUser } from '@/lib/with-user'; export const GET = withUser(async ({ user }) => Response.json([user]));",
        'lib/with-user.ts':
          "import { ApiError, toResponse } from './errors'; export const withUser = (handler) => async (req) => { try { const user = (await auth())?.user; if (!user) throw new ApiError('UNAUTHORIZED'); return await handler({ user, req }); } catch (error) { return toResponse(error); } };",
        'lib/errors.ts':
          'const STATUS = { UNAUTHORIZED: 401 }; export class ApiError extends Error {} export const toResponse = (error) => (error instanceof ApiError ? Response.json({}, { status: STATUS[error.code] }) : Response.json({}, { status: 500 }));',
      }),
    ).toEqual({ protected: ['/orders'], api: ['/api/orders'] });
  });
});

describe('routers of code', () => {
  it('Fastify: plugins of one file, each with a router of the same name; a key that programs bring', () => {
    expect(
      routesOf({
        'src/index.js':
          "import api, { open, downloads } from './api.js'; await app.register(api, { prefix: '/api/v1' }); await app.register(downloads); app.register(open);",
        'src/api.js':
          "import { authenticate } from './guard.js'; export default async function api(app) { app.addHook('onRequest', authenticate); const read = { preHandler: [known] }; app.get('/me', read, me); } export async function downloads(app) { app.get('/files', async (req, reply) => reply.send([])); } export async function open(app) { app.get('/api/schema', async () => ({ responses: { 401: { session: 'none' }, 403: {} } })); }",
        'src/guard.js':
          "export async function authenticate(req, reply) { const key = req.headers.authorization; if (key !== undefined) { const found = find(key); if (!found) throw new Problem(401, 'no'); req.who = found; return; } const s = await sessionOf(req); if (!s?.user) throw new Problem(401, 'no'); req.who = s.user; } const sessionOf = (req) => getSession(req, config);",
      }),
    ).toEqual({ protected: [], api: ['/api/v1/me'] });
  });
  it('Express: what a program reads is no page, whoever is redirected from it', () => {
    expect(
      routesOf({
        'app.js':
          "const member = async (req, res, next) => ((await getSession(req, config)) ? next() : res.redirect('/hello')); app.get('/orders', member, list); app.get('/orders.csv', member, list); app.get('/robots.txt', robots);",
      }),
    ).toEqual({ protected: ['/orders'], api: ['/orders.csv'] });
  });
});

it('SvelteKit: a handle that goes by the names of routes', () => {
  expect(
    findRoutes(
      [
        readSource(
          'src/hooks.server.ts',
          "export const handle = async ({ event, resolve }) => { const session = await event.locals.auth(); if (event.route.id?.startsWith('/(in)') && !session) redirect(303, '/hello'); return resolve(event); };",
        ) as SourceFile,
      ],
      [
        { path: '/', source: 'src/routes/+page.svelte' },
        { path: '/orders', source: 'src/routes/(in)/orders/+page.svelte' },
        { path: '/prices', source: 'src/routes/(out)/prices/+page.svelte' },
      ],
    ).protected,
  ).toEqual(['/orders']);
});

it('Next.js: what is for a few is no page of members, though a matcher names it', () => {
  expect(
    routesOf({
      'middleware.ts':
        "import { withAuth } from 'next-auth/middleware'; export default withAuth({ pages: {} }); export const config = { matcher: ['/account/:path*', '/admin/:path*'] };",
    }).protected,
  ).toEqual(['/account']);
});

it('Next.js: a folder of pages that is called routes, and one that stands in a slot', () => {
  const page =
    "export default async function Page() { const session = await auth(); if (!session) redirect('/hello'); return <p />; }";
  expect(
    routesOf({
      'app/routes/page.tsx': page,
      'app/@side/orders/page.tsx': page,
      'app/(.)photo/page.tsx': page,
    }).protected,
  ).toEqual(['/orders', '/routes']);
});
