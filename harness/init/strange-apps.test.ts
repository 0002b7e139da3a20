/** What init says of apps that are not set up as guides do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../config/defaults.ts';
import { planFor } from './plan.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function tree(files: Record<string, string | object>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-init-'));
  folders.push(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}
const target = (name: string) => planFor(path.join(ROOT, 'fixtures', 'targets', name));

describe('the bundled targets of other frameworks', () => {
  it('Nuxt: next-auth v4 behind its module, started as nitro builds it, with AUTH_ORIGIN', () => {
    const { config, project } = target('nuxt');
    expect(project.library).toMatchObject({ name: 'next-auth', family: 'v4' });
    expect(config.target).toMatchObject({
      prepare: 'npm run build',
      command: 'node .output/server/index.mjs',
      env: { AUTH_ORIGIN: '{origin}/api/auth' },
    });
    expect(config.pages).toEqual({ protected: ['/protected'], api: ['/api/protected'] });
  });
  it('Qwik: its production server, and addresses that end with a slash', () => {
    const { config } = target('qwik');
    expect(config.target).toMatchObject({ prepare: 'npm run build', command: 'npm run serve' });
    expect(config.pages).toEqual({ protected: ['/protected/'], api: ['/api/protected'] });
  });
  it('SolidStart: the server that vinxi builds, and the guard of a query', () => {
    const { config, found } = target('solid-start');
    expect(config.target).toMatchObject({ command: 'npm start -- --port $PORT', prepare: 'npm run build' });
    expect(config.pages).toEqual({ protected: ['/protected'], api: ['/api/protected'] });
    expect(found).toContain('Auth.js answers at /api/auth');
  });
});

describe('frameworks that Auth.js publishes no package for', () => {
  const LOGTO = "import Logto from '@auth/core/providers/logto';\n";
  const app = (dependencies: Record<string, string>, scripts: object, files: Record<string, unknown>) =>
    planFor(tree({ 'package.json': { name: 'shop', scripts, dependencies }, ...files }));

  it('TanStack Start with start-authjs: the server that nitro builds, the provider, the path', () => {
    const { config, project, found, missing } = app(
      { '@tanstack/react-start': '1.169.5', 'start-authjs': '1.0.2', '@auth/core': '0.41.3' },
      { dev: 'vite dev', build: 'vite build', start: 'node .output/server/index.mjs' },
      {
        'src/utils/auth.ts': `${LOGTO}export const authConfig = { basePath: '/api/auth', providers: [Logto] };`,
        'src/routes/api/auth/$.ts':
          "import { StartAuthJS } from 'start-authjs';\nimport { authConfig } from '../../../utils/auth';\nexport const { GET, POST } = StartAuthJS(authConfig);",
      },
    );
    expect(project.framework).toBe('tanstack-start');
    expect(project.library.name).toBe('start-authjs');
    expect(config.target).toMatchObject({ command: 'npm start', prepare: 'npm run build' });
    expect(found).toContain('Auth.js answers at /api/auth');
    expect(missing.map(({ key }) => key)).toEqual(['pages.protected']);
  });
  it('React Router with @auth/core: what Auth() does not read by itself is told', () => {
    const scripts = { build: 'react-router build', start: 'react-router-serve ./build/server/index.js' };
    const route = (before: string) => ({
      'app/routes/auth.$.tsx': `import { Auth, setEnvDefaults } from '@auth/core';\n${LOGTO}const config = { basePath: '/auth', providers: [Logto] };\n${before}\nexport const loader = ({ request }) => Auth(request, config);\nexport const action = loader;`,
    });
    const dependencies = { '@react-router/node': '8.5.1', '@auth/core': '0.41.3' };
    const without = app(dependencies, scripts, {
      'app/routes/auth.$.tsx': route('')['app/routes/auth.$.tsx'].replace(', setEnvDefaults', ''),
    });
    expect(without.project.framework).toBe('react-router');
    expect(without.config.target).toMatchObject({ command: 'npm start', prepare: 'npm run build' });
    expect(without.missing.map(({ text }) => text).join()).toContain('setEnvDefaults(process.env, config)');
    const withDefaults = app(dependencies, scripts, route('setEnvDefaults(process.env, config);'));
    expect(withDefaults.missing.map(({ key }) => key)).toEqual(['pages.protected']);
  });
  it.each([
    [
      { '@remix-run/node': '2.17.0', 'remix-auth': '4.2.0' },
      /app\/routes\/auth\.\$\.tsx.*remix-auth is another library/,
    ],
    [{ '@react-router/node': '8.5.1' }, /Remix and React Router: Auth\(request, config\) of @auth\/core/],
    [{ '@tanstack/react-start': '1.169.5' }, /start-authjs of its community/],
  ])('%o without Auth.js: what is possible, and no package that is none', (dependencies, words) => {
    expect(() => app(dependencies, {}, {})).toThrow(words);
    expect(() => app(dependencies, {}, {})).not.toThrow(/@auth\/(remix|react-router|tanstack)/);
  });
});

const next = (auth: string, version = '5.0.0-beta.32') =>
  planFor(
    tree({
      'package.json': {
        name: 'shop',
        scripts: { build: 'next build', start: 'next start' },
        dependencies: { next: '15.0.0', 'next-auth': version },
      },
      'auth.ts': auth,
    }),
  );

describe('providers', () => {
  it('plain OAuth alone: one sentence with the snippet, and no invented issuer', () => {
    const { config, missing } = next(
      "import NextAuth from 'next-auth';\nimport GitHub from 'next-auth/providers/github';\nexport const { auth } = NextAuth({ providers: [GitHub] });",
    );
    expect(config.target).not.toHaveProperty('issuer');
    expect(config.target).not.toHaveProperty('provider');
    expect(JSON.stringify(config.target)).not.toContain('GITHUB');
    const said = missing.find(({ key }) => key === 'auth.ts:3')?.text;
    expect(said).toContain('"github" is plain OAuth');
    expect(said).toContain("import Logto from 'next-auth/providers/logto'");
    expect(missing.map(({ text }) => text).join()).not.toContain('no list of Auth.js providers');
  });
  it('many: the one that speaks OpenID Connect is chosen before plain OAuth', () => {
    const { config } = next(
      "import NextAuth from 'next-auth';\nimport GitHub from 'next-auth/providers/github';\nimport Keycloak from 'next-auth/providers/keycloak';\nexport const { auth } = NextAuth({ providers: [GitHub, Keycloak] });",
    );
    expect(config.target?.provider).toBe('keycloak');
  });
  it('a jwt callback that writes from the claims themselves says what a session holds', () => {
    const profileWith = (jwt: string) =>
      next(
        `import NextAuth from 'next-auth';\nimport Logto from 'next-auth/providers/logto';\nexport const { auth } = NextAuth({ providers: [Logto({ profile: (p) => ({ id: p.sub, name: p.name ?? p.username, email: p.email, image: p.picture }) })], callbacks: { ${jwt} } });`,
      ).config.profile;
    const own = { name: 'name', email: 'email', image: 'picture' };
    expect(
      profileWith(
        'jwt({ token, account, profile }) { if (account) return { sub: find(profile), name: profile?.name ?? null }; return token; }',
      ),
    ).toEqual(own);
    expect(
      profileWith(
        'jwt({ token, profile }) { if (profile) token.name = (profile as Claims).name; return token; }',
      ),
    ).toEqual(own);
    expect(
      profileWith('jwt({ token, user }) { if (user) token.name = user.name; return token; }'),
    ).toBeUndefined();
  });
  it('a profile that chooses is guessed, not found', () => {
    const { config, guessed } = next(
      "import NextAuth from 'next-auth';\nimport Logto from 'next-auth/providers/logto';\nexport const { auth } = NextAuth({ providers: [Logto({ profile: (p) => ({ id: p.sub, name: p.name ? p.name : p.username, email: p.email }) })] });",
    );
    expect(config.profile).toMatchObject({ name: ['name', 'username'] });
    expect(guessed.find(({ key }) => key === 'profile')?.text).toContain('chooses or makes name');
  });
  it('scopes that are named, and mapped by nobody, leave their fields out', () => {
    const profileWith = (options: string) =>
      next(
        `import NextAuth from 'next-auth';\nimport Logto from 'next-auth/providers/logto';\nexport const { auth } = NextAuth({ providers: [Logto({ ${options} })] });`,
      ).config.profile;
    const scope = (names: string) => `authorization: { params: { scope: 'openid ${names}' } }`;
    expect(profileWith(scope('profile phone'))).toEqual({ name: ['name', 'username'], image: 'picture' });
    expect(profileWith(scope('profile email phone'))).toBeUndefined();
    expect(profileWith('')).toBeUndefined();
    // Who maps an address that is never asked for has forgotten something.
    const mapped = 'profile: (p) => ({ id: p.sub, name: p.name, email: p.email })';
    expect(profileWith(`${scope('profile phone')}, ${mapped}`)).toEqual({ name: 'name', email: 'email' });
  });
  it('what profile() returns is declared where every session has it, or the session callback adds it', () => {
    const profile =
      'profile: (p) => ({ id: p.sub, name: p.name, email: p.email, phone: p.phone_number, locale: p.locale })';
    const app = (callback: string) =>
      `import NextAuth from 'next-auth';\nimport Logto from 'next-auth/providers/logto';\nexport const { auth } = NextAuth({ providers: [Logto({ ${profile} })], callbacks: { session({ session, token }) { ${callback} return session; } } });`;
    const { config } = next(
      app('session.user.hint = mask(token.phone); session.user.locale = token.locale;'),
    );
    expect(config.profile).toEqual({ name: 'name', email: 'email', locale: 'locale' });
  });
  it.each([
    '(p) => p.email ? { id: p.sub, name: p.name, email: p.email } : { id: p.sub, name: p.username, email: null }',
    'profile(p) { if (p.email) return { id: p.sub, name: p.name, email: p.email }; return { id: p.sub, name: p.username }; }',
  ])('a profile with two answers is guessed, with the claims of both: %s', (profile) => {
    const option = profile.startsWith('profile(') ? profile : `profile: ${profile}`;
    const { config, guessed } = next(
      `import NextAuth from 'next-auth';\nimport Logto from 'next-auth/providers/logto';\nexport const { auth } = NextAuth({ providers: [Logto({ ${option} })] });`,
    );
    expect(config.profile).toEqual({ name: ['name', 'username'], email: 'email' });
    expect(guessed.find(({ key }) => key === 'profile')?.text).toContain('chooses or makes name, email');
  });
});

it('a page of Nuxt under a global middleware is protected, unless it says that it is not', () => {
  const { config } = planFor(
    tree({
      'package.json': {
        name: 'shop',
        scripts: { build: 'nuxt build' },
        dependencies: { nuxt: '4.2.2', '@sidebase/nuxt-auth': '1.3.1', 'next-auth': '4.21.1' },
      },
      'nuxt.config.ts': 'export default defineNuxtConfig({ auth: { globalAppMiddleware: true } });',
      'pages/index.vue': '<script setup>\ndefinePageMeta({ auth: false });\n</script>',
      'pages/orders.vue': '<template>\n<p>auth</p></template>\n<script setup>\nconst a = 1;\n</script>',
    }),
  );
  expect(config.pages?.protected).toEqual(['/orders']);
});

describe('pages that need a session', () => {
  const pagesOf = (files: Record<string, string>, dependencies: Record<string, string>) =>
    planFor(
      tree({
        'package.json': { name: 'desk', scripts: { start: 'node server.js' }, dependencies },
        ...files,
      }),
    ).config.pages;
  const GUARDS = `
    export function requirePage(req, res, next) {
      if (!res.locals.session?.user) return res.redirect(\`/login?next=\${encodeURIComponent(req.originalUrl)}\`);
      next();
    }
    export function requireApi(req, res, next) {
      if (!res.locals.session?.user) return res.status(401).json({ error: 'unauthenticated' });
      next();
    }`;
  it('Express: guards of another file, before routes and in routers that are mounted', () => {
    expect(
      pagesOf(
        {
          'auth.js': `export const config = { providers: [Logto] }; import Logto from '@auth/express/providers/logto'; ${GUARDS}`,
          'server.js': `import { requireApi, requirePage } from './auth.js'; import invoices from './invoices.js';
            app.get('/', home); app.get('/tickets', requirePage, show);
            app.use((req, res, next) => (req.path.startsWith('/old') ? requireApi(req, res, next) : next()));
            app.get('/about', about);
            const api = express.Router(); api.get('/health', health); api.use(requireApi); api.get('/me', me);
            app.use('/api', api); app.use('/api/invoices', requireApi, invoices);`,
          'invoices.js': `// each session has its own
            const router = Router(); router.get('/', list); export default router;`,
        },
        { '@auth/express': '0.12.3' },
      ),
    ).toEqual({ protected: ['/tickets'], api: ['/api/invoices', '/api/me'] });
  });
  it('Hono: routers with a base path of their own, and one guard for pages and API', () => {
    expect(
      pagesOf(
        {
          'auth.js': `import Logto from '@auth/core/providers/logto'; Auth(request, { basePath: '/auth', providers: [Logto] });
            export const requireAuth = async (c, next) => {
              if (!(await getSession(c))) return c.req.path.startsWith('/api/') ? c.json({}, 401) : c.redirect(\`/sign-in?to=\${c.req.path}\`);
              await next();
            };`,
          'server.js': `import { requireAuth } from './auth.js'; const app = new Hono();
            const books = app.basePath('/books'); books.use('*', requireAuth); books.get('/', show);
            app.get('/', home); app.use('/api/*', requireAuth); app.get('/api/me', me);`,
        },
        { '@auth/core': '0.41.3', hono: '4.13.19' },
      ),
    ).toEqual({ protected: ['/books'], api: ['/api/me'] });
  });
  it('Next.js: a function that tells who is there, and one that refuses, each in a file of its own', () => {
    expect(
      pagesOf(
        {
          'auth.js':
            "import Logto from 'next-auth/providers/logto'; export const { auth } = NextAuth({ providers: [Logto] });",
          'middleware.js': "const LOCALES = ['en', 'de'];",
          'lib/me.js': `export async function me() { const s = await auth(); if (!s?.user?.id) return undefined; return rowOf(s.user.id); }
            export const json = (body, status = 200) => Response.json(body, { status });
            export const no = () => json({ error: 'unauthorized' }, 401);`,
          'app/[locale]/dashboard/page.js':
            "export default async function Page() { const u = await me(); if (!u) redirect('/sign'); return <h1>{u.name}</h1>; }",
          'app/[locale]/contact/page.js': 'export default function Page() { return <h1>Contact</h1>; }',
          'app/api/projects/route.js':
            'export async function GET() { const u = await me(); if (!u) return no(); return json(projectsOf(u)); }',
          'app/api/stats/route.js': 'export const GET = () => json({ members: 3 });',
        },
        { 'next-auth': '5.0.0-beta.32', next: '15.5.29' },
      ),
    ).toEqual({ protected: ['/en/dashboard'], api: ['/api/projects'] });
  });
  it('Next.js: the language in front, helpers of another file, layouts; not what is for a few', () => {
    expect(
      pagesOf(
        {
          'src/auth.ts':
            "import Logto from 'next-auth/providers/logto'; export const { auth } = NextAuth({ providers: [Logto] });",
          'src/proxy.ts': "const locales = ['en', 'de']; export default auth(() => {});",
          'src/dal.ts':
            'export const verifySession = cache(async (locale) => { if (!(await auth())) redirect(`/${locale}/login`); });',
          'src/app/[locale]/(members)/account/page.tsx':
            'export default async () => { await verifySession(); };',
          'src/app/[locale]/(members)/admin/page.tsx':
            'export default async () => { await verifySession(); };',
          'src/app/[locale]/(in)/layout.tsx':
            'export default async () => { if (!(await auth())) redirect(`/${locale}/login`); };',
          'src/app/[locale]/(in)/orders/page.tsx':
            '// what is on it needs no session\nexport default () => null;',
          'src/app/[locale]/page.tsx': '// auth\nexport default () => null;',
        },
        { next: '16.4.6', 'next-auth': '5.0.0-beta.32' },
      ),
    ).toEqual({ protected: ['/en/account', '/en/orders'] });
  });
  it('Next.js: a layout that looks up who is there by a function of its own', () => {
    expect(
      pagesOf(
        {
          'auth.ts':
            "import Logto from 'next-auth/providers/logto'; export const { auth } = NextAuth({ providers: [Logto] });",
          'lib/session.ts':
            'export const getCurrentUser = cache(async () => { const session = await auth(); if (!session?.user) { return undefined; } return session.user; });',
          'app/(auth)/layout.tsx':
            "export default async function AuthLayout({ children }) { const user = await getCurrentUser(); if (user) { if (user.role === 'ADMIN') redirect('/admin'); redirect('/dashboard'); } return <div>{children}</div>; }",
          'app/(auth)/welcome/page.tsx': 'export default () => <h1>Hello</h1>;',
          'app/(protected)/layout.tsx':
            "export default async function Dashboard({ children }) { const user = await getCurrentUser(); if (!user) redirect('/login'); return <main>{children}</main>; }",
          'app/(protected)/charts/page.tsx': 'export default () => <h1>Charts</h1>;',
        },
        { next: '15.5.29', 'next-auth': '5.0.0-beta.32' },
      ),
    ).toEqual({ protected: ['/charts'] });
  });
  it('Next.js: what a matcher names and no page stands at', () => {
    expect(
      pagesOf(
        {
          'auth.ts':
            "import Logto from 'next-auth/providers/logto'; export const { auth } = NextAuth({ providers: [Logto] });",
          'middleware.ts':
            "import { auth } from './auth'; export default auth((req) => { if (!req.auth) return Response.redirect(new URL('/login', req.url)); }); export const config = { matcher: ['/dashboard/:path*', '/editor/:path*', '/files/:path*'] };",
          'app/dashboard/page.tsx': 'export default () => <h1>Posts</h1>;',
          'app/editor/[postId]/page.tsx': 'export default () => <h1>Edit</h1>;',
          'app/files/[[...path]]/page.tsx': 'export default () => <h1>Files</h1>;',
        },
        { next: '15.5.29', 'next-auth': '5.0.0-beta.32' },
      ),
    ).toEqual({ protected: ['/dashboard', '/files'] });
  });
  it('no API that answers no GET, to members neither', () => {
    expect(
      pagesOf(
        {
          'auth.ts':
            "import Logto from 'next-auth/providers/logto'; export const { auth } = NextAuth({ providers: [Logto] });",
          'app/api/user/route.ts':
            "export const DELETE = auth(async (req) => { if (!req.auth) { return new Response('Not authenticated', { status: 401 }); } return new Response('Deleted'); });",
          'app/api/both/route.ts':
            "const handler = auth(async (req) => { if (!req.auth) { return new Response('No', { status: 401 }); } return Response.json({}); }); export { handler as GET, handler as POST };",
          'pages/api/name.ts':
            "export default async function handler(req, res) { if (req.method !== 'PUT') return res.status(405).end(); const session = await auth(req, res); if (!session) return res.status(401).end(); res.json({}); }",
          'lib/api.ts':
            'export const apiFor = (handlers) => async (req, res) => { const session = await auth(req, res); if (!session) return res.status(401).end(); const handle = handlers[req.method]; if (!handle) return res.status(405).end(); return handle(session, req, res); };',
          'pages/api/quiz.ts':
            "import { apiFor } from '../../lib/api'; export default apiFor({ POST: (user, req, res) => res.json({}) });",
          'pages/api/progress.ts':
            "import { apiFor } from '../../lib/api'; export default apiFor({ GET: (user, req, res) => res.json({}), POST: (user, req, res) => res.json({}) });",
          'pages/api/notes.ts':
            "export default async function handler(req, res) { const session = await auth(req, res); if (!session) return res.status(401).end(); if (!['GET', 'POST'].includes(req.method)) return res.status(405).end(); res.json([]); }",
        },
        { next: '15.5.29', 'next-auth': '5.0.0-beta.32' },
      ),
    ).toEqual({ api: ['/api/both', '/api/notes', '/api/progress'] });
  });
  it('members of the session that are added behind a cast, or all at once', () => {
    const plan = planFor(
      tree({
        'package.json': {
          name: 'desk',
          scripts: { start: 'next start' },
          dependencies: { next: '15.5.29', 'next-auth': '5.0.0-beta.32' },
        },
        'auth.ts': `import Logto from 'next-auth/providers/logto';
export const { auth } = NextAuth({ providers: [Logto], callbacks: { session({ session, token }) { (session.user as any).role = token.role; session.user!.id = token.sub as string; Object.assign(session.user, { plan: token.plan }); (session as Session).error = token.error; (token as any).seen = 1; return session; } } });`,
      }),
    );
    expect(plan.config.session).toEqual({ fields: ['role', 'plan', 'error'] });
  });
  it('Hono: pages for guests alone, and answers to a bearer token, need no session', () => {
    const plan = planFor(
      tree({
        'package.json': {
          name: 'club',
          scripts: { start: 'node app.js' },
          dependencies: { '@hono/auth-js': '1.1.1', '@auth/core': '0.41.3', hono: '4.13.19' },
        },
        'app.js': `import Logto from '@auth/core/providers/logto';
app.use('*', initAuthConfig(() => ({ providers: [Logto], session: {}, callbacks: { session({ session, token }) { session.user = { id: token.sub, name: token.name, role: 'member' }; return session; } } })));
app.use('*', async (c, next) => { c.set('user', (await getAuthUser(c))?.session?.user ?? null); await next(); });
app.get('/bye', (c) => { if (c.get('user')) return c.redirect('/'); return c.html('Bye'); });
app.get('/welcome', async (c) => ((await getAuthUser(c)) ? c.redirect('/login') : c.html('Hi')));
app.get('/account', async (c) => { if (!(await getAuthUser(c))) return c.redirect('/login'); return c.html('You'); });
app.get('/metrics', (c) => (c.req.header('authorization') === token ? c.text('up 1') : c.text('no', 401)));
app.get('/api/me', async (c) => ((await getAuthUser(c)) ? c.json({}) : c.json({}, 401)));`,
      }),
    );
    expect(plan.config.pages).toEqual({ protected: ['/account'], api: ['/api/me'] });
    expect(plan.config.session).toEqual({ fields: ['role'] });
  });
  it('SvelteKit: a page whose form answers 401 is a page, and a layout guards what is below it', () => {
    expect(
      pagesOf(
        {
          'src/auth.ts':
            "import Logto from '@auth/sveltekit/providers/logto'; SvelteKitAuth({ providers: [Logto], trustHost: true });",
          'src/routes/(app)/+layout.server.ts':
            'export const load = ({ locals, url }) => { if (!locals.session) redirect(303, `/login?to=${url.pathname}`); };',
          'src/routes/(app)/notes/+page.server.ts':
            'export const load = ({ locals }) => locals.session; export const actions = { add: ({ locals }) => { if (!locals.session) return fail(401, {}); } };',
          'src/routes/api/notes/+server.ts':
            "export const GET = ({ locals }) => { if (!locals.session) error(401, 'Sign in'); };",
        },
        { '@auth/sveltekit': '1.11.3' },
      ),
    ).toEqual({ protected: ['/notes'], api: ['/api/notes'] });
  });
});
