/** Makes a started Node app reach our mocks under the origins it has hard-coded (DESIGN.md, decision 4). */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Environment variable with the re-routed origins, as JSON. */
export const REROUTES = 'CONFORMANCE_REROUTES';

/**
 * @param options.reroutes public origin → origin that answers
 * @param options.preloads further files of this folder that are loaded into the app's process
 * @param options.nodeOptions what NODE_OPTIONS holds otherwise
 */
export function rerouteEnvironment(options: {
  reroutes: Record<string, string>;
  preloads?: readonly string[];
  nodeOptions?: string;
}): { NODE_OPTIONS: string; [REROUTES]: string } {
  const imports = ['reroute-preload.js', ...(options.preloads ?? [])].map(
    (name) => `--import=${pathToFileURL(path.join(import.meta.dirname, name)).href}`,
  );
  return {
    [REROUTES]: JSON.stringify(options.reroutes),
    NODE_OPTIONS: [options.nodeOptions, ...imports].filter(Boolean).join(' '),
  };
}
