/** What is said of a check where it stands. */
import type { FaultName } from '../../mocks/faults.ts';
import type { CheckMeta } from '../../reports/model.ts';
import type { Feature } from '../config/config.ts';
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
  /** Features the app must claim; `browser` and `log` are what the lab must have. */
  needs?: (Feature | 'browser' | 'log')[];
}
