/** Tables of routes of React Router that are made in other ways than its guide says. */
import { describe, expect, it } from 'vitest';
import { FILES, guarded, LAYOUT, page, read } from '../../fixtures/react-router-app.ts';

describe('a table of routes', () => {
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
