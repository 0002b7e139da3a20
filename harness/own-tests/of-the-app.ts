/** Modules that must be the very copies that the app's own test runner has loaded. */
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * A CommonJS module as it is found from the app's folder, else our own copy of it. Playwright refuses tests that come from
 * another copy than the one that runs them.
 */
export function ofTheApp<Module>(name: string): Module {
  const places = [path.join(process.cwd(), 'package.json'), import.meta.filename];
  let trouble: unknown;
  for (const place of places) {
    try {
      return createRequire(place)(name) as Module;
    } catch (error) {
      trouble ??= error;
    }
  }
  throw trouble;
}
