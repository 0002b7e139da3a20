/** What the statements of a function answer, when that is one value. */
import type {
  FunctionDeclaration,
  Node,
  Statement,
  SwitchStatement,
  VariableDeclaration,
} from '@babel/types';
import { Scope, truth, UNKNOWN, type Value } from './interpret-values.ts';
import { walk } from './syntax.ts';

export interface Values {
  eval(node: Node | null | undefined, scope: Scope): Value;
  declare(node: VariableDeclaration | FunctionDeclaration, scope: Scope): void;
  assign(node: Node, scope: Scope): void;
}

/** Undefined where a piece of a function comes to its end, UNKNOWN where what it answers cannot be known. */
type Answer = { value: Value } | undefined | typeof UNKNOWN;

export function run(statements: readonly Node[], scope: Scope, values: Values): Answer {
  for (const statement of statements) {
    const answer = step(statement, scope, values);
    if (answer) return answer;
  }
  return undefined;
}

function step(node: Node, scope: Scope, values: Values): Answer {
  switch (node.type) {
    case 'VariableDeclaration':
    case 'FunctionDeclaration':
      values.declare(node, scope);
      return undefined;
    case 'ReturnStatement':
      return { value: node.argument ? values.eval(node.argument, scope) : undefined };
    case 'BlockStatement':
      return run(node.body, new Scope(scope), values);
    case 'TryStatement':
      return run(node.block.body, new Scope(scope), values);
    case 'ExpressionStatement':
      values.assign(node.expression, scope);
      return undefined;
    case 'IfStatement': {
      const test = truth(values.eval(node.test, scope));
      const taken = test ? node.consequent : node.alternate;
      if (test !== undefined) return taken ? step(taken, scope, values) : undefined;
      return [node.consequent, node.alternate].some((each) => each && mayEnd(each)) ? UNKNOWN : undefined;
    }
    default:
      return mayEnd(node) ? UNKNOWN : undefined;
  }
}

/** What of a block runs until it breaks off. */
function untilBreak(statements: readonly Statement[]): { run: Statement[]; breaks: boolean } {
  const run: Statement[] = [];
  for (const each of statements) {
    if (each.type === 'BreakStatement') return { run, breaks: true };
    if (each.type === 'BlockStatement') {
      const inner = untilBreak(each.body);
      run.push(...inner.run);
      if (inner.breaks) return { run, breaks: true };
    } else run.push(each);
  }
  return { run, breaks: false };
}

/** The statements of a switch that run; undefined where that cannot be known. */
export function chosenIn(
  { discriminant, cases }: SwitchStatement,
  evaluate: (node: Node) => Value,
): Statement[] | undefined {
  const asked = evaluate(discriminant);
  if (typeof asked !== 'string' && typeof asked !== 'boolean') return undefined;
  const tests = cases.map(({ test }) => (test ? evaluate(test) : undefined));
  if (tests.some((each) => typeof each === 'symbol')) return undefined;
  const exact = cases.findIndex(({ test }, at) => test && tests[at] === asked);
  const first = exact >= 0 ? exact : cases.findIndex(({ test }) => !test);
  return first < 0 ? [] : untilBreak(cases.slice(first).flatMap(({ consequent }) => consequent)).run;
}

/** Whether a statement may end the function that it stands in. */
function mayEnd(node: Node): boolean {
  let found = false;
  walk(node, (each, above) => {
    const isInner = above.some(({ type }) => /Function|ObjectMethod|ClassMethod/.test(type));
    if (!isInner && (each.type === 'ReturnStatement' || each.type === 'ThrowStatement')) found = true;
  });
  return found;
}
