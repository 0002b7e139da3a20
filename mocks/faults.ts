/** The registry of all faults, and how armed ones are applied. */
import type { Fault, FaultContext } from './fault.ts';
import { issuerFaults } from './logto/faults/index.ts';
import { carrierFaults } from './twilio/faults.ts';

export type IssuerFaultName = keyof typeof issuerFaults;
export type CarrierFaultName = keyof typeof carrierFaults;
export type FaultName = IssuerFaultName | CarrierFaultName;

export const faults = { ...issuerFaults, ...carrierFaults };

/** The stage of a fault: `token/status-500` → `token`. */
export const stageOf = (name: FaultName): string => name.slice(0, name.indexOf('/'));

/** Discovery and JWKS are fetched by the app's server with no cookie, so their faults reach everybody. */
export const isExclusive = (name: FaultName): boolean => ['discovery', 'jwks'].includes(stageOf(name));

/** Whether a text names a fault, for input that comes from outside. */
export const isFaultName = (name: string): name is FaultName => Object.hasOwn(faults, name);

/**
 * Applies the armed faults of one stage to a healthy value, in the order they were armed.
 *
 * @param names what `scopes.armed(stage, scope)` gave
 * @returns a new value; the healthy one is never changed
 */
export function distort<Value>(names: readonly FaultName[], healthy: Value, context: FaultContext): Value {
  return names.reduce<Value>(
    (value, name) => (faults[name] as unknown as Fault<Value>).distort(structuredClone(value), context),
    healthy,
  );
}
