/** Procedures of GraphQL, as a schema in the sources tells: its fields of Query and Mutation, what they take and what they answer. */
import type { Procedure, ProcedureInput } from '../lab/procedure.ts';

interface Field {
  name: string;
  type: string;
  inputs: { name: string; type: string; hasDefault: boolean }[];
}

interface Type {
  kind: 'type' | 'interface' | 'input' | 'enum' | 'union';
  fields: Field[];
  /** Of an enum. */
  values: string[];
}

export type Schema = ReadonlyMap<string, Type>;

const TYPE = /(?:\bextend\s+)?\b(type|interface|input|enum)\s+(\w+)[^{}=]*\{([^{}]*)\}/g;
const FIELD = /(\w+)\s*(?:\(([^()]*)\))?\s*:\s*(\[*\w+[\]!]*)(\s*=\s*[^\s,]+)?/g;
const INPUT = /(\w+)\s*:\s*(\[*\w+[\]!]*)(\s*=\s*("[^"]*"|\[[^\]]*\]|[^\s,]+))?/g;

const withoutWords = (text: string) =>
  text
    .replace(/"""[\s\S]*?"""/g, ' ')
    .replace(/^\s*"[^"\n]*"\s*$/gm, ' ')
    .replace(/#[^\n]*/g, ' ')
    .replace(/@\w+(?:\([^()]*\))?/g, ' ');

/**
 * Reads types in the schema definition language, wherever they stand in a text.
 *
 * @see https://spec.graphql.org/October2021/#sec-Type-System
 */
export function schemaIn(text: string): Schema {
  const found = new Map<string, Type>();
  for (const [, kind = '', name = '', body = ''] of withoutWords(text).matchAll(TYPE)) {
    const before = found.get(name);
    const fields = [...body.matchAll(FIELD)].map(
      ([, field = '', args = '', type = '', value]): Field => ({
        name: field,
        type,
        inputs:
          kind === 'input'
            ? [{ name: field, type, hasDefault: Boolean(value) }]
            : [...args.matchAll(INPUT)].map(([, own = '', of = '', given]) => ({
                name: own,
                type: of,
                hasDefault: Boolean(given),
              })),
      }),
    );
    found.set(name, {
      kind: kind as Type['kind'],
      fields: [...(before?.fields ?? []), ...(kind === 'enum' ? [] : fields)],
      values: kind === 'enum' ? [...body.matchAll(/\b\w+\b/g)].map(([value]) => value) : [],
    });
  }
  return found;
}

const bare = (type: string) => type.replace(/[[\]!]/g, '');

const SELECTED_MAX = 12;
const DEPTH_MAX = 2;

/** What is asked for of an object: its plain fields, and those of the objects in it. */
function selectionOf(type: string, schema: Schema, depth = 0): string {
  const own = schema.get(bare(type));
  if (!own || own.kind === 'enum') return '';
  const free = own.fields.filter(({ inputs }) =>
    inputs.every(({ type: of, hasDefault }) => hasDefault || !of.endsWith('!')),
  );
  const isPlain = ({ type: of }: Field) => /^(?:enum)?$/.test(schema.get(bare(of))?.kind ?? '');
  const plain = free.filter(isPlain).map(({ name }) => name);
  const inner = free.flatMap((field) => {
    if (isPlain(field) || depth >= DEPTH_MAX) return [];
    const within = selectionOf(field.type, schema, depth + 1);
    return within ? [`${field.name} ${within}`] : [];
  });
  const all = [...plain.slice(0, SELECTED_MAX), ...inner.slice(0, SELECTED_MAX / 2)];
  return `{ ${(all.length ? all : ['__typename']).join(' ')} }`;
}

function inputOf({ name, type, hasDefault }: Field['inputs'][number], schema: Schema): ProcedureInput {
  const own = schema.get(bare(type));
  const isOptional = hasDefault || !type.endsWith('!') ? { isOptional: true as const } : {};
  if (own?.kind === 'enum') return { name, type: 'choice', values: own.values, ...isOptional };
  const of = bare(type);
  const kind =
    own !== undefined
      ? 'other'
      : /^(?:Int|Float|BigInt)$/.test(of)
        ? 'number'
        : of === 'Boolean'
          ? 'flag'
          : /e-?mail/i.test(of) || /e-?mail/i.test(name)
            ? 'email'
            : /^(?:ID|String|UUID|Cuid)$/i.test(of)
              ? 'text'
              : 'other';
  return { name, type: type.startsWith('[') ? (own ? 'other' : 'list') : kind, ...isOptional };
}

/**
 * The fields of Query and Mutation as procedures that are posted.
 *
 * @param endpoint where they are asked for
 * @param source file in which the schema stands
 */
export function proceduresOfSchema(schema: Schema, endpoint: string, source: string): Procedure[] {
  return (['Query', 'Mutation'] as const).flatMap((root) =>
    (schema.get(root)?.fields ?? []).map((field): Procedure => {
      const { name, type, inputs } = field;
      const [only] = inputs;
      const within = only && schema.get(bare(only.type));
      // `createNote(input: CreateNoteInput!)`: what stands in the one input is what it takes.
      const isOne = inputs.length === 1 && within?.kind === 'input' && !only?.type.startsWith('[');
      const given = isOne ? (within?.fields ?? []).flatMap((each) => each.inputs) : inputs;
      const named = inputs.map((each) => `$${each.name}: ${each.type}`).join(', ');
      const passed = inputs.map((each) => `${each.name}: $${each.name}`).join(', ');
      const kind = root === 'Query' ? 'query' : 'mutation';
      const selected = selectionOf(type, schema);
      return {
        name,
        kind,
        source,
        ...(given.length > 0 && { inputs: given.map((each) => inputOf(each, schema)) }),
        posted: {
          style: 'graphql',
          endpoint,
          text: `${kind}${named && ` (${named})`} { ${name}${passed && `(${passed})`} ${selected} }`,
          ...(isOne && only && { within: only.name }),
        },
      };
    }),
  );
}
