/** What an app puts on a request for those who are signed in alone, under names of its own: `req.person = session?.user`. */
import type { CallExpression, Node } from '@babel/types';
import { Evaluator } from './evaluate.ts';
import { Scope, SOMEBODY, truth, UNKNOWN } from './interpret-values.ts';
import { isOfRequest } from './request-places.ts';
import { run } from './run-statements.ts';
import { keyOf, members, type SourceFile, walk } from './syntax.ts';

/** One place where something is put on a request. */
interface Put {
  name: string;
  /** What is put there. */
  given: Node;
  /** The statements, blocks and functions that it stands in. */
  above: readonly Node[];
  source: SourceFile;
}

/** `Object.assign(res.locals, { person })`, `c.set('person', person)` */
function putByCall(node: CallExpression): { name: string; given: Node }[] {
  const { callee } = node;
  const [holder, given] = node.arguments;
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return [];
  const method = keyOf(callee.property);
  if (method === 'assign' && callee.object.name === 'Object' && holder && given?.type === 'ObjectExpression')
    return isOfRequest(holder) ? [...members(given)].map(([name, value]) => ({ name, given: value })) : [];
  if (method === 'set' && holder?.type === 'StringLiteral' && given && isOfRequest(callee.object))
    return [{ name: holder.value, given }];
  return [];
}

/** `{ person: req.person }`: it is handed on under its own name. */
const isSame = ({ name, given }: Pick<Put, 'name' | 'given'>): boolean =>
  given.type === 'MemberExpression' && keyOf(given.property) === name && isOfRequest(given.object);

function putsIn(source: SourceFile): Put[] {
  const found: Put[] = [];
  walk(source.tree, (node, above) => {
    const put =
      node.type === 'AssignmentExpression' &&
      node.operator === '=' &&
      node.left.type === 'MemberExpression' &&
      !node.left.computed &&
      node.left.property.type === 'Identifier' &&
      isOfRequest(node.left.object)
        ? [{ name: node.left.property.name, given: node.right as Node }]
        : node.type === 'CallExpression'
          ? putByCall(node)
          : [];
    for (const each of put) if (!isSame(each)) found.push({ ...each, above: [...above, node], source });
  });
  return found;
}

/**
 * Whether something is put on the request of one who asks, and what.
 *
 * @returns undefined where nothing is
 */
function putThere({ given, above, source }: Put, values: Evaluator): { value: unknown } | undefined {
  const made = above.findLastIndex((each) => /Function|ObjectMethod|ClassMethod/.test(each.type));
  if (made < 0) return undefined;
  const scope = new Scope(undefined, source);
  const parameters = (above[made] as Node & { params?: Node[] }).params ?? [];
  for (const each of parameters) values.bind(each, UNKNOWN, scope);
  for (const [at, each] of above.entries()) {
    const inner = above[at + 1];
    if (at <= made || !inner) continue;
    if (each.type === 'BlockStatement')
      for (const before of each.body.slice(0, each.body.indexOf(inner as (typeof each.body)[number]))) {
        const answer = run([before], scope, values);
        if (answer && answer !== UNKNOWN) return undefined;
      }
    if (each.type !== 'IfStatement' || inner === each.test) continue;
    const test = truth(values.eval(each.test, scope));
    if (test === (inner !== each.consequent)) return undefined;
  }
  return { value: values.eval(given, scope) };
}

/** Whether strangers have nothing there, and members something; undefined where nobody has. */
function isOfMembers(put: Put, sources: readonly SourceFile[], carried: ReadonlySet<string>) {
  const of = (session: null | typeof SOMEBODY) =>
    putThere(put, new Evaluator({ path: UNKNOWN, session, sources, carried }, put.source));
  const [strange, member] = [of(null), of(SOMEBODY)];
  if (strange && truth(strange.value) !== false) return false;
  return member && truth(member.value) !== false ? true : undefined;
}

const read = new WeakMap<readonly SourceFile[], ReadonlySet<string>>();

/** Names under which requests hold something for members, and nothing for strangers. */
export function carriedIn(sources: readonly SourceFile[]): ReadonlySet<string> {
  const known = read.get(sources);
  if (known) return known;
  const puts = sources.flatMap(putsIn);
  let carried = new Set<string>();
  // What is put there may be what stands there under another name.
  for (let turn = 0, before = -1; turn < 3 && before < carried.size; turn += 1) {
    before = carried.size;
    const told = puts.map((put) => ({ name: put.name, how: isOfMembers(put, sources, carried) }));
    const open = new Set(told.filter(({ how }) => how === false).map(({ name }) => name));
    carried = new Set(told.filter(({ name, how }) => how && !open.has(name)).map(({ name }) => name));
  }
  read.set(sources, carried);
  return carried;
}
