/** Servers without routes by file and without a router of Express' kind: NestJS, and tables of routes over node:http. */
import { describe, expect, it } from 'vitest';
import { postsOf, routesIn, sourceTree } from '../../fixtures/source-tree.ts';
import { planFor } from './plan.ts';

function read(files: Record<string, string>, dependencies: Record<string, string>) {
  const manifest = { name: 'shop', scripts: { start: 'node dist/main.js' }, dependencies };
  const folder = sourceTree({ 'package.json': JSON.stringify(manifest), ...files });
  const routes = routesIn(folder);
  return {
    paths: routes?.paths.map((each) => each.path).sort(),
    leads: routes?.paths.flatMap((each) => (each.leads && each.parameters ? [each.path] : [])),
    unread: routes?.unread,
    ...postsOf(routes),
    pages: planFor(folder).config.pages,
  };
}

const NEST = { '@nestjs/core': '11.1.0', '@nestjs/common': '11.1.0', '@auth/express': '0.12.1' };
const MAIN = (more = '') => `import { NestFactory } from '@nestjs/core';
import { ExpressAuth } from '@auth/express';
import Logto from '@auth/express/providers/logto';
import { AppModule } from './app.module';
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.use('/auth/*splat', ExpressAuth({ providers: [Logto] }));
  ${more}
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();`;
const GUARD = (
  body: string,
) => `import { CanActivate, ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { getSession } from '@auth/express';
import { authConfig } from './config';
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}
  async canActivate(context: ExecutionContext): Promise<boolean> {
    ${body}
  }
}`;
const ASKS = `const request = context.switchToHttp().getRequest();
    const session = await getSession(request, authConfig);
    if (!session?.user) throw new UnauthorizedException();
    request.user = session.user;
    return true;`;
const NOTES = `import { Body, Controller, Delete, Get, Param, Post, UseGuards } from '@nestjs/common';
import { SessionGuard } from '../auth/session.guard';
@Controller('notes')
@UseGuards(SessionGuard)
export class NotesController {
  constructor(private readonly notes: NotesService) {}
  @Get() list(@Req() req: Request) { return this.notes.of(req.user.id); }
  @Get(':id') one(@Param('id') id: string) { return this.notes.one(id); }
  @Post() make(@Body() body: MakeNote) { return this.notes.make(body); }
  @Delete(':id') remove(@Param('id') id: string) { return this.notes.remove(id); }
}`;
const ROOT = `import { Controller, Get, Post, Query, Redirect, Req, UseGuards } from '@nestjs/common';
import { SessionGuard } from './auth/session.guard';
@Controller()
export class AppController {
  @Get() home() { return 'Welcome'; }
  @Get(['about', 'imprint']) about() { return 'About'; }
  @Get('me') @UseGuards(SessionGuard) me(@Req() req: Request) { return req.user; }
  @Get('out') @Redirect() out(@Query('u') u: string) { return { url: u }; }
  @Post('hooks/logto') hook(@Req() req: Request) { return verify(req.headers['logto-signature-sha-256']); }
}`;

describe('NestJS', () => {
  it('tells what its controllers answer, what takes posts, and what guards close', () => {
    expect(
      read(
        {
          'src/main.ts': MAIN(),
          'src/app.controller.ts': ROOT,
          'src/auth/session.guard.ts': GUARD(ASKS),
          'src/notes/notes.controller.ts': NOTES,
        },
        NEST,
      ),
    ).toEqual({
      paths: ['/', '/about', '/imprint', '/me', '/notes', '/notes/:id', '/out'],
      leads: ['/out'],
      unread: undefined,
      posts: ['/hooks/logto', '/notes'],
      hooks: ['/hooks/logto'],
      pages: { api: ['/me', '/notes'] },
    });
  });
  it('has a prefix before all of them, but for what is left out, and versions', () => {
    const { paths, pages } = read(
      {
        'src/main.ts': MAIN(
          "app.setGlobalPrefix('api', { exclude: ['health'] }); app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });",
        ),
        'src/health.controller.ts':
          "import { Controller, Get, VERSION_NEUTRAL } from '@nestjs/common';\n@Controller({ path: 'health', version: VERSION_NEUTRAL }) export class HealthController { @Get() ok() { return 'ok'; } }",
        'src/auth/session.guard.ts': GUARD(
          'const session = await getSession(context.switchToHttp().getRequest(), authConfig); return Boolean(session?.user);',
        ),
        'src/notes/notes.controller.ts': NOTES,
        'src/orders.controller.ts':
          "import { Controller, Get, Version } from '@nestjs/common';\n@Controller({ path: 'orders', version: '2' }) export class OrdersController { @Get() all() { return []; } }",
      },
      NEST,
    );
    expect(paths).toEqual(['/api/v1/notes', '/api/v1/notes/:id', '/api/v2/orders', '/health']);
    expect(pages).toEqual({ api: ['/api/v1/notes'] });
  });
  it('has a prefix that nobody can read, and says so', () => {
    const at = (prefix: string) =>
      read(
        {
          'src/main.ts': MAIN(`app.setGlobalPrefix(${prefix});`),
          'src/auth/session.guard.ts': GUARD(ASKS),
          'src/notes/notes.controller.ts': NOTES,
        },
        NEST,
      );
    expect(at("config.getOrThrow('app.prefix', { infer: true })").unread).toEqual(['src/main.ts:8']);
    const usual = at("process.env.API_PREFIX ?? 'rest'");
    expect([usual.paths, usual.unread]).toEqual([['/rest/notes', '/rest/notes/:id'], undefined]);
  });
  it('has a guard before all of them, but for what is public', () => {
    const { pages } = read(
      {
        'src/main.ts': MAIN(),
        'src/app.module.ts': `import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { SessionGuard } from './auth/session.guard';
@Module({ controllers: [], providers: [{ provide: APP_GUARD, useClass: SessionGuard }] })
export class AppModule {}`,
        'src/auth/session.guard.ts': GUARD(
          `const isPublic = this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]);
    if (isPublic) return true;
    ${ASKS}`,
        ),
        'src/app.controller.ts': `import { Controller, Get } from '@nestjs/common';
import { Public } from './auth/public';
@Controller()
export class AppController {
  @Public() @Get() home() { return 'Welcome'; }
  @Get('me') me(@Req() req: Request) { return req.user; }
}`,
        'src/news.controller.ts': `import { Controller, Get } from '@nestjs/common';
import { Public } from './auth/public';
@Public() @Controller('news') export class NewsController { @Get() all() { return []; } }`,
        'src/auth/public.ts': `import { SetMetadata } from '@nestjs/common';
export const IS_PUBLIC = 'isPublic';
export const Public = () => SetMetadata(IS_PUBLIC, true);`,
      },
      NEST,
    );
    expect(pages).toEqual({ api: ['/me'] });
  });
});

const CORE = { '@auth/core': '0.41.3' };
const AUTH = `import { Auth, setEnvDefaults } from '@auth/core';
import Logto from '@auth/core/providers/logto';
export const config = { basePath: '/auth', providers: [Logto] };
setEnvDefaults(process.env, config);
export async function sessionOf(req) {
  const answer = await Auth(new Request('http://localhost/auth/session', { headers: { cookie: req.headers.cookie ?? '' } }), config);
  return answer.json();
}`;
const WANTED = {
  paths: ['/', '/api/me', '/desk', '/notes/:id', '/out'],
  posts: ['/api/hook'],
  pages: { protected: ['/desk'], api: ['/api/me'] },
};

describe('node:http', () => {
  it.each<[string, string]>([
    [
      'a table by method and path',
      `const routes = {
  'GET /': (req, res) => res.end('Welcome'),
  'GET /desk': async (req, res) => {
    const session = await sessionOf(req);
    if (!session?.user) return redirect(res, '/auth/signin');
    res.end('Desk');
  },
  'GET /notes/:id': note,
  'GET /out': (req, res) => redirect(res, new URL(req.url, 'http://x').searchParams.get('u')),
  'GET /api/me': me,
  'POST /api/hook': hook,
};
createServer((req, res) => { const { pathname } = new URL(req.url, 'http://x'); (routes[\`\${req.method} \${pathname}\`] ?? missing)(req, res); }).listen(process.env.PORT);`,
    ],
    [
      'a list of routes',
      `const routes = [
  { method: 'GET', path: '/', handler: (req, res) => res.end('Welcome') },
  { method: 'GET', path: '/desk', handler: async (req, res) => { const session = await sessionOf(req); if (!session?.user) { res.writeHead(302, { Location: '/auth/signin' }); return res.end(); } res.end('Desk'); } },
  { method: 'GET', path: '/notes/:id', handler: note },
  { method: 'GET', path: '/out', handler: (req, res) => { const u = new URL(req.url, 'http://x').searchParams.get('u'); res.writeHead(303, { location: u }).end(); } },
  { method: 'GET', path: '/api/me', handler: me },
  { method: 'POST', path: '/api/hook', handler: hook },
];
createServer(async (req, res) => { const route = routes.find((each) => matches(each, req)); await route?.handler(req, res); }).listen(process.env.PORT);`,
    ],
    [
      'comparisons',
      `createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url, 'http://x');
  if (pathname.startsWith('/auth/')) return handleAuth(req, res);
  if (pathname === '/') return res.end('Welcome');
  if (req.method === 'POST' && pathname === '/api/hook') return hook(req, res);
  if (pathname === '/out') return redirect(res, searchParams.get('u'));
  if (/^\\/notes\\/(\\d+)$/.test(pathname)) return note(req, res);
  const session = await sessionOf(req);
  if (pathname === '/desk') {
    if (!session?.user) return redirect(res, '/auth/signin');
    return res.end('Desk');
  }
  if (pathname === '/api/me') {
    if (!session?.user) { res.statusCode = 401; return res.end(); }
    return res.end(JSON.stringify(session.user));
  }
  res.writeHead(404).end();
}).listen(process.env.PORT);`,
    ],
    [
      'a switch',
      `async function answer(req, res) {
  const url = new URL(req.url, 'http://x');
  const session = await sessionOf(req);
  switch (\`\${req.method} \${url.pathname}\`) {
    case 'GET /': return res.end('Welcome');
    case 'GET /desk':
      if (!session?.user) return redirect(res, '/auth/signin');
      return res.end('Desk');
    case 'GET /notes/:id': return note(req, res);
    case 'GET /out': return redirect(res, url.searchParams.get('u'));
    case 'GET /api/me':
      return session?.user ? res.end(JSON.stringify(session.user)) : res.writeHead(401).end();
    case 'POST /api/hook': return hook(req, res);
  }
}
createServer(answer).listen(process.env.PORT);`,
    ],
  ])('%s', (_, text) => {
    const found = read(
      {
        'auth.js': AUTH,
        'server.js': `import { createServer } from 'node:http';
import { sessionOf } from './auth.js';
const redirect = (res, to) => { res.writeHead(302, { location: to }); res.end(); };
const hook = (req, res) => verify(req.headers['logto-signature-sha-256']);
const note = (req, res) => res.end('note');
async function me(req, res) { const session = await sessionOf(req); if (!session?.user) return res.writeHead(401).end(); res.end(JSON.stringify(session.user)); }
${text}`,
      },
      CORE,
    );
    expect({ paths: found.paths, posts: found.posts, pages: found.pages }).toEqual(WANTED);
  });
});

it('a router that is told of a table of routes while the app runs: its entries are known, and that there may be more', () => {
  const found = read(
    {
      'app.js': `import express from 'express';
import { ExpressAuth, getSession } from '@auth/express';
import Logto from '@auth/express/providers/logto';
const app = express();
const config = { providers: [Logto] };
app.use('/auth', ExpressAuth(config));
const members = (show) => async (req, res) => { const session = await getSession(req, config); if (!session?.user) return res.redirect('/auth/signin'); show(req, res); };
const pages = { '/': home, '/desk': members(desk), '/out': (req, res) => res.redirect(req.query.u) };
for (const [path, handle] of Object.entries(pages)) app.get(path, handle);`,
    },
    { '@auth/express': '0.12.1' },
  );
  expect(found).toMatchObject({
    paths: ['/', '/desk', '/out'],
    leads: ['/out'],
    pages: { protected: ['/desk'] },
  });
});
