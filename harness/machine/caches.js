/**
 * Where this package keeps what it can make again: the unpacked browser, and what V8 has compiled. JavaScript, because
 * the executable asks for it before anything else is loaded.
 */
import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** Where it may be kept, the best first: the user's cache (XDG Base Directory Specification), or the temp folder. */
export function places(env = process.env) {
  const home = env.HOME && existsSync(env.HOME) ? path.join(env.HOME, '.cache') : undefined;
  const cache = env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : home;
  return [
    ...(cache ? [path.join(cache, 'authjs-conformance')] : []),
    path.join(os.tmpdir(), `authjs-conformance-cache-${process.getuid?.() ?? os.userInfo().username}`),
  ];
}

/**
 * A folder that nobody else can write to.
 *
 * @throws Error when it is somebody else's, a link, or open to others
 */
export function demandOwn(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
  if (process.getuid && uid !== process.getuid()) throw new Error(`${folder} belongs to another user`);
  if (mode & 0o022) throw new Error(`others may write to ${folder}`);
  return folder;
}

/** The folder that {@link keepCompiled} chose. */
let compiled;

/**
 * From now on what V8 compiles is kept for the next process, and TypeScript without its types with it (Node's compile
 * cache, module.enableCompileCache). It is looked up by the content of each file, so that it is never older than a
 * source; two processes may write at once. Where nothing can be kept, everything is compiled anew.
 */
export function keepCompiled(env = process.env) {
  // Coverage tells functions apart only in code that was compiled anew (Node's documentation of the cache).
  if (env.NODE_DISABLE_COMPILE_CACHE || env.NODE_V8_COVERAGE || !module.enableCompileCache) return;
  if (env.NODE_COMPILE_CACHE) {
    compiled = env.NODE_COMPILE_CACHE;
    return;
  }
  for (const place of places(env)) {
    try {
      const folder = path.join(demandOwn(place), 'compiled');
      module.enableCompileCache(demandOwn(folder));
      compiled = folder;
      return;
    } catch {
      // another place, or none
    }
  }
}

/** The environment that lets a process of ours read and fill the same cache; never the app's, which is left as it is. */
export const sharesCompiled = () => (compiled ? { NODE_COMPILE_CACHE: compiled } : {});
