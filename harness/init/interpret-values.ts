/** Values of an interpretation: those of JavaScript, and what nobody knows who only reads. */
import type { Node } from '@babel/types';

/** What nobody knows who only reads. */
export const UNKNOWN = Symbol('unknown');
/** Somebody who is signed in, and whatever belongs to them. */
export const SOMEBODY = Symbol('somebody');

export type Value = unknown;

/** Names and what they stand for, one block inside the other. */
export class Scope {
  readonly #own = new Map<string, Value>();
  readonly above: Scope | undefined;
  constructor(above?: Scope) {
    this.above = above;
  }
  set(name: string, value: Value): void {
    this.#own.set(name, value);
  }
  find(name: string): { value: Value } | undefined {
    return this.#own.has(name) ? { value: this.#own.get(name) } : this.above?.find(name);
  }
}

/** A function of the app, with what stands around it. */
export interface Closure {
  node: Node;
  scope: Scope;
}
export const isClosure = (value: Value): value is Closure =>
  typeof value === 'object' && value !== null && 'node' in value && 'scope' in value;

/** Undefined where it may be either. */
export const truth = (value: Value): boolean | undefined =>
  value === UNKNOWN ? undefined : value === SOMEBODY ? true : Boolean(value);
