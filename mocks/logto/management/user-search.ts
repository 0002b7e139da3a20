/** Search of the Management API: `search`, `search.<field>`, `mode`, `joint`, `isCaseSensitive` (packages/core utils/search.ts; recordings 762 to 766). */
import { LogtoError } from '../errors.ts';

const FIELDS = ['id', 'primaryEmail', 'primaryPhone', 'username', 'name'] as const;
const MODES = ['exact', 'like', 'similar_to', 'posix'];
const JOINTS = ['or', 'and'];

const snake = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Logto throws a TypeError, whose empty members come out as `data`. */
const refuse = (details: string) =>
  new LogtoError('request.invalid_input', { data: {}, values: { details } });

function fieldOf(key: string): string | undefined {
  const [, field, ...deeper] = key.split('.');
  if (deeper.length > 0)
    throw refuse(
      `Unsupported nested search field path \`${[field, ...deeper].join('.')}\` detected. Only the first level field is supported.`,
    );
  return field;
}

/** SQL's LIKE: `%` stands for anything, `_` for one character. */
const like = (pattern: string, flags: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('%', '[\\s\\S]*')
      .replaceAll('_', '[\\s\\S]')}$`,
    flags,
  );

function matcher(mode: string, values: string[], caseSensitive: boolean): (value: unknown) => boolean {
  const flags = caseSensitive ? '' : 'i';
  if (mode === 'exact') {
    const wanted = caseSensitive ? values : values.map((value) => value.toLowerCase());
    return (value) =>
      typeof value === 'string' && wanted.includes(caseSensitive ? value : value.toLowerCase());
  }
  if (mode === 'similar_to' && !caseSensitive)
    throw refuse('Cannot use case-insensitive match for `similar to`.');
  const [pattern = ''] = values;
  try {
    const expression =
      mode === 'like'
        ? like(pattern, flags)
        : mode === 'similar_to'
          ? new RegExp(`^(?:${pattern.replaceAll('%', '.*').replaceAll('_', '.')})$`)
          : new RegExp(pattern, flags);
    return (value) => typeof value === 'string' && expression.test(value);
  } catch {
    return () => false;
  }
}

interface Asked {
  modes: Map<string | undefined, string>;
  values: Map<string | undefined, string[]>;
}

function read(query: URLSearchParams): Asked {
  const modes: Asked['modes'] = new Map();
  const values: Asked['values'] = new Map();
  for (const [key, value] of query) {
    if (key.startsWith('mode')) {
      const field = fieldOf(key);
      if (!MODES.includes(value))
        throw refuse(
          `Search match mode \`${value}\`${field ? ` for field \`${field}\`` : ''} is not valid, expect one of ${MODES.join(', ')}.`,
        );
      modes.set(field, value);
    } else if (key.startsWith('search')) {
      const field = fieldOf(key);
      values.set(field, [...(values.get(field) ?? []), value]);
    }
  }
  return { modes, values };
}

/**
 * Says which rows a query means.
 *
 * @param query the query string of the request, with repeated keys
 * @param searched fields that may be named, and in which a search without a name looks
 * @throws LogtoError request.invalid_input (400)
 */
export function searchFilter(
  query: URLSearchParams,
  searched: readonly string[] = FIELDS,
): (row: object) => boolean {
  const joint = query.get('joint') || query.get('jointMode') || 'or';
  if (!JOINTS.includes(joint))
    throw refuse(`Search joint mode \`${joint}\` is not valid, expect one of ${JOINTS.join(', ')}.`);
  const caseSensitive = /^(y|yes|true|1)$/i.test(query.get('isCaseSensitive') ?? 'false');
  const { modes, values } = read(query);
  const all = [...values].map(([field, wanted]) => {
    const mode = modes.get(field) ?? modes.get(undefined) ?? 'like';
    if (mode !== 'exact' && wanted.length !== 1)
      throw refuse('Only one search value is allowed when search mode is not `exact`.');
    if (!wanted.every(Boolean)) throw refuse('Search value cannot be empty.');
    return { field, wanted, mode };
  });
  const conditions = all.map(({ field, wanted, mode }) => {
    const column = field && snake(field);
    if (column && !searched.some((known) => snake(known) === column))
      throw refuse(
        `Search field \`${column}\` is not valid, expect one of ${searched.map(snake).join(', ')}.`,
      );
    const fits = matcher(mode, wanted, caseSensitive);
    const fields = column ? searched.filter((known) => snake(known) === column) : searched;
    return (row: object) => fields.some((known) => fits((row as Record<string, unknown>)[known]));
  });
  if (conditions.length === 0) return () => true;
  return (row) =>
    joint === 'and' ? conditions.every((fits) => fits(row)) : conditions.some((fits) => fits(row));
}

/** The query string of a request, with its repeated keys. */
export const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?')[1] ?? '');
