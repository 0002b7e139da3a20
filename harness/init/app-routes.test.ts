import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configSchema } from '../config/config.ts';
import { findAppRoutes } from './app-routes.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function routesOf(files: Record<string, string>) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-routes-'));
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const config = configSchema.parse({ target: { command: 'node server.js' } });
  return findAppRoutes({ config, origins: {}, folder });
}
const pathsOf = (files: string[]) =>
  routesOf(Object.fromEntries(files.map((file) => [file, ''])))?.paths.map((each) => each.path);

describe('routes of an app', () => {
  it.each([
    [
      'the App Router',
      ['app/page.tsx', 'app/(in)/orders/[id]/page.tsx', 'app/api/me/route.ts', 'app/layout.tsx'],
      ['/orders/[id]', '/api/me', '/'],
    ],
    [
      'the Pages Router',
      ['pages/index.js', 'pages/_app.js', 'pages/api/me.js', 'pages/users/[id].tsx'],
      ['/', '/api/me', '/users/[id]'],
    ],
    [
      'SvelteKit',
      [
        'src/routes/+page.svelte',
        'src/routes/(app)/mine/+page.server.ts',
        'src/routes/api/x/+server.ts',
        'src/routes/+layout.svelte',
      ],
      ['/', '/mine', '/api/x'],
    ],
    [
      'Astro',
      ['src/pages/index.astro', 'src/pages/mine.astro', 'src/pages/api/me.ts'],
      ['/', '/mine', '/api/me'],
    ],
    ['Nuxt', ['pages/mine.vue', 'server/api/me.get.ts', 'server/api/me.post.ts'], ['/mine', '/api/me']],
  ])('are read from the folders of %s', (_, files, expected) => {
    expect(pathsOf(files)?.sort()).toEqual([...expected].sort());
  });
  it('are read from the handlers of Express and Hono, with the place of their routers', () => {
    const found = routesOf({
      'server.js':
        "import express from 'express';\nconst app = express();\napp.get('/session-page', show);\napp.use('/admin', router);",
      'router.js': "export const router = make();\nrouter.get('/auth-users', show);",
    });
    expect(found?.paths.map((each) => each.path)).toEqual(
      expect.arrayContaining(['/session-page', '/auth-users', '/admin/auth-users']),
    );
  });
  it('are read from a build of Next.js, with its id and its locales', () => {
    const found = routesOf({
      '.next/BUILD_ID': 'b1\n',
      '.next/app-path-routes-manifest.json': '{"/vault/page":"/vault","/_not-found/page":"/_not-found"}',
      '.next/routes-manifest.json': '{"basePath":"","i18n":{"locales":["en","sv"]}}',
    });
    expect(found).toEqual({
      paths: [{ path: '/vault', source: '.next/app-path-routes-manifest.json' }],
      parameters: [],
      buildId: 'b1',
      locales: ['en', 'sv'],
    });
  });
  it('are no error pages, in any language', () => {
    const found = routesOf({
      '.next/server/pages-manifest.json': '{"/500":"x","/en/500":"x","/sv/404":"x","/shop":"x"}',
    });
    expect(found?.paths.map((each) => each.path)).toEqual(['/shop']);
  });
  it('have the languages that the sources name', () => {
    expect(routesOf({ 'i18n.ts': "export const locales = ['en', 'nb'];" })?.locales).toEqual(['en', 'nb']);
  });
});
