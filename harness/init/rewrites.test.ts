import { expect, it } from 'vitest';
import { routesIn, sourceTree } from '../../fixtures/source-tree.ts';

function aliasesIn(files: Record<string, string>) {
  const folder = sourceTree(files);
  return routesIn(folder)?.aliases;
}

const CONFIG = `import { old } from './old-addresses.mjs';
const BASE = '/account';
const withPlugins = (config) => config;
export default withPlugins({
  async redirects() { return [{ source: '/start', destination: '/account', permanent: true }]; },
  async rewrites() {
    return {
      beforeFiles: [{ source: '/me', destination: BASE }, ...old],
      afterFiles: [{ source: '/print/:path*', has: [{ type: 'query', key: 'view', value: 'print' }], destination: \`\${BASE}/:path*\` }],
      fallback: [{ source: '/:path*', destination: 'https://old.example/:path*' }],
    };
  },
});`;
const OLD = "export const old = [{ source: '/konto', destination: '/account' }];";

it('are read from the config of Next.js: what it rewrites within the app, and nothing that it redirects', () => {
  expect(
    aliasesIn({ 'next.config.mjs': CONFIG, 'old-addresses.mjs': OLD, 'app/account/page.tsx': '' }),
  ).toEqual(
    expect.arrayContaining([
      { from: '/me', to: '/account' },
      {
        from: '/print/:path*',
        to: '/account/:path*',
        has: [{ place: 'query', name: 'view', value: 'print' }],
      },
    ]),
  );
});

it('are read from a build before the config', () => {
  const rewrites = {
    beforeFiles: [],
    afterFiles: [{ source: '/mine', destination: '/account', regex: '^' }],
    fallback: [],
  };
  expect(
    aliasesIn({ 'next.config.mjs': CONFIG, '.next/routes-manifest.json': JSON.stringify({ rewrites }) }),
  ).toEqual([{ from: '/mine', to: '/account' }]);
});

it('are read from the hook of SvelteKit that reroutes', () => {
  const hooks = `const translated: Record<string, string> = { '/de/konto': '/account', '/de': 'https://de.example' };
export const reroute: Reroute = ({ url }) => {
  if (url.pathname === '/me') return '/account';
  if (url.pathname in translated) return translated[url.pathname];
};`;
  expect(aliasesIn({ 'src/hooks.ts': hooks, 'src/routes/account/+page.svelte': '' })).toEqual([
    { from: '/de/konto', to: '/account' },
    { from: '/me', to: '/account' },
  ]);
});
