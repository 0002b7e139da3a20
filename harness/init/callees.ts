/** The functions of an app that a call means: by a name, a member of a module, an object or a class, in whatever file. */
import type { CallExpression, Node, OptionalCallExpression } from '@babel/types';
import { Scope } from './interpret-values.ts';
import { type Found, followed, homeOf, members, type SourceFile } from './syntax.ts';

const isMade = (node: Node | undefined): node is Node =>
  node !== undefined &&
  /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration|ObjectMethod|ClassMethod)$/.test(
    node.type,
  );

/** Names of functions that stand in front of something: such a method is looked for wherever it is made. */
const GUARDS =
  /^(?:require|ensure|assert|verify|must|protect|guard|authori[sz]e|authenticate|enforce|with)[A-Z_]|^(?:guard|protect|authori[sz]e|authenticate)$/;

/** A method of a class, or a function that one of its members holds. */
function methodOf(made: Node, name: string): Node | undefined {
  if (made.type !== 'ClassDeclaration' && made.type !== 'ClassExpression') return undefined;
  for (const each of made.body.body) {
    if (each.type !== 'ClassMethod' && each.type !== 'ClassProperty') continue;
    if (each.key.type !== 'Identifier' || each.key.name !== name) continue;
    const value = each.type === 'ClassMethod' ? each : each.value;
    if (isMade(value ?? undefined)) return value as Node;
  }
  return undefined;
}

/** What stands under a name of an object, of a class, or of what a class makes. */
function within(holder: Node, name: string, source: SourceFile): Found | undefined {
  if (holder.type === 'ObjectExpression') {
    const held = members(holder).get(name);
    if (!held) return undefined;
    if (held.type === 'Identifier') return source.links?.definition(held.name, source);
    return { node: held, source };
  }
  const made =
    holder.type === 'NewExpression' && holder.callee.type === 'Identifier'
      ? source.links?.definition(holder.callee.name, source)
      : { node: holder, source };
  const method = made && methodOf(made.node, name);
  return method && { node: method, source: made.source };
}

const known = new WeakMap<readonly SourceFile[], Map<string, Found | undefined>>();

/** The only class or object of the app with a guard of that name; undefined where there are several. */
function anywhere(name: string, sources: readonly SourceFile[]): Found | undefined {
  if (!GUARDS.test(name)) return undefined;
  const before = known.get(sources) ?? new Map<string, Found | undefined>();
  known.set(sources, before);
  if (!before.has(name)) before.set(name, onlyOne(name, sources));
  return before.get(name);
}

function onlyOne(name: string, sources: readonly SourceFile[]): Found | undefined {
  const found = sources.flatMap((source) =>
    [...source.classes.values(), ...source.values.values()].flatMap((holder) => {
      const held = within(holder, name, source);
      return held && isMade(held.node) ? [held] : [];
    }),
  );
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The function that a member names: `guards.requireUser`, `this.requireUser`, `Auth.requireUser`, `new Auth(db).requireUser`.
 *
 * @param scope where the call stands
 */
export function memberCallee(callee: Node, scope: Scope, sources: readonly SourceFile[]): Found | undefined {
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return undefined;
  if (callee.property.type !== 'Identifier' || callee.computed) return undefined;
  const { source } = scope;
  const { name } = callee.property;
  if (!source) return undefined;
  const ofModule = source.links?.member(callee, source);
  if (ofModule) return isMade(ofModule.node) ? ofModule : undefined;
  const { object } = callee;
  if (object.type === 'ThisExpression') {
    const own = [...source.classes.values()].flatMap((each) => methodOf(each, name) ?? [])[0];
    return own ? { node: own, source } : anywhere(name, sources);
  }
  if (object.type === 'Identifier' && scope.find(object.name)) return anywhere(name, sources);
  const made =
    object.type === 'Identifier'
      ? source.links?.definition(object.name, source)?.node
      : followed(object, source);
  const found = made && within(made, name, homeOf(made, source));
  if (found && isMade(found.node)) return found;
  return made && made.type === 'ObjectExpression' ? undefined : anywhere(name, sources);
}

/** The scope of a function that stands outside of all others. */
export const outermost = ({ source }: Found): Scope => new Scope(undefined, source);

export type Call = CallExpression | OptionalCallExpression;

/** Methods that make a handler of a function: `factory.createMiddleware(async (c, next) => …)`. */
export const MAKES = /^(?:create|define|make|wrap|with)[A-Z]|middleware$|handler$/i;
export const isMadeThere = (node: Node) => /^(?:ArrowFunction|Function)Expression$/.test(node.type);

/** The last name of what is called. */
export const nameOf = (callee: Node): string =>
  callee.type === 'Identifier'
    ? callee.name
    : (callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression') &&
        callee.property.type === 'Identifier'
      ? callee.property.name
      : '';

/** What an expression is made of that is run with it; functions are not. */
export function partsOf(node: Node): (Node | null | undefined)[] {
  switch (node.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return [node.object];
    case 'ArrayExpression':
      return node.elements;
    case 'ObjectExpression':
      return node.properties.map((each) =>
        each.type === 'ObjectProperty' ? each.value : each.type === 'SpreadElement' ? each.argument : null,
      );
    case 'SpreadElement':
      return [node.argument];
    case 'BinaryExpression':
      return [node.left, node.right];
    case 'TemplateLiteral':
      return node.expressions;
    case 'JSXExpressionContainer':
      return [node.expression];
    case 'JSXFragment':
      return node.children;
    default:
      return [];
  }
}

const named = new WeakMap<readonly SourceFile[], Map<string, Found[]>>();

/** What is made under a name in some files, then in any. */
export function* everywhere(
  name: string,
  first: readonly SourceFile[],
  sources: readonly SourceFile[],
): Generator<Found> {
  for (const source of first) {
    const node = source.functions.get(name) ?? source.values.get(name);
    if (node) yield { node, source };
  }
  const index = named.get(sources) ?? new Map<string, Found[]>();
  if (!named.has(sources)) {
    named.set(sources, index);
    for (const source of sources)
      for (const [held, node] of [...source.functions, ...source.values])
        if (held && (source.functions.get(held) ?? node) === node)
          index.set(held, [...(index.get(held) ?? []), { node, source }]);
  }
  yield* index.get(name) ?? [];
}
