/** Reads JavaScript and TypeScript as a syntax tree, and what its expressions say without running them. */
import { parse } from '@babel/parser';
import type { CallExpression, Expression, Node, ObjectExpression } from '@babel/types';
import { bare, type Imported, noteImports } from './module-names.ts';

export interface SourceFile {
  /** Path relative to the app, with `/`. */
  file: string;
  text: string;
  tree: Node;
  /** Local name → what it is imported from. */
  imports: Map<string, Imported>;
  /** Name → what a `const` of this file, or the answer of one of its functions, is. */
  values: Map<string, Expression>;
  /** Name → function declaration. */
  functions: Map<string, Node>;
}

/** A text that is made of constant pieces and environment variables. */
export type Pieces = (string | { env: string })[];

/**
 * Parses a file; undefined when it is no JavaScript or TypeScript that can be read.
 *
 * @param file path relative to the app, used for messages and for the choice of the dialect
 */
export function readSource(file: string, text: string): SourceFile | undefined {
  const jsx = !/\.m?ts$/.test(file);
  try {
    const tree = parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      plugins: ['typescript', 'decorators-legacy', ...(jsx ? (['jsx'] as const) : [])],
    }) as Node;
    const source: SourceFile = {
      file,
      text,
      tree,
      imports: new Map(),
      values: new Map(),
      functions: new Map(),
    };
    walk(tree, (node) => index(node, source));
    return source;
  } catch {
    return undefined;
  }
}

/** Calls `visit` for a node and all below it; parents come last in `above`. */
export function walk(
  node: Node,
  visit: (node: Node, above: readonly Node[]) => void,
  above: readonly Node[] = [],
): void {
  visit(node, above);
  const below = [...above, node];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key.endsWith('Comments')) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, below);
    }
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function index(node: Node, { imports, values, functions }: SourceFile): void {
  if (noteImports(node, imports)) return;
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
    values.set(node.id.name, node.init);
  if (node.type === 'VariableDeclarator')
    for (const [name, value] of environmentTaken(node)) values.set(name, value);
  if (node.type === 'FunctionDeclaration' && node.id) {
    functions.set(node.id.name, node);
    const answer = node.body.body.find((statement) => statement.type === 'ReturnStatement')?.argument;
    if (answer) values.set(node.id.name, answer);
  }
}

/** `const { OIDC_ISSUER: issuer } = process.env` → `issuer`, as `process.env.OIDC_ISSUER`. */
function environmentTaken({ id, init }: Node & { type: 'VariableDeclarator' }): [string, Expression][] {
  const holder = init && bare(init);
  if (id.type !== 'ObjectPattern' || holder?.type !== 'MemberExpression') return [];
  if (holder.property.type !== 'Identifier' || holder.property.name !== 'env') return [];
  return id.properties.flatMap((each) => {
    if (each.type !== 'ObjectProperty' || each.key.type !== 'Identifier') return [];
    const local = each.value.type === 'AssignmentPattern' ? each.value.left : each.value;
    const taken = { ...holder, object: holder, property: each.key };
    return local.type === 'Identifier' ? [[local.name, taken]] : [];
  });
}

/** An expression without type casts and brackets; names of this file are replaced by what they stand for. */
export function resolve(node: Node | null | undefined, source: SourceFile, depth = 0): Node | undefined {
  if (!node || depth > 10) return undefined;
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return resolve(node.expression, source, depth + 1);
    case 'Identifier': {
      const value = source.values.get(node.name);
      return value ? resolve(value, source, depth + 1) : node;
    }
    case 'ArrowFunctionExpression':
      return node;
    default:
      return node;
  }
}

/** What a function answers, when that is one expression. */
export function answerOf(node: Node | undefined): Node | undefined {
  if (!node) return undefined;
  if (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement') return node.body;
  const body =
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionExpression' ||
    node.type === 'FunctionDeclaration' ||
    node.type === 'ObjectMethod'
      ? node.body
      : undefined;
  if (body?.type !== 'BlockStatement') return undefined;
  const last = body.body.findLast((statement) => statement.type === 'ReturnStatement');
  return last?.argument ?? undefined;
}

const keyOf = (key: Node): string | undefined =>
  key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : undefined;

/** Members of an object literal: name → value; a method is its own value. */
export function members(object: ObjectExpression): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') continue;
    const name = keyOf(property.key);
    if (name) found.set(name, property.type === 'ObjectMethod' ? property : property.value);
  }
  return found;
}

/** Follows a path of members through object literals: `authorization`, `params`, `scope`. */
export function member(node: Node | undefined, source: SourceFile, ...path: string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, name) => {
    const object = resolve(at, source);
    return object?.type === 'ObjectExpression' ? members(object).get(name) : undefined;
  }, node);
}

const ENVIRONMENT_NAME = /^[A-Z][A-Z0-9_]*$/;

/** The text that an expression gives, in constant pieces and environment variables; undefined when it is not plain. */
export function piecesOf(node: Node | null | undefined, source: SourceFile): Pieces | undefined {
  const value = resolve(node, source);
  switch (value?.type) {
    case 'StringLiteral':
      return [value.value];
    case 'NumericLiteral':
      return [String(value.value)];
    case 'TemplateLiteral': {
      const parts = value.quasis.flatMap(({ value: { cooked } }, position) => {
        const inner = value.expressions[position];
        return [[cooked ?? ''], ...(inner ? [piecesOf(inner, source)] : [])];
      });
      return parts.every((part) => part !== undefined)
        ? parts.flat().filter((piece) => piece !== '')
        : undefined;
    }
    case 'BinaryExpression': {
      const [left, right] = [piecesOf(value.left, source), piecesOf(value.right, source)];
      return value.operator === '+' && left && right ? [...left, ...right] : undefined;
    }
    case 'LogicalExpression':
      return piecesOf(value.left, source) ?? piecesOf(value.right, source);
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      // `env[name]` reads what the name stands for, if that is told.
      const name = value.computed ? constantOf(value.property, source) : keyOf(value.property);
      const holder = source.text.slice(value.object.start ?? 0, value.object.end ?? 0);
      return name && ENVIRONMENT_NAME.test(name) && /env$/i.test(holder) ? [{ env: name }] : undefined;
    }
    case 'Identifier': {
      const origin = source.imports.get(value.name)?.from ?? '';
      return origin.startsWith('$env/') ? [{ env: value.name }] : undefined;
    }
    case 'CallExpression': {
      const [name] = value.arguments;
      if (name?.type === 'StringLiteral')
        return ENVIRONMENT_NAME.test(name.value) ? [{ env: name.value }] : undefined;
      return value.arguments.length === 1 ? piecesOf(name, source) : undefined;
    }
    default:
      return undefined;
  }
}

/** Constant text, or undefined. */
export function constantOf(node: Node | null | undefined, source: SourceFile): string | undefined {
  const pieces = piecesOf(node, source);
  return pieces?.every((piece) => typeof piece === 'string') ? pieces.join('') : undefined;
}

/** Names of environment variables that a file reads. */
export function environmentNames(source: SourceFile): string[] {
  const names = new Set<string>();
  walk(source.tree, (node) => {
    const isCall = node.type === 'CallExpression' && /env/i.test(calledName(node));
    const taken = node.type === 'VariableDeclarator' ? environmentTaken(node).map(([, value]) => value) : [];
    const isMember = node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression';
    for (const piece of [...taken, ...(isCall || isMember ? [node] : [])].flatMap(
      (each) => piecesOf(each, source) ?? [],
    ))
      if (typeof piece !== 'string') names.add(piece.env);
  });
  for (const [local, { from }] of source.imports) if (from.startsWith('$env/static')) names.add(local);
  return [...names];
}

/** Line of a node, from 1. */
export const lineOf = (node: Node): number => node.loc?.start.line ?? 1;

/** The last name of what a call calls: `redirect` of `redirect(…)`, `router` of `t.router(…)`; empty for anything else. */
export const calledName = ({ callee }: CallExpression): string => {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
    ? callee.property.name
    : '';
};
