/** The paths that routers of Express, Hono and their like answer. */
import type { Node } from '@babel/types';
import { below, mountsOf, routersOf } from './routers.ts';
import type { SourceFile } from './syntax.ts';

/** Where a router is mounted that nobody names is not known: each of its paths may be below each place. */
const GUESSED_MAX = 20;

/** A path, the file that names it, and what answers there. */
export interface HandlerPath {
  path: string;
  file: string;
  handlers: readonly Node[];
}

/**
 * Paths that `app.get('/x', …)` and the like answer, with the prefixes that routers are mounted at.
 *
 * @param methods of the routers that count
 */
export function handlerPaths(sources: readonly SourceFile[], methods = /^(get|all)$/): HandlerPath[] {
  const found: HandlerPath[] = [];
  const homeless: typeof found = [];
  const places = new Set<string>();
  const mounts = new Set<string>();
  for (const source of sources) {
    const { calls, prefixOf } = routersOf(source);
    for (const { router, method, path, handlers } of calls) {
      if (!path?.startsWith('/')) continue;
      if (methods.test(method))
        for (const { place } of mountsOf(router, source, sources)) {
          const each = { path: below(place + prefixOf(router), path), file: source.file, handlers };
          found.push(each);
          places.add(place);
          if (!place) homeless.push(each);
        }
      if (/^(use|route)$/.test(method) && handlers.at(-1)?.type === 'Identifier' && /^\/[\w/-]+$/.test(path))
        mounts.add(path.replace(/\/$/, ''));
    }
  }
  const unknown = [...mounts].filter((mount) => ![...places].some((place) => place.endsWith(mount)));
  const guessed = unknown.flatMap((mount) => homeless.map((each) => ({ ...each, path: mount + each.path })));
  return [...found, ...guessed.slice(0, GUESSED_MAX)];
}
