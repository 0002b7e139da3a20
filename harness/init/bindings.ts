/** The names of a pattern, and what they stand for. */
import type { Node } from '@babel/types';
import { UNKNOWN, type Value } from './interpret-values.ts';

interface Binding {
  set(name: string, value: Value): void;
  /** What a name stands for where it was given nothing. */
  usual(node: Node): Value;
  member(object: Value, name: string): Value;
}

export function bindPattern(pattern: Node, value: Value, binding: Binding): void {
  switch (pattern.type) {
    case 'Identifier':
      binding.set(pattern.name, value);
      break;
    case 'AssignmentPattern':
      bindPattern(pattern.left, value === undefined ? binding.usual(pattern.right) : value, binding);
      break;
    case 'TSParameterProperty':
      bindPattern(pattern.parameter, value, binding);
      break;
    case 'ArrayPattern':
      // `const [session, orders] = await Promise.all([…])`
      for (const [at, each] of pattern.elements.entries())
        if (each) bindPattern(each, Array.isArray(value) ? value[at] : UNKNOWN, binding);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties)
        if (property.type === 'ObjectProperty' && property.key.type === 'Identifier')
          bindPattern(property.value, binding.member(value, property.key.name), binding);
      break;
  }
}

/** What a pattern takes from an object, and the names that it gives to that: `{ person, path: at }`. */
export const namesIn = (pattern: Node): [name: string, local: string][] =>
  pattern.type !== 'ObjectPattern'
    ? []
    : pattern.properties.flatMap((each) => {
        if (each.type !== 'ObjectProperty' || each.key.type !== 'Identifier') return [];
        const local = each.value.type === 'AssignmentPattern' ? each.value.left : each.value;
        return local.type === 'Identifier' ? [[each.key.name, local.name] as [string, string]] : [];
      });
