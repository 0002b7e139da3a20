/** Errors that a person can act on: what happened, what was expected and where that is set, what to do. */

import { visibleIn } from '../reports/visible.ts';

export interface ConformanceErrorParts {
  /** Stable code, `CONF_…`. */
  code: string;
  /** What happened, with the value. */
  what: string;
  /** What was expected, and where it is set. */
  expected: string;
  /** What to do. */
  remedy: string;
  /** The config key (or the option of the app) to change, when there is one. */
  key?: string;
}

/** Something is wrong with the run itself (config, target, browser): exit code 2, never a verdict on the app. */
export class ConformanceError extends Error {
  readonly parts: ConformanceErrorParts;
  constructor(given: ConformanceErrorParts) {
    // They quote what stands in configs, files and answers of the app.
    const parts = visibleIn(given);
    super(`${parts.code}: ${parts.what}\n  Expected: ${parts.expected}\n  Do: ${parts.remedy}`);
    this.name = 'ConformanceError';
    this.parts = parts;
  }
}

/** The app broke its duty; the message says what it did, in one sentence. */
export class ConformanceFailure extends Error {
  constructor(whatTheAppDid: string) {
    super(whatTheAppDid);
    this.name = 'ConformanceFailure';
  }
}

/** The app gave no answer in time; whoever knows a reason to wait may catch it. */
export class Unanswered extends ConformanceFailure {}

/** The app broke its duty after a fault was gone; it reads as any other failure. */
export class NotRecovered extends ConformanceFailure {}

/** The control (or a precondition) failed, so the check can say nothing about its duty. */
export class Blocked extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Blocked';
  }
}

/** Throws a {@link ConformanceFailure} unless the condition holds. */
export function demand(condition: unknown, whatTheAppDid: string | (() => string)): asserts condition {
  if (!condition)
    throw new ConformanceFailure(typeof whatTheAppDid === 'string' ? whatTheAppDid : whatTheAppDid());
}

/** What was thrown, in words, whatever it is. */
export function wordsOf(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return typeof text === 'string' ? text : typeof text;
  } catch {
    return `a value of the type ${typeof thrown} that has no words`;
  }
}
