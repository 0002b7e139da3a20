/** Pages and API paths of an app that look as if they need a session. A guess: an app says so in many ways. */
import { routeOf, spokenPath } from './file-routes.ts';
import type { Listed } from './folder-routes.ts';
import { guardedPaths } from './guarded-paths.ts';
import { all, type Evidence, evidenceIn, guardsOf } from './guards.ts';
import { handlerPaths } from './handler-paths.ts';
import { localeOf } from './languages.ts';
import { middlewarePaths } from './middleware-paths.ts';
import { link } from './modules.ts';
import type { OwnRoute } from './own-routes.ts';
import {
  isForOthers,
  layoutsAbove,
  marksItself,
  nuxtGuards,
  sentByHandler,
  sentInTable,
} from './page-guards.ts';
import { metaOf } from './page-meta.ts';
import { readsNothing } from './reads-nothing.ts';
import { handlerRoutes, isApiPath } from './router-routes.ts';
import type { SourceFile } from './syntax.ts';
import { wantsParameter } from './wants-parameter.ts';

export interface Routes {
  protected: string[];
  api: string[];
}

/** Such pages are where people sign in, not what they sign in for. */
const NOT_PROTECTED =
  /(?:^|[/.-])(?:(?:sign|log)-?(?:in|out|up|off|on)|registers?|registration|(?:o?auth\d?|auth-?js)|errors?|callbacks?)(?=$|[/.-])/i;
/** Such pages are for a few of the members: one without a role is refused there, too. */
const FOR_A_FEW = /(^|\/)(admin|staff|backoffice|moderat)/i;

/** What a program reads, whoever is sent away from it. */
const isData = (path: string) => /\.(?:json|ndjson|csv|xml|ics|txt|pdf|zip)$/.test(path);

/** Pages that one guard in front of them closes: so many stand for all. */
const GUARDED_MAX = 12;

/**
 * Finds what looks as if it needed a session.
 *
 * @param listed addresses that the folders of the app tell, whatever stands in the files
 * @param own those that no file and no router tells
 */
export function findRoutes(
  sources: readonly SourceFile[],
  listed: readonly Listed[] = [],
  own: readonly OwnRoute[] = [],
): Routes {
  link(sources);
  const pages = new Set<string>();
  const api = new Set<string>();
  const add = (path: string, isApi: boolean, { session, redirect, refusal }: Evidence) => {
    if (!session || NOT_PROTECTED.test(path) || FOR_A_FEW.test(path)) return;
    if ((isData(path) && (redirect || refusal)) || (refusal && (isApi || !redirect))) api.add(path);
    else if (redirect && !isApi) pages.add(path);
  };
  const guards = guardsOf(sources);
  const locale = localeOf(sources);
  const known = [
    ...listed.filter(({ takes }) => takes !== 'posts alone').map(({ path }) => spokenPath(path, locale)),
    ...handlerPaths(sources).map(({ path }) => path),
    ...own.filter(({ isAsked }) => isAsked).map(({ path }) => path),
  ];
  const short = new Set(known.map((path) => path.replace(/\/\[\[[^/\]]+\]\]/g, '') || '/'));
  // A matcher names what stands below a path (`/editor/:path*`), where there may be no page at the path itself.
  const isThere = (path: string) =>
    short.has(path) || ![...short].some((each) => each.startsWith(`${path}/`));
  // Where a table tells the addresses, names of files tell none.
  const isTabled = listed.some(({ above }) => above);
  for (const source of sources) {
    const route = isTabled ? undefined : routeOf(source, locale);
    if (route && source.file.endsWith('.vue')) {
      if (nuxtGuards(source, route.path, sources) && !NOT_PROTECTED.test(route.path)) pages.add(route.path);
      continue;
    }
    if (route?.api && (wantsParameter(source) || readsNothing(source))) continue;
    if (route) {
      const marked = { session: true, redirect: true, refusal: false };
      const own = all([
        evidenceIn(source.tree, guards),
        sentByHandler(source, route, sources),
        ...(marksItself(source, sources) ? [marked] : []),
      ]);
      add(
        route.path,
        route.api,
        route.api ? own : all([own, ...layoutsAbove(source.file, route.path, sources, guards)]),
      );
    }
    for (const path of middlewarePaths(source, sources, guards))
      if (!NOT_PROTECTED.test(path) && !FOR_A_FEW.test(path) && isThere(path)) pages.add(path);
    handlerRoutes(source, sources, guards, add);
  }
  // A page without a script of its own stands below layouts as others do.
  for (const { path, source } of listed)
    if (/\+page(?:@\w*)?\.svelte$/.test(source) && !/[[\]]/.test(path))
      add(path, false, all(layoutsAbove(source, path, sources, guards)));
  for (const each of listed)
    if (each.above && each.takes !== 'posts alone' && !/[:*]/.test(each.path)) {
      const source = sources.find(({ file }) => file === each.source);
      if (each.isApi && source && (wantsParameter(source) || readsNothing(source))) continue;
      add(each.path, Boolean(each.isApi), all(sentInTable(each, sources, guards)));
    }
  for (const { path, isAsked, evidence } of own)
    if (isAsked && !/[:*]/.test(path)) add(path, isApiPath(path), evidence());
  const plain = [...short].filter(
    (path) => !/[[\]:*]/.test(path) && !NOT_PROTECTED.test(path) && !FOR_A_FEW.test(path),
  );
  const ofServer = new Set(
    listed.flatMap(({ path, source }) => (source.startsWith('server/') ? [path] : [])),
  );
  const vue = listed.filter(({ source }) => source.endsWith('.vue'));
  const metas = new Map(
    vue.map(({ path, source }) => [path, metaOf(sources.find(({ file }) => file === source))] as const),
  );
  const ids = new Map(listed.flatMap(({ path, source }) => routeIdOf(path, source)));
  const isForMembers = (path: string) =>
    !listed.some((each) => {
      const source = sources.find(({ file }) => file === each.source);
      if (!source || spokenPath(each.path, locale) !== path) return false;
      return isForOthers(source, { path, api: isApiPath(path) }, sources);
    });
  const guarded = guardedPaths(sources, plain, { ids, metas, ofServer }).filter(isForMembers);
  const ofMembers = (isApi: boolean, found: Set<string>) =>
    guarded
      .filter((path) => (isApiPath(path) || isData(path)) === isApi && !found.has(path))
      .slice(0, GUARDED_MAX);
  for (const path of ofMembers(false, pages)) pages.add(path);
  for (const path of ofMembers(true, api)) api.add(path);
  return { protected: [...pages].sort(), api: [...api].sort() };
}

/** The name of a route of SvelteKit: its folder, with its groups. */
const routeIdOf = (path: string, source: string): [string, string][] => {
  const folder = /^src\/routes(\/.*)?\/\+/.exec(source);
  return folder ? [[path, folder[1] ?? '/']] : [];
};
