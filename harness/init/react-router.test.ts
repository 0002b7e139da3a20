/** React Router in framework mode and Remix, as their guides, starters and apps write routes and guards. */
import { describe, expect, it } from 'vitest';
import { API, AUTH, FILES, guarded, HOOK, LAYOUT, page, read } from '../../fixtures/react-router-app.ts';

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
