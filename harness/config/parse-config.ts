/** From a tree to a config, or to what is wrong with it. */
import { z } from 'zod';
import { ConformanceError, type ConformanceErrorParts } from '../errors.ts';
import { closest } from './closest.ts';
import { type Config, configSchema } from './config.ts';
import { settings } from './settings.ts';
import { isTree, type Tree } from './tree.ts';

/** A config that was read, and is of no use. */
export class ConfigError extends ConformanceError {
  /** The folder of the reports that it names, if it does. */
  readonly out?: string;
  constructor(config: Tree, parts: ConformanceErrorParts) {
    super(parts);
    if (typeof config.out === 'string') this.out = config.out;
  }
}

/** @throws ConfigError CONF_CONFIG_INVALID, CONF_TARGET_MISSING */
export function parseConfig(merged: Tree, from?: string): Config {
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
