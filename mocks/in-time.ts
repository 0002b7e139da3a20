/** Modules of others are waited for no longer than this: their top-level await may never end. */

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
