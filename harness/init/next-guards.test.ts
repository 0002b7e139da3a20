/** Guards of Next.js that stand in handlers and in pages that the browser draws. */
import { describe, expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const found = (files: Record<string, string>) =>
  findRoutes(Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile));
const route = (body: string, imported = "import { apiUser } from '@/lib/api';") =>
  `${imported}\nexport async function GET(req: NextRequest) { ${body} }`;

describe('a handler that asks who is there', () => {
  it.each<[string, string, string]>([
    [
      'a function that reads the session, then a table',
      route(
        "const u = await apiUser(req); if (!u) return NextResponse.json({ error: 'no' }, { status: 401 }); return NextResponse.json(u);",
      ),
      "import { auth } from '@/auth'; export async function apiUser(req: Request) { const session = await auth(); if (!session?.user?.id) return null; return db.user.findUnique({ where: { id: session.user.id } }); }",
    ],
    [
      'a function that throws away what it cannot read',
      route(
        "const u = await apiUser(req); if (!u) return Response.json({ error: 'no' }, { status: 401 }); return Response.json(u);",
      ),
      "import { getToken } from 'next-auth/jwt'; export const apiUser = async (req: NextRequest) => { try { const token = await getToken({ req }); return token?.sub ? await load(token.sub) : undefined; } catch { return undefined; } };",
    ],
    [
      'a function of a package',
      route(
        'const u = await apiUser(req); if (!u) return new Response(null, { status: 401 }); return Response.json({ id: u.id });',
        "import { apiUser } from '@acme/accounts';",
      ),
      '',
    ],
    [
      'the id of somebody',
      route(
        'const userId = await getUserId(req); if (!userId) return Response.json({}, { status: 401 }); return Response.json({ userId });',
        "import { getUserId } from '@/lib/api';",
      ),
      "import { store } from './store'; export async function getUserId(req: Request) { const kept = await store.read(req.headers.get('cookie')); const row = await db.sessions.find(kept.key); return row?.owner ?? null; }",
    ],
    [
      'a result with a user or an answer',
      route(
        'const { user, denied } = await apiUser(req); if (denied) return denied; return Response.json(user);',
      ),
      "import { auth } from '@/auth'; export async function apiUser(req: Request) { const session = await auth(); if (!session?.user) return { denied: Response.json({ error: 'no' }, { status: 401 }) }; return { user: session.user }; }",
    ],
    [
      'a look at a table of sessions',
      route(
        'const who = await whoIsThere(req); if (!who) return Response.json({}, { status: 401 }); return Response.json(who);',
        "import { whoIsThere } from '@/lib/api';",
      ),
      "import { cookies } from 'next/headers'; export async function whoIsThere(req: Request) { const key = (await cookies()).get('authjs.session-token')?.value; if (!key) return null; const row = await db.session.findUnique({ where: { key } }); return row?.user ?? null; }",
    ],
    [
      'a function around it',
      "import { withUser } from '@/lib/api'; export const GET = withUser(async (req, user) => Response.json(user));",
      "import { auth } from '@/auth'; export const withUser = (handler) => async (req, context) => { const session = await auth(); if (!session?.user) return Response.json({}, { status: 401 }); return handler(req, session.user, context); };",
    ],
  ])('by %s', (_, handler, helper) => {
    const api = found({ 'app/api/me/route.ts': handler, ...(helper && { 'lib/api.ts': helper }) }).api;
    expect(api).toEqual(['/api/me']);
  });

  it('is none that looks for something else', () => {
    const { api } = found({
      'app/api/prices/route.ts': route(
        'const u = await unit(req); if (!u) return Response.json({}, { status: 404 }); return Response.json(u);',
        "import { unit } from '@/lib/units';",
      ),
      'app/api/jobs/route.ts': route(
        'const key = await jobKey(req); if (!key) return Response.json({}, { status: 401 }); return Response.json({});',
        "import { jobKey } from '@acme/jobs';",
      ),
    });
    expect(api).toEqual([]);
  });
});

const client = (body: string) => `'use client';
import { useSession, signIn } from 'next-auth/react';
import { useRouter, redirect } from 'next/navigation';
import { useEffect } from 'react';
export default function Page() { ${body} }`;

describe('a page that the browser guards', () => {
  it.each<[string, string]>([
    [
      'useSession({ required: true })',
      client('const { data } = useSession({ required: true }); return <p>{data?.user?.name}</p>;'),
    ],
    [
      'useSession({ required: true, onUnauthenticated })',
      client(
        "useSession({ required: true, onUnauthenticated() { redirect('/login'); } }); return <p>Desk</p>;",
      ),
    ],
    [
      'a router in an effect',
      client(
        "const { status } = useSession(); const router = useRouter(); useEffect(() => { if (status === 'unauthenticated') router.push('/login'); }, [status, router]); if (status === 'loading') return <p>…</p>; return <p>Desk</p>;",
      ),
    ],
    [
      'redirect() while it is drawn',
      client(
        "const { data: session, status } = useSession(); if (status === 'loading') return null; if (!session) redirect('/login'); return <p>{session.user.name}</p>;",
      ),
    ],
    [
      'signIn() in an effect',
      client(
        "const { status } = useSession(); useEffect(() => { if (status === 'unauthenticated') void signIn('logto'); }, [status]); return <p>Desk</p>;",
      ),
    ],
  ])('by %s', (_, page) => {
    expect(found({ 'app/desk/page.tsx': page }).protected).toEqual(['/desk']);
    expect(found({ 'pages/desk.tsx': page }).protected).toEqual(['/desk']);
  });

  it('by a component around it, or by a layout', () => {
    const guard = `'use client';
import { useSession } from 'next-auth/react';
import { useRouter } from 'next/navigation';
export function Members({ children }) { const { status } = useSession(); const router = useRouter(); useEffect(() => { if (status === 'unauthenticated') router.replace('/login'); }, [status]); return status === 'authenticated' ? children : null; }`;
    const layout =
      "import { Members } from '@/components/members'; export default function Layout({ children }) { return <Members>{children}</Members>; }";
    expect(
      found({
        'components/members.tsx': guard,
        'app/(in)/layout.tsx': layout,
        'app/(in)/desk/page.tsx': 'export default function Desk() { return <p>Desk</p>; }',
        'app/notes/page.tsx':
          "import { Members } from '@/components/members'; export default function Notes() { return <Members><p>Notes</p></Members>; }",
        'app/about/page.tsx': 'export default function About() { return <p>About</p>; }',
      }).protected,
    ).toEqual(['/desk', '/notes']);
  });

  it('by a member of its own that the component around all pages reads', () => {
    expect(
      found({
        'pages/_app.tsx':
          "import { SessionProvider, useSession } from 'next-auth/react'; export default function App({ Component, pageProps: { session, ...pageProps } }) { return <SessionProvider session={session}>{Component.auth ? <Auth><Component {...pageProps} /></Auth> : <Component {...pageProps} />}</SessionProvider>; } function Auth({ children }) { const { status } = useSession({ required: true }); return status === 'loading' ? <p>…</p> : children; }",
        'pages/desk.tsx': 'export default function Desk() { return <p>Desk</p>; }\nDesk.auth = true;',
        'pages/about.tsx': 'export default function About() { return <p>About</p>; }',
      }).protected,
    ).toEqual(['/desk']);
  });

  it('is none that greets, or that leads members on', () => {
    expect(
      found({
        'app/hello/page.tsx': client(
          "const { data: session } = useSession(); return session ? <p>Hello {session.user.name}</p> : <button onClick={() => signIn('logto')}>Sign in</button>;",
        ),
        'app/start/page.tsx': client(
          "const { status } = useSession(); const router = useRouter(); useEffect(() => { if (status === 'authenticated') router.push('/desk'); }, [status]); return <p>Start</p>;",
        ),
      }).protected,
    ).toEqual([]);
  });
});
