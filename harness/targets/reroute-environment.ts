/** Makes a started Node app reach our mocks under the origins it has hard-coded (DESIGN.md, decision 4). */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Environment variable with the re-routed origins, as JSON. */
export const REROUTES = 'CONFORMANCE_REROUTES';

/** @param reroutes public origin → origin that answers */
export function rerouteEnvironment(reroutes: Record<string, string>): NodeJS.ProcessEnv {
  if (Object.keys(reroutes).length === 0) return {};
  const preload = pathToFileURL(path.join(import.meta.dirname, 'reroute-preload.js')).href;
  return {
    [REROUTES]: JSON.stringify(reroutes),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, '--max-http-header-size=131072', `--import=${preload}`]
      .filter(Boolean)
      .join(' '),
  };
}
