/** Functions that only look who is there, and guards that ask them, with a language in front of their addresses. */
import { expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const routesOf = (files: Record<string, string>) =>
  findRoutes(Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile));

const page = (call: string) =>
  `import { redirect } from 'next/navigation'; import { member, mine, someone } from '@/lib/who'; export default async function Page({ params }) { const { lang } = await params; ${call} return <h1>Page</h1>; }`;
const app = (who: string) => ({
  'lib/words.ts': "export const LANGS = ['en', 'de'] as const;",
  'lib/who.ts': `import { redirect } from 'next/navigation'; import { cache } from 'react'; import { auth } from '@/auth'; import { one } from './db';
    ${who}
    export const mine = async () => (await someone()) ?? null;
    export async function member(lang, path) { const person = await mine();
      if (!person) redirect(\`/\${lang}/login?next=\${encodeURIComponent(\`/\${lang}\${path}\`)}\`);
      if (person.gone) redirect(\`/\${lang}/leaving\`);
      if (!person.newsletterRead) redirect(\`/\${lang}/news\`);
      return person; }`,
  'lib/db.ts': 'export const one = (sql, ...given) => db.prepare(sql).get(...given);',
  'app/[lang]/feed/page.tsx': page("const person = await member(lang, '/feed');"),
  'app/[lang]/drafts/page.tsx': page('const person = await mine(); if (!person) redirect(`/${lang}/login`);'),
  // For those who leave, and nobody else.
  'app/[lang]/leaving/page.tsx': page(
    'const person = await mine(); if (!person) redirect(`/${lang}/login`); if (!person.gone) redirect(`/${lang}/feed`);',
  ),
  'app/[lang]/page.tsx': page('const person = await mine(); if (person) redirect(`/${lang}/feed`);'),
  'app/[lang]/about/page.tsx': page('const person = await someone(); const words = person ? 1 : 2;'),
  'app/[lang]/search/page.tsx': page(
    "const person = await mine(); const found = await one('SELECT 1'); if (!found) redirect(`/${lang}/`);",
  ),
  'app/api/me/route.ts':
    "import { mine } from '@/lib/who'; export async function GET() { const person = await mine(); if (!person) return Response.json({}, { status: 401 }); return Response.json(person); }",
  'app/api/posts/route.ts':
    "import { mine } from '@/lib/who'; export async function GET() { const person = await mine(); const posts = await one('SELECT 1', person?.id ?? ''); if (posts.error) return Response.json({}, { status: 403 }); return Response.json(posts); }",
});

it.each([
  [
    'memoised by React',
    "export const someone = cache(async () => { const session = await auth(); return session?.user?.id ? (one('SELECT', session.user.id) ?? null) : null; });",
  ],
  [
    'a function',
    'export async function someone() { const session = await auth(); if (!session) return; return one(session.user.id); }',
  ],
  [
    'by then',
    'export const someone = () => auth().then((session) => (session?.user ? one(session.user.id) : null));',
  ],
  [
    'by catch',
    'export const someone = async () => { const it = await auth().catch(() => null); return it?.user; };',
  ],
])('%s', (_, who) => {
  expect(routesOf(app(who))).toEqual({ protected: ['/en/drafts', '/en/feed'], api: ['/api/me'] });
});

it('closes nothing where strangers are somebody, too', () => {
  const who =
    'export const someone = cache(async () => { const session = await auth(); return session?.user ?? (await guest()); });';
  expect(routesOf(app(who))).toEqual({ protected: [], api: [] });
});
