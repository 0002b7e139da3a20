/** How a law is declared: like a check, with a pure function over the history of the run in place of a body. */
import type { Breach, History, Law } from '../../reports/laws.ts';
import type { CheckDeclaration } from './check-declaration.ts';

export type { Breach, History, HistoryExchange, Law } from '../../reports/laws.ts';
export { ENDED_APP } from '../../reports/run/crashes.ts';

export type LawDeclaration = Pick<
  CheckDeclaration,
  'id' | 'title' | 'clauses' | 'level' | 'severity' | 'appMust' | 'otherwise' | 'fix' | 'provisional' | 'uses'
>;

/**
 * Declares a law; call the result with the function that judges.
 *
 * @param meta what must hold, why, and by which clause
 * @returns takes `(history) => breaches`, or the reason (a text) why the law cannot be asked of this app
 */
export const law =
  (meta: LawDeclaration) =>
  (judge: (history: History) => Breach[] | string): Law => ({ meta, judge });
