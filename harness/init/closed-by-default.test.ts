/** Guards in front of all routes that close whatever they do not name, by a person that they put on the request. */
import { describe, expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const routesOf = (files: Record<string, string>, listed: string[]) =>
  findRoutes(
    Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile),
    listed.map((path) => ({ path, source: `src/routes${path}/+page.server.js` })),
  );

describe('SvelteKit', () => {
  const files = (open: string) => ({
    'src/auth.js': 'export const { handle, signIn, signOut } = SvelteKitAuth({ providers: [] });',
    'src/hooks.server.js': `import { sequence } from '@sveltejs/kit/hooks'; import { handle as auth } from './auth.js'; import { one } from '$lib/db.js';
      const OPEN = [/^\\/$/, /^\\/login$/, /^\\/help$/, /^\\/share\\/[\\w-]+$/];
      async function guard({ event, resolve }) {
        const path = event.url.pathname;
        const bearer = /^Bearer (hud_[\\w-]{24})$/.exec(event.request.headers.get('authorization') ?? '')?.[1];
        if (path.startsWith('/api/')) {
          const owner = bearer && one('SELECT * FROM tokens WHERE hash = ?', bearer);
          event.locals.person = owner ? { id: owner.id } : ((await event.locals.auth())?.user ?? null);
          if (event.locals.person && one('SELECT paused FROM people')?.paused) return json({ error: 'paused' }, { status: 403 });
          if (!event.locals.person) return json({ error: 'sign in' }, { status: 401 });
        } else {
          event.locals.person = ${open};
          if (!event.locals.person && !OPEN.some((each) => each.test(path))) redirect(303, \`/login?next=\${path}\`);
        }
        return resolve(event);
      }
      export const handle = sequence(auth, guard);`,
    'src/lib/db.js': 'export const one = (sql, ...given) => db.prepare(sql).get(...given);',
    'src/routes/teams/+page.server.js':
      'export const load = ({ locals }) => ({ teams: teamsOf(locals.person) });',
  });
  const ROUTES = ['/', '/help', '/login', '/share/key', '/teams', '/api/me'];
  it('closes all but what it names', () => {
    expect(routesOf(files('(await event.locals.auth())?.user ?? null'), ROUTES)).toEqual({
      protected: ['/teams'],
      api: ['/api/me'],
    });
  });
  it('closes nothing to guests that it makes', () => {
    expect(routesOf(files('(await event.locals.auth())?.user ?? guestOf(event)'), ROUTES)).toEqual({
      protected: [],
      api: [],
    });
  });
});

describe('Astro', () => {
  const files = (deny: string) => ({
    'src/middleware.ts': `import { defineMiddleware } from 'astro:middleware'; const OPEN = ['/', '/login', '/help', '/share'];
      export const onRequest = defineMiddleware(async (context, next) => {
        const session = await getSession(context.request);
        context.locals.person = session?.user ?? null;
        ${deny}
        return next(); });`,
    'src/pages/teams.astro': 'export default 1;',
  });
  const ROUTES = ['/', '/help', '/login', '/share/key', '/teams', '/api/me'];
  it('closes all but what it names', () => {
    const deny = `const { person } = context.locals; const open = OPEN.some((each) => context.url.pathname === each || context.url.pathname.startsWith(each + '/'));
      if (!person && !open) return context.redirect('/login');`;
    expect(routesOf(files(deny), ROUTES)).toEqual({ protected: ['/teams'], api: ['/api/me'] });
  });
  it('closes nothing that a stranger may open in a language that is chosen', () => {
    const deny = `context.locals.lang = context.cookies.get('lang')?.value; if (!context.locals.lang) return context.redirect('/');`;
    expect(routesOf(files(deny), ROUTES)).toEqual({ protected: [], api: [] });
  });
});
