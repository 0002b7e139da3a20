/** Tells the checks what the sources and the build of the app say of its paths. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { LoadedConfig } from '../config/load-config.ts';
import { findAppRoutes } from '../init/app-routes.ts';
import type { Lab } from '../lab/lab.ts';
import type { AppRoutes } from '../lab/lab-description.ts';

const DECLARED = 'pages.paths';

/** The paths that the config names stand before all others, so that none of them is left out. */
export function withDeclared(
  routes: AppRoutes | undefined,
  declared: readonly string[] | undefined,
): AppRoutes | undefined {
  if (!declared) return routes;
  const isPosted = (each: string) => each.startsWith('POST ');
  const told = (each: string) => ({ path: each.replace(/^POST /, ''), source: DECLARED });
  const posts = [...declared.filter(isPosted).map(told), ...(routes?.posts ?? [])];
  return {
    ...routes,
    paths: [...declared.filter((each) => !isPosted(each)).map(told), ...(routes?.paths ?? [])],
    ...(posts.length && { posts }),
  };
}

/** Adds the routes to the description in the lab's file; called once, after the app was built and before the checks. */
export function tellRoutes({ description, file }: Lab, loaded: LoadedConfig): void {
  const routes = withDeclared(findAppRoutes(loaded), loaded.config.pages.paths);
  if (!routes) return;
  description.routes = routes;
  const written = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...written, routes }), { mode: 0o600 });
}
