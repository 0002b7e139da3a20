/** Modules of others: TypeScript as people write it, and no longer waited for than they may take. */
import { pathToFileURL } from 'node:url';

/** Milliseconds that a module may take: it may ask a server for a secret. */
const LOAD_MS = 30_000;

/** A module, or what it exports, that waits for something that never comes. */
export class NeverLoaded extends Error {
  override message =
    `it waits for something that did not come within ${LOAD_MS / 1000} seconds (a top-level await?)`;
}

/**
 * What is being loaded, as soon as it is there. The timer keeps Node from ending with 13, and saying nothing.
 *
 * @throws NeverLoaded after 30 seconds
 */
export function inTime<Loaded>(loading: Promise<Loaded>): Promise<Loaded> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NeverLoaded()), LOAD_MS);
  });
  return Promise.race([loading, late]).finally(() => clearTimeout(timer));
}

/**
 * Loads a TypeScript module that Node alone does not take: enums, imports without an extension, paths of a tsconfig, an older
 * Node. Nothing is written to the disk.
 *
 * @param again it was loaded before, and has changed since, or what it imports
 */
export async function loadTypeScript(file: string, { again = false } = {}): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(file).href, {
    fsCache: false,
    moduleCache: !again,
    interopDefault: false,
    tsconfigPaths: true,
    jsx: true,
  });
  return jiti.import(file);
}
