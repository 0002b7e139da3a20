/** Builds the config of a run: defaults < file < environment < flags, and remembers where each value came from. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConformanceError } from '../errors.ts';
import type { Config } from './config.ts';
import { readConfigFile } from './config-file.ts';
import { CONFIG_FILES } from './defaults.ts';
import { parseConfig } from './parse-config.ts';
import { fromEnvironment, fromFlags } from './settings.ts';
import { isTree, leaves, overlay, put, type Tree } from './tree.ts';

export type Origin = 'default' | 'file' | 'environment' | 'flag';

export interface LoadedConfig {
  config: Config;
  /** Key path → where its value came from. */
  origins: Record<string, Origin>;
  /** The config file, when there is one. */
  file?: string;
  /** Folder that relative paths in the config are looked up from. */
  folder: string;
}

/** Settings that may name a file or folder. */
const PLACES = [
  'also',
  'connector.config',
  'connector.package',
  'knownFailures',
  'live.capture.cert',
  'live.capture.key',
  'live.people',
  'signInExperience',
  'target.ca',
  'target.cwd',
];

/** Who types a path means it from where they are; one that is not there is looked up from the folder of the config. */
function fromHere(tree: Tree, here: string): Tree {
  return PLACES.reduce((all, key) => {
    const text = key
      .split('.')
      .reduce<unknown>((node, part) => (isTree(node) ? node[part] : undefined), tree);
    const isPath = typeof text === 'string' && !path.isAbsolute(text) && existsSync(path.resolve(here, text));
    return isPath ? put(all, key, path.resolve(here, text)) : all;
  }, tree);
}

/**
 * Loads the config of a run.
 *
 * @param options.file config file; without it `conformance.config.*` of the folder is taken, if there is one
 * @param options.flags texts by key path, as the command line gave them
 * @param options.fallback config that is used when neither file nor flags name a target
 * @throws ConformanceError CONF_CONFIG_MISSING, CONF_CONFIG_UNREADABLE or CONF_CONFIG_INVALID
 */
export async function loadConfig(options: {
  file?: string;
  flags?: Record<string, string | boolean | undefined>;
  environment?: NodeJS.ProcessEnv;
  folder?: string;
  fallback?: string;
}): Promise<LoadedConfig> {
  const here = options.folder ?? process.cwd();
  const flagTree = fromHere(fromFlags(options.flags ?? {}), here);
  const environmentTree = fromHere(fromEnvironment(options.environment ?? process.env), here);
  const named = options.file ? path.resolve(here, options.file) : undefined;
  if (named && !existsSync(named)) {
    throw new ConformanceError({
      code: 'CONF_CONFIG_MISSING',
      what: `there is no config file ${named}`,
      expected: 'the path of a config file after --config',
      remedy: 'correct the path, or run `npx authjs-conformance init` to write one.',
    });
  }
  const given = leaves({ ...flagTree, ...environmentTree }).some((key) =>
    /^target\.(url|command|image)/.test(key),
  );
  const found = CONFIG_FILES.map((name) => path.join(here, name)).find((name) => existsSync(name));
  const file = named ?? found ?? (given ? undefined : options.fallback);
  const fileTree = file ? await readConfigFile(file) : {};
  const folder = file ? path.dirname(file) : here;

  const merged = overlay(overlay(fileTree, environmentTree), flagTree);
  const config = parseConfig(merged, file && path.relative(here, file));
  const origins: Record<string, Origin> = {};
  for (const [origin, tree] of [
    ['default', config],
    ['file', fileTree],
    ['environment', environmentTree],
    ['flag', flagTree],
  ] as const) {
    for (const key of leaves(tree)) origins[key] = origin;
  }
  return { config, origins, file, folder };
}

/**
 * A config that stands in another one.
 *
 * @param tree as somebody wrote it
 * @param folder that relative paths in it are looked up from
 * @throws ConfigError CONF_CONFIG_INVALID, CONF_TARGET_MISSING
 */
export function readConfig(tree: Tree, folder: string): LoadedConfig {
  const config = parseConfig({ ...tree }, 'another config');
  const given = new Set(leaves(tree));
  const origins = Object.fromEntries(
    leaves(config).map((key): [string, Origin] => [key, given.has(key) ? 'file' : 'default']),
  );
  return { config, origins, folder };
}
