/** Containers are an optional part: the package that starts them is loaded when one is asked for. */
import { ConformanceError } from '../errors.ts';

export type Testcontainers = typeof import('testcontainers');

/**
 * Loads testcontainers.
 *
 * @param load loads the package
 * @throws ConformanceError CONF_TESTCONTAINERS_MISSING
 */
export async function loadTestcontainers(
  load: () => Promise<Testcontainers> = () => import('testcontainers'),
): Promise<Testcontainers> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new ConformanceError({
      code: 'CONF_TESTCONTAINERS_MISSING',
      what: 'a container is asked for, and the package that starts containers is not installed',
      expected: 'the package testcontainers, which is an optional part of the suite',
      remedy: 'npm install --save-dev testcontainers',
      key: 'target.image',
    });
  }
}
