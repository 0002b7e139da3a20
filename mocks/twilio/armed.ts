/** Which faults a request meets: those armed in its scope, else what the chaos draws. */
import type { HttpAnswer } from '../fault.ts';
import { distort, type FaultName } from '../faults.ts';
import type { Scopes } from '../scope.ts';
import type { Chaos } from './chaos.ts';

export interface ArmedFaults {
  error: FaultName[];
  /** Of the text message that the request sends. */
  delivery: FaultName[];
  /** The answer that a good request would get, as the faults leave it; undefined when none is armed. */
  answer: HttpAnswer | undefined;
  /** Whether that is the answer: nothing is done, then. */
  refuses: boolean;
}

/** Whether an answer says that nothing was done, or says nothing at all. */
export const isLost = ({ status, wire }: HttpAnswer): boolean =>
  status >= 300 || wire === 'hang' || wire === 'reset';

/** @param sends recipient of the text message that the request sends, if it is one that does */
export function armedFaults(
  { scopes, chaos }: { scopes: Scopes; chaos: Chaos },
  scope: string | undefined,
  sends: string | undefined,
): ArmedFaults {
  const inScope = [...scopes.armed('error', scope), ...scopes.armed('delivery', scope)];
  // Chaos leaves alone what a check has armed faults for.
  const all = inScope.length > 0 || sends === undefined ? inScope : chaos.draw(sends);
  const error = all.filter((name) => name.startsWith('error/'));
  const context = { issuer: '', clientId: '', redirectUri: '', now: Math.floor(Date.now() / 1000) };
  const answer = error.length
    ? distort<HttpAnswer>(error, { status: 201, headers: {}, body: {} }, context)
    : undefined;
  return {
    error,
    delivery: all.filter((name) => name.startsWith('delivery/')),
    answer,
    refuses: answer !== undefined && isLost(answer),
  };
}
