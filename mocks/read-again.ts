/** Modules that people edit, read again in one process: Node keeps what it has loaded for as long as the process lives. */
import module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Root of the package: its own sources are those that this process began with. */
const ROOT = path.resolve(import.meta.dirname, '..');
const KEY = 'conformance-read';

/** How often all was forgotten. */
let times = 0;

/** Whether somebody edits a file while this process lives: no package, nor what this package is made of. */
function isEdited(file: string): boolean {
  if (file.includes(`${path.sep}node_modules${path.sep}`)) return false;
  return !file.startsWith(`${ROOT}${path.sep}`) || file.startsWith(path.join(ROOT, 'fixtures') + path.sep);
}

/** Where imports can be watched as they are resolved (Node 22.15): what a module imports is read again with it. */
const isDeep = typeof module.registerHooks === 'function';

/** From now on {@link importEdited} reads everything again. */
export function forgetEdited(): void {
  const { cache } = createRequire(import.meta.url);
  for (const file of Object.keys(cache)) if (isEdited(file)) delete cache[file];
  times += 1;
  if (times > 1 || !isDeep) return;
  module.registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const round = context.parentURL && new URL(context.parentURL).searchParams.get(KEY);
      if (!round || !resolved.url.startsWith('file:') || context.conditions.includes('require'))
        return resolved;
      const url = new URL(resolved.url);
      if (!isEdited(fileURLToPath(url))) return resolved;
      url.searchParams.set(KEY, round);
      return { ...resolved, url: url.href };
    },
  });
}

/** Whether {@link importEdited} reads again what a module imports, too. */
export const readsDeeply = (): boolean => times === 0 || isDeep;

/** Imports a module as it stands on the disk since everything was forgotten last. */
export function importEdited(file: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(file);
  if (times > 0 && isEdited(file)) url.searchParams.set(KEY, String(times));
  return import(url.href);
}
