/** All settings of a config, and what texts of the environment or of flags say of them. */
import { z } from 'zod';
import { configSchema } from './config.ts';
import { put, type Tree } from './tree.ts';

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

export const fromEnvironment = (environment: NodeJS.ProcessEnv): Tree =>
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
