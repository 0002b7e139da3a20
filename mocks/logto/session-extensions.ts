/** How each session at Logto began, kept beside it when somebody consents (packages/core libraries/session/consent.ts). */
import type { Interaction } from './context.ts';
import type { Tenant } from './tenant.ts';

export interface SessionExtension {
  /** What the last interaction found out: event, user, verification records, where from. */
  lastSubmission: Record<string, unknown>;
  clientId: string;
  accountId: string;
}

const MAX = 10_000;
const kept = new WeakMap<Tenant, Map<string, SessionExtension>>();
const extensionsOf = (tenant: Tenant) => {
  const known = kept.get(tenant) ?? new Map<string, SessionExtension>();
  kept.set(tenant, known);
  return known;
};

/** Keeps what the interaction before this one found out with the session that it made. */
export function extendSession(tenant: Tenant, { session, lastSubmission, params }: Interaction): void {
  if (!session || !lastSubmission) return;
  const all = extensionsOf(tenant);
  const { uid, accountId } = session;
  all.set(uid, {
    lastSubmission: lastSubmission as Record<string, unknown>,
    clientId: String(params.client_id),
    accountId: String(accountId),
  });
  if (all.size > MAX) all.delete(all.keys().next().value as string);
}

export const sessionExtension = (tenant: Tenant, uid: string): SessionExtension | undefined =>
  extensionsOf(tenant).get(uid);
