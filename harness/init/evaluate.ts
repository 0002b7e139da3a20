/** What an expression of a guard is, for one address and one person. */
import type { FunctionDeclaration, Node, VariableDeclaration } from '@babel/types';
import { membersOf } from './interpret-methods.ts';
import { type Closure, isClosure, Scope, SOMEBODY, truth, UNKNOWN, type Value } from './interpret-values.ts';
import { resolve, type SourceFile } from './syntax.ts';

export interface World {
  /** Path that is asked for. */
  path: string;
  /** `null` for a stranger. */
  session: null | typeof SOMEBODY;
  /** The file that a function stands in is asked first, then all. */
  sources: readonly SourceFile[];
}

const WHO =
  /^(?:auth|session|user|me|viewer|member|token|claims|getSession|getServerSession|getToken|(?:get)?current(?:User|Member)|getUser|getMe|requireUser|is(?:User|Auth|Logged|Signed)\w*|(?:logged|signed)In|authenticated)$/i;
const PATH = /^(?:pathname|path|originalUrl|currentPath)$/;
const STEPS_MAX = 20_000;
/** Functions that are called inside each other. */
const CALLS_MAX = 50;

/** Evaluates expressions without running them; what cannot be known is UNKNOWN. */
export class Evaluator {
  #steps = 0;
  #calls = 0;
  /** Constants that are made of each other end nowhere. */
  readonly #underWay = new Set<Node>();
  readonly world: World;
  readonly source: SourceFile;
  constructor(world: World, source: SourceFile) {
    this.world = world;
    this.source = source;
  }

  /** Whether it has gone so far that nothing more is looked at. */
  get isTired(): boolean {
    return ++this.#steps > STEPS_MAX;
  }

  declare(node: VariableDeclaration | FunctionDeclaration, scope: Scope): void {
    if (node.type === 'FunctionDeclaration') {
      if (node.id) scope.set(node.id.name, { node, scope } satisfies Closure);
    } else
      for (const { id, init } of node.declarations)
        this.bind(id, init ? this.eval(init, scope) : undefined, scope);
  }

  /** Gives the names of a pattern what they stand for. */
  bind(pattern: Node, value: Value, scope: Scope): void {
    if (pattern.type === 'Identifier') {
      const byName = value === UNKNOWN ? this.#named(pattern.name) : undefined;
      scope.set(pattern.name, byName ? byName.value : value);
    } else if (pattern.type === 'AssignmentPattern') this.bind(pattern.left, value, scope);
    else if (pattern.type === 'ObjectPattern')
      for (const property of pattern.properties)
        if (property.type === 'ObjectProperty' && property.key.type === 'Identifier')
          this.bind(property.value, this.#member(value, property.key.name), scope);
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
      const told = name === 'url' ? { value: this.world.path } : this.#named(name);
      return told ? told.value : UNKNOWN;
    }
    if (object === null || object === undefined) return undefined;
    // An address and its path are the same here.
    if (typeof object === 'string' && name === 'pathname') return object;
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
      if (!value || value.type === 'Identifier') continue;
      if (this.#underWay.has(value)) return UNKNOWN;
      this.#underWay.add(value);
      const found = this.eval(value, new Scope());
      this.#underWay.delete(value);
      return found;
    }
    const told = this.#named(name);
    return told ? told.value : UNKNOWN;
  }

  /** The value of an expression, or UNKNOWN. */
  eval(node: Node | null | undefined, scope: Scope): Value {
    if (!node || this.isTired) return UNKNOWN;
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
    const decides = operator !== '&&';
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
  #apply(closure: Closure, given: readonly Value[]): Value {
    if (this.#calls >= CALLS_MAX) return UNKNOWN;
    this.#calls += 1;
    try {
      return this.#answerOf(closure, given);
    } finally {
      this.#calls -= 1;
    }
  }

  #answerOf({ node, scope }: Closure, given: readonly Value[]): Value {
    if (this.isTired || !('params' in node) || !('body' in node)) return UNKNOWN;
    const own = new Scope(scope);
    for (const [at, parameter] of (node.params as Node[]).entries())
      this.bind(parameter, at < given.length ? given[at] : undefined, own);
    const body = node.body as Node;
    if (body.type !== 'BlockStatement') return this.eval(body, own);
    for (const statement of body.body) {
      if (statement.type === 'VariableDeclaration' || statement.type === 'FunctionDeclaration')
        this.declare(statement, own);
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
