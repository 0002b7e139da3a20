/** What a config file exports. */
import { inTime, interruptible, loadTypeScript, NeverLoaded } from '../../mocks/load-module.ts';
import { forgetEdited, importEdited, readsDeeply } from '../../mocks/read-again.ts';
import { checkGiven, readGivenJson } from '../../reports/given-file.ts';
import { ConformanceError, wordsOf } from '../errors.ts';
import { isTree, type Tree } from './tree.ts';

/** A copy without getters and proxies: whatever they throw is thrown here. */
function plain(tree: Tree, around: readonly Tree[] = []): Tree {
  if (around.includes(tree)) throw new Error('it holds itself');
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      isTree(value) && Object.getPrototypeOf(value) === Object.prototype
        ? plain(value, [...around, tree])
        : value,
    ]),
  );
}

/** What a config file exports, without getters; undefined when that is no object. */
async function exportOf(file: string): Promise<Tree | undefined> {
  const module = await importModule(file);
  // A file in a CommonJS package arrives wrapped twice.
  let value = (module as { default?: unknown }).default ?? module;
  if (isTree(value) && 'default' in value && '__esModule' in value) value = value.default;
  if (isTree(value) && Object.keys(value).join() === 'default') value = value.default;
  if (value instanceof Promise) value = await inTime(value);
  return isTree(value) ? plain(value) : undefined;
}

export async function readConfigFile(file: string): Promise<Tree> {
  try {
    const tree = await (file.endsWith('.json')
      ? exportOf(file)
      : interruptible(`the config file ${file}`, () => exportOf(file)));
    if (tree) return tree;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_CONFIG_UNREADABLE',
      what: `the config file ${file} could not be loaded: ${wordsOf(error).split('\n')[0]}`,
      expected: 'a module or JSON file with the config as its default export',
      remedy: 'fix the file; `npx authjs-conformance init` writes one that works.',
    });
  }
  throw new ConformanceError({
    code: 'CONF_CONFIG_UNREADABLE',
    what: `the config file ${file} exports no object`,
    expected: '`export default defineConfig({ … })`',
    remedy: 'export the config as the default export.',
  });
}

/** Files that this process has loaded: one that is loaded again (--watch) must be read again, with all it imports. */
const loadedBefore = new Set<string>();

/**
 * Loads a config as Node loads it, and, where Node cannot (enums, imports without an extension, paths of a tsconfig, an
 * older Node), as jiti does.
 */
async function importModule(file: string): Promise<unknown> {
  checkGiven(file);
  const isFirst = !loadedBefore.has(file);
  if (!isFirst) {
    loadedBefore.clear();
    forgetEdited();
  }
  loadedBefore.add(file);
  if (file.endsWith('.json')) return { default: readGivenJson(file) };
  if (!/\.m?ts$/.test(file)) return inTime(importEdited(file));
  if (readsDeeply() && process.features.typescript) {
    try {
      return await inTime(importEdited(file));
    } catch (error) {
      if (error instanceof NeverLoaded) throw error;
      // jiti tells what is really wrong with it
    }
  }
  return inTime(loadTypeScript(file, { again: !isFirst }));
}
