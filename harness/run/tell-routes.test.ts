import { describe, expect, it } from 'vitest';
import { whyUnknown } from '../check/paths-known.ts';
import { withDeclared } from './tell-routes.ts';

describe('paths that the config names', () => {
  it('stand before those that the sources tell, posts apart', () => {
    const told = { paths: [{ path: '/me', source: 'app.js' }], posts: [{ path: '/form', source: 'app.js' }] };
    expect(withDeclared(told, ['/export', 'POST /hooks/logto'])).toEqual({
      paths: [{ path: '/export', source: 'pages.paths' }, ...told.paths],
      posts: [{ path: '/hooks/logto', source: 'pages.paths' }, ...told.posts],
    });
  });
  it('are all that is known of an app without sources', () => {
    expect(withDeclared(undefined, ['/export'])).toEqual({
      paths: [{ path: '/export', source: 'pages.paths' }],
    });
    expect(withDeclared(undefined, undefined)).toBeUndefined();
  });
});

describe('whether the paths of an app are known', () => {
  const why = (routes: object | undefined, paths?: string[]) =>
    whyUnknown({ routes, config: { pages: { paths } } } as never);
  it.each([
    ['no sources', undefined, undefined, 'its sources are not at hand, so that its paths are not known'],
    ['no path', { paths: [] }, undefined, 'its sources tell none of its paths'],
    [
      'a table that could not be read',
      { paths: [{ path: '/' }], unread: ['app/routes.ts:3'] },
      undefined,
      'some of its paths could not be read (app/routes.ts:3)',
    ],
    ['paths', { paths: [{ path: '/' }] }, undefined, undefined],
    ['no sources, and a config that says that there are none', undefined, [], undefined],
  ])('%s', (_, routes, paths, reason) => {
    expect(why(routes, paths)).toBe(reason);
  });
});
