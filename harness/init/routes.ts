/** Pages and API paths of an app that look as if they need a session. A guess: an app says so in many ways. */
import type { Node } from '@babel/types';
import { listOf } from './provider.ts';
import { constantOf, resolve, type SourceFile, walk } from './syntax.ts';

export interface Routes {
  protected: string[];
  api: string[];
}

const SESSION =
  /^(auth|getServerSession|getSession|getAuthUser|authUser|getToken|session|unstable_getServerSession)$/;
const SIGN_IN_PLACE = /^\/.*(sign-?in|log-?in|auth)|^\/$/i;
/** Such pages are where people sign in, not what they sign in for. */
const NOT_PROTECTED = /sign-?(in|out|up)|log-?(in|out)|register|auth|error|callback/i;

/** File of a framework with routes by file → URL path and kind. */
function routeOf(file: string): { path: string; api: boolean } | undefined {
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
    const path = `/${(match[1] ?? '').replace(/\([^)]*\)\/?/g, '').replace(/\/$/, '')}`;
    return /[[\]]|(^|\/)_/.test(path) ? undefined : { path, api: api ?? false };
  }
  return undefined;
}

/** Which router is mounted where is not followed: each path may be below each place. */
const MOUNTED_MAX = 20;

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
  const mounts = new Set<string>();
  for (const source of sources) {
    const prefix = honoBasePath(source);
    walk(source.tree, (node) => {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
      const { property } = node.callee;
      const method = property.type === 'Identifier' ? property.name : '';
      const path = constantOf(node.arguments[0], source);
      if (!path?.startsWith('/')) return;
      if (methods.test(method)) found.push({ path: prefix + path, file: source.file });
      const mounted = node.arguments.at(-1);
      if (/^(use|route)$/.test(method) && mounted?.type === 'Identifier' && /^\/[\w/-]+$/.test(path))
        mounts.add(path.replace(/\/$/, ''));
    });
  }
  const mounted = [...mounts].flatMap((mount) =>
    found.map(({ path, file }) => ({ path: mount + path, file })),
  );
  return [...found, ...mounted.slice(0, MOUNTED_MAX)];
}

interface Evidence {
  session: boolean;
  redirect: boolean;
  refusal: boolean;
}

/** What a piece of code does with a session. */
function evidenceIn(tree: Node): Evidence {
  const evidence: Evidence = { session: false, redirect: false, refusal: false };
  let redirects = false;
  let place = false;
  walk(tree, (node) => {
    if (node.type === 'Identifier') {
      if (SESSION.test(node.name)) evidence.session = true;
      if (node.name === 'redirect') redirects = true;
    }
    if (node.type === 'StringLiteral' && SESSION.test(node.value)) evidence.session = true;
    if (node.type === 'StringLiteral' && SIGN_IN_PLACE.test(node.value)) place = true;
    if (node.type === 'TemplateElement' && SIGN_IN_PLACE.test(node.value.raw)) place = true;
    if (node.type === 'NumericLiteral' && (node.value === 401 || node.value === 403)) evidence.refusal = true;
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
      if (node.callee.name === 'unauthorized') evidence.redirect = true;
    }
  });
  evidence.redirect ||= redirects && place;
  return evidence;
}

export function findRoutes(sources: readonly SourceFile[]): Routes {
  const pages = new Set<string>();
  const api = new Set<string>();
  const add = (path: string, isApi: boolean, { session, redirect, refusal }: Evidence) => {
    if (!session || NOT_PROTECTED.test(path)) return;
    if (refusal && (isApi || !redirect)) api.add(path);
    else if (redirect && !isApi) pages.add(path);
  };
  for (const source of sources) {
    const route = routeOf(source.file);
    if (route && source.file.endsWith('.vue')) {
      if (nuxtGuards(source, sources) && !NOT_PROTECTED.test(route.path)) pages.add(route.path);
      continue;
    }
    if (route) add(route.path, route.api, evidenceIn(source.tree));
    for (const path of middlewarePaths(source, sources)) if (!NOT_PROTECTED.test(path)) pages.add(path);
    handlerRoutes(source, add, api);
  }
  return { protected: [...pages].sort(), api: [...api].sort() };
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

/** `new Hono().basePath('/v1')` stands before every path of the app; empty where several differ. */
function honoBasePath(source: SourceFile): string {
  const found = new Set<string>();
  walk(source.tree, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    const { property } = node.callee;
    const path = constantOf(node.arguments[0], source);
    if (property.type === 'Identifier' && property.name === 'basePath' && path?.startsWith('/'))
      found.add(path.replace(/\/$/, ''));
  });
  return found.size === 1 ? ([...found][0] ?? '') : '';
}

/** `app.get('/x', handler)`, and Hono's `app.use('/api/*', verifyAuth())`. */
function handlerRoutes(
  source: SourceFile,
  add: (path: string, isApi: boolean, evidence: Evidence) => void,
  api: Set<string>,
): void {
  const guarded: string[] = [];
  const prefix = honoBasePath(source);
  walk(source.tree, (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
    const { property } = node.callee;
    const method = property.type === 'Identifier' ? property.name : '';
    const [first, ...handlers] = node.arguments;
    const own = constantOf(first, source);
    if (!own?.startsWith('/')) return;
    const path = prefix + own;
    const guards = handlers.some((handler) => {
      const callee = handler.type === 'CallExpression' ? handler.callee : handler;
      return callee.type === 'Identifier' && callee.name === 'verifyAuth';
    });
    if (method === 'use' && guards) guarded.push(path.replace(/\/?\*+$/, ''));
    if (method !== 'get' || /[:*]/.test(path)) return;
    if (guards || guarded.some((guard) => path.startsWith(`${guard}/`))) {
      if (!NOT_PROTECTED.test(path)) api.add(path);
      return;
    }
    const evidence = handlers.map((handler) => evidenceIn(resolve(handler, source) ?? handler));
    add(path, /^\/api\//.test(own), {
      session: evidence.some(({ session }) => session),
      redirect: evidence.some(({ redirect }) => redirect),
      refusal: evidence.some(({ refusal }) => refusal),
    });
  });
}

/**
 * What the matcher of a middleware names: v4's `export { default } from 'next-auth/middleware'` guards it, and so does
 * v5's `export { auth as middleware }` once `callbacks.authorized` says who may pass (authjs.dev, Protecting Resources).
 */
function middlewarePaths(source: SourceFile, sources: readonly SourceFile[]): string[] {
  if (!/^(src\/)?(middleware|proxy)\.[jt]s$/.test(source.file)) return [];
  const exportsAuth = /\bauth\s+as\s+(middleware|proxy|default)\b/.test(source.text);
  const guards = exportsAuth && sources.some(({ text }) => /\bauthorized\b/.test(text));
  if (!guards && !/next-auth\/middleware/.test(source.text)) return [];
  let found: string[] = [];
  walk(source.tree, (node) => {
    if (node.type !== 'ObjectProperty' || node.key.type !== 'Identifier' || node.key.name !== 'matcher')
      return;
    const one = constantOf(node.value, source);
    found = one ? [one] : (listOf(node.value, source) ?? []);
  });
  return found.map((path) => path.replace(/\/:path\*$/, '')).filter((path) => /^\/[\w/-]+$/.test(path));
}
