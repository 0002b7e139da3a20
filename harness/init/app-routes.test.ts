import { describe, expect, it } from 'vitest';
import { routesIn, sourceTree } from '../../fixtures/source-tree.ts';

function routesOf(files: Record<string, string>) {
  const folder = sourceTree(files);
  return routesIn(folder);
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
  it.each([
    [
      'SolidStart',
      {
        'src/routes/index.tsx': 'export default function Home() {}',
        'src/routes/(in).tsx': 'export default function Layout() {}',
        'src/routes/(in)/desk.tsx': 'export default function Desk() {}',
        'src/routes/notes/[id].tsx': 'export default function Note() {}',
        'src/routes/api/me.ts': 'export async function GET() {}',
        'src/routes/api/hook.ts': 'export async function POST() {}',
        'src/routes/api/words.ts': 'export const words = 1;',
      },
      ['/', '/api/hook', '/api/me', '/desk', '/notes/[id]'],
      ['/api/hook'],
    ],
    [
      'Qwik City',
      {
        'src/routes/index.tsx': 'export default component$(() => {});',
        'src/routes/layout.tsx': 'export default component$(() => {});',
        'src/routes/plugin@auth.ts': 'export const onRequest = async () => {};',
        'src/routes/(in)/desk/index.tsx': 'export default component$(() => {});',
        'src/routes/api/notes/index.ts':
          'export const onGet = async () => {};\nexport const onPost = async () => {};',
      },
      ['/', '/api/notes', '/desk'],
      ['/api/notes'],
    ],
    [
      'TanStack Start',
      {
        'src/routes/__root.tsx': 'export const Route = createRootRoute({});',
        'src/routes/index.tsx': "export const Route = createFileRoute('/')({ component: Home });",
        'src/routes/_authed.tsx': "export const Route = createFileRoute('/_authed')({ beforeLoad });",
        'src/routes/_authed/notes.$id.tsx':
          "export const Route = createFileRoute('/_authed/notes/$id')({ component: Note });",
        'src/routes/api/hook.ts':
          "export const Route = createFileRoute('/api/hook')({ server: { handlers: { POST: async ({ request }) => {} } } });",
      },
      ['/', '/api/hook', '/notes/:id'],
      ['/api/hook'],
    ],
  ])('are read from what stands in the files of %s', (_, files, paths, posts) => {
    const found = routesOf(files);
    expect(found?.paths.map((each) => each.path).sort()).toEqual(paths);
    expect(found?.posts?.map((each) => each.path)).toEqual(posts);
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
  it('are read from routers in routers, wherever those are mounted, however many paths stand before them', () => {
    const found = routesOf({
      'app.js':
        "import teams from './routes/teams.js';\nconst app = express();\nconst api = express.Router();\n" +
        `${Array.from({ length: 30 }, (_, n) => `app.get('/page-${n}', show);`).join('\n')}\n` +
        "api.get('/notes/:id', show);\napi.use('/teams', teams);\napi.use('/files', require('./routes/files'));\napp.use('/api', api);",
      'routes/teams.js':
        "const router = express.Router();\nrouter.get('/:id/members', show);\nexport default router;",
      'routes/files.js': "const router = express.Router();\nrouter.get('/', show);\nmodule.exports = router;",
    });
    const paths = found?.paths.map((each) => each.path);
    expect(paths).toEqual(expect.arrayContaining(['/api/notes/:id', '/api/teams/:id/members', '/api/files']));
    expect(paths).not.toContain('/notes/:id');
    expect(paths).not.toContain('/api/page-1');
  });
  it('are read from chains of calls, as the RPC of Hono wants routers written', () => {
    const found = routesOf({
      'app.ts':
        "import { Hono } from 'hono';\nimport { files, download } from './files.ts';\nimport { notes } from './notes.ts';\n" +
        "import { session } from './session.ts';\nconst app = new Hono();\napp.use('/live', session);\n" +
        "const rpc = new Hono().get('/me', show).route('/notes', notes).route('/files', files);\n" +
        "app.route('/api', rpc);\napp.route('/dl', download);",
      'notes.ts':
        "const drafts = new Hono().get('/latest', show);\n" +
        "export const notes = new Hono<Env>().use(guard).get('/', show).post('/', make).get('/:id', show).route('/drafts', drafts);",
      'files.ts':
        "export const files = new Hono().get('/:id/link', show);\nexport const download = new Hono().get('/:id', show);",
      'session.ts': 'export const session = middleware(async (c, next) => next());',
    });
    expect(found?.paths.map(({ path: each }) => each).sort()).toEqual([
      '/api/files/:id/link',
      '/api/me',
      '/api/notes',
      '/api/notes/:id',
      '/api/notes/drafts/latest',
      '/dl/:id',
    ]);
    expect(found?.posts?.map(({ path: each }) => each)).toEqual(['/api/notes']);
  });
  it('are read from what follows a path of Express that is named once', () => {
    const found = routesOf({
      'app.js':
        "const router = express.Router();\nrouter.route('/notes').get(list).post(make);\nrouter.get('/me', show);\napp.use('/api', router);",
    });
    expect(found?.paths.map(({ path: each }) => each)).toEqual(
      expect.arrayContaining(['/api/notes', '/api/me']),
    );
    expect(found?.posts?.map(({ path: each }) => each)).toEqual(['/api/notes']);
  });
  it('are posted to where their file exports a function for it under another name', () => {
    const found = routesOf({
      'src/routes/api/graphql/+server.ts':
        'const handler = () => {};\nexport { handler as GET, handler as POST };',
      'src/routes/api/me/+server.ts': 'export { show as GET };',
    });
    expect(found?.posts?.map(({ path: each }) => each)).toEqual(['/api/graphql']);
  });
  it('are posted to where their file exports a function for it', () => {
    const found = routesOf({
      'app/api/bulk/route.ts': 'export async function POST() {}',
      'app/api/me/route.ts': 'export async function GET() {}',
    });
    expect(found?.posts).toEqual([{ path: '/api/bulk', source: 'app/api/bulk/route.ts' }]);
  });
  it('are posted to where a handler of the Pages Router names the method', () => {
    const found = routesOf({
      'pages/api/contact.js':
        "export default (req, res) => res.status(req.method === 'POST' ? 200 : 405).end();",
      'pages/api/me.js': 'export default (req, res) => res.json({});',
    });
    expect(found?.posts).toEqual([{ path: '/api/contact', source: 'pages/api/contact.js' }]);
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
  it('have addresses without the parts that may be left out, and with a language of the app', () => {
    const paths = (file: string) =>
      routesOf({ [file]: '', 'i18n.ts': "export const locales = ['nb', 'en'];" })?.paths.map(
        (each) => each.path,
      );
    expect(paths('src/routes/[[lang=lang]]/(app)/mine/+page.svelte')).toEqual([
      '/[[lang=lang]]/mine',
      '/mine',
    ]);
    expect(paths('pages/[[...slug]].js')).toEqual(['/[[...slug]]', '/']);
    expect(paths('app/[locale]/mine/page.tsx')).toEqual(['/[locale]/mine', '/nb/mine']);
  });
  it('have the languages that the sources name', () => {
    expect(routesOf({ 'i18n.ts': "export const locales = ['en', 'nb'];" })?.locales).toEqual(['en', 'nb']);
  });
});
