/** What is said of a check where it stands. */
import type { FaultName } from '../../mocks/faults.ts';
import type { PresetName } from '../../mocks/logto/sign-in/presets.ts';
import type { CheckMeta } from '../../reports/model.ts';
import type { Feature } from '../config/config.ts';
import type { Ability } from '../live/abilities.ts';
import type { ClauseKey } from './clauses.ts';

/** A check as it is declared in a suite. */
export interface CheckDeclaration extends Omit<CheckMeta, 'clauses' | 'fault' | 'needs'> {
  clauses: ClauseKey[];
  /** The one fault this check arms by itself, in the shared outcomes. */
  fault?: FaultName;
  /** Further faults that the body arms with `arm()`; they decide whether the lease is exclusive. */
  arms?: FaultName[];
  /**
   * What the library of a family does by itself: its own limit is noted with this reason, not held against the app
   * (facts: authjs.md §4, measured).
   */
  libraryLimit?: { v4?: string; v5?: string };
  /**
   * What the app must use for this check to apply (decided by the wire where it shows, else by the claim, see
   * `harness/lab/usage.ts`); `browser`, `log`, `second-issuer` and `second-app` are what the lab must have,
   * `phone-code` and `sign-up` what its sign-in experience lets people do.
   */
  needs?: (Feature | 'browser' | 'log' | 'second-issuer' | 'second-app' | 'phone-code' | 'sign-up')[];
  /** The sign-in experience that it goes through, where a run does not judge each (harness/check/experience/judged.ts). */
  preset?: PresetName | 'configured';
  /** Faults that take the place of all others before a real issuer: what a browser can make by itself. */
  instead?: FaultName[];
  /** What of the mocks it uses beyond a sign-in; before a real issuer some of it is not there (harness/live/abilities.ts). */
  uses?: Ability[];
  /** The app may answer this check with a limit (429): that it does is an answer. Checks of own codes are such by `needs`. */
  mayLimit?: true;
  /** The check asks whether a claim is true, so that it applies to every app that makes it. */
  judgesClaim?: true;
  /**
   * What must work before this can be judged: nothing at all, a sign-in that has begun (the app sends people to Logto),
   * one whose code is exchanged, or one that ends in a session, which is the default. `judged`: this is the check that
   * fails when nobody can sign in. In an app that came less far in its smoke sign-in, the check is blocked.
   */
  signIn?: 'none' | 'begun' | 'exchanged' | 'judged';
}
