/** The functions that stand beside a piece of code: those of other functions, by the same names, are others. */
import type { Node } from '@babel/types';
import { isMadeThere } from './callees.ts';
import { type Closure, Scope } from './interpret-values.ts';
import { type SourceFile, walk } from './syntax.ts';

const read = new WeakMap<SourceFile, Node[]>();

/** Functions with statements, the outer ones first. */
function functionsIn(source: SourceFile): Node[] {
  const known = read.get(source);
  if (known) return known;
  const found: Node[] = [];
  walk(source.tree, (node) => {
    if (/Function|ObjectMethod|ClassMethod/.test(node.type)) found.push(node);
  });
  read.set(source, found);
  return found;
}

const isWithin = (inner: Node, outer: Node): boolean =>
  inner !== outer &&
  (outer.start ?? 0) <= (inner.start ?? -1) &&
  (inner.end ?? Number.POSITIVE_INFINITY) <= (outer.end ?? 0);

/** The scope that a node stands in, with the functions that those around it hold. */
export function scopeAround(node: Node, source: SourceFile): Scope {
  let scope = new Scope(undefined, source);
  for (const each of functionsIn(source)) {
    const body = 'body' in each ? (each.body as Node) : undefined;
    if (body?.type !== 'BlockStatement' || !isWithin(node, each)) continue;
    scope = new Scope(scope);
    for (const statement of body.body) {
      if (statement.type === 'FunctionDeclaration' && statement.id)
        scope.set(statement.id.name, { node: statement, scope } satisfies Closure);
      if (statement.type === 'VariableDeclaration')
        for (const { id, init } of statement.declarations)
          if (id.type === 'Identifier' && init && isMadeThere(init))
            scope.set(id.name, { node: init, scope } satisfies Closure);
    }
  }
  return scope;
}
