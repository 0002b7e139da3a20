/** Makes a started Node app reach our mocks under the origins it has hard-coded (DESIGN.md, decision 4). */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Environment variable with the re-routed origins, as JSON. */
export const REROUTES = 'CONFORMANCE_REROUTES';

/**
 * @param reroutes public origin → origin that answers
 * @param preloads further files of this folder that are loaded into the app's process
 */
export function rerouteEnvironment(
  reroutes: Record<string, string>,
  preloads: readonly string[] = [],
): NodeJS.ProcessEnv {
  if (Object.keys(reroutes).length === 0) return {};
  const imports = ['reroute-preload.js', ...preloads].map(
    (name) => `--import=${pathToFileURL(path.join(import.meta.dirname, name)).href}`,
  );
  return {
    [REROUTES]: JSON.stringify(reroutes),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, '--max-http-header-size=131072', ...imports]
      .filter(Boolean)
      .join(' '),
  };
}
