/** What a procedure takes, as its schema says: Zod, and libraries that read like it. */
import type { Node } from '@babel/types';
import type { ProcedureInput } from '../lab/procedure.ts';
import { members, resolve, type SourceFile } from './syntax.ts';
import { constantOf } from './texts.ts';

const DEPTH_MAX = 6;

/** Names of a chain and the arguments of each: `z.string().min(1)` is `string`, `min`. */
function wordsOf(node: Node | undefined): { name: string; arguments: Node[] }[] {
  if (node?.type === 'MemberExpression' && node.property.type === 'Identifier')
    return [...wordsOf(node.object), { name: node.property.name, arguments: [] }];
  if (node?.type !== 'CallExpression') return [];
  const { callee } = node;
  if (callee.type === 'Identifier') return [{ name: callee.name, arguments: node.arguments }];
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  return [...wordsOf(callee.object), { name: callee.property.name, arguments: node.arguments }];
}

const TEXT = /^(?:string|uuid|guid|cuid2?|nanoid|ulid|url|slug|trim|base64)$/;
const MAY_BE_LEFT_OUT = /^(?:optional|nullish|nullable|default|catch|prefault|exactOptional)$/;

/** A schema that a name means, in this file or in the one that it comes from. */
function meant(
  node: Node,
  source: SourceFile,
  sources: readonly SourceFile[],
): { node: Node; source: SourceFile } | undefined {
  const own = resolve(node, source);
  if (own && own.type !== 'Identifier') return { node: own, source };
  if (own?.type !== 'Identifier') return undefined;
  const name = source.imports.get(own.name)?.name ?? own.name;
  const there = sources.find((each) => each !== source && each.values.has(name));
  const value = there?.values.get(name);
  return there && value ? { node: value, source: there } : undefined;
}

function fieldOf(
  name: string,
  schema: Node,
  source: SourceFile,
  sources: readonly SourceFile[],
): ProcedureInput {
  const found = meant(schema, source, sources);
  const words = wordsOf(found?.node);
  const optional = words.some((word) => MAY_BE_LEFT_OUT.test(word.name)) ? { isOptional: true as const } : {};
  const has = (pattern: RegExp) => words.some((word) => pattern.test(word.name));
  const choice = words.find((word) => /^(?:enum|picklist|literal)$/.test(word.name));
  if (choice) {
    const [list] = choice.arguments;
    const from = found?.source ?? source;
    const nodes = list?.type === 'ArrayExpression' ? list.elements : [list];
    const values = nodes.flatMap((each) => constantOf(each, from) ?? []);
    return { name, type: 'choice', values, ...optional };
  }
  const type = has(/^array$/)
    ? 'list'
    : has(/^(?:object|record|union|any|unknown|custom|instanceof|map|set|tuple|file|date|bigint)$/)
      ? 'other'
      : has(/^email$/)
        ? 'email'
        : has(/^(?:number|int|float)$/)
          ? 'number'
          : has(/^boolean$/)
            ? 'flag'
            : has(TEXT)
              ? 'text'
              : 'other';
  return { name, type, ...optional };
}

/** What a chain begins with: `base` of `base.extend({ … }).strict()`. */
function rootOf(node: Node | undefined): Node | undefined {
  if (node?.type === 'CallExpression') return rootOf(node.callee as Node);
  return node?.type === 'MemberExpression' ? rootOf(node.object) : node;
}

/** What a chain makes of the members that it begins with. */
function changed(
  fields: readonly ProcedureInput[],
  words: readonly { name: string; arguments: Node[] }[],
  source: SourceFile,
  sources: readonly SourceFile[],
): ProcedureInput[] {
  return words.reduce<ProcedureInput[]>(
    (now, { name, arguments: [each] }) => {
      if (/^(?:partial|optional|nullish|default)$/.test(name))
        return now.map((field) => ({ ...field, isOptional: true }));
      const inner = resolve(each, source);
      if (inner?.type !== 'ObjectExpression') return now;
      const named = members(inner);
      if (name === 'pick') return now.filter((field) => named.has(field.name));
      if (name === 'omit') return now.filter((field) => !named.has(field.name));
      if (!/^(?:extend|safeExtend)$/.test(name)) return now;
      return now.concat([...named].map(([own, value]) => fieldOf(own, value, source, sources)));
    },
    [...fields],
  );
}

/**
 * The members of what a procedure takes; one without a name where it takes a single value.
 *
 * @returns undefined where the schema cannot be read
 */
export function inputsOf(
  schema: Node,
  source: SourceFile,
  sources: readonly SourceFile[],
  depth = 0,
): ProcedureInput[] | undefined {
  const found = meant(schema, source, sources);
  if (!found || depth > DEPTH_MAX) return undefined;
  const words = wordsOf(found.node);
  const at = words.findIndex((word) => /^(?:object|strictObject|looseObject)$/.test(word.name));
  if (at >= 0) {
    const shape = resolve(words[at]?.arguments[0], found.source);
    if (shape?.type !== 'ObjectExpression') return undefined;
    const fields = [...members(shape)].map(([name, value]) => fieldOf(name, value, found.source, sources));
    return changed(fields, words.slice(at + 1), found.source, sources);
  }
  const root = words.length ? rootOf(found.node) : undefined;
  const base = root?.type === 'Identifier' ? meant(root, found.source, sources) : undefined;
  const fields = base && inputsOf(base.node, base.source, sources, depth + 1);
  if (fields) return changed(fields, words, found.source, sources);
  const field = fieldOf('', found.node, found.source, sources);
  return field.type === 'other' ? undefined : [field];
}
