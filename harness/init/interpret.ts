/**
 * What a guard does with one address: its source is walked through as it would run for somebody without a session, or with
 * one. What cannot be known from the source is unknown, and both ways are gone.
 */
import type { Expression, Node, Statement } from '@babel/types';
import { Evaluator, type World } from './evaluate.ts';
import { isClosure, Scope, truth, UNKNOWN } from './interpret-values.ts';
import { sendsAway } from './sends-away.ts';
import type { SourceFile } from './syntax.ts';

/** How a guard ends: both `redirect` and `refuse` (401, 403) send away, `pass` lets through; `go on` is the end of a piece of it. */
export type Ending = 'redirect' | 'refuse' | 'pass' | 'go on';

/** Functions that answer for each other: `deny()` calls `json(…, 401)`. */
const ANSWERS_MAX = 4;

/** Walks through guards for one address and one person. */
export class Interpreter {
  readonly #values: Evaluator;
  #answers = 0;
  constructor(world: World, source: SourceFile) {
    this.#values = new Evaluator(world, source);
  }

  /** All ways in which a function can end. */
  endingsOf(guard: Node, scope = new Scope()): Set<Ending> {
    const own = new Scope(scope);
    if (!('params' in guard) || !('body' in guard)) return new Set(['pass']);
    for (const parameter of guard.params as Node[]) this.#values.bind(parameter, UNKNOWN, own);
    const body = guard.body as Node;
    const endings = body.type === 'BlockStatement' ? this.#block(body.body, own) : this.#ended(body, own);
    if (endings.delete('go on')) endings.add('pass');
    return endings;
  }

  /** The same of whatever stands for a function: its name, or a call that makes it. */
  endingsOfHandler(handler: Node): Set<Ending> {
    if (handler.type === 'FunctionDeclaration') return this.endingsOf(handler);
    const value = this.#values.eval(handler, new Scope());
    if (isClosure(value)) return this.endingsOf(value.node, value.scope);
    // `asyncHandler(async (req, res) => …)`
    const inner =
      handler.type === 'CallExpression'
        ? handler.arguments.find((each) => isClosure(this.#values.eval(each, new Scope())))
        : undefined;
    return inner ? this.endingsOfHandler(inner) : new Set(['pass']);
  }

  #block(statements: readonly Statement[], scope: Scope): Set<Ending> {
    const endings = new Set<Ending>();
    for (const statement of statements) {
      const own = this.#statement(statement, scope);
      const goesOn = own.delete('go on');
      for (const ending of own) endings.add(ending);
      if (!goesOn) return endings;
    }
    return endings.add('go on');
  }

  #statement(node: Statement, scope: Scope): Set<Ending> {
    if (this.#values.isTired) return new Set(['pass']);
    switch (node.type) {
      case 'BlockStatement':
        return this.#block(node.body, new Scope(scope));
      case 'VariableDeclaration':
      case 'FunctionDeclaration':
        this.#values.declare(node, scope);
        return new Set(['go on']);
      case 'IfStatement': {
        const test = truth(this.#values.eval(node.test, scope));
        const [then, otherwise] = [
          test === false ? new Set<Ending>() : this.#statement(node.consequent, scope),
          test === true
            ? new Set<Ending>()
            : node.alternate
              ? this.#statement(node.alternate, scope)
              : new Set<Ending>(['go on']),
        ];
        return new Set([...then, ...otherwise]);
      }
      case 'ReturnStatement':
        return node.argument ? this.#ended(node.argument, scope) : new Set(['pass']);
      case 'ThrowStatement':
        return new Set([sendsAway(node.argument) ?? 'pass']);
      case 'ExpressionStatement': {
        const { expression } = node;
        if (expression.type === 'AssignmentExpression' && expression.left.type === 'Identifier')
          scope.set(expression.left.name, this.#values.eval(expression.right, scope));
        const sent = sendsAway(expression.type === 'LogicalExpression' ? expression.right : expression);
        if (!sent) return new Set(['go on']);
        if (expression.type !== 'LogicalExpression') return new Set([sent]);
        const left = truth(this.#values.eval(expression.left, scope));
        const sends = expression.operator === '&&' ? left : left === undefined ? left : !left;
        return new Set(sends === undefined ? [sent, 'go on'] : [sends ? sent : 'go on']);
      }
      case 'TryStatement':
        return this.#block(node.block.body, new Scope(scope));
      case 'ForOfStatement':
        return this.#forEach(node, scope);
      case 'ForStatement':
      case 'WhileStatement':
      case 'SwitchStatement':
        // Whatever happens there may happen or not.
        return new Set(['go on', 'pass']);
      default:
        return new Set(['go on']);
    }
  }

  #forEach(node: Statement & { type: 'ForOfStatement' }, scope: Scope): Set<Ending> {
    const list = this.#values.eval(node.right, scope);
    if (!Array.isArray(list) || node.left.type !== 'VariableDeclaration') return new Set(['go on', 'pass']);
    const endings = new Set<Ending>();
    for (const item of list) {
      const own = new Scope(scope);
      for (const { id } of node.left.declarations) this.#values.bind(id, item, own);
      const inner = this.#statement(node.body, own);
      const goesOn = inner.delete('go on');
      for (const ending of inner) endings.add(ending);
      if (!goesOn) return endings;
    }
    return endings.add('go on');
  }

  /** How a guard ends with an answer. */
  #ended(node: Node, scope: Scope): Set<Ending> {
    if (node.type === 'ConditionalExpression') {
      const test = truth(this.#values.eval(node.test, scope));
      return new Set([
        ...(test === false ? [] : this.#ended(node.consequent, scope)),
        ...(test === true ? [] : this.#ended(node.alternate, scope)),
      ]);
    }
    const sent = sendsAway(node);
    if (sent) return new Set([sent]);
    const answered = this.#answeredBy(node, scope);
    if (answered) return answered;
    const value = this.#values.eval(node as Expression, scope);
    // `callbacks.authorized` answers with a truth.
    if (value === false || value === null) return new Set(['refuse']);
    return new Set(['pass']);
  }

  /** How a function of the app ends that always sends away: `return deny()`. */
  #answeredBy(node: Node, scope: Scope): Set<Ending> | undefined {
    if (node.type === 'AwaitExpression') return this.#answeredBy(node.argument, scope);
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
    const made = this.#values.eval(node.callee, scope);
    if (!isClosure(made) || this.#answers >= ANSWERS_MAX) return undefined;
    this.#answers += 1;
    const endings = this.endingsOf(made.node, made.scope);
    this.#answers -= 1;
    return [...endings].every((each) => each === 'redirect' || each === 'refuse') ? endings : undefined;
  }
}
