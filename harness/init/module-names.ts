/** What the names of a file stand for that come from other modules, in whatever way it loads them. */
import type { Node, VariableDeclarator } from '@babel/types';

/** A module, and what is taken from it: a name, `default`, or `*` for all of it. */
export interface Imported {
  from: string;
  name: string;
}

/** What stands inside `await x`, `(x)`, `x as Y` and `x!`. */
export const bare = (node: Node): Node =>
  node.type === 'AwaitExpression'
    ? bare(node.argument)
    : node.type === 'ParenthesizedExpression' || /^TS(As|Satisfies|NonNull|TypeAssertion)/.test(node.type)
      ? bare((node as Node & { expression: Node }).expression)
      : node;

/** Names of functions that load a module: `require`, and what `createRequire(import.meta.url)` makes. */
const loadersIn = (imports: ReadonlyMap<string, Imported>): ReadonlySet<string> =>
  new Set(['require', ...[...imports].flatMap(([local, { from }]) => (from === CREATED ? [local] : []))]);

/** A loader that the file makes for itself. */
const CREATED = 'node:module#createRequire';

/** `require('x')`, `await import('x')`, and a member of either. */
function loaded(typed: Node, imports: ReadonlyMap<string, Imported>): Imported | undefined {
  const node = bare(typed);
  if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') {
    const whole = node.property.type === 'Identifier' && loaded(node.object, imports);
    return whole && node.property.type === 'Identifier'
      ? { from: whole.from, name: node.property.name }
      : undefined;
  }
  if (node.type !== 'CallExpression') return undefined;
  const { callee } = node;
  const [first] = node.arguments;
  if (first?.type !== 'StringLiteral') return undefined;
  if (callee.type === 'Import') return { from: first.value, name: '*' };
  // What CommonJS answers is all of a module, and its default export where it has one alone.
  return callee.type === 'Identifier' && loadersIn(imports).has(callee.name)
    ? { from: first.value, name: 'default' }
    : undefined;
}

/** Whether an expression loads a module. */
export const isLoad = (node: Node, imports: ReadonlyMap<string, Imported>): boolean =>
  loaded(node, imports) !== undefined;

function noteDeclared({ id, init }: VariableDeclarator, imports: Map<string, Imported>): boolean {
  if (!init) return false;
  const made = bare(init);
  if (
    id.type === 'Identifier' &&
    made.type === 'CallExpression' &&
    made.callee.type === 'Identifier' &&
    made.callee.name === 'createRequire'
  ) {
    imports.set(id.name, { from: CREATED, name: '*' });
    return true;
  }
  const module = loaded(init, imports);
  if (!module) return false;
  if (id.type === 'Identifier') imports.set(id.name, module);
  if (id.type !== 'ObjectPattern') return true;
  for (const each of id.properties) {
    if (each.type !== 'ObjectProperty' || each.key.type !== 'Identifier') continue;
    const local = each.value.type === 'AssignmentPattern' ? each.value.left : each.value;
    if (local.type === 'Identifier') imports.set(local.name, { from: module.from, name: each.key.name });
  }
  return true;
}

/**
 * Notes what a statement takes from another module.
 *
 * @returns whether it takes anything
 */
export function noteImports(node: Node, imports: Map<string, Imported>): boolean {
  if (node.type === 'VariableDeclarator') return noteDeclared(node, imports);
  if (node.type !== 'ImportDeclaration') return false;
  for (const specifier of node.specifiers) {
    const name =
      specifier.type === 'ImportSpecifier'
        ? specifier.imported.type === 'Identifier'
          ? specifier.imported.name
          : specifier.imported.value
        : specifier.type === 'ImportDefaultSpecifier'
          ? 'default'
          : '*';
    imports.set(specifier.local.name, { from: node.source.value, name });
  }
  return true;
}

/**
 * The module that an expression is taken from: `Logto`, `Logto.default` of what CommonJS answered, `providers.Logto` of all of
 * a module, `require('x').default`.
 */
export function moduleOf(typed: Node, imports: ReadonlyMap<string, Imported>): Imported | undefined {
  const node = bare(typed);
  if (node.type === 'Identifier') return imports.get(node.name);
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression')
    return loaded(node, imports);
  if (node.property.type !== 'Identifier') return undefined;
  const whole = moduleOf(node.object, imports);
  return whole && (whole.name === '*' || whole.name === 'default')
    ? { from: whole.from, name: node.property.name }
    : undefined;
}
