/** What routes do, as their sources say it in several frameworks. */
import { expect, it } from 'vitest';
import { routesIn, sourceTree } from '../../fixtures/source-tree.ts';

function doneAt(address: string, files: Record<string, string>) {
  const folder = sourceTree(files);
  const found = routesIn(folder)?.paths.find((each) => each.path === address);
  const { parameters, leads, endsSession } = found ?? {};
  return { parameters, leads, endsSession };
}

it.each<[string, string, Record<string, string>, string[]]>([
  [
    'a handler of Next.js',
    '/api/go',
    {
      'app/api/go/route.ts':
        "export async function GET(request: Request) { const { searchParams } = new URL(request.url); return NextResponse.redirect(new URL(searchParams.get('to') ?? '/', request.url)); }",
    },
    ['to'],
  ],
  [
    'a handler of Next.js, by the request',
    '/out',
    {
      'app/out/route.ts':
        "export const GET = (request: NextRequest) => { const u = request.nextUrl.searchParams.get('u'); return new Response(null, { status: 302, headers: { Location: u ?? '/' } }); };",
    },
    ['u'],
  ],
  [
    'a page of Next.js',
    '/leaving',
    {
      'app/leaving/page.tsx':
        'export default async function Leaving({ searchParams }) { const { site } = await searchParams; redirect(site); }',
    },
    ['site'],
  ],
  [
    'a component of a page, in the browser',
    '/enter',
    {
      'app/enter/page.tsx':
        "import { Form } from '@/components/enter-form'; export default function Enter() { return <Form />; }",
      'components/enter-form.tsx':
        "'use client'; export function Form() { const words = useSearchParams(); const router = useRouter(); const session = useSession(); useEffect(() => { router.push(words.get('home') ?? '/'); }); }",
    },
    ['home'],
  ],
  [
    'Express',
    '/out',
    {
      'app.js':
        "const app = express(); app.get('/out', go); app.get('/x', (req, res) => res.send(req.query.other)); function go(req, res) { const { link } = req.query; res.redirect(link); }",
    },
    ['link'],
  ],
  [
    'Hono',
    '/out',
    { 'app.ts': "const app = new Hono(); app.get('/out', (c) => c.redirect(c.req.query('href') ?? '/'));" },
    ['href'],
  ],
  [
    'SvelteKit',
    '/out',
    {
      'src/routes/out/+server.ts':
        "export const GET = ({ url }) => redirect(302, url.searchParams.get('zu') ?? '/');",
    },
    ['zu'],
  ],
  [
    'h3',
    '/out',
    {
      'server/routes/out.get.ts':
        'export default defineEventHandler((event) => { const asked = getQuery(event); return sendRedirect(event, asked.page as string); });',
    },
    ['page'],
  ],
  [
    'React Router',
    '/out',
    {
      'app/root.tsx': 'export default function App() { return null; }',
      'app/routes/out.tsx':
        "export async function loader({ request }) { const url = new URL(request.url); throw redirect(url.searchParams.get('ziel')); }",
    },
    ['ziel'],
  ],
])('%s leads where a parameter says', (_, address, files, parameters) => {
  expect(doneAt(address, files)).toEqual({ parameters, leads: true, endsSession: undefined });
});

it.each<[string, string, Record<string, string>]>([
  [
    'Next.js',
    '/api/leave',
    {
      'app/api/leave/route.ts':
        "export async function GET() { (await cookies()).delete('authjs.session-token'); return Response.json({ ok: true }); }",
    },
  ],
  [
    'Next.js, by signOut()',
    '/bye',
    {
      'app/bye/route.ts':
        "export async function GET() { await signOut({ redirect: false }); return new Response('bye'); }",
    },
  ],
  [
    'Express',
    '/leave',
    {
      'app.js':
        "const app = express(); app.get('/leave', (req, res) => { res.clearCookie('authjs.session-token'); res.send('bye'); });",
    },
  ],
  [
    'a cookie without an age',
    '/leave',
    {
      'app.js':
        "const app = express(); app.get('/leave', (req, res) => { res.cookie('authjs.session-token', '', { maxAge: 0 }); res.send('bye'); });",
    },
  ],
  [
    'h3',
    '/api/leave',
    {
      'server/api/leave.get.ts':
        "export default defineEventHandler((event) => { deleteCookie(event, 'sid'); return {}; });",
    },
  ],
])('%s ends a session', (_, address, files) => {
  expect(doneAt(address, files).endsSession).toBe(true);
});

it.each([
  "res.clearCookie('flash'); res.send('account');",
  "res.cookie('notice', '', { maxAge: 0 }); res.send('account');",
  "res.setHeader('set-cookie', 'theme=; Max-Age=0'); res.send('account');",
])('is no page that takes away a message: %s', (body) => {
  const text = `const app = express(); app.get('/account', (req, res) => { ${body} });`;
  expect(doneAt('/account', { 'app.js': text }).endsSession).toBeUndefined();
});

it('is what takes away all cookies', () => {
  const text =
    "export const GET = async () => { const kept = await cookies(); for (const { name } of kept.getAll()) (await cookies()).delete(name); return new Response('bye'); };";
  expect(doneAt('/leave', { 'app/leave/route.ts': text }).endsSession).toBe(true);
});

it('is no page with a button that signs out', () => {
  expect(
    doneAt('/account', {
      'app/account/page.tsx':
        "export default function Account() { async function leave() { 'use server'; await signOut(); } return <form action={leave}><button>Leave</button></form>; }",
    }).endsSession,
  ).toBeUndefined();
});
