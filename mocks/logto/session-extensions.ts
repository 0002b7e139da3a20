/** How each session at Logto began, kept beside it when somebody consents (packages/core libraries/session/consent.ts). */
import type { Interaction } from './context.ts';
import type { Tenant } from './tenant.ts';

export interface SessionExtension {
  /** What the last interaction found out: event, user, verification records, where from. */
  lastSubmission: Record<string, unknown>;
  clientId: string;
  accountId: string;
}

/** Sessions of whose beginning something is known; the issuer itself keeps no more of them. */
const MAX = 3_000;
/** As text, which takes a quarter of the room. */
const kept = new WeakMap<Tenant, Map<string, string>>();
const extensionsOf = (tenant: Tenant) => {
  const known = kept.get(tenant) ?? new Map<string, string>();
  kept.set(tenant, known);
  return known;
};

/** Keeps what the interaction before this one found out with the session that it made. */
export function extendSession(tenant: Tenant, { session, lastSubmission, params }: Interaction): void {
  if (!session || !lastSubmission) return;
  const all = extensionsOf(tenant);
  const { uid, accountId } = session;
  const extension: SessionExtension = {
    lastSubmission: lastSubmission as Record<string, unknown>,
    clientId: String(params.client_id),
    accountId: String(accountId),
  };
  all.delete(uid);
  all.set(uid, JSON.stringify(extension));
  if (all.size > MAX) all.delete(all.keys().next().value as string);
}

export function sessionExtension(tenant: Tenant, uid: string): SessionExtension | undefined {
  const text = extensionsOf(tenant).get(uid);
  return text === undefined ? undefined : JSON.parse(text);
}
