/** Nuxt 4, as its guides and starters lay an app out. */
import { expect, it } from 'vitest';
import { postsOf, routesIn, sourceTree } from '../../fixtures/source-tree.ts';
import { planFor } from './plan.ts';

const page = (meta = '', more = '') =>
  `<script setup lang="ts">\n${meta && `definePageMeta(${meta});`}\n${more}\n</script>\n<template><p>Page</p></template>`;
const handler = (body: string) => `export default defineEventHandler(async (event) => { ${body} });`;
const NUXT = {
  'package.json': JSON.stringify({
    name: 'club',
    scripts: { build: 'nuxt build', start: 'node .output/server/index.mjs' },
    dependencies: { nuxt: '4.1.2', '@sidebase/nuxt-auth': '1.1.0', 'next-auth': '4.24.11' },
  }),
  'nuxt.config.ts':
    "export default defineNuxtConfig({ compatibilityDate: '2026-01-01', modules: ['@sidebase/nuxt-auth'], auth: { provider: { type: 'authjs' } } });",
  'server/api/auth/[...].ts':
    "import { NuxtAuthHandler } from '#auth';\nexport default NuxtAuthHandler({ secret: process.env.AUTH_SECRET, providers: [{ id: 'logto', type: 'oauth', wellKnown: `${process.env.AUTH_LOGTO_ISSUER}/.well-known/openid-configuration`, idToken: true }] });",
  'app/pages/index.vue': page('{ auth: false }'),
  'app/pages/about.vue': page(),
};

function read(files: Record<string, string>) {
  const folder = sourceTree({ ...NUXT, ...files });
  const routes = routesIn(folder);
  return {
    paths: routes?.paths.map((each) => each.path).sort(),
    ...postsOf(routes),
    pages: planFor(folder).config.pages,
  };
}

const MEMBERS = `export default defineNuxtRouteMiddleware((to) => {
  const { status } = useAuth();
  if (status.value !== 'authenticated') return navigateTo({ path: '/login', query: { next: to.fullPath } });
});`;
const GUARD = `import { getServerSession } from '#auth';
export async function requireMember(event: H3Event) {
  const session = await getServerSession(event);
  if (!session?.user) throw createError({ statusCode: 401, statusMessage: 'Unauthenticated' });
  return session.user;
}`;

it('tells its addresses, what takes posts, and what needs a session by named middleware and in handlers', () => {
  const found = read({
    'app/middleware/members.ts': MEMBERS,
    'app/pages/desk/index.vue': page("{ middleware: ['members'] }"),
    'app/pages/notes/[id].vue': page("{ middleware: 'members' }"),
    'app/pages/settings.vue': page("{ layout: 'wide', middleware: 'sidebase-auth' }"),
    'app/pages/(shop)/prices.vue': page(),
    'app/pages/inline.vue': page(
      "{ middleware: [function (to) { const { status } = useAuth(); if (status.value === 'unauthenticated') return navigateTo('/login'); }] }",
    ),
    'server/utils/guard.ts': GUARD,
    'server/api/me.get.ts': handler('const user = await requireMember(event); return { user };'),
    'server/api/notes/index.get.ts': handler(
      "const session = await getServerSession(event); if (!session) { setResponseStatus(event, 401); return { error: 'no session' }; } return [];",
    ),
    'server/api/notes/index.post.ts': handler('await requireMember(event); return {};'),
    'server/api/prices.get.ts': handler('return [];'),
    'server/api/hooks/logto.post.ts': handler(
      "const signature = getHeader(event, 'logto-signature-sha-256'); return { signature };",
    ),
    'server/routes/export.get.ts': handler('await requireMember(event); return "a;b";'),
    'server/routes/feed.ts': handler('return "";'),
  });
  expect(found.paths).toEqual([
    '/',
    '/about',
    '/api/auth/[...]',
    '/api/me',
    '/api/notes',
    '/api/prices',
    '/desk',
    '/export',
    '/feed',
    '/inline',
    '/notes/[id]',
    '/prices',
    '/settings',
  ]);
  expect(found.posts).toEqual(['/api/hooks/logto', '/api/notes']);
  expect(found.hooks).toEqual(['/api/hooks/logto']);
  expect(found.pages).toEqual({
    protected: ['/desk', '/inline', '/settings'],
    api: ['/api/me', '/api/notes', '/export'],
  });
});

it('is closed by a global middleware but for what is public, and by one of the server', () => {
  const { pages } = read({
    'app/middleware/auth.global.ts': `const PUBLIC = ['/', '/about', '/login'];
export default defineNuxtRouteMiddleware(async (to) => {
  if (PUBLIC.includes(to.path)) return;
  const { data: session } = useAuth();
  if (!session.value) return navigateTo('/login');
});`,
    'server/middleware/api.ts': `import { getServerSession } from '#auth';
export default defineEventHandler(async (event) => {
  if (!event.path.startsWith('/api/private')) return;
  const session = await getServerSession(event);
  if (!session) throw createError({ statusCode: 401 });
});`,
    'app/pages/login.vue': page(),
    'app/pages/desk.vue': page(),
    'app/pages/settings/index.vue': page(),
    'server/api/private/orders.get.ts': handler('return [];'),
    'server/api/prices.get.ts': handler('return [];'),
  });
  expect(pages).toEqual({ protected: ['/desk', '/settings'], api: ['/api/private/orders'] });
});

it('is closed by what a global middleware reads from the pages', () => {
  const { pages } = read({
    'app/middleware/auth.global.ts': `export default defineNuxtRouteMiddleware((to) => {
  const { status } = useAuth();
  if (to.meta.requiresAuth && status.value !== 'authenticated') return navigateTo('/login');
});`,
    'app/pages/desk.vue': page('{ requiresAuth: true }'),
    'app/pages/settings.vue': page('{ title: "Settings", requiresAuth: true }'),
  });
  expect(pages).toEqual({ protected: ['/desk', '/settings'] });
});
