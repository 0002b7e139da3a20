/** What comparisons and objects are, of values that may be unknown. */
import type { ObjectExpression } from '@babel/types';
import { Sent, SOMEBODY, Thing, truth, UNKNOWN, type Value } from './interpret-values.ts';

const isNothing = (value: Value) => value === null || value === undefined;

export function compared(operator: string, left: Value, right: Value): Value {
  if (operator === 'instanceof') return isAnswer(left);
  if (operator === 'in' && right instanceof Thing && typeof left === 'string')
    return right.members.has(left) || (right.isOpen ? UNKNOWN : false);
  if (operator === '+')
    return typeof left === typeof right && /string|number/.test(typeof left) ? add(left, right) : UNKNOWN;
  if (!/^[!=]==?$/.test(operator)) return UNKNOWN;
  const isNot = operator.startsWith('!');
  if ([left, right].includes(UNKNOWN)) return UNKNOWN;
  if ([left, right].includes(SOMEBODY)) return isNothing(left) || isNothing(right) ? isNot : UNKNOWN;
  const same = operator.length === 2 && isNothing(left) ? isNothing(right) : left === right;
  return same !== isNot;
}

export function not(value: Value): Value {
  const known = truth(value);
  return known === undefined ? UNKNOWN : !known;
}

/** `a && b`, `a || b`, `a ?? b`. */
export function logical(operator: string, left: Value, right: () => Value): Value {
  const known = truth(left);
  if (operator === '??') return left === UNKNOWN ? UNKNOWN : (left ?? right());
  const decides = operator !== '&&';
  if (known === decides) return left;
  if (known === !decides) return right();
  // Whatever the left is, the right may decide.
  return truth(right()) === decides ? decides : UNKNOWN;
}

const add = (left: Value, right: Value): Value => (left as string) + (right as string);

export function patternOf(pattern: Value, flags: Value = ''): Value {
  if (typeof pattern !== 'string' || typeof flags !== 'string') return UNKNOWN;
  try {
    return new RegExp(pattern, flags.replace(/[gy]/g, ''));
  } catch {
    return UNKNOWN;
  }
}

/** `user instanceof Response` */
function isAnswer(left: Value): Value {
  if (left instanceof Sent) return true;
  return isNothing(left) || left === SOMEBODY || left instanceof Thing ? false : UNKNOWN;
}

/** An object literal: what is spread into it and cannot be known may hold anything. */
export function thingOf(
  node: ObjectExpression,
  evaluate: (node: ObjectExpression['properties'][number] | Value) => Value,
): Thing {
  const thing = new Thing();
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = evaluate(property.argument);
      if (!(spread instanceof Thing)) thing.isOpen ||= !isNothing(spread);
      else for (const [name, value] of spread.members) thing.members.set(name, value);
      continue;
    }
    const { key } = property;
    const name = key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : undefined;
    if (name === undefined || property.computed) thing.isOpen = true;
    else thing.members.set(name, evaluate(property.type === 'ObjectMethod' ? property : property.value));
  }
  return thing;
}

/** Whether an object holds settings alone, which nobody changes: `{ public: ['/', '/prices'], login: '/hello' }`. */
export const isSettings = (value: Value): boolean =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  value === true ||
  value instanceof RegExp ||
  (Array.isArray(value) && value.every(isSettings)) ||
  (value instanceof Thing && !value.isOpen && [...value.members.values()].every(isSettings));

/** `Object.keys(routes)` and its like. */
export function listed(method: string, given: Value): Value {
  if (!(given instanceof Thing) || given.isOpen) return UNKNOWN;
  if (method === 'keys') return [...given.members.keys()];
  if (method === 'values') return [...given.members.values()];
  return method === 'entries' ? [...given.members] : UNKNOWN;
}

/** Whether a path is one of those that patterns name: `micromatch.isMatch(pathname, ['/terms', '/auth/**'])`. */
export function matchesGlob(path: Value, patterns: Value): Value {
  const list = Array.isArray(patterns) ? patterns : [patterns];
  if (typeof path !== 'string' || list.some((each) => typeof each !== 'string')) return UNKNOWN;
  return list.some((each: string) => {
    const expression = each
      .replace(/[.+^${}()|[\]\\?]/g, '\\$&')
      .replace(/\/\*\*/g, '(?:/.*)?')
      .replace(/(?<!\.)\*/g, '[^/]*');
    return new RegExp(`^${expression}$`).test(path);
  });
}
