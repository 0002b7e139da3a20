import { expect, it } from 'vitest';
import { asksByAlias, ledTo } from './aliases.ts';

it.each([
  ['/account', { from: '/me', to: '/account' }, ['/me']],
  ['/account/orders', { from: '/me/:path*', to: '/account/:path*' }, ['/me/orders']],
  ['/account', { from: '/me/:path*', to: '/account/:path*' }, ['/me']],
  ['/reports', { from: '/papers/:year(\\d{4})', to: '/reports?year=:year' }, ['/papers/2026']],
  ['/account', { from: '/:locale(de|en)/account', to: '/account' }, ['/de/account']],
  ['/orders/7', { from: '/o-:id.html', to: '/orders/:id' }, ['/o-7.html']],
  ['/orders/7?full=1', { from: '/o/:id', to: '/orders/:id' }, ['/o/7?full=1']],
  ['/account', { from: '/me', to: '/orders' }, []],
  ['/account', { from: '/a/(.*)', to: '/account/$1' }, []],
  ['/account', { from: '/((?!x', to: '/account' }, []],
])('%s by an alias of the app', (address, alias, asked) => {
  expect(asksByAlias(address, [alias]).map(({ path }) => path)).toEqual(asked);
});

it('holds what an alias wants of a request', () => {
  const has = [
    { place: 'query', name: 'view', value: 'print' },
    { place: 'header', name: 'x-app', value: '1' },
    { place: 'cookie', name: 'beta', value: 'on' },
  ] as const;
  expect(asksByAlias('/account', [{ from: '/me', to: '/account', has: [...has] }])).toEqual([
    { path: '/me?view=print', headers: { 'x-app': '1', cookie: 'beta=on' } },
  ]);
});

it('knows where an alias leads to', () => {
  const aliases = [{ from: '/papers/:year', to: '/reports?year=:year' }];
  expect([ledTo('/papers/2026', aliases), ledTo('/reports', aliases)]).toEqual(['/reports', undefined]);
});
