/** Paths of what is bundled, and names that are looked for. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Root of the package: where suites, mocks and fixtures live. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Version of this package. */
export const VERSION: string = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version;

const bundled = path.join(ROOT, 'fixtures', 'targets', 'express', 'conformance.config.ts');

/** Config of the bundled Express target; the npm package has none. */
export const DEFAULT_CONFIG: string | undefined = existsSync(bundled) ? bundled : undefined;

/**
 * The config that is taken when none is named and none is found: that of the bundled target, in a checkout of ours and nowhere
 * else. Whoever certifies an app in its own folder is told that it has no config, and not that our app is fine.
 */
export const fallbackFor = (folder: string): string | undefined =>
  path.relative(ROOT, folder).split(path.sep).includes('..') ? undefined : DEFAULT_CONFIG;

/** Names of config files; the first one that is there is taken. */
export const CONFIG_FILES = ['ts', 'mts', 'js', 'mjs', 'json'].map((end) => `conformance.config.${end}`);
