/**
 * What a guard does with one address: its source is walked through as it would run for somebody without a session, or with
 * one. What cannot be known from the source is unknown, and both ways are gone.
 */
import type { Expression, Node, Statement } from '@babel/types';
import { membersOf } from './interpret-methods.ts';
import { type Closure, isClosure, Scope, SOMEBODY, truth, UNKNOWN, type Value } from './interpret-values.ts';
import { sendsAway } from './sends-away.ts';
import { resolve, type SourceFile } from './syntax.ts';

export interface World {
  /** Path that is asked for. */
  path: string;
  /** `null` for a stranger. */
  session: null | typeof SOMEBODY;
  /** The file that a function stands in is asked first, then all. */
  sources: readonly SourceFile[];
}

/** How a guard ends: `refuse` sends away, `pass` lets through; `go on` is the end of a piece of it. */
export type Ending = 'refuse' | 'pass' | 'go on';

const WHO =
  /^(?:auth|session|user|viewer|member|token|claims|getSession|getServerSession|getToken|currentUser|getUser|requireUser|is(?:User|Auth|Logged|Signed)\w*|(?:logged|signed)In|authenticated)$/i;
const PATH = /^(?:pathname|path|originalUrl|currentPath)$/;
const STEPS_MAX = 20_000;

/** Walks through guards for one address and one person. */
export class Interpreter {
  #steps = 0;
  readonly world: World;
  readonly source: SourceFile;
  constructor(world: World, source: SourceFile) {
    this.world = world;
    this.source = source;
  }

  /** All ways in which a function can end. */
  endingsOf(guard: Node, scope = new Scope()): Set<Ending> {
    const own = new Scope(scope);
    if (!('params' in guard) || !('body' in guard)) return new Set(['pass']);
    for (const parameter of guard.params as Node[]) this.#bind(parameter, UNKNOWN, own);
    const body = guard.body as Node;
    const endings = body.type === 'BlockStatement' ? this.#block(body.body, own) : this.#ended(body, own);
    if (endings.delete('go on')) endings.add('pass');
    return endings;
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
    if (++this.#steps > STEPS_MAX) return new Set(['pass']);
    switch (node.type) {
      case 'BlockStatement':
        return this.#block(node.body, new Scope(scope));
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations)
          this.#bind(id, init ? this.eval(init, scope) : undefined, scope);
        return new Set(['go on']);
      case 'FunctionDeclaration':
        if (node.id) scope.set(node.id.name, { node, scope } satisfies Closure);
        return new Set(['go on']);
      case 'IfStatement': {
        const test = truth(this.eval(node.test, scope));
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
        return new Set([sendsAway(node.argument) ? 'refuse' : 'pass']);
      case 'ExpressionStatement': {
        const { expression } = node;
        if (expression.type === 'AssignmentExpression' && expression.left.type === 'Identifier')
          scope.set(expression.left.name, this.eval(expression.right, scope));
        if (expression.type === 'LogicalExpression' && sendsAway(expression.right)) {
          const left = truth(this.eval(expression.left, scope));
          const sends = expression.operator === '&&' ? left : left === undefined ? left : !left;
          return new Set(sends === undefined ? ['refuse', 'go on'] : [sends ? 'refuse' : 'go on']);
        }
        return new Set([sendsAway(expression) ? 'refuse' : 'go on']);
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
    const list = this.eval(node.right, scope);
    if (!Array.isArray(list) || node.left.type !== 'VariableDeclaration') return new Set(['go on', 'pass']);
    const endings = new Set<Ending>();
    for (const item of list) {
      const own = new Scope(scope);
      for (const { id } of node.left.declarations) this.#bind(id, item, own);
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
      const test = truth(this.eval(node.test, scope));
      return new Set([
        ...(test === false ? [] : this.#ended(node.consequent, scope)),
        ...(test === true ? [] : this.#ended(node.alternate, scope)),
      ]);
    }
    if (sendsAway(node)) return new Set(['refuse']);
    const value = this.eval(node as Expression, scope);
    // `callbacks.authorized` answers with a truth.
    if (value === false || value === null) return new Set(['refuse']);
    return new Set(['pass']);
  }

  #bind(pattern: Node, value: Value, scope: Scope): void {
    if (pattern.type === 'Identifier') {
      const byName = value === UNKNOWN ? this.#named(pattern.name) : undefined;
      scope.set(pattern.name, byName ? byName.value : value);
    } else if (pattern.type === 'AssignmentPattern') this.#bind(pattern.left, value, scope);
    else if (pattern.type === 'ObjectPattern')
      for (const property of pattern.properties)
        if (property.type === 'ObjectProperty' && property.key.type === 'Identifier')
          this.#bind(property.value, this.#member(value, property.key.name), scope);
  }

  /** What a name says of what it stands for. */
  #named(name: string): { value: Value } | undefined {
    if (PATH.test(name)) return { value: this.world.path };
    if (WHO.test(name)) return { value: this.world.session };
    return undefined;
  }

  #member(object: Value, name: string): Value {
    if (object === SOMEBODY) return SOMEBODY;
    if (object === UNKNOWN) {
      const told = this.#named(name);
      return told ? told.value : UNKNOWN;
    }
    if (object === null || object === undefined) return undefined;
    if (name === 'length' && (typeof object === 'string' || Array.isArray(object))) return object.length;
    return UNKNOWN;
  }

  /** What a name stands for: in the function, in its file, in any file, or by its name. */
  #lookUp(name: string, scope: Scope): Value {
    const held = scope.find(name);
    if (held) return held.value;
    for (const source of [this.source, ...this.world.sources]) {
      const made = source.functions.get(name);
      if (made) return { node: made, scope: new Scope() } satisfies Closure;
      const value = resolve(source.values.get(name), source);
      // A name that stands for another one, which is not there, is told by its own.
      if (value && value.type !== 'Identifier') return this.eval(value, new Scope());
    }
    const told = this.#named(name);
    return told ? told.value : UNKNOWN;
  }

  /** The value of an expression, or UNKNOWN. */
  eval(node: Node | null | undefined, scope: Scope): Value {
    if (!node || ++this.#steps > STEPS_MAX) return UNKNOWN;
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return node.value;
      case 'NullLiteral':
        return null;
      case 'RegExpLiteral':
        try {
          return new RegExp(node.pattern, node.flags.replace(/[gy]/g, ''));
        } catch {
          return UNKNOWN;
        }
      case 'TemplateLiteral': {
        const inner = node.expressions.map((each) => this.eval(each, scope));
        if (inner.some((each) => typeof each !== 'string' && typeof each !== 'number')) return UNKNOWN;
        return node.quasis.map(({ value }, at) => value.cooked + String(inner[at] ?? '')).join('');
      }
      case 'ArrayExpression':
        return node.elements.map((each) => this.eval(each, scope));
      case 'NewExpression':
        // A set is asked for what it has, as a list is.
        return node.callee.type === 'Identifier' && node.callee.name === 'Set'
          ? this.eval(node.arguments[0], scope)
          : UNKNOWN;
      case 'Identifier':
        return node.name === 'undefined' ? undefined : this.#lookUp(node.name, scope);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return { node, scope } satisfies Closure;
      case 'AwaitExpression':
        return this.eval(node.argument, scope);
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        return this.eval(node.expression, scope);
      case 'UnaryExpression': {
        if (node.operator !== '!') return UNKNOWN;
        const known = truth(this.eval(node.argument, scope));
        return known === undefined ? UNKNOWN : !known;
      }
      case 'LogicalExpression':
        return this.#logical(node.operator, this.eval(node.left, scope), () => this.eval(node.right, scope));
      case 'ConditionalExpression': {
        const test = truth(this.eval(node.test, scope));
        if (test === undefined) return UNKNOWN;
        return this.eval(test ? node.consequent : node.alternate, scope);
      }
      case 'BinaryExpression':
        return this.#compared(node.operator, this.eval(node.left, scope), this.eval(node.right, scope));
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return node.property.type === 'Identifier' && !node.computed
          ? this.#member(this.eval(node.object, scope), node.property.name)
          : UNKNOWN;
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#call(node, scope);
      default:
        return UNKNOWN;
    }
  }

  #logical(operator: string, left: Value, right: () => Value): Value {
    const known = truth(left);
    if (operator === '??') return left === UNKNOWN ? UNKNOWN : (left ?? right());
    const decides = operator === '&&' ? false : true;
    if (known === decides) return left;
    if (known === !decides) return right();
    // Whatever the left is, the right may decide.
    return truth(right()) === decides ? decides : UNKNOWN;
  }

  #compared(operator: string, left: Value, right: Value): Value {
    if (!/^[!=]==?$/.test(operator)) return operator === '+' ? added(left, right) : UNKNOWN;
    const isNot = operator.startsWith('!');
    const isNothing = (value: Value) => value === null || value === undefined;
    if ([left, right].includes(UNKNOWN)) return UNKNOWN;
    if ([left, right].includes(SOMEBODY)) return isNothing(left) || isNothing(right) ? isNot : UNKNOWN;
    const same = operator.length === 2 && isNothing(left) ? isNothing(right) : left === right;
    return same !== isNot;
  }

  #call(node: Node & { type: 'CallExpression' | 'OptionalCallExpression' }, scope: Scope): Value {
    const { callee } = node;
    const given = () => node.arguments.map((each) => this.eval(each, scope));
    if (callee.type === 'Identifier') {
      if (callee.name === 'Boolean') {
        const known = truth(given()[0]);
        return known === undefined ? UNKNOWN : known;
      }
      const made = this.#lookUp(callee.name, scope);
      if (isClosure(made)) {
        const answer = this.#apply(made, given());
        return answer === UNKNOWN && WHO.test(callee.name) ? this.world.session : answer;
      }
      return WHO.test(callee.name) ? this.world.session : UNKNOWN;
    }
    if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return UNKNOWN;
    if (callee.property.type !== 'Identifier') return UNKNOWN;
    const { name } = callee.property;
    const object = this.eval(callee.object, scope);
    const method = membersOf(object, name, (closure, values) => this.#apply(closure, values));
    if (method) return method(given());
    return WHO.test(name) && (object === UNKNOWN || object === null || object === SOMEBODY)
      ? this.world.session
      : UNKNOWN;
  }

  /** What a function answers, when that is one value. */
  #apply({ node, scope }: Closure, given: readonly Value[]): Value {
    if (++this.#steps > STEPS_MAX || !('params' in node) || !('body' in node)) return UNKNOWN;
    const own = new Scope(scope);
    for (const [at, parameter] of (node.params as Node[]).entries())
      this.#bind(parameter, at < given.length ? given[at] : undefined, own);
    const body = node.body as Node;
    if (body.type !== 'BlockStatement') return this.eval(body, own);
    for (const statement of body.body) {
      if (statement.type === 'VariableDeclaration' || statement.type === 'FunctionDeclaration')
        this.#statement(statement, own);
      else if (statement.type === 'ReturnStatement') return this.eval(statement.argument, own);
      else if (statement.type === 'IfStatement') {
        const test = truth(this.eval(statement.test, own));
        const taken = test ? statement.consequent : statement.alternate;
        if (test === undefined) return UNKNOWN;
        const [first] = taken?.type === 'BlockStatement' ? taken.body : [taken];
        if (first?.type === 'ReturnStatement') return this.eval(first.argument, own);
        if (first) return UNKNOWN;
      } else return UNKNOWN;
    }
    return undefined;
  }
}

const added = (left: Value, right: Value): Value =>
  typeof left === 'string' && typeof right === 'string' ? left + right : UNKNOWN;
