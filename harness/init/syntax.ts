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
  /** Name → class. */
  classes: Map<string, Node>;
  /** How the names of other files are found, once the files of the app are linked. */
  links?: Links;
}

/** A piece of code, and the file that it stands in. */
export interface Found {
  node: Node;
  source: SourceFile;
}

/** How the files of an app lead to each other. */
export interface Links {
  of: readonly SourceFile[];
  homeOf(node: Node): SourceFile | undefined;
  fileOf(from: string, source: SourceFile): SourceFile | undefined;
  imported(name: string, source: SourceFile): Found | undefined;
  member(node: Node, source: SourceFile): Found | undefined;
  definition(name: string, source: SourceFile): Found | undefined;
  exported(name: string, source: SourceFile): Found | undefined;
}

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
      sourceFilename: file,
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
      classes: new Map(),
    };
    walk(tree, (node) => index(node, source));
    return source;
  } catch {
    return undefined;
  }
}

/** Calls `visit` for a node and all below it; parents come last in `above`, which is good for that call alone. */
export function walk(
  node: Node,
  visit: (node: Node, above: readonly Node[]) => void,
  above: readonly Node[] = [],
): void {
  descend(node, visit, [...above]);
}

/** Members of a node that hold no code. */
const NO_CODE = /^(?:type|start|end|loc|extra|range)$|Comments$/;

function descend(node: Node, visit: (node: Node, above: readonly Node[]) => void, above: Node[]): void {
  visit(node, above);
  above.push(node);
  for (const key in node) {
    const value = node[key as keyof Node] as unknown;
    if (typeof value !== 'object' || value === null || NO_CODE.test(key)) continue;
    if (Array.isArray(value)) {
      for (const child of value) if (isNode(child)) descend(child, visit, above);
    } else if (isNode(value)) descend(value, visit, above);
  }
  above.pop();
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

function index(node: Node, { imports, values, functions, classes }: SourceFile): void {
  if (noteImports(node, imports)) return;
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init)
    values.set(node.id.name, node.init);
  if (node.type === 'VariableDeclarator')
    for (const [name, value] of membersTaken(node)) values.set(name, value);
  if (node.type === 'ClassDeclaration' && node.id) classes.set(node.id.name, node);
  if (node.type === 'FunctionDeclaration' && node.id) {
    functions.set(node.id.name, node);
    const answer = node.body.body.find((statement) => statement.type === 'ReturnStatement')?.argument;
    if (answer) values.set(node.id.name, answer);
  }
}

/** `const { OIDC_ISSUER: issuer } = process.env` → `issuer`, as `process.env.OIDC_ISSUER`; the same of `useRuntimeConfig()`. */
export function membersTaken({ id, init }: Node & { type: 'VariableDeclarator' }): [string, Expression][] {
  const holder = init && bare(init);
  if (id.type !== 'ObjectPattern' || !holder) return [];
  const isEnvironment =
    holder.type === 'MemberExpression' &&
    holder.property.type === 'Identifier' &&
    holder.property.name === 'env';
  const isRuntime = holder.type === 'CallExpression' && calledName(holder) === 'useRuntimeConfig';
  if (!isEnvironment && !isRuntime) return [];
  return id.properties.flatMap((each) => {
    if (each.type !== 'ObjectProperty' || each.key.type !== 'Identifier') return [];
    const local = each.value.type === 'AssignmentPattern' ? each.value.left : each.value;
    const taken: Expression = {
      type: 'MemberExpression',
      object: holder,
      property: each.key,
      computed: false,
      loc: holder.loc,
    };
    return local.type === 'Identifier' ? [[local.name, taken]] : [];
  });
}

/** The file that a node stands in, which need not be the one that led to it. */
export const homeOf = (node: Node, source: SourceFile): SourceFile => source.links?.homeOf(node) ?? source;

/** An expression without type casts and brackets; names are replaced by what they stand for, in this file or in another one. */
export function resolve(node: Node | null | undefined, given: SourceFile, depth = 0): Node | undefined {
  if (!node || depth > 10) return undefined;
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return resolve(node.expression, given, depth + 1);
    case 'Identifier': {
      const source = homeOf(node, given);
      const value = source.values.get(node.name);
      if (value) return resolve(value, source, depth + 1);
      const found = source.links?.imported(node.name, source);
      if (!found) return node;
      // Of a function its answer counts, as of those of this file.
      const answer = found.node.type === 'FunctionDeclaration' ? answerOf(found.node) : found.node;
      return answer ? resolve(answer, found.source, depth + 1) : node;
    }
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

/** All that a function may answer: its expression, or what each of its own returns gives. */
export function answersOf(made: Node): Node[] {
  if (made.type === 'ArrowFunctionExpression' && made.body.type !== 'BlockStatement') return [made.body];
  const found: Node[] = [];
  walk(made, (node, above) => {
    const isInner = above.slice(1).some(({ type }) => /Function|ObjectMethod|ClassMethod/.test(type));
    if (node.type === 'ReturnStatement' && node.argument && !isInner) found.push(node.argument);
  });
  return found;
}

export const keyOf = (key: Node): string | undefined =>
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

/** The same as `resolve`, through members of objects and of modules as well: `env.OIDC_ISSUER`, `config.oidc.issuer`. */
export function followed(node: Node | null | undefined, given: SourceFile, depth = 0): Node | undefined {
  const value = resolve(node, given);
  if (value?.type !== 'MemberExpression' || value.computed || depth > 5) return value;
  const source = homeOf(value, given);
  const found = source.links?.member(value, source);
  if (found) return followed(found.node, found.source, depth + 1);
  const holder = followed(value.object, source, depth + 1);
  const held =
    holder?.type === 'ObjectExpression' ? members(holder).get(keyOf(value.property) ?? '') : undefined;
  return held ? followed(held, source, depth + 1) : value;
}

/**
 * Members of an object literal, with those of the objects that are spread into it: what stands later counts. What is spread by a
 * condition (`...(isProduction && { cookies })`) may not be there.
 */
export function allMembers(object: ObjectExpression, given: SourceFile, depth = 0): Map<string, Node> {
  const source = homeOf(object, given);
  const found = new Map<string, Node>();
  for (const property of object.properties) {
    if (property.type !== 'SpreadElement') {
      const name = keyOf(property.key);
      if (name) found.set(name, property.type === 'ObjectMethod' ? property : property.value);
      continue;
    }
    const held = depth > 4 ? undefined : followed(property.argument, source);
    if (held?.type !== 'ObjectExpression') continue;
    for (const [name, value] of allMembers(held, source, depth + 1)) found.set(name, value);
  }
  return found;
}

/** Follows a path of members through object literals: `authorization`, `params`, `scope`. */
export function member(node: Node | undefined, source: SourceFile, ...path: string[]): Node | undefined {
  return path.reduce<Node | undefined>((at, name) => {
    const object = followed(at, source);
    return object?.type === 'ObjectExpression' ? allMembers(object, source).get(name) : undefined;
  }, node);
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
