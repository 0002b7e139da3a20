/** React Router in framework mode and Remix, as their guides, starters and apps write routes and guards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configSchema } from '../config/config.ts';
import { findAppRoutes } from './app-routes.ts';
import { planFor } from './plan.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const PACKAGE = {
  name: 'desk',
  scripts: { build: 'react-router build', start: 'react-router-serve ./build/server/index.js' },
  dependencies: { 'react-router': '7.9.4', '@react-router/node': '7.9.4', '@auth/core': '0.41.3' },
};
const ROOT = `import { Outlet } from 'react-router';
export async function loader({ request }: Route.LoaderArgs) { return { session: await getSession(request) }; }
export default function App() { return <Outlet />; }`;
const SESSION = `import { Auth, setEnvDefaults } from '@auth/core';
import Logto from '@auth/core/providers/logto';
import { redirect } from 'react-router';
export const config = { basePath: '/auth', providers: [Logto] };
setEnvDefaults(process.env, config);
export async function getSession(request: Request) {
  const response = await Auth(new Request(new URL('/auth/session', request.url), { headers: request.headers }), config);
  return (await response.json()) as { user?: { id: string } } | null;
}
export async function requireUser(request: Request) {
  const session = await getSession(request);
  if (!session?.user) {
    const { pathname } = new URL(request.url);
    throw redirect(\`/login?\${new URLSearchParams({ next: pathname })}\`);
  }
  return session.user;
}
export async function requireApiUser(request: Request) {
  const session = await getSession(request);
  if (!session?.user) throw Response.json({ error: 'unauthenticated' }, { status: 401 });
  return session.user;
}`;
const page = (words: string) => `export default function Page() { return <p>${words}</p>; }`;
const guarded = (words: string) => `import { requireUser } from '~/lib/session.server';
export async function loader({ request }: Route.LoaderArgs) { const user = await requireUser(request); return { user }; }
${page(words)}`;
const AUTH = `import { Auth } from '@auth/core';
import { config } from '~/lib/session.server';
export const loader = ({ request }: Route.LoaderArgs) => Auth(request, config);
export const action = loader;`;
const API = `import { requireApiUser } from '~/lib/session.server';
export async function loader({ request }: Route.LoaderArgs) { return Response.json(await requireApiUser(request)); }`;
const LAYOUT = `import { Outlet } from 'react-router';
import { requireUser } from '~/lib/session.server';
export async function loader({ request }: Route.LoaderArgs) { await requireUser(request); return null; }
export default function Members() { return <Outlet />; }`;
const HOOK = `export async function action({ request }: Route.ActionArgs) {
  const body = await request.text(); verify(body, request.headers.get('logto-signature-sha-256')); return new Response(null, { status: 204 });
}`;

/** What the run knows of an app, and what init writes for it. */
function read(files: Record<string, string>) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-react-router-'));
  folders.push(folder);
  const all = {
    'package.json': JSON.stringify(PACKAGE),
    'app/root.tsx': ROOT,
    'app/lib/session.server.ts': SESSION,
  };
  for (const [file, text] of Object.entries({ ...all, ...files })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const config = configSchema.parse({ target: { command: 'npm start' } });
  const routes = findAppRoutes({ config, origins: {}, folder });
  const plan = planFor(folder);
  return {
    paths: routes?.paths.map((each) => each.path).sort(),
    ids: routes?.paths.flatMap(({ path: address, id }) => (id ? [`${address} ${id}`] : [])),
    posts: routes?.posts,
    unread: routes?.unread,
    pages: plan.config.pages,
    missing: plan.missing.map(({ text }) => text),
  };
}

const TABLE = `import { type RouteConfig, index, layout, prefix, route } from '@react-router/dev/routes';
export default [
  index('routes/home.tsx'),
  route('about', 'routes/about.tsx'),
  route('login', './routes/login.tsx'),
  route('auth/*', 'routes/auth.ts'),
  layout('layouts/members.tsx', [
    route('/desk', 'routes/desk.tsx', [index('routes/desk-home.tsx'), route('/desk/notes/:noteId', 'routes/note.tsx')]),
    ...prefix('settings', [index('routes/settings.tsx'), route('profile', 'routes/profile.tsx')]),
    route('exports', 'routes/exports.ts'),
  ]),
  route('billing', 'routes/billing.tsx'),
  ...prefix('api', [route('me', 'routes/api/me.ts'), route('hooks/logto', 'routes/api/hook.ts')]),
] satisfies RouteConfig;`;
const FILES = {
  'app/routes.ts': TABLE,
  'app/routes/home.tsx': page('Welcome'),
  'app/routes/about.tsx': page('About'),
  'app/routes/login.tsx': page('Sign in'),
  'app/routes/auth.ts': AUTH,
  'app/layouts/members.tsx': LAYOUT,
  'app/routes/desk.tsx': page('Desk'),
  'app/routes/desk-home.tsx': page('Home'),
  'app/routes/note.tsx': page('Note'),
  'app/routes/settings.tsx': page('Settings'),
  'app/routes/profile.tsx': page('Profile'),
  'app/routes/exports.ts': 'export async function loader() { return new Response(await csv()); }',
  'app/routes/billing.tsx': guarded('Billing'),
  'app/routes/api/me.ts': API,
  'app/routes/api/hook.ts': HOOK,
};

describe('a table of routes', () => {
  it('tells all addresses, what takes posts, and what needs a session by its loader or by a layout', () => {
    const { paths, ids, posts, pages, unread, missing } = read(FILES);
    expect(ids).toContain('/desk/notes/:noteId routes/note');
    expect(paths).toEqual([
      '/',
      '/about',
      '/api/me',
      '/auth/*',
      '/billing',
      '/desk',
      '/desk/notes/:noteId',
      '/exports',
      '/login',
      '/settings',
      '/settings/profile',
    ]);
    expect(posts).toEqual([
      { path: '/auth/*', source: 'app/routes/auth.ts' },
      { path: '/api/hooks/logto', source: 'app/routes/api/hook.ts', takesEvents: true },
    ]);
    expect(pages).toEqual({
      protected: ['/billing', '/desk', '/settings', '/settings/profile'],
      api: ['/api/me'],
    });
    expect(unread).toBeUndefined();
    expect(missing).toEqual([]);
  });

  it.each(['middleware', 'unstable_middleware'])(
    'is closed by %s of a layout, for programs as well',
    (name) => {
      const { pages } = read({
        ...FILES,
        'app/layouts/members.tsx': `import { redirect } from 'react-router';
import { getSession } from '~/lib/session.server';
import { userContext } from '~/context';
const members: Route.MiddlewareFunction = async ({ request, context }, next) => {
  const session = await getSession(request);
  if (!session?.user) {
    if (request.headers.get('accept')?.includes('json')) throw new Response('Unauthorized', { status: 401 });
    throw redirect('/login');
  }
  context.set(userContext, session.user);
  return next();
};
export const ${name} = [members] satisfies Route.MiddlewareFunction[];
export default function Members() { return <Outlet />; }`,
      });
      expect(pages?.protected).toEqual(['/billing', '/desk', '/settings', '/settings/profile']);
    },
  );

  it('is closed by the middleware of the root for what is not public', () => {
    const { pages } = read({
      ...FILES,
      'app/layouts/members.tsx': page('Members'),
      'app/root.tsx': `import { redirect } from 'react-router';
import { getSession } from '~/lib/session.server';
const PUBLIC = ['/', '/about', '/login'];
export const middleware = [async ({ request }, next) => {
  const { pathname } = new URL(request.url);
  if (PUBLIC.includes(pathname) || pathname.startsWith('/auth/')) return next();
  const session = await getSession(request);
  if (!session?.user) throw redirect('/login');
  return next();
}];
export default function App() { return <Outlet />; }`,
    });
    expect(pages?.protected).toEqual(['/billing', '/desk', '/settings', '/settings/profile']);
  });

  it('is not closed by a root that signs out whoever has an old session', () => {
    const { pages } = read({
      ...FILES,
      'app/layouts/members.tsx': page('Members'),
      'app/root.tsx': `import { redirect } from 'react-router';
import { sessionStorage } from '~/lib/storage.server';
async function userIdOf(request: Request) {
  const kept = await sessionStorage.getSession(request.headers.get('cookie'));
  const id = kept.get('id');
  if (!id) return null;
  const row = await db.session.findUnique({ where: { id } });
  if (!row) throw redirect('/', { headers: { 'set-cookie': await sessionStorage.destroySession(kept) } });
  return row.userId;
}
export async function loader({ request }: Route.LoaderArgs) { return { userId: await userIdOf(request) }; }
export default function App() { return <Outlet />; }`,
    });
    expect(pages?.protected).toEqual(['/billing']);
  });

  it('is read from constants, helpers, other files, conditions and relative folders', () => {
    const { paths, unread } = read({
      ...FILES,
      'app/routes.ts': `import { type RouteConfig, index, prefix, relative, route } from '@react-router/dev/routes';
import { flatRoutes } from '@react-router/fs-routes';
import { shop } from './shop/routes';
import { admin } from './admin';
const ROUTES = 'routes';
export const LOGIN = 'login';
const place = (...parts: string[]) => parts.join('/');
const locales = [route(':lang?/terms', 'routes/terms.tsx')];
export default [
  index(\`\${ROUTES}/home.tsx\`),
  route(LOGIN, place(ROUTES, 'login.tsx')),
  route(place('team', 'members'), place(ROUTES, 'members.tsx')),
  ...locales,
  ...shop,
  ...admin(),
  { path: 'plain', file: 'routes/plain.tsx', children: [{ path: 'deep', file: 'routes/deep.tsx' }] },
  ...(process.env.NODE_ENV === 'development' ? [route('dev', 'routes/dev.tsx')] : []),
  ...(await flatRoutes({ rootDirectory: 'pages' })),
] satisfies RouteConfig;`,
      'app/shop/routes.ts': `import { relative } from '@react-router/dev/routes';
const { route, index } = relative(import.meta.dirname);
export const shop = [route('shop', './shop.tsx', [index('./list.tsx')])];`,
      'app/shop/shop.tsx': guarded('Shop'),
      'app/admin.ts': `import { prefix, route } from '@react-router/dev/routes';
export function admin() { return prefix('admin', [route('people', 'routes/people.tsx')]); }`,
      'app/pages/help.tsx': page('Help'),
    });
    expect(paths).toEqual([
      '/',
      '/:lang/terms',
      '/admin/people',
      '/dev',
      '/help',
      '/login',
      '/plain',
      '/plain/deep',
      '/shop',
      '/team/members',
      '/terms',
    ]);
    expect(unread).toBeUndefined();
  });

  it('is read from functions that define routes, and from files of remix-flat-routes', () => {
    const { paths, unread } = read({
      ...FILES,
      'app/routes.ts': `import { remixRoutesOptionAdapter } from '@react-router/remix-routes-option-adapter';
import { flatRoutes } from 'remix-flat-routes';
export default remixRoutesOptionAdapter((defineRoutes) => {
  const own = defineRoutes((route) => {
    route('team', 'routes/team.tsx', () => {
      route('', 'routes/members.tsx', { index: true });
      route(':id/edit', 'routes/edit.tsx');
    });
    route('/team/new', 'routes/new.tsx');
  });
  return flatRoutes('pages', defineRoutes, { ignoredRouteFiles: ['**/.*'] });
});`,
      'app/pages/settings+/_layout.tsx': LAYOUT,
      'app/pages/settings+/profile.photo.tsx': page('Photo'),
      'app/pages/settings+/profile.server.ts': 'export const x = 1;',
      'app/pages/users+/$name/index.tsx': page('User'),
      'app/pages/users+/$name/table.tsx': page('no route'),
    });
    expect(paths).toEqual([
      '/settings/profile/photo',
      '/team',
      '/team/:id/edit',
      '/team/new',
      '/users/:name',
    ]);
    expect(unread).toBeUndefined();
  });

  it('is made of the folders of react-router-auto-routes, and of nothing that looks like a page of Next.js', () => {
    const { paths, pages } = read({
      'app/routes.ts': `import { autoRoutes } from 'react-router-auto-routes';
export default autoRoutes({ ignoredRouteFiles: ['**/*.server.*'] }) satisfies RouteConfig;`,
      'app/routes/_auth/login.tsx': page('Sign in'),
      'app/routes/_auth/login.server.ts': 'export const x = 1;',
      'app/routes/_site/index.tsx': page('Welcome'),
      'app/routes/_site/+logos/logos.ts': 'export const logos = [];',
      'app/routes/settings/profile/_layout.tsx': LAYOUT,
      'app/routes/settings/profile/index.tsx': page('Profile'),
      'app/routes/settings/profile/photo.tsx': page('Photo'),
      'app/routes/users/$name.tsx': page('User'),
      'app/routes/users/page.tsx': page('Page'),
      'app/routes/robots[.]txt.ts': 'export const loader = () => new Response("");',
    });
    expect(paths).toEqual([
      '/',
      '/login',
      '/robots.txt',
      '/settings/profile',
      '/settings/profile/photo',
      '/users/:name',
      '/users/page',
    ]);
    expect(pages).toEqual({ protected: ['/settings/profile', '/settings/profile/photo'] });
  });

  it('that cannot be read is told, and is not taken for none', () => {
    const { paths, unread, missing } = read({
      ...FILES,
      'app/routes.ts': `import { index } from '@react-router/dev/routes';
import { fromDisk } from './tools';
export default [index('routes/home.tsx'), ...fromDisk('./features')];`,
    });
    expect(paths).toEqual(['/']);
    expect(unread).toEqual(['app/routes.ts:3']);
    expect(missing.join()).toContain('app/routes.ts:3');
    const folders = read({
      'app/routes.ts': `import { remixRoutesOptionAdapter } from '@react-router/remix-routes-option-adapter';
import { createRoutesFromFolders } from '@remix-run/v1-route-convention';
export default remixRoutesOptionAdapter((defineRoutes) => createRoutesFromFolders(defineRoutes));`,
    });
    expect([folders.paths, folders.unread]).toEqual([[], ['app/routes.ts:3']]);
    expect(folders.missing.join()).toContain('no path of the app could be read at all');
  });
});

describe('files that are routes', () => {
  const flat = {
    'app/routes/_index.tsx': page('Welcome'),
    'app/routes/login.tsx': page('Sign in'),
    'app/routes/auth.$.ts': AUTH,
    'app/routes/_members.tsx': LAYOUT,
    'app/routes/_members.desk.tsx': page('Desk'),
    'app/routes/_members.desk_.print.tsx': page('Print'),
    'app/routes/_members.notes.$noteId.tsx': page('Note'),
    'app/routes/($lang).terms.tsx': page('Terms'),
    'app/routes/billing/route.tsx': guarded('Billing'),
    'app/routes/billing/table.tsx': page('no route'),
    'app/routes/sitemap[.]xml.ts': 'export const loader = () => new Response("<urlset/>");',
    'app/routes/api.me.ts': API,
    'app/routes/api.hook.ts': HOOK,
  };
  const table = {
    'app/routes.ts': `import type { RouteConfig } from '@react-router/dev/routes';
import { flatRoutes } from '@react-router/fs-routes';
export default flatRoutes() satisfies RouteConfig;`,
  };
  it.each([
    ['React Router, by flatRoutes()', { ...flat, ...table }],
    ['Remix', flat],
  ])('%s', (_, files) => {
    const { paths, posts, pages } = read(files);
    expect(paths).toEqual([
      '/',
      '/:lang/terms',
      '/api/me',
      '/auth/*',
      '/billing',
      '/desk',
      '/desk/print',
      '/login',
      '/notes/:noteId',
      '/sitemap.xml',
      '/terms',
    ]);
    expect(posts?.map((each) => each.path)).toEqual(['/api/hook', '/auth/*']);
    expect(pages).toEqual({ protected: ['/billing', '/desk', '/desk/print'], api: ['/api/me'] });
  });
});
