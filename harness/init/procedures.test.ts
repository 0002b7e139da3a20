import { describe, expect, it } from 'vitest';
import { endpointOf, findProcedures, ownQueries } from './procedures.ts';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const sourcesOf = (files: Record<string, string>): SourceFile[] =>
  Object.entries(files).flatMap(([file, text]) => readSource(file, text) ?? []);

const T3 = {
  'src/server/api/trpc.ts':
    "import { initTRPC } from '@trpc/server';\nimport superjson from 'superjson';\nconst t = initTRPC.context().create({ transformer: superjson });\nexport const createTRPCRouter = t.router;\nexport const publicProcedure = t.procedure;\nexport const protectedProcedure = t.procedure.use(guard);",
  'src/server/api/routers/post.ts':
    "import { createTRPCRouter, protectedProcedure, publicProcedure } from '~/server/api/trpc';\nexport const postRouter = createTRPCRouter({\n  hello: publicProcedure.input(z.object({ text: z.string() })).query(({ input }) => input),\n  create: protectedProcedure.input(z.object({ name: z.string().min(1), draft: z.boolean().optional() })).mutation(async ({ ctx, input }) => ctx.db.post.create(input)),\n  getLatest: protectedProcedure.query(async ({ ctx }) => ctx.db.post.query('x')),\n});",
  'src/server/api/routers/user.ts':
    "import { createTRPCRouter, protectedProcedure } from '../trpc';\nconst shape = z.object({ userId: z.string(), role: z.enum(['USER', 'ADMIN']) });\nexport const userRouter = createTRPCRouter({ me: protectedProcedure.query(me), setRole: protectedProcedure.input(shape.extend({ note: z.string().optional() }).strict()).mutation(setRole), byEmail: protectedProcedure.input(z.string().email()).query(find), odd: protectedProcedure.input(made()).query(find) });",
  'src/server/api/root.ts':
    "import { postRouter } from '~/server/api/routers/post';\nimport { userRouter as people } from './routers/user';\nexport const appRouter = createTRPCRouter({ post: postRouter, inner: createTRPCRouter({ user: people }), health: publicProcedure.query(() => 'ok') });",
};

describe('procedures of tRPC', () => {
  it('are read from the routers of the T3 starter, below the names that those have in others', () => {
    const calls = findProcedures(sourcesOf(T3), ['/', '/api/trpc/[trpc]']);
    expect(calls).toMatchObject({ endpoint: '/api/trpc', isWrapped: true });
    expect(calls?.procedures.map(({ name, kind, isGuarded }) => [name, kind, Boolean(isGuarded)])).toEqual([
      ['post.hello', 'query', false],
      ['post.create', 'mutation', true],
      ['post.getLatest', 'query', true],
      ['inner.user.me', 'query', true],
      ['inner.user.setRole', 'mutation', true],
      ['inner.user.byEmail', 'query', true],
      ['inner.user.odd', 'query', true],
      ['health', 'query', false],
    ]);
  });
  it('say what they take', () => {
    const byName = new Map(findProcedures(sourcesOf(T3))?.procedures.map((each) => [each.name, each]));
    expect(byName.get('post.create')?.inputs).toEqual([
      { name: 'name', type: 'text' },
      { name: 'draft', type: 'flag', isOptional: true },
    ]);
    expect(byName.get('inner.user.setRole')?.inputs).toEqual([
      { name: 'userId', type: 'text' },
      { name: 'role', type: 'choice', values: ['USER', 'ADMIN'] },
      { name: 'note', type: 'text', isOptional: true },
    ]);
    expect(byName.get('inner.user.byEmail')?.inputs).toEqual([{ name: '', type: 'email' }]);
    expect(byName.get('inner.user.odd')).toMatchObject({ isUnread: true });
    expect(byName.get('post.getLatest')?.inputs).toBeUndefined();
  });
  it('stand in routers that are loaded later, or chosen by a setting', () => {
    const calls = findProcedures(
      sourcesOf({
        'server/routers/slow.ts':
          "import { router } from '@trpc/server';\nexport const slowRouter = router({ list: protectedProcedure.query(run) });",
        'server/index.ts':
          "export const appRouter = t.router({ slow: lazy(() => import('./routers/slow.js').then((m) => m.slowRouter)), ...(process.env.BETA ? { beta: t.router({ try: protectedProcedure.mutation(run) }) } : {}) });\nconst server = createHTTPHandler({ endpoint: '/rpc' });",
      }),
    );
    expect(calls?.endpoint).toBe('/rpc');
    expect(calls?.procedures.map(({ name }) => name)).toEqual(['beta.try', 'slow.list']);
  });
  it('are none of an app without tRPC, whose database has queries of its own', () => {
    const files = {
      'router.ts':
        'export const router = createRouter({ list: pool.query(sql), all: db.select().query(run) });',
    };
    expect(findProcedures(sourcesOf(files))).toBeUndefined();
  });
});

describe('the address of procedures', () => {
  it.each([
    ['createTRPCReact({ url: `${getBaseUrl()}/api/trpc` })', '/api/trpc'],
    ["app.use('/trpc', createExpressMiddleware({ router }));", '/trpc'],
    ["app.use('/v1/trpc/*', trpcServer({ router }));", '/v1/trpc'],
    ["import { api } from '~/server/api/trpc';\nimport { t } from '@/trpc';", undefined],
  ])('is read from %s', (text, endpoint) => {
    expect(endpointOf(sourcesOf({ 'a.ts': text }))).toBe(endpoint);
  });
});

describe('what init guesses of an API', () => {
  it('is the query that every member has an answer of', () => {
    expect(ownQueries(findProcedures(sourcesOf(T3)))).toEqual(['/api/trpc/inner.user.me']);
  });
  it('is that of others that refuse no member, where none is called the own of whoever asks', () => {
    const secrets = (begins: string, run: string) =>
      ownQueries(
        findProcedures(
          sourcesOf({
            'server/post.ts': `import { initTRPC } from '@trpc/server';\nexport const postRouter = createTRPCRouter({ hello: publicProcedure.query(() => 'hi'), getSecretMessage: ${begins}.query(${run}) });`,
          }),
        ),
      );
    expect(secrets('protectedProcedure', "() => 'you can see this'")).toEqual(['/api/trpc/getSecretMessage']);
    expect(secrets('adminProcedure', "() => 'for a few'")).toEqual([]);
    expect(secrets('protectedAdminProcedure', "() => 'for a few'")).toEqual([]);
    expect(secrets('protectedProcedure', '({ ctx }) => ctx.db.post.findFirstOrThrow()')).toEqual([]);
    expect(secrets('protectedProcedure', '({ ctx }) => { requireStaff(ctx); return list(); }')).toEqual([]);
    expect(secrets('protectedProcedure', 'readLatest')).toEqual([]);
  });
  it('is no path that answers nobody without a parameter', () => {
    const guarded = (rest: string) =>
      `export async function GET(request) { const session = await auth(); if (!session) return Response.json({}, { status: 401 }); ${rest} }`;
    const routes = findRoutes(
      sourcesOf({
        'app/api/export/route.ts': guarded(
          "const id = new URL(request.url).searchParams.get('id'); if (!id) return Response.json({}, { status: 404 });",
        ),
        'app/api/orders/route.ts': guarded(
          "const page = new URL(request.url).searchParams.get('page') ?? 1;",
        ),
      }),
    );
    expect(routes.api).toEqual(['/api/orders']);
  });
});

it('procedures of tRPC 9, whose routers are chains that are merged', () => {
  const sources = sourcesOf({
    'server/create-router.ts':
      "import * as trpc from '@trpc/server';\nexport function createRouter() { return trpc.router(); }",
    'server/create-protected-router.ts':
      "import * as trpc from '@trpc/server';\nexport function createProtectedRouter() { return trpc.router().middleware(({ ctx, next }) => next()); }",
    'server/routers/_app.ts':
      "import superjson from 'superjson';\nexport const appRouter = createRouter().transformer(superjson).merge('post.', postRouter).query('health', { resolve: () => 'ok' });",
    'server/routers/post.ts':
      "export const postRouter = createProtectedRouter()\n  .query('feed', { input: z.object({ take: z.number().optional() }).optional(), async resolve({ ctx }) { return ctx.prisma.post.findMany(); } })\n  .query('detail', { input: z.object({ id: z.number() }), resolve: () => null })\n  .mutation('delete', { input: z.number(), resolve: ({ input }) => input });",
    'pages/api/trpc/[trpc].ts': 'export default createNextApiHandler({ router: appRouter });',
  });
  const calls = findProcedures(sources, ['/api/trpc/[trpc]']);
  expect(calls).toMatchObject({ endpoint: '/api/trpc', isWrapped: true });
  expect(calls?.procedures.map(({ name, kind, isGuarded = false }) => [name, kind, isGuarded])).toEqual([
    ['post.feed', 'query', true],
    ['post.detail', 'query', true],
    ['post.delete', 'mutation', true],
    ['health', 'query', false],
  ]);
  expect(calls?.procedures[1]?.inputs).toEqual([{ name: 'id', type: 'number' }]);
});
