/** Addresses that the folders of an app, or its table of routes, tell, whatever stands in the files. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Listed, routesByFile } from './folder-routes.ts';
import { handlerPaths } from './handler-paths.ts';
import { type OwnRoute, ownRoutes } from './own-routes.ts';
import { routeTable } from './route-table.ts';
import { unreadHandlers } from './router-routes.ts';
import type { SourceFile } from './syntax.ts';

export interface ListedRoutes {
  routes: Listed[];
  /** Those that no file and no router tells. */
  own: OwnRoute[];
  /** Nothing tells an address of the app. */
  isEmpty: boolean;
  /** What tells addresses and could not be read. */
  unread: string[];
}

const exportsOne = (name: string, text: string): boolean =>
  new RegExp(
    String.raw`\bexport\s+(?:(?:async\s+)?function|const|let|var)\s+${name}\b|\bexport\s*\{[^}]*\b${name}\b[^}]*\}`,
  ).test(text);
const DRAWS = /\bexport\s+default\b|\bexport\s*\{[^}]*\bdefault\b[^}]*\}/;

/** Parts of an address that may be left out (`:lang?`, `en?`): without them, and with them. */
const spelled = (address: string): string[] => {
  const short = address.replace(/\/[^/]+\?(?=\/|$)/g, '') || '/';
  const long = address.replace(/\?(?=\/|$)/g, '');
  return [...new Set([short, long])];
};

/** What the table of routes of React Router, or the files of Remix, tell. A route without a component is one for programs (Resource Routes). */
function tabled(
  folder: string,
  sources: readonly SourceFile[],
): Omit<ListedRoutes, 'own' | 'isEmpty'> & { app?: string } {
  const table = routeTable(folder, sources);
  if (!table) return { routes: [], unread: [] };
  const routes = table.routes.flatMap(({ path: address, file, above }): Listed[] => {
    if (address === undefined) return [];
    const place = file === undefined ? undefined : path.join(folder, file);
    const text = place && existsSync(place) ? readFileSync(place, 'utf8') : undefined;
    const isApi = text !== undefined && !DRAWS.test(text);
    const takes =
      isApi && exportsOne('action', text)
        ? exportsOne('loader', text)
          ? 'posts'
          : 'posts alone'
        : undefined;
    return spelled(address).map((each) => ({
      path: each,
      source: file ?? table.source,
      above,
      // Its file, as it is named from the folder of the app.
      ...(file && { id: file.replace(`${table.app}/`, '').replace(/\.[jt]sx?$/, '') }),
      ...(isApi && { isApi }),
      ...(takes && { takes }),
    }));
  });
  return { routes, unread: table.unread, app: table.app };
}

/**
 * @param folder of the app
 * @param sources of the app, linked
 */
export function listedRoutes(folder: string, sources: readonly SourceFile[]): ListedRoutes {
  const { routes, unread, app } = tabled(folder, sources);
  const known = new Set(routes.map(({ path: address }) => address));
  // Where a table tells the addresses, names of files tell none.
  const byFile = routesByFile(folder).filter(
    ({ path: address, source }) => !known.has(address) && !(app && source.startsWith(`${app}/`)),
  );
  const handled = handlerPaths(sources).length;
  const isAlone = routes.length + byFile.length + handled === 0;
  const told = unreadHandlers(sources);
  const own = ownRoutes(sources, { isAlone, isTold: told.length > 0 });
  return {
    routes: [...routes, ...byFile],
    own: own.routes,
    isEmpty: isAlone && own.routes.length === 0,
    unread: [...unread, ...told, ...own.unread],
  };
}
