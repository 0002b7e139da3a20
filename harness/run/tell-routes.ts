/** Tells the checks what the sources and the build of the app say of its paths. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { LoadedConfig } from '../config/load-config.ts';
import { findAppRoutes } from '../init/app-routes.ts';
import type { Lab } from '../lab/lab.ts';

/** Adds the routes to the description in the lab's file; called once, after the app was built and before the checks. */
export function tellRoutes({ description, file }: Lab, loaded: LoadedConfig): void {
  const routes = findAppRoutes(loaded);
  if (!routes) return;
  description.routes = routes;
  const written = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...written, routes }), { mode: 0o600 });
}
