/** What a page of Nuxt says of itself: `definePageMeta({ … })` (nuxt.com, definePageMeta). */
import type { Node } from '@babel/types';
import { Thing, UNKNOWN, type Value } from './interpret-values.ts';
import { calledName, members, resolve, type SourceFile, walk } from './syntax.ts';

/** Name → value; empty where the page says nothing. */
export function pageMeta(source: SourceFile): Map<string, Node> {
  let found = new Map<string, Node>();
  walk(source.tree, (node) => {
    if (node.type !== 'CallExpression' || calledName(node) !== 'definePageMeta') return;
    const given = resolve(node.arguments[0], source);
    if (given?.type === 'ObjectExpression') found = members(given);
  });
  return found;
}

function saidBy(node: Node, source: SourceFile): Value {
  const value = resolve(node, source) ?? node;
  switch (value.type) {
    case 'BooleanLiteral':
    case 'StringLiteral':
    case 'NumericLiteral':
      return value.value;
    case 'NullLiteral':
      return null;
    case 'ArrayExpression':
      return value.elements.map((each) => (each ? saidBy(each, source) : undefined));
    default:
      return UNKNOWN;
  }
}

/** The same as a guard in front of all pages reads it: `to.meta.requiresAuth`. */
export function metaOf(source: SourceFile | undefined): Thing {
  const meta = new Thing();
  if (source) for (const [name, node] of pageMeta(source)) meta.members.set(name, saidBy(node, source));
  return meta;
}
