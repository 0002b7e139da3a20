/** Which versions an app runs on: read from its lock file, or else from what is installed. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseYaml } from 'yaml';
import { readGiven, readGivenJson } from '../../reports/given-file.ts';

/** Package → its versions in the tree; several when the tree holds several. */
export type InstalledVersions = Map<string, Set<string>>;

export interface Installed {
  versions: InstalledVersions;
  /** Absolute path of the lock file; none when `node_modules` was asked. */
  lockFile?: string;
}

/** Bytes that a lock file may have; those of large workspaces have some twenty million. */
const LOCK_MAX = 64 * 1_048_576;

type Tree = Record<string, unknown>;
type Pair = readonly [name: string, version: string];

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const treeIn = (value: unknown): Tree => (isTree(value) ? value : {});

/** `@auth/core@0.41.3` → name and version; the version may be a protocol (`npm:next@15.0.0`, `workspace:*`). */
function split(spec: string): Pair | undefined {
  const at = spec.indexOf('@', 1);
  if (at < 1) return undefined;
  const name = spec.slice(0, at);
  const version = spec.slice(at + 1);
  return version.startsWith('npm:') ? (split(version.slice(4)) ?? [name, version.slice(4)]) : [name, version];
}

/** A version and nothing else: links, files, workspaces and addresses name none. */
const isVersion = (text: unknown): text is string => typeof text === 'string' && /^\d+\.\d+\.\d+/.test(text);

/** npm, versions 1 (`dependencies`, nested) and 2, 3 (`packages`, by folder). */
function packageLock(text: string): Pair[] {
  const lock = treeIn(JSON.parse(text));
  const byFolder = Object.entries(treeIn(lock.packages)).flatMap(([folder, entry]): Pair[] => {
    const { name, version, link } = treeIn(entry);
    const place = folder.lastIndexOf('node_modules/');
    if (place < 0 || link || !isVersion(version)) return [];
    // An alias is installed under another name; `name` tells the package.
    return [[typeof name === 'string' ? name : folder.slice(place + 'node_modules/'.length), version]];
  });
  if (byFolder.length) return byFolder;
  const nested = (dependencies: unknown): Pair[] =>
    Object.entries(treeIn(dependencies)).flatMap(([name, entry]): Pair[] => {
      const { version, dependencies: inner } = treeIn(entry);
      const alias =
        typeof version === 'string' && version.startsWith('npm:') ? split(`${name}@${version}`) : undefined;
      const own: Pair[] = alias ? [alias] : isVersion(version) ? [[name, version]] : [];
      return [...own, ...nested(inner)];
    });
  return nested(lock.dependencies);
}

/** pnpm: keys `/next/15.0.0` (5), `/next@15.0.0(react@19)` (6) and `next@15.0.0` (9); peers follow in brackets or after `_`. */
function pnpmLock(text: string): Pair[] {
  const { packages, snapshots } = treeIn(parseYaml(text));
  return [...Object.keys(treeIn(packages)), ...Object.keys(treeIn(snapshots))].flatMap((key) => {
    const spec = key.replace(/^\//, '').replace(/\(.*$/s, '');
    const old = /^((?:@[^/]+\/)?[^/@]+)\/(\d[^/_]*)/.exec(spec);
    const pair: Pair | undefined = old ? [old[1] as string, old[2] as string] : split(spec);
    return pair && isVersion(pair[1]) ? [pair] : [];
  });
}

/** Yarn 1: `"next@^15.0.0", next@15.x:` and a line `version "15.0.0"` below it. */
function yarnClassicLock(text: string): Pair[] {
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const [head = ''] = block.split('\n');
    const first = head.split(/,\s*/)[0]?.replace(/^"|"?:?$/g, '');
    const version = /^ {2}version "?([^"\n]+)"?/m.exec(block)?.[1];
    const name = first && split(first)?.[0];
    return name && isVersion(version) ? [[name, version] as const] : [];
  });
}

/** Yarn 2 and later: YAML, with the name of the package in `resolution`. */
function yarnBerryLock(text: string): Pair[] {
  return Object.values(treeIn(parseYaml(text))).flatMap((entry) => {
    const { version, resolution } = treeIn(entry);
    const name = typeof resolution === 'string' ? split(resolution)?.[0] : undefined;
    return name && isVersion(version) ? [[name, version] as const] : [];
  });
}

/** Bun's text: JSON with trailing commas, where each package is an array that begins with `name@version`. */
function bunLock(text: string): Pair[] {
  return Object.values(treeIn(treeIn(parseJsonc(text, [], { allowTrailingComma: true })).packages)).flatMap(
    (entry) => {
      const pair = Array.isArray(entry) && typeof entry[0] === 'string' ? split(entry[0]) : undefined;
      return pair && isVersion(pair[1]) ? [pair] : [];
    },
  );
}

const READERS: Record<string, (text: string) => Pair[]> = {
  'npm-shrinkwrap.json': packageLock,
  'package-lock.json': packageLock,
  'pnpm-lock.yaml': pnpmLock,
  'yarn.lock': (text) => (/^__metadata:/m.test(text) ? yarnBerryLock(text) : yarnClassicLock(text)),
  'bun.lock': bunLock,
};

/**
 * Reads the text of a lock file.
 *
 * @param name its file name, which tells the format
 * @returns undefined when the format is not known
 * @throws what the parser throws, when the text is broken
 */
export function versionsInLockFile(name: string, text: string): InstalledVersions | undefined {
  const reader = READERS[name];
  if (!reader) return undefined;
  const versions: InstalledVersions = new Map();
  for (const [packageName, version] of reader(text))
    versions.set(packageName, (versions.get(packageName) ?? new Set()).add(version));
  return versions;
}

/** The version of a package that a folder would load, or undefined. */
function resolvedIn(folder: string, name: string): string | undefined {
  for (const place of createRequire(path.join(folder, 'noop.js')).resolve.paths(name) ?? []) {
    try {
      return (readGivenJson(path.join(place, name, 'package.json')) as { version?: string }).version;
    } catch {
      // not in this node_modules: the next one up is asked
    }
  }
  return undefined;
}

/**
 * The versions of an app: from the nearest lock file at or above its folder that names one of the packages, and of
 * packages that it does not name, from `node_modules`.
 *
 * @param names the packages to look for; others are left out
 */
export function installedIn(folder: string, names: readonly string[]): Installed {
  const installed: InstalledVersions = new Map();
  let lockFile: string | undefined;
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    for (const name of Object.keys(READERS)) {
      const file = path.join(place, name);
      if (!existsSync(file)) continue;
      let versions: InstalledVersions | undefined;
      try {
        versions = versionsInLockFile(name, readGiven(file, { max: LOCK_MAX }));
      } catch {
        continue; // a broken lock file is its package manager's to tell
      }
      const found = names.filter((each) => versions?.has(each));
      if (!found.length) continue;
      lockFile = file;
      for (const each of found) installed.set(each, versions?.get(each) ?? new Set());
      break;
    }
    if (lockFile || path.dirname(place) === place) break;
  }
  for (const name of names) {
    // What is loaded counts, also beside a lock file of a workspace that holds several versions.
    const version = resolvedIn(folder, name);
    if (version && (!lockFile || (installed.get(name)?.size ?? 0) > 1))
      installed.set(name, new Set([version]));
  }
  return { versions: installed, ...(lockFile && { lockFile }) };
}
