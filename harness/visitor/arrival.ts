/** Where a sign-in ended, in words, and whether it did so with a session. */
import { demand } from '../errors.ts';
import type { Answer } from '../user-agents/http.ts';
import type { SignIn } from './visitor.ts';

/** How an answer reads in a report. */
export const told = (answer: Answer): string => {
  const error = answer.location?.searchParams.get('error') ?? answer.url.searchParams.get('error');
  return `${answer.status} at ${answer.url.pathname}${error ? ` (error=${error})` : ''}`;
};

/** Demands that a sign-in ended in a session. */
export function demandSession({ session, page }: Pick<SignIn, 'session' | 'page'>): void {
  demand(session, () => `Ended the sign-in without a session: ${told(page)}.`);
}
