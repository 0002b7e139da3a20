/** The connector's own guard: which keys it knows, which types it demands, and what it refuses. */
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { type Analysis, isTree } from './analysis.ts';
import { type KeyPath, keyPathOf } from './places.ts';
import { USAGE_TYPES } from './usage-types.ts';

interface Issue {
  code: string;
  path: KeyPath;
  message: string;
  expected?: unknown;
  received?: unknown;
}

const issuesOf = (connector: SmsConnector, config: unknown): Issue[] => {
  const { success, error } = connector.configGuard.safeParse(config);
  return success ? [] : (((error as { issues?: Issue[] }).issues ?? []) as Issue[]);
};

type Schema = {
  shape?: Record<string, Schema>;
  element?: Schema;
  _def?: { schema?: Schema; innerType?: Schema; type?: Schema };
};

/** Looks through refinements, defaults and optionals of zod 3 and 4. */
function inner(schema: Schema | undefined, found: (it: Schema) => unknown): Schema | undefined {
  let at = schema;
  for (let depth = 0; at && depth < 10; depth += 1) {
    if (found(at)) return at;
    at = at._def?.schema ?? at._def?.innerType;
  }
  return undefined;
}

export interface KnownKeys {
  /** Keys of the config; undefined when the guard does not tell. */
  config: string[] | undefined;
  /** Keys of one template. */
  template: string[] | undefined;
}

const keysOf = (schema: Schema | undefined) => schema?.shape && Object.keys(schema.shape);

/** Keys that the guard (or else the connector's own form in Logto's console) names. */
export function knownKeys({ configGuard, metadata }: SmsConnector): KnownKeys {
  const guard = inner(configGuard as Schema, ({ shape }) => shape)?.shape;
  const form = metadata.formItems as { key: string }[] | undefined;
  const list = inner(guard?.templates, ({ element }) => element)?.element;
  return {
    config: guard ? Object.keys(guard) : form?.map(({ key }) => key),
    template: keysOf(inner(list, ({ shape }) => shape)),
  };
}

/** Usage types without which the guard refuses: what it says to an empty list. */
export function requiredTypes(connector: SmsConnector, config: unknown): string[] {
  const issue = issuesOf(connector, { ...(isTree(config) && config), templates: [] }).find(
    ({ code, path }) => path.length === 1 && path[0] === 'templates' && code === 'custom',
  );
  return issue ? USAGE_TYPES.filter((type) => new RegExp(`\\b${type}\\b`).test(issue.message)) : [];
}

const ARTICLES: Record<string, string> = {
  string: 'a text in double quotes',
  boolean: 'true or false, without quotes',
  number: 'a number, without quotes',
  array: 'a list in brackets [ ]',
  object: 'an object in braces { }',
};

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/**
 * Tells what the guard refuses.
 *
 * @param explained key paths that other findings have explained already
 * @param missingTypes whether missing usage types have been told, so that the guard's own word about them is no news
 */
export function judgeByGuard(
  { source, config, connector, tell }: Analysis,
  explained: (path: KeyPath) => boolean,
  missingTypes: boolean,
): void {
  for (const { code, path, message, expected, received } of issuesOf(connector, config)) {
    if (explained(path)) continue;
    const key = typeof path.at(-1) === 'number' ? keyPathOf(path) : String(path.at(-1) ?? 'the config');
    const value = path.reduce<unknown>((at, part) => (at as never)?.[part], config);
    const wanted = ARTICLES[String(expected)] ?? String(expected);
    if (code === 'invalid_type' && (received === 'undefined' || value === undefined)) {
      tell({
        code: 'key-missing',
        level: 'error',
        path,
        what: `"${key}" is missing.`,
        expected: `"${key}": ${wanted}`,
        fix: `Add "${key}"; the connector's guard refuses the config without it (connector.invalid_config).`,
      });
    } else if (code === 'invalid_type') {
      const place = source.valueAt(path);
      const text = source.text.slice(place.offset, place.offset + place.length);
      const edits =
        expected === 'boolean' && /^"(true|false)"$/i.test(text)
          ? [{ ...place, content: text.slice(1, -1).toLowerCase() }]
          : expected === 'string' && typeof value === 'number' && String(value) === text
            ? [
                { offset: place.offset, length: 0, content: '"' },
                { offset: place.offset + place.length, length: 0, content: '"' },
              ]
            : undefined;
      tell({
        code: 'wrong-type',
        level: 'error',
        path,
        what: `"${key}" holds ${typeOf(value) === 'null' ? 'null' : `a value of type ${typeOf(value)}`}.`,
        expected: wanted,
        fix: `Write ${wanted}.`,
        ...(edits && { safeFix: { description: `"${key}" written as ${wanted}`, edits } }),
      });
    } else if (!(code === 'custom' && path[0] === 'templates' && missingTypes)) {
      tell({
        code: 'guard-refused',
        level: 'error',
        path,
        what: `The connector's guard refuses "${key}": ${message}`,
        expected: 'a config that the connector accepts; Logto answers connector.invalid_config otherwise',
        fix: 'Correct what the message names.',
      });
    }
  }
}
