/** Builds the config of a run: defaults < file < environment < flags, and remembers where each value came from. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { inTime, interruptible, loadTypeScript, NeverLoaded } from '../../mocks/load-module.ts';
import { forgetEdited, importEdited, readsDeeply } from '../../mocks/read-again.ts';
import { checkGiven, readGivenJson } from '../../reports/given-file.ts';
import { ConformanceError, type ConformanceErrorParts, wordsOf } from '../errors.ts';
import { type Config, configSchema } from './config.ts';

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

type Tree = Record<string, unknown>;

/** A config that was read, and is of no use. */
export class ConfigError extends ConformanceError {
  /** The folder of the reports that it names, if it does. */
  readonly out?: string;
  constructor(config: Tree, parts: ConformanceErrorParts) {
    super(parts);
    if (typeof config.out === 'string') this.out = config.out;
  }
}

export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'json'].map((end) => `conformance.config.${end}`);

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays `over` on `under`, key by key. */
export function overlay(under: Tree, over: Tree): Tree {
  const result: Tree = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = result[key];
    result[key] = isTree(old) && isTree(value) ? overlay(old, value) : value;
  }
  return result;
}

/** Paths of all leaves: `{a: {b: 1}}` → `['a.b']`. */
export const leaves = (tree: unknown, prefix = ''): string[] =>
  isTree(tree) && Object.keys(tree).length > 0
    ? Object.entries(tree).flatMap(([key, value]) => leaves(value, prefix ? `${prefix}.${key}` : key))
    : prefix
      ? [prefix]
      : [];

/** The type a text must be read as, looking through `optional`, `default` and unions. */
function readText(schema: z.ZodType, text: string): unknown {
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.ZodType;
  if (inner instanceof z.ZodNumber) return Number(text);
  if (inner instanceof z.ZodBoolean) return !['', '0', 'false', 'no'].includes(text.toLowerCase());
  if (inner instanceof z.ZodArray)
    return text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  if (inner instanceof z.ZodRecord)
    return Object.fromEntries(text.split(',').map((pair) => pair.split('=', 2)));
  return text;
}

/** Every setting that is no object, with its key path and schema. */
export function settings(
  schema: z.ZodType = configSchema,
  prefix = '',
): { path: string; schema: z.ZodType }[] {
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault) inner = inner.unwrap() as z.ZodType;
  if (!(inner instanceof z.ZodObject)) return [{ path: prefix, schema }];
  return Object.entries(inner.shape).flatMap(([key, value]) =>
    settings(value as z.ZodType, prefix ? `${prefix}.${key}` : key),
  );
}

/** `target.basePath` → `CONFORMANCE_TARGET_BASE_PATH`. */
export const environmentName = (key: string): string =>
  `CONFORMANCE_${key
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()}`;

/** Sets `a.b` in a tree. */
export function put(tree: Tree, key: string, value: unknown): Tree {
  const [first, ...rest] = key.split('.') as [string, ...string[]];
  return overlay(tree, { [first]: rest.length ? put({}, rest.join('.'), value) : value });
}

const fromEnvironment = (environment: NodeJS.ProcessEnv): Tree =>
  settings().reduce<Tree>((tree, { path: key, schema }) => {
    const text = environment[environmentName(key)];
    return text === undefined ? tree : put(tree, key, readText(schema, text));
  }, {});

/** Texts of flags (`target.url` → 'http://…') as a tree of typed values. */
export const fromFlags = (flags: Record<string, string | boolean | undefined>): Tree =>
  settings().reduce<Tree>((tree, { path: key, schema }) => {
    const value = flags[key];
    if (value === undefined) return tree;
    return put(tree, key, typeof value === 'string' ? readText(schema, value) : value);
  }, {});

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

async function readFile(file: string): Promise<Tree> {
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
  const fileTree = file ? await readFile(file) : {};
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

/** @throws ConfigError CONF_CONFIG_INVALID, CONF_TARGET_MISSING */
function parseConfig(merged: Tree, from?: string): Config {
  if (!isTree(merged.target)) merged.target = {};
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    throw new ConfigError(merged, {
      code: 'CONF_CONFIG_INVALID',
      what: `the config is not valid:\n${z.prettifyError(withSuggestions(parsed.error)).replace(/^/gm, '    ')}`,
      expected: `the keys that \`npx authjs-conformance run --help\` lists${from ? ` (read from ${from})` : ''}`,
      remedy: 'correct the keys named above.',
    });
  }
  const config = parsed.data;
  if (!config.target.url && !config.target.command && !config.target.image) {
    throw new ConfigError(merged, {
      code: 'CONF_TARGET_MISSING',
      what: 'no app was named',
      expected: 'target.command, target.url or target.image in the config, or --command or --url',
      remedy:
        'run `npx authjs-conformance init` in the folder of your app, or add --url http://localhost:3000.',
    });
  }
  return config;
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

/** Adds "did you mean" to unknown keys. */
function withSuggestions(error: z.ZodError): z.ZodError {
  for (const issue of error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const known = settings()
      .map(({ path: key }) => key.split('.'))
      .filter((parts) => issue.path.every((part, index) => parts[index] === part))
      .map((parts) => parts[issue.path.length] as string);
    const nearest = issue.keys.map((key) => [key, closest(key, [...new Set(known)])] as const);
    const hints = nearest.flatMap(([key, near]) => (near ? [`"${key}" looks like "${near}"`] : []));
    if (hints.length) Object.assign(issue, { message: `${issue.message} (${hints.join(', ')})` });
  }
  return error;
}

/** The candidate that differs least from a text, when it differs by no more than a third of its letters. */
export function closest(text: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, difference: distance(text.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.difference - b.difference)[0];
  return ranked && ranked.difference <= Math.max(1, Math.floor(text.length / 3))
    ? ranked.candidate
    : undefined;
}
