/** Values of an interpretation: those of JavaScript, and what nobody knows who only reads. */
import type { Node } from '@babel/types';
import type { SourceFile } from './syntax.ts';

/** What nobody knows who only reads. */
export const UNKNOWN = Symbol('unknown');
/** Somebody who is signed in, and whatever belongs to them. */
export const SOMEBODY = Symbol('somebody');

export type Value = unknown;

/** Names and what they stand for, one block inside the other; the outermost knows its file. */
export class Scope {
  readonly #own = new Map<string, Value>();
  readonly above: Scope | undefined;
  readonly #source: SourceFile | undefined;
  constructor(above?: Scope, source?: SourceFile) {
    this.above = above;
    this.#source = source;
  }
  get source(): SourceFile | undefined {
    return this.#source ?? this.above?.source;
  }
  set(name: string, value: Value): void {
    this.#own.set(name, value);
  }
  /** Gives another value to a name where it was declared. */
  assign(name: string, value: Value): void {
    if (this.#own.has(name) || !this.above?.find(name)) this.set(name, value);
    else this.above.assign(name, value);
  }
  find(name: string): { value: Value } | undefined {
    return this.#own.has(name) ? { value: this.#own.get(name) } : this.above?.find(name);
  }
}

/** A function of the app, with what stands around it. */
export interface Closure {
  node: Node;
  scope: Scope;
  /** It was handed to a function that nobody knows: what that answers may be something else. */
  isGuess?: boolean;
}
export const isClosure = (value: Value): value is Closure =>
  typeof value === 'object' && value !== null && 'node' in value && 'scope' in value;

/** The answer that sends somebody away, held as a value: `const denied = NextResponse.redirect(…)`. */
export class Sent {
  readonly how: 'redirect' | 'refuse';
  constructor(how: 'redirect' | 'refuse') {
    this.how = how;
  }
}

/** An object that a function makes: `{ user, response }`. */
export class Thing {
  readonly members = new Map<string, Value>();
  /** Others are in it that nobody knows. */
  isOpen = false;
}

/** Undefined where it may be either. */
export const truth = (value: Value): boolean | undefined =>
  value === UNKNOWN || (isClosure(value) && value.isGuess)
    ? undefined
    : value === SOMEBODY
      ? true
      : Boolean(value);
