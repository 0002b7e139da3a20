/**
 * What a guard does with one address: its source is walked through as it would run for somebody without a session, or with
 * one. What cannot be known from the source is unknown, and both ways are gone.
 */
import type { CallExpression, Expression, JSXElement, Node, Statement, TryStatement } from '@babel/types';
import { partsOf } from './callees.ts';
import { Evaluator } from './evaluate.ts';
import { type Closure, isClosure, Scope, Sent, truth, UNKNOWN, type Value } from './interpret-values.ts';
import { chosenIn } from './run-statements.ts';
import { isEffect, isThrown, refusesByStatus, sendsAway, wantsSession } from './sends-away.ts';
import type { SourceFile } from './syntax.ts';
import { type Ending, GO_ON, isSent, isThrownWay, plain, thrown, type Way } from './ways.ts';
import type { World } from './who.ts';

/** Functions that call each other: `requireAdmin()` calls `requireUser()` calls `deny()`. */
const CALLS_MAX = 12;

/** Walks through guards for one address and one person. */
export class Interpreter {
  readonly #values: Evaluator;
  readonly #source: SourceFile;
  /** False is the answer that refuses (`callbacks.authorized`); elsewhere it is data. */
  readonly #saysTruth: boolean;
  #calls = 0;
  constructor(world: World, source: SourceFile, saysTruth = false) {
    this.#values = new Evaluator(world, source);
    this.#source = source;
    this.#saysTruth = saysTruth;
  }

  /** All ways in which a function, or the script of a page, can end. */
  endingsOf(guard: Node, scope = new Scope(undefined, this.#source)): Set<Ending> {
    return plain(this.#waysOf(guard, scope));
  }

  /** The same of whatever stands for a function: its name, or a call that makes it. */
  endingsOfHandler(handler: Node, scope = new Scope(undefined, this.#source)): Set<Ending> {
    if (/^(?:FunctionDeclaration|ObjectMethod|Program)$/.test(handler.type))
      return this.endingsOf(handler, scope);
    const value = this.#values.eval(handler, scope);
    if (isClosure(value)) return this.endingsOf(value.node, value.scope);
    if (handler.type !== 'CallExpression') return new Set(['pass']);
    // `asyncHandler(async (req, res) => …)`, `factory.createMiddleware(guard)`
    const inner = handler.arguments.find((each) => isClosure(this.#values.eval(each, scope)));
    return inner ? this.endingsOfHandler(inner, scope) : new Set(['pass']);
  }

  /** @param given what it is called with; nothing is known of that where a framework calls */
  #waysOf(guard: Node, scope: Scope, given?: readonly Value[]): Set<Way> {
    if (guard.type === 'Program') return this.#block(guard.body, new Scope(scope));
    if (!('params' in guard) || !('body' in guard)) return new Set(['pass']);
    const own = new Scope(scope);
    for (const [at, parameter] of (guard.params as Node[]).entries())
      this.#values.bind(parameter, given ? given[at] : UNKNOWN, own);
    const body = guard.body as Node;
    const ways = body.type === 'BlockStatement' ? this.#block(body.body, own) : this.#ended(body, own);
    if (ways.delete('go on')) ways.add('pass');
    return ways;
  }

  #block(statements: readonly Node[], scope: Scope): Set<Way> {
    const ways = new Set<Way>();
    for (const statement of statements) {
      const own = this.#statement(statement as Statement, scope);
      const goesOn = own.delete('go on');
      for (const way of own) ways.add(way);
      if (!goesOn) return ways;
    }
    return ways.add('go on');
  }

  #statement(node: Statement, scope: Scope): Set<Way> {
    if (this.#values.isTired) return new Set(['pass']);
    switch (node.type) {
      case 'BlockStatement':
        return this.#block(node.body, new Scope(scope));
      case 'FunctionDeclaration':
        this.#values.declare(node, scope);
        return new Set(GO_ON);
      case 'VariableDeclaration': {
        const ways = this.#inTurn(
          node.declarations.map(({ init }) => init),
          scope,
        );
        this.#values.declare(node, scope);
        return ways;
      }
      case 'IfStatement': {
        const before = this.#calledIn(node.test, scope);
        if (!before.has('go on')) return before;
        const test = truth(this.#values.eval(node.test, scope));
        before.delete('go on');
        const then = test === false ? [] : this.#statement(node.consequent, scope);
        const otherwise =
          test === true ? [] : node.alternate ? this.#statement(node.alternate, scope) : GO_ON;
        return new Set([...before, ...then, ...otherwise]);
      }
      case 'ReturnStatement':
        return node.argument ? this.#ended(node.argument, scope) : new Set(['pass']);
      case 'ThrowStatement': {
        const sent = sendsAway(node.argument, true);
        const value = sent ? undefined : this.#values.eval(node.argument, scope);
        const how = sent ?? (value instanceof Sent ? value.how : undefined);
        return new Set([how ? thrown(how) : 'pass']);
      }
      case 'ExpressionStatement':
        return this.#expression(node.expression, scope, true);
      case 'TryStatement':
        return this.#tried(node, scope);
      case 'ForOfStatement':
        return this.#forEach(node, scope);
      case 'SwitchStatement': {
        const chosen = chosenIn(node, (each) => this.#values.eval(each, scope));
        return chosen ? this.#block(chosen, new Scope(scope)) : new Set(['go on', 'pass']);
      }
      case 'ForStatement':
      case 'WhileStatement':
        // Whatever happens there may happen or not.
        return new Set(['go on', 'pass']);
      default:
        return new Set(GO_ON);
    }
  }

  /** What is thrown in a block is caught, and may be thrown once more. */
  #tried({ block, handler }: TryStatement, scope: Scope): Set<Way> {
    const ways = this.#block(block.body, new Scope(scope));
    const caught = [...ways].find(isThrownWay);
    if (!handler || !caught) return ways;
    const own = new Scope(scope);
    const how = caught === 'thrown redirect' ? 'redirect' : 'refuse';
    if (handler.param) this.#values.bind(handler.param, new Sent(how), own);
    const rest = [...ways].filter((way) => !isThrownWay(way));
    return new Set([...rest, ...this.#block(handler.body.body, own)]);
  }

  #forEach(node: Statement & { type: 'ForOfStatement' }, scope: Scope): Set<Way> {
    const list = this.#values.eval(node.right, scope);
    if (!Array.isArray(list) || node.left.type !== 'VariableDeclaration') return new Set(['go on', 'pass']);
    const ways = new Set<Way>();
    for (const item of list) {
      const own = new Scope(scope);
      for (const { id } of node.left.declarations) this.#values.bind(id, item, own);
      const inner = this.#statement(node.body, own);
      const goesOn = inner.delete('go on');
      for (const way of inner) ways.add(way);
      if (!goesOn) return ways;
    }
    return ways.add('go on');
  }

  /** How one expression after the other ends the function that they stand in. */
  #inTurn(nodes: readonly (Node | null | undefined)[], scope: Scope): Set<Way> {
    const ways = new Set<Way>();
    for (const node of nodes) {
      const own = node ? this.#calledIn(node, scope) : new Set(GO_ON);
      const goesOn = own.delete('go on');
      for (const way of own) ways.add(way);
      if (!goesOn) return ways;
    }
    return ways.add('go on');
  }

  #calledIn(node: Node, scope: Scope): Set<Way> {
    return this.#expression(node, scope, false);
  }

  /**
   * How an expression ends the function that it stands in, by what it calls.
   *
   * @param isStatement it stands alone: what it answers is what it does
   */
  #expression(node: Node, scope: Scope, isStatement: boolean): Set<Way> {
    switch (node.type) {
      case 'AwaitExpression':
      case 'UnaryExpression':
        return this.#expression(node.argument, scope, isStatement);
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
        return this.#expression(node.expression, scope, isStatement);
      case 'AssignmentExpression': {
        if (refusesByStatus(node)) return new Set([thrown('refuse')]);
        const ways = this.#calledIn(node.right, scope);
        this.#values.assign(node, scope);
        return ways;
      }
      case 'LogicalExpression': {
        const before = this.#calledIn(node.left, scope);
        if (!before.delete('go on')) return before;
        const left = truth(this.#values.eval(node.left, scope));
        const goes =
          left === undefined || node.operator === '??' ? undefined : node.operator === '&&' ? left : !left;
        const after = goes === false ? GO_ON : this.#expression(node.right, scope, isStatement);
        return new Set([...before, ...after, ...(goes === undefined ? GO_ON : [])]);
      }
      case 'ConditionalExpression': {
        const test = truth(this.#values.eval(node.test, scope));
        return new Set([
          ...(test === false ? [] : this.#expression(node.consequent, scope, isStatement)),
          ...(test === true ? [] : this.#expression(node.alternate, scope, isStatement)),
        ]);
      }
      case 'NewExpression':
        return new Set(GO_ON);
      case 'CallExpression':
        return this.#called(node, scope, isStatement);
      case 'JSXElement':
        return this.#rendered(node, scope);
      default:
        return this.#inTurn(partsOf(node), scope);
    }
  }

  #called(node: CallExpression, scope: Scope, isStatement: boolean): Set<Way> {
    if (wantsSession(node) && this.#values.world.session === null) return new Set([thrown('redirect')]);
    const sent = sendsAway(node);
    if (sent && isThrown(node)) return new Set([thrown(sent)]);
    if (sent && isStatement) return new Set([sent]);
    const before = this.#inTurn(node.arguments, scope);
    if (!before.delete('go on')) return before;
    const made = this.#values.calleeOf(node, scope);
    const effect = isEffect(node) ? this.#values.eval(node.arguments[0], scope) : undefined;
    const ways = isClosure(effect)
      ? new Set([...this.#entered(effect)].map((way) => (way === 'redirect' ? thrown(way) : way)))
      : made
        ? this.#callWays(made, node, scope)
        : new Set<Way>();
    // What a function answers is for whoever called it to say.
    const ended = [...ways].filter(isThrownWay);
    const goesOn = ways.size === 0 || ended.length < ways.size;
    return new Set([...before, ...ended, ...(goesOn ? GO_ON : [])]);
  }

  #callWays(made: Closure, node: CallExpression, scope: Scope): Set<Way> {
    if (this.#calls >= CALLS_MAX || this.#values.isTired) return new Set(['pass']);
    return this.#entered(made, this.#values.given(node, scope));
  }

  #entered({ node, scope }: Closure, given?: readonly Value[]): Set<Way> {
    this.#calls += 1;
    const ways = this.#waysOf(node, scope, given);
    this.#calls -= 1;
    return ways;
  }

  /** `<Members><Page /></Members>`: components that the server renders send away as functions do. */
  #rendered(node: JSXElement, scope: Scope): Set<Way> {
    const { name } = node.openingElement;
    const made =
      name.type === 'JSXIdentifier' && /^[A-Z]/.test(name.name)
        ? this.#values.lookUp(name.name, scope)
        : undefined;
    if (!isClosure(made) || this.#calls >= CALLS_MAX || this.#values.isTired)
      return this.#inTurn(node.children, scope);
    const ways = this.#entered(made);
    const ended = [...ways].filter(isThrownWay);
    if (ended.length === ways.size && ended.length > 0) return new Set(ended);
    return new Set([...ended, ...this.#inTurn(node.children, scope)]);
  }

  /** How a guard ends with an answer. */
  #ended(node: Node, scope: Scope): Set<Way> {
    if (node.type === 'AwaitExpression') return this.#ended(node.argument, scope);
    if (node.type === 'ParenthesizedExpression' || node.type === 'TSAsExpression')
      return this.#ended(node.expression, scope);
    if (node.type === 'ConditionalExpression') {
      const test = truth(this.#values.eval(node.test, scope));
      return new Set([
        ...(test === false ? [] : this.#ended(node.consequent, scope)),
        ...(test === true ? [] : this.#ended(node.alternate, scope)),
      ]);
    }
    const sent = sendsAway(node);
    if (sent) return new Set([node.type === 'CallExpression' && isThrown(node) ? thrown(sent) : sent]);
    const before = this.#calledIn(node, scope);
    if (!before.delete('go on')) return before;
    return new Set([...before, ...(this.#answeredBy(node, scope) ?? this.#answered(node, scope))]);
  }

  #answered(node: Node, scope: Scope): Iterable<Way> {
    const value = this.#values.eval(node as Expression, scope);
    if (value instanceof Sent) return [value.how];
    // `return toResponse(error)`: what is made of a refusal is one.
    const handed = node.type === 'CallExpression' ? this.#values.given(node, scope) : [];
    const refused = handed.find((each) => each instanceof Sent);
    if (refused instanceof Sent) return [refused.how];
    // `(next) => async (request) => …`
    if (isClosure(value) && this.#calls < CALLS_MAX) return this.#entered(value);
    return [this.#saysTruth && (value === false || value === null) ? 'refuse' : 'pass'];
  }

  /** How a function of the app ends that is asked for the answer: `return deny()`, `return handler(request)`. */
  #answeredBy(node: Node, scope: Scope): Set<Way> | undefined {
    if (node.type !== 'CallExpression') return undefined;
    const made = this.#values.calleeOf(node, scope);
    const ways = made && this.#callWays(made, node, scope);
    return ways && [...ways].some(isSent) ? ways : undefined;
  }
}
