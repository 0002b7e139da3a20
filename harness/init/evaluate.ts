/** What an expression of a guard is, for one address and one person. */
import type { FunctionDeclaration, NewExpression, Node, VariableDeclaration } from '@babel/types';
import { bindPattern, namesIn } from './bindings.ts';
import { type Call, everywhere, isMadeThere, MAKES, memberCallee, nameOf, outermost } from './callees.ts';
import { compared, isSettings, listed, logical, matchesGlob, not, patternOf, thingOf } from './compared.ts';
import { membersOf } from './interpret-methods.ts';
import {
  type Closure,
  isClosure,
  Scope,
  Sent,
  SOMEBODY,
  Thing,
  truth,
  UNKNOWN,
  type Value,
} from './interpret-values.ts';
import { bare, isLoad } from './module-names.ts';
import { isOfRequest } from './request-places.ts';
import { run } from './run-statements.ts';
import { sendsAway } from './sends-away.ts';
import { resolve, type SourceFile } from './syntax.ts';
import { answeredBy, ofSomebody, told, toldByCall, type World } from './who.ts';

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
      return;
    }
    for (const { id, init } of node.declarations) {
      // What is loaded in the middle of a function is known by its name, as what is imported.
      if (init && isLoad(init, (scope.source ?? this.source).imports)) continue;
      this.bind(id, init ? this.eval(init, scope) : undefined, scope);
      // `const { person } = req`
      for (const [name, local] of init && isOfRequest(init) ? namesIn(id) : [])
        if (this.world.carried?.has(name)) scope.set(local, this.world.session);
    }
  }

  /** Gives the names of a pattern what they stand for. */
  bind(pattern: Node, value: Value, scope: Scope): void {
    bindPattern(pattern, value, {
      set: (name, held) => {
        const byName = held === UNKNOWN ? this.#named(name) : undefined;
        scope.set(name, byName ? byName.value : held);
      },
      usual: (node) => this.eval(node, scope),
      member: (object, name) => this.#member(object, name),
    });
  }

  #named = (name: string) => told(name, this.world);

  /** Whether a request holds something under that name for members alone. */
  #isCarried = (holder: Node, name: string) => this.world.carried?.has(name) && isOfRequest(holder);

  #member(object: Value, name: string): Value {
    if (object === SOMEBODY) return ofSomebody(name);
    if (object instanceof Thing) {
      if (object.members.has(name)) return object.members.get(name);
      return object.isOpen ? this.#member(UNKNOWN, name) : undefined;
    }
    if (object === UNKNOWN) {
      const told = name === 'url' ? { value: this.world.path } : this.#named(name);
      return told ? told.value : UNKNOWN;
    }
    if (object === null || object === undefined) return undefined;
    // An address and its path are the same here.
    if (typeof object === 'string' && (name === 'pathname' || name === 'value')) return object;
    if (name === 'length' && (typeof object === 'string' || Array.isArray(object))) return object.length;
    return UNKNOWN;
  }

  /** `functions[0]`, `session['user']` */
  #at(object: Value, key: Value): Value {
    if (Array.isArray(object) && typeof key === 'number') return object[key];
    return typeof key === 'string' || object === null ? this.#member(object, String(key)) : UNKNOWN;
  }

  /** What a name stands for: in the function, in its file, where that has it from, in any file, or by its name. */
  lookUp(name: string, scope: Scope): Value {
    const held = scope.find(name);
    if (held) return held.value;
    const home = scope.source ?? this.source;
    const defined = home.links?.definition(name, home);
    for (const { node, source } of [
      ...(defined ? [defined] : []),
      ...everywhere(name, [home, this.source], this.world.sources),
    ]) {
      const own = outermost({ node, source });
      if (/Function|ClassMethod/.test(node.type)) return { node, scope: own } satisfies Closure;
      const value = resolve(node, source);
      // A name that stands for another one, which is not there, is told by its own.
      if (!value || value.type === 'Identifier') continue;
      if (this.#underWay.has(value)) return UNKNOWN;
      this.#underWay.add(value);
      const found = this.eval(value, own);
      this.#underWay.delete(value);
      // Whoever holds an object may change it.
      return found instanceof Thing && !isSettings(found) ? UNKNOWN : found;
    }
    return (this.#named(name) ?? { value: UNKNOWN }).value;
  }

  /** The function of the app that a call means, if it is one. */
  calleeOf(node: Call, scope: Scope): Closure | undefined {
    const { callee } = node;
    const called = bare(callee);
    if (/^(?:Identifier|CallExpression)$|Function/.test(called.type)) {
      const made = this.eval(called, scope);
      return isClosure(made) ? made : undefined;
    }
    const found = memberCallee(called, scope, this.world.sources);
    return found && { node: found.node, scope: outermost(found) };
  }

  /** What the arguments of a call are. */
  given(node: Call, scope: Scope): Value[] {
    return node.arguments.map((each) => this.eval(each, scope));
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
        return patternOf(node.pattern, node.flags);
      case 'TemplateLiteral': {
        const inner = node.expressions.map((each) => this.eval(each, scope));
        if (inner.some((each) => typeof each !== 'string' && typeof each !== 'number')) return UNKNOWN;
        return node.quasis.map(({ value }, at) => value.cooked + String(inner[at] ?? '')).join('');
      }
      case 'ObjectExpression':
        return thingOf(node, (each) => this.eval(each as Node, scope));
      case 'ArrayExpression':
        return node.elements.map((each) => this.eval(each, scope));
      case 'NewExpression':
        return this.#new(node, scope);
      case 'Identifier':
        return node.name === 'undefined' ? undefined : this.lookUp(node.name, scope);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'ObjectMethod':
        return { node, scope } satisfies Closure;
      case 'AwaitExpression':
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
        return this.eval(bare(node), scope);
      case 'UnaryExpression':
        return node.operator === '!' ? not(this.eval(node.argument, scope)) : UNKNOWN;
      case 'LogicalExpression':
        return logical(node.operator, this.eval(node.left, scope), () => this.eval(node.right, scope));
      case 'ConditionalExpression': {
        const test = truth(this.eval(node.test, scope));
        if (test !== undefined) return this.eval(test ? node.consequent : node.alternate, scope);
        // Both may be the same.
        const either = this.eval(node.consequent, scope);
        return either === this.eval(node.alternate, scope) && !isClosure(either) ? either : UNKNOWN;
      }
      case 'BinaryExpression': {
        const left = node.left.type === 'PrivateName' ? UNKNOWN : this.eval(node.left, scope);
        return compared(node.operator, left, this.eval(node.right, scope));
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        if (node.computed) return this.#at(this.eval(node.object, scope), this.eval(node.property, scope));
        if (node.property.type !== 'Identifier') return UNKNOWN;
        const found = memberCallee(node, scope, this.world.sources);
        if (found) return { node: found.node, scope: outermost(found) } satisfies Closure;
        const { name } = node.property;
        const value = this.#member(this.eval(node.object, scope), name);
        return value === UNKNOWN && this.#isCarried(node.object, name) ? this.world.session : value;
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.#call(node, scope);
      default:
        return UNKNOWN;
    }
  }

  #new(node: Call | NewExpression, scope: Scope): Value {
    const name = nameOf(node.callee);
    const [first, second] = node.arguments.map((each) => this.eval(each, scope));
    // A set is asked for what it has, as a list is.
    if (name === 'Set') return first;
    if (name === 'RegExp') return patternOf(first, second);
    // An answer that sends away is something, whatever it is.
    const how = sendsAway(node);
    return how ? new Sent(how) : UNKNOWN;
  }

  #call(node: Call, scope: Scope): Value {
    const { callee } = node;
    const name = nameOf(callee);
    if (callee.type === 'Identifier' && name === 'Boolean') return not(not(this.given(node, scope)[0]));
    const made = this.calleeOf(node, scope);
    if (made) {
      const answer = this.#apply(made, this.given(node, scope));
      return answer === UNKNOWN ? answeredBy(name, this.world) : answer;
    }
    if (/^(?:isMatch|minimatch)$/.test(name))
      return matchesGlob(...(this.given(node, scope) as [Value, Value]));
    const known = this.#new(node, scope);
    if (known !== UNKNOWN && known !== undefined) return known;
    if (callee.type === 'Identifier' || MAKES.test(name)) {
      // `cache(async () => …)`, `auth((request) => …)`: what they answer is called as what they were given.
      const inner = node.arguments.map((each) => isMadeThere(each) && this.eval(each, scope)).find(isClosure);
      if (inner) return { ...inner, isGuess: true } satisfies Closure;
      const [only] = this.given(node, scope);
      if (/^define[A-Z]/.test(name) && only instanceof Thing) return only;
    }
    if (callee.type === 'Identifier') return this.#saidBy(node, name, scope);
    if (!name || (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression'))
      return UNKNOWN;
    const holder = callee.object.type === 'Identifier' ? callee.object.name : '';
    if (holder === 'Object') return listed(name, this.eval(node.arguments[0], scope));
    if (holder === 'Promise' && /^all/.test(name)) return this.eval(node.arguments[0], scope);
    const object = this.eval(callee.object, scope);
    if (name === 'bind' && isClosure(object)) return object;
    const method = membersOf(object, name, (closure, values) => this.#apply(closure, values));
    if (method) return method(this.given(node, scope));
    const held = object instanceof Thing ? object.members.get(name) : undefined;
    if (isClosure(held)) return this.#apply(held, this.given(node, scope));
    const isAsked = object === UNKNOWN || object === null || object === SOMEBODY || object instanceof Thing;
    return isAsked ? this.#saidBy(node, name, scope) : UNKNOWN;
  }

  #saidBy(node: Call, name: string, scope: Scope): Value {
    const given = this.eval(node.arguments[0], scope);
    const holder = 'object' in node.callee ? (node.callee.object as Node) : undefined;
    if (holder && name === 'get' && this.#isCarried(holder, String(given))) return this.world.session;
    return (toldByCall(name, given, this.world, holder) ?? { value: UNKNOWN }).value;
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
      if (parameter.type === 'RestElement') this.bind(parameter.argument, given.slice(at), own);
      else this.bind(parameter, at < given.length ? given[at] : undefined, own);
    const body = node.body as Node;
    if (body.type !== 'BlockStatement') return this.eval(body, own);
    const answer = run(body.body, own, this);
    return answer === UNKNOWN ? UNKNOWN : answer?.value;
  }

  /** What an assignment changes. */
  assign(node: Node, scope: Scope): void {
    if (node.type !== 'AssignmentExpression') return;
    const { left } = node;
    if (left.type === 'Identifier') scope.assign(left.name, this.eval(node.right, scope));
    if (left.type !== 'MemberExpression' || left.property.type !== 'Identifier') return;
    const holder = this.eval(left.object, scope);
    if (holder instanceof Thing) holder.members.set(left.property.name, this.eval(node.right, scope));
  }
}
