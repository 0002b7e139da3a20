/**
 * The mocks' clock: real time plus what a scope (or everybody) has moved it forward.
 *
 * Only what the mocks keep grows older (codes, one-time codes, tokens, sessions, message states). Tokens are
 * stamped with real time, because the app under test reads its own clock.
 */
import type { Scopes } from './scope.ts';

export interface Clock {
  /** Milliseconds since the epoch, as the scope sees it. */
  now(scope?: string): number;
  /** Moves the clock of one scope, or of all when no scope is given, forward by whole or part seconds. */
  advance(seconds: number, scope?: string): void;
  /** Called after each move, so that timers (message states, status callbacks) can catch up. */
  onMove(listener: (scope?: string) => void): () => void;
  reset(): void;
}

export function createClock(scopes: Pick<Scopes, 'get'>): Clock {
  let offset = 0;
  const listeners = new Set<(scope?: string) => void>();
  return {
    now: (scope) => Date.now() + offset + (scopes.get(scope)?.offsetMs ?? 0),
    advance(seconds, scope) {
      if (!(seconds >= 0)) throw new RangeError(`a clock only moves forward, not by ${seconds} s`);
      const state = scopes.get(scope);
      if (scope && !state) throw new Error(`no open scope ${scope}`);
      if (state) state.offsetMs += seconds * 1000;
      else offset += seconds * 1000;
      for (const listener of listeners) listener(scope);
    },
    onMove(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset() {
      offset = 0;
    },
  };
}
