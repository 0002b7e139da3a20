/** Pages and API paths of an app that look as if they need a session. A guess: an app says so in many ways. */
import type { Node } from '@babel/types';
import { guardedPaths, handlersSendAway } from './guarded-paths.ts';
import { all, type Evidence, evidenceIn, type Guards, guardsOf } from './guards.ts';
import { listOf } from './provider.ts';
import { below, mountsOf, routersOf } from './routers.ts';
import { resolve, type SourceFile, walk } from './syntax.ts';
import { constantOf } from './texts.ts';

export interface Routes {
  protected: string[];
  api: string[];
}

/** Such pages are where people sign in, not what they sign in for. */
const NOT_PROTECTED = /sign-?(in|out|up)|log-?(in|out)|register|auth|error|callback/i;
/** Such pages are for a few of the members: one without a role is refused there, too. */
const FOR_A_FEW = /(^|\/)(admin|staff|backoffice|moderat)/i;

/**
 * Whether a handler wants to be told in the query what it is about, and answers nobody without it: no address of it is known that
 * members have an answer of.
 */
const wantsParameter = ({ text }: SourceFile): boolean =>
  /\bsearchParams\s*\.\s*get\(|\bgetQuery\(|\b(?:req|request|event|c)\b[\w.]*\.query\b/.test(text) &&
  /\b4(?:00|04|10|22)\b|\bnotFound\(/.test(text);

/** What a file of a router by file exports for each method (Next.js, SvelteKit, Astro). */
const METHODS = /^(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE|ALL|fallback)$/;

/**
 * Whether the handlers of a file answer no GET: it exports others alone, or names others and refuses the rest with 405. Nothing is
 * read there, by members neither.
 */
function readsNothing({ tree, text }: SourceFile): boolean {
  const exported = new Set<string>();
  let byDefault = false;
  walk(tree, (node, above) => {
    if (above.length > 4) return;
    if (node.type === 'ExportDefaultDeclaration') byDefault = true;
    if (node.type === 'ExportAllDeclaration') byDefault = true;
    if (node.type === 'ExportSpecifier')
      exported.add(node.exported.type === 'Identifier' ? node.exported.name : node.exported.value);
    if (node.type !== 'ExportNamedDeclaration') return;
    const { declaration } = node;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) exported.add(declaration.id.name);
    if (declaration?.type === 'VariableDeclaration')
      for (const { id } of declaration.declarations) {
        if (id.type === 'Identifier') exported.add(id.name);
        if (id.type === 'ObjectPattern')
          for (const each of id.properties)
            if (each.type === 'ObjectProperty' && each.value.type === 'Identifier')
              exported.add(each.value.name);
      }
  });
  const methods = [...exported].filter((name) => METHODS.test(name));
  if (methods.length > 0) return !methods.some((name) => /^(?:GET|ALL|fallback)$/.test(name));
  return (
    byDefault &&
    /\b405\b/.test(text) &&
    /['"](?:POST|PUT|PATCH|DELETE)['"]/.test(text) &&
    !/['"]GET['"]|\bGET\b/.test(text)
  );
}

/** File of a framework with routes by file → URL path and kind. */
function routeOf(file: string, locale?: string): { path: string; api: boolean } | undefined {
  const rules: [RegExp, boolean | undefined][] = [
    [/^(?:src\/)?app\/(.*\/)?page\.[jt]sx?$/, false],
    [/^(?:src\/)?app\/(.*\/)?route\.[jt]s$/, true],
    [/^src\/routes\/(.*\/)?\+page\.server\.[jt]s$/, false],
    [/^src\/routes\/(.*\/)?\+server\.[jt]s$/, true],
    [/^server\/(api\/.*?)(?:\/?index)?(?:\.get)?\.[jt]s$/, true],
    [/^(?:app\/)?pages\/(.*?)(?:\/?index)?\.vue$/, false],
    [/^src\/routes\/(api\/.*?)(?:\/?index)?\.[jt]s$/, true],
    [/^src\/routes\/(.*?)(?:\/?(?:index|layout))?\.tsx$/, false],
    [/^(?:src\/)?pages\/(api\/.*?)(?:\/?index)?\.[jt]s$/, true],
    [/^(?:src\/)?pages\/(.*?)(?:\/?index)?\.(?:[jt]sx?|astro)$/, false],
  ];
  for (const [pattern, api] of rules) {
    const match = pattern.exec(file);
    if (!match) continue;
    const bare = `/${(match[1] ?? '').replace(/\([^)]*\)\/?/g, '').replace(/\/$/, '')}`;
    const path = locale ? bare.replace(/^\/\[(?:locale|lang|lng|language)\](?=\/|$)/, `/${locale}`) : bare;
    return /[[\]]|(^|\/)_/.test(path) ? undefined : { path, api: api ?? false };
  }
  return undefined;
}

/** Where a router is mounted that nobody names is not known: each of its paths may be below each place. */
const GUESSED_MAX = 20;

/**
 * Paths that `app.get('/x', …)` and the like answer, with the prefixes that routers are mounted at.
 *
 * @param methods of the routers that count
 */
export function handlerPaths(
  sources: readonly SourceFile[],
  methods = /^(get|all)$/,
): { path: string; file: string }[] {
  const found: { path: string; file: string }[] = [];
  const homeless: typeof found = [];
  const places = new Set<string>();
  const mounts = new Set<string>();
  for (const source of sources) {
    const { calls, prefixOf } = routersOf(source);
    for (const { router, method, path, handlers } of calls) {
      if (!path?.startsWith('/')) continue;
      if (methods.test(method))
        for (const { place } of mountsOf(router, source, sources)) {
          const each = { path: below(place + prefixOf(router), path), file: source.file };
          found.push(each);
          places.add(place);
          if (!place) homeless.push(each);
        }
      if (/^(use|route)$/.test(method) && handlers.at(-1)?.type === 'Identifier' && /^\/[\w/-]+$/.test(path))
        mounts.add(path.replace(/\/$/, ''));
    }
  }
  const unknown = [...mounts].filter((mount) => ![...places].some((place) => place.endsWith(mount)));
  const guessed = unknown.flatMap((mount) =>
    homeless.map(({ path, file }) => ({ path: mount + path, file })),
  );
  return [...found, ...guessed.slice(0, GUESSED_MAX)];
}

/** Pages that one guard in front of them closes: so many stand for all. */
const GUARDED_MAX = 12;

/**
 * Finds what looks as if it needed a session.
 *
 * @param listed addresses that the folders of the app tell, whatever stands in the files
 */
export function findRoutes(sources: readonly SourceFile[], listed: readonly string[] = []): Routes {
  const pages = new Set<string>();
  const api = new Set<string>();
  const add = (path: string, isApi: boolean, { session, redirect, refusal }: Evidence) => {
    if (!session || NOT_PROTECTED.test(path) || FOR_A_FEW.test(path)) return;
    if (refusal && (isApi || !redirect)) api.add(path);
    else if (redirect && !isApi) pages.add(path);
  };
  const guards = guardsOf(sources);
  const locale = localeOf(sources);
  const known = [...listed, ...handlerPaths(sources).map(({ path }) => path)];
  const short = new Set(known.map((path) => path.replace(/\/\[\[[^/\]]+\]\]/g, '') || '/'));
  // A matcher names what stands below a path (`/editor/:path*`), where there may be no page at the path itself.
  const isThere = (path: string) =>
    short.has(path) || ![...short].some((each) => each.startsWith(`${path}/`));
  for (const source of sources) {
    const route = routeOf(source.file, locale);
    if (route && source.file.endsWith('.vue')) {
      if (nuxtGuards(source, sources) && !NOT_PROTECTED.test(route.path)) pages.add(route.path);
      continue;
    }
    if (route?.api && (wantsParameter(source) || readsNothing(source))) continue;
    if (route) {
      const own = all([evidenceIn(source.tree, guards), sentByHandler(source, route, sources)]);
      add(
        route.path,
        route.api,
        route.api ? own : all([own, ...layoutsAbove(source, route.path, sources, guards)]),
      );
    }
    for (const path of middlewarePaths(source, sources, guards))
      if (!NOT_PROTECTED.test(path) && isThere(path)) pages.add(path);
    handlerRoutes(source, sources, guards, add);
  }
  const plain = [...new Set(known)].filter(
    (path) => !/[[\]:*]/.test(path) && !NOT_PROTECTED.test(path) && !FOR_A_FEW.test(path),
  );
  const guarded = guardedPaths(sources, plain);
  const ofMembers = (isApi: boolean, found: Set<string>) =>
    guarded.filter((path) => isApiPath(path) === isApi && !found.has(path)).slice(0, GUARDED_MAX);
  for (const path of ofMembers(false, pages)) pages.add(path);
  for (const path of ofMembers(true, api)) api.add(path);
  return { protected: [...pages].sort(), api: [...api].sort() };
}

/** How the page, or the GET, of a file sends strangers away, and lets members in: by whatever function it learns who is there. */
function sentByHandler(
  source: SourceFile,
  { path, api }: { path: string; api: boolean },
  sources: readonly SourceFile[],
): Evidence {
  const handlers: Node[] = [];
  walk(source.tree, (node, above) => {
    if (above.length > 3) return;
    const declared =
      node.type === 'ExportDefaultDeclaration' || node.type === 'ExportNamedDeclaration'
        ? node.declaration
        : undefined;
    const isPage = node.type === 'ExportDefaultDeclaration' && !api;
    if (declared?.type === 'FunctionDeclaration' && (isPage || declared.id?.name === 'GET'))
      handlers.push(declared);
    else if (isPage && declared?.type === 'ArrowFunctionExpression') handlers.push(declared);
    else if (declared?.type === 'VariableDeclaration')
      for (const { id, init } of declared.declarations)
        if (id.type === 'Identifier' && id.name === 'GET' && init) handlers.push(init);
  });
  const sent = handlersSendAway({ front: [], own: handlers }, { path, source, sources });
  return { session: Boolean(sent), redirect: sent === 'redirect', refusal: sent === 'refuse' };
}

/** The language that addresses of an app with one in front (`app/[locale]/…`) are asked for. */
function localeOf(sources: readonly SourceFile[]): string | undefined {
  const named = (pattern: RegExp) =>
    sources.flatMap(({ text }) => pattern.exec(text)?.[1] ?? []).find(Boolean);
  const LOCALE = '[\'"`]([a-z]{2}(?:-[A-Za-z]{2,4})?)[\'"`]';
  return (
    named(new RegExp(`\\bdefault(?:Locale|Language|Lng)\\b\\s*[:=]\\s*${LOCALE}`)) ??
    named(new RegExp(`\\b(?:locales|languages|LOCALES|LANGUAGES)\\b[^\\n]{0,20}[:=]\\s*\\[\\s*${LOCALE}`))
  );
}

/** The layouts above a page that send strangers away: what is below them is meant for members. */
function layoutsAbove(
  page: SourceFile,
  path: string,
  sources: readonly SourceFile[],
  guards: Guards,
): Evidence[] {
  return sources
    .filter(({ file }) => {
      const folder = /^(.*\/)(?:layout|\+layout\.server)\.[jt]sx?$/.exec(file)?.[1];
      return folder !== undefined && page.file.startsWith(folder);
    })
    .flatMap((layout) => [
      evidenceIn(layout.tree, guards),
      sentByHandler(layout, { path, api: false }, sources),
    ])
    .filter(({ session, redirect }) => session && redirect);
}

/**
 * Whether a page of Nuxt asks for a session: `definePageMeta({ middleware: 'sidebase-auth' })` (`'auth'` in older
 * versions), or every page with `globalAppMiddleware`, but for `auth: false` (@sidebase/nuxt-auth, Protecting Pages).
 */
function nuxtGuards(source: SourceFile, sources: readonly SourceFile[]): boolean {
  const meta = /definePageMeta\s*\(\s*\{([\s\S]*?)\}\s*\)/.exec(source.text)?.[1] ?? '';
  if (/\bauth\s*:\s*false\b|unauthenticatedOnly\s*:\s*true/.test(meta)) return false;
  if (/middleware\s*:[^,}]*['"](?:sidebase-)?auth['"]/.test(meta)) return true;
  return sources.some(
    ({ file, text }) =>
      /^nuxt\.config\.[cm]?[jt]s$/.test(file) &&
      /globalAppMiddleware\s*:\s*(?:true|\{[^}]*isEnabled\s*:\s*true)/.test(text),
  );
}

/** Whether a guard at a path stands before a route: `/api/*` and `/api` before `/api/me`. */
const isBefore = (guard: string, path: string): boolean => {
  const bare = guard.replace(/\/?\*+\w*$/, '');
  return path === bare || path.startsWith(`${bare}/`);
};

/** `app.get('/x', requireUser, handler)`, `router.use(requireUser)`, and Hono's `app.use('/api/*', verifyAuth())`. */
function handlerRoutes(
  source: SourceFile,
  sources: readonly SourceFile[],
  guards: Guards,
  add: (path: string, isApi: boolean, evidence: Evidence) => void,
): void {
  const { calls, prefixOf } = routersOf(source);
  /** What a handler does by itself, or by the guard that it is. */
  const evidenceOf = (handler: Node, path: string): Evidence => {
    const named = handler.type === 'CallExpression' ? handler.callee : handler;
    const name = named.type === 'Identifier' ? named.name : '';
    // @hono/auth-js answers 401 (its README).
    if (name === 'verifyAuth') return { session: true, redirect: false, refusal: true };
    const own = evidenceIn(resolve(handler, source) ?? handler, guards);
    const guard = all([own, ...(guards.has(name) ? [guards.get(name) as Evidence] : [])]);
    // One guard for both refuses at an API and redirects elsewhere.
    if (!guard.redirect || !guard.refusal) return guard;
    return isApiPath(path) ? { ...guard, redirect: false } : { ...guard, refusal: false };
  };
  /** A function that is written where it is used may let most of them pass: `app.use((req, res, next) => …)`. */
  const isNamed = (handler: Node) => !/Function/.test(handler.type);
  for (const [position, { router, method, path: own, handlers }] of calls.entries()) {
    if (method !== 'get' || !own?.startsWith('/') || /[:*]/.test(own)) continue;
    const hooks = calls.flatMap((each) =>
      each.router === router && each.method === 'addHook' ? each.handlers.slice(1) : [],
    );
    const inline = calls
      .slice(0, position)
      .flatMap((each) =>
        each.router === router && each.method === 'use' && !each.path ? each.handlers : [],
      );
    const guarding = calls.slice(0, position).flatMap((each) => {
      if (each.method !== 'use') return [];
      if (!each.path) return each.router === router ? each.handlers.filter(isNamed) : [];
      return isBefore(prefixOf(each.router) + each.path, prefixOf(router) + own) ? each.handlers : [];
    });
    for (const { place, before } of mountsOf(router, source, sources)) {
      const path = below(place + prefixOf(router), own);
      const sent = handlersSendAway(
        { front: [...hooks, ...inline], own: [...before, ...guarding, ...handlers] },
        { path, source, sources },
      );
      const evidence = all([
        ...[...before, ...guarding, ...handlers].map((handler) => evidenceOf(handler, path)),
        ...(sent ? [{ session: true, redirect: sent === 'redirect', refusal: sent === 'refuse' }] : []),
      ]);
      add(path, isApiPath(path) || (evidence.refusal && !evidence.redirect), evidence);
    }
  }
}

const isApiPath = (path: string) => /(^|\/)api\//.test(path);

/** Whether a middleware sends people without a session away, itself or by a function that it exports or calls. */
function redirectsStrangers(source: SourceFile, guards: Guards): boolean {
  const own = evidenceIn(source.tree, guards);
  const exported: Evidence[] = [];
  walk(source.tree, (node) => {
    const name =
      node.type === 'ExportSpecifier'
        ? node.local.name
        : node.type === 'ExportDefaultDeclaration' && node.declaration.type === 'Identifier'
          ? node.declaration.name
          : undefined;
    const guard = name && guards.get(name);
    if (guard) exported.push(guard);
  });
  return [own, ...exported].some(({ session, redirect }) => session && redirect);
}

/**
 * What the matcher of a middleware names: v4's `export { default } from 'next-auth/middleware'` guards it, and so does
 * v5's `export { auth as middleware }` once `callbacks.authorized` says who may pass (authjs.dev, Protecting Resources), or
 * `auth((request) => …)` with a redirect in it, in whatever file that stands.
 */
function middlewarePaths(source: SourceFile, sources: readonly SourceFile[], guards: Guards): string[] {
  if (!/^(src\/)?(middleware|proxy)\.[jt]s$/.test(source.file)) return [];
  const exportsAuth = /\bauth\s+as\s+(middleware|proxy|default)\b/.test(source.text);
  const asks = exportsAuth && sources.some(({ text }) => /\bauthorized\b/.test(text));
  if (!asks && !/next-auth\/middleware/.test(source.text) && !redirectsStrangers(source, guards)) return [];
  let found: string[] = [];
  walk(source.tree, (node) => {
    if (node.type !== 'ObjectProperty' || node.key.type !== 'Identifier' || node.key.name !== 'matcher')
      return;
    const one = constantOf(node.value, source);
    found = one ? [one] : (listOf(node.value, source) ?? []);
  });
  return found.map((path) => path.replace(/\/:path\*$/, '')).filter((path) => /^\/[\w/-]+$/.test(path));
}
