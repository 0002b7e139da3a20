/** What a real tenant does not let the first sign-in of a run do, in the words of a finding. */
import { Blocked, type ConformanceErrorParts } from '../errors.ts';
import { notAbleReason } from './abilities.ts';

/** What a real tenant, or what may be done there, kept a sign-in from; undefined for anything else. */
export function saidByTenant(error: unknown): string | undefined {
  const { message } = error as Error;
  if (error instanceof Blocked) return message;
  return /^Blocked: ([^\n]*)/m.exec(message)?.[1] ?? notAbleReason(message);
}

export const tenantRefuses = (text: string): ConformanceErrorParts => ({
  code: 'CONF_TENANT_SIGN_IN',
  what: `nobody could be signed in at the tenant: ${text}`,
  expected:
    'a tenant at which people sign in by phone and code, with an SMS connector whose codes come to us (--code-from)',
  remedy:
    'change at the tenant what it names; `npx authjs-conformance live setup` shows what it would change for that.',
});
