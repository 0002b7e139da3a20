/** Methods of texts, lists and patterns that guards ask of an address. */
import { type Closure, isClosure, SOMEBODY, UNKNOWN, type Value } from './interpret-values.ts';

type Method = (given: readonly Value[]) => Value;
type Apply = (closure: Closure, given: readonly Value[]) => Value;

const TEXT = new Set([
  'startsWith',
  'endsWith',
  'includes',
  'toLowerCase',
  'slice',
  'substring',
  'replace',
  'split',
  'trim',
  'indexOf',
  'at',
  'concat',
]);
const LIST = new Set(['includes', 'indexOf', 'join', 'slice', 'concat', 'at']);

/** `some`, `every`, `find`, `filter` and `map`, with a function whose answers may be unknown. */
function byEach(list: readonly Value[], name: string, each: (item: Value) => Value): Value {
  const answers = list.map(each);
  if (name === 'map') return answers;
  if (name === 'flatMap') return answers.flat();
  if (name === 'some')
    return answers.some((answer) => answer !== UNKNOWN && answer) || (answers.includes(UNKNOWN) && UNKNOWN);
  if (answers.includes(UNKNOWN)) return UNKNOWN;
  if (name === 'every') return answers.every(Boolean);
  if (name === 'filter') return list.filter((_, at) => answers[at]);
  return list.find((_, at) => answers[at]);
}

const isSomebodyOrNobody = (value: Value) => value === SOMEBODY || value === null;

/**
 * A method of a value that is known.
 *
 * @returns undefined where nothing is known of it
 */
export function membersOf(object: Value, name: string, apply: Apply): Method | undefined {
  // What is waited for, and what that is, are the same here.
  if (name === 'catch' && isSomebodyOrNobody(object)) return () => object;
  if (name === 'then' && isSomebodyOrNobody(object))
    return ([closure]) => (isClosure(closure) ? apply(closure, [object]) : UNKNOWN);
  if (typeof object === 'string') {
    if (name === 'match') return ([pattern]) => (pattern instanceof RegExp ? pattern.exec(object) : UNKNOWN);
    if (!TEXT.has(name)) return undefined;
    return (given) =>
      given.every((each) => ['string', 'number'].includes(typeof each) || each instanceof RegExp)
        ? (object[name as 'trim'] as (...given: unknown[]) => unknown)(...given)
        : UNKNOWN;
  }
  if (object instanceof RegExp && /^(?:test|exec)$/.test(name))
    return ([text]) => (typeof text === 'string' ? object[name as 'exec'](text) : UNKNOWN);
  if (!Array.isArray(object)) return undefined;
  const method = name === 'has' ? 'includes' : name;
  if (LIST.has(method))
    return (given) =>
      [...object, ...given].includes(UNKNOWN)
        ? UNKNOWN
        : (object[method as 'at'] as (...given: unknown[]) => unknown).apply(object, [...given]);
  if (/^(?:some|every|find|filter|map|flatMap)$/.test(name))
    return ([closure]) =>
      isClosure(closure) ? byEach(object, name, (item) => apply(closure, [item])) : UNKNOWN;
  return undefined;
}
