/** `basePath` of next.config, which stands in front of whatever init names. */
import { expect, it } from 'vitest';
import { sourceTree } from '../../fixtures/source-tree.ts';
import { localeOf } from './languages.ts';
import { planFor } from './plan.ts';

const app = (more: Record<string, string>) =>
  planFor(
    sourceTree({
      'package.json':
        '{ "name": "plaza", "scripts": { "build": "next build", "start": "next start" }, "dependencies": { "next": "15.5.0", "next-auth": "5.0.0-beta.30" } }',
      'auth.ts':
        "import NextAuth from 'next-auth'; import Logto from 'next-auth/providers/logto'; export const { handlers, auth } = NextAuth({ providers: [Logto] });",
      'app/api/auth/[...nextauth]/route.ts': "export { GET, POST } from '@/auth';",
      'app/api/me/route.ts':
        "import { auth } from '@/auth'; export async function GET() { const session = await auth(); if (!session) return Response.json({}, { status: 401 }); return Response.json(session.user); }",
      ...more,
    }),
  ).config;
const FEED =
  "import { auth } from '@/auth'; import { redirect } from 'next/navigation'; export default async function Feed() { const session = await auth(); if (!session) redirect('/login'); return <p>Feed</p>; }";

it('stands in front of pages, APIs and the page at the root', () => {
  const { pages, target } = app({
    'next.config.mjs': "export default { basePath: '/portal' };",
    'app/page.tsx': 'export default () => <p>Hello</p>;',
    'app/feed/page.tsx': FEED,
  });
  expect(target?.basePath).toBe('/portal/api/auth');
  expect(pages).toMatchObject({ home: '/portal', protected: ['/portal/feed'], api: ['/portal/api/me'] });
});

it('stands in front of the language, where there is no page without one', () => {
  const { pages } = app({
    'next.config.mjs': "const nextConfig = { basePath: '/portal' }; export default nextConfig;",
    'lib/words.ts': "export const LANGS = ['en', 'de'] as const;",
    'app/[lang]/page.tsx': 'export default () => <p>Hello</p>;',
    'app/[lang]/feed/page.tsx': FEED,
  });
  expect(pages).toMatchObject({ home: '/portal/en', protected: ['/portal/en/feed'] });
});

it('is not made up', () => {
  const { pages } = app({
    'next.config.mjs': "export default { assetPrefix: '/portal' };",
    'lib/highlight.ts': "export const shown = createHighlighter({ langs: ['ts', 'js'] });",
    'app/page.tsx': 'export default () => <p>Hello</p>;',
    'app/feed/page.tsx': FEED,
  });
  expect(pages).toEqual({ protected: ['/feed'], api: ['/api/me'] });
  expect(localeOf([{ text: "createHighlighter({ langs: ['ts', 'js'] })" }])).toBeUndefined();
});
