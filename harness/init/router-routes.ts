/** Routes of Express, Hono, Fastify and their like that need a session: by guards of their own, and by those that stand before them. */
import type { Node } from '@babel/types';
import { handlersSendAway } from './guarded-paths.ts';
import { all, type Evidence, evidenceIn, type Guards } from './guards.ts';
import { below, frontsBefore, isNamed, mountsOf, routersOf } from './routers.ts';
import { lineOf, resolve, type SourceFile } from './syntax.ts';

/** Whether a guard at a path stands before a route: `/api/*` and `/api` before `/api/me`. */
const isBefore = (guard: string, path: string): boolean => {
  const bare = guard.replace(/\/?\*+\w*$/, '');
  return path === bare || path.startsWith(`${bare}/`);
};

/** `app.get('/x', requireUser, handler)`, `router.use(requireUser)`, and Hono's `app.use('/api/*', verifyAuth())`. */
export function handlerRoutes(
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
  for (const [position, { router, method, path: own, handlers }] of calls.entries()) {
    if (method !== 'get' || !own?.startsWith('/') || /[:*]/.test(own)) continue;
    const here = frontsBefore(position, routersOf(source));
    const within = prefixOf(router) + own;
    for (const { place, before, fronts } of mountsOf(router, source, sources)) {
      const path = below(place + prefixOf(router), own);
      const standing = [
        ...fronts.filter(({ at }) => at === undefined || isBefore(at, path)),
        ...here.filter(({ at }) => at === undefined || isBefore(at, within)),
      ];
      const inline = standing.flatMap((each) =>
        each.at === undefined ? each.handlers.filter((one) => !isNamed(one)) : [],
      );
      const guarding = standing.flatMap((each) =>
        each.at === undefined ? each.handlers.filter(isNamed) : each.handlers,
      );
      const mine = [...before, ...guarding, ...handlers];
      const sent = handlersSendAway({ front: inline, own: mine }, { path, source, sources });
      const evidence = all([
        ...mine.map((handler) => evidenceOf(handler, path)),
        ...(sent ? [{ session: true, redirect: sent === 'redirect', refusal: sent === 'refuse' }] : []),
      ]);
      add(path, isApiPath(path) || (evidence.refusal && !evidence.redirect), evidence);
    }
  }
}

export const isApiPath = (path: string) => /(^|\/)api\//.test(path);

/** A handler of a route, as it stands in a call. */
const isHandler = (node: Node | undefined): boolean =>
  node !== undefined && /Function|^(?:Identifier|MemberExpression|CallExpression)$/.test(node.type);

/** Where routers are told of routes whose addresses are made while the app runs: `for (const [path, handle] of pages) app.get(path, handle)`. */
export function unreadHandlers(sources: readonly SourceFile[]): string[] {
  return sources.flatMap((source) => {
    const { calls } = routersOf(source);
    const routers = new Set(
      calls.flatMap(({ router, method, path }) => (path || /^(?:use|listen)$/.test(method) ? [router] : [])),
    );
    return calls.flatMap(({ router, method, path, handlers: [address, ...handlers] }) => {
      const isRoute =
        /^(?:get|post|put|patch|delete|all)$/.test(method) && routers.has(router) && router !== '';
      if (
        !isRoute ||
        path ||
        !address ||
        !/^(?:Identifier|MemberExpression|TemplateLiteral|BinaryExpression)$/.test(address.type)
      )
        return [];
      return isHandler(handlers.at(-1)) ? [`${source.file}:${lineOf(address)}`] : [];
    });
  });
}
