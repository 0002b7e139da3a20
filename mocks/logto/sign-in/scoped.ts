/**
 * One tenant, whose sign-in experience may be another one in a scope: Logto keeps one for a tenant, and checks that need
 * different ones run side by side.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { SignInExperience, Tenant } from '../tenant.ts';

export interface ScopedExperience {
  /** The tenant's own, whoever asks. */
  readonly own: SignInExperience;
  /** Gives a scope one of its own, until it ends; undefined takes it away. */
  set(scope: string, experience: SignInExperience | undefined): void;
  /** What people of a scope meet. */
  of(scope: string | undefined): SignInExperience;
  /** Runs with the sign-in experience of a scope as the tenant's. */
  during<Result>(scope: string | undefined, run: () => Result): Result;
}

/** Scopes end without a word; the oldest experiences go when there are more than this. */
const KEPT_MAX = 1000;

/** Makes `tenant.signInExperience` that of the scope whose request is being answered. */
export function scopeExperience(tenant: Tenant): ScopedExperience {
  const own = tenant.signInExperience;
  const others = new Map<string, SignInExperience>();
  const current = new AsyncLocalStorage<SignInExperience>();
  Object.defineProperty(tenant, 'signInExperience', {
    get: () => current.getStore() ?? own,
    enumerable: true,
  });
  const of = (scope: string | undefined) => (scope === undefined ? undefined : others.get(scope)) ?? own;
  return {
    own,
    set(scope, experience) {
      others.delete(scope);
      if (experience) others.set(scope, experience);
      if (others.size > KEPT_MAX) others.delete(others.keys().next().value as string);
    },
    of,
    during: (scope, run) => {
      const experience = of(scope);
      return experience === own ? run() : current.run(experience, run);
    },
  };
}
