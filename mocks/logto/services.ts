/** What the Logto mock keeps beside its tenant: one-time codes, attempts, one-time tokens, verification records. */
import type { LogtoContext } from './context.ts';
import { createOneTimeTokens, type OneTimeTokens } from './one-time-tokens.ts';
import { createPasscodes, type Passcodes } from './passcodes.ts';
import { createSentinel, type Sentinel } from './sentinel.ts';
import type { Tenant } from './tenant.ts';

export interface Services {
  passcodes: Passcodes;
  sentinel: Sentinel;
  oneTimeTokens: OneTimeTokens;
}

const kept = new WeakMap<Tenant, Services>();

/** The services of one mock: the same object at each call, so that API, pages and Management API share them. */
export function servicesOf(context: LogtoContext): Services {
  const known = kept.get(context.tenant);
  if (known) return known;
  const services = {
    passcodes: createPasscodes(context.tenant, context.clock),
    sentinel: createSentinel(context.tenant, context.clock),
    oneTimeTokens: createOneTimeTokens(context.clock),
  };
  kept.set(context.tenant, services);
  return services;
}
