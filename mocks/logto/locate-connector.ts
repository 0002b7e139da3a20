/** Where the package of a connector is. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The entry of a package's folder, or the file itself. */
export function resolvePath(place: string): string {
  if (!existsSync(place)) throw new Error(`there is no connector at ${place}`);
  if (!statSync(place).isDirectory()) return place;
  const manifest = path.join(place, 'package.json');
  const {
    exports: entries,
    module,
    main,
  } = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  const root = entries?.['.'] ?? entries;
  const wanted = [
    typeof root === 'string' ? root : (root?.import ?? root?.default),
    module,
    main,
    'index.js',
    'index.ts',
    'src/index.ts',
  ];
  const found = wanted
    .map((each) => (typeof each === 'object' ? each?.default : each))
    .filter((each): each is string => typeof each === 'string')
    .map((each) => path.join(place, each))
    .find((each) => existsSync(each));
  if (!found) throw new Error(`the folder ${place} names no entry of a connector in its package.json`);
  return found;
}

/** The folder of the package that a file belongs to. */
export function packageFolder(file: string): string {
  let folder = path.dirname(file);
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return folder;
}

export function resolvePackage(name: string, from: string): string {
  for (const base of [path.join(from, 'noop.js'), import.meta.filename]) {
    try {
      return createRequire(base).resolve(name);
    } catch {
      // not installed there: the next place is asked
    }
  }
  throw new Error(`connector package "${name}" is not installed`);
}
