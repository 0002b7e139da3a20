/** Personal access tokens: made for a user by a manager, exchanged for access tokens (packages/core queries/personal-access-tokens.ts). */
import { assertThat, LogtoError } from './errors.ts';
import { newId, type Tenant } from './tenant.ts';

export interface PersonalAccessToken {
  tenantId: string;
  userId: string;
  name: string;
  value: string;
  createdAt: number;
  expiresAt: number | null;
}

const kept = new WeakMap<Tenant, PersonalAccessToken[]>();
/** All tokens of a tenant; the array may be changed. */
export function personalTokensOf(tenant: Tenant): PersonalAccessToken[] {
  const all = kept.get(tenant) ?? [];
  kept.set(tenant, all);
  return all;
}

const find = (tenant: Tenant, userId: string, name: string) =>
  personalTokensOf(tenant).find((one) => one.userId === userId && one.name === name);

/** @throws LogtoError user.personal_access_token_name_exists (422) */
function guardName(tenant: Tenant, userId: string, name: string, except?: PersonalAccessToken): void {
  const taken = find(tenant, userId, name);
  assertThat(!taken || taken === except, 'user.personal_access_token_name_exists', { status: 422 });
}

/** @param now milliseconds since the epoch */
export function createPersonalToken(
  tenant: Tenant,
  { userId, name, expiresAt }: Pick<PersonalAccessToken, 'userId' | 'name' | 'expiresAt'>,
  now: number,
): PersonalAccessToken {
  guardName(tenant, userId, name);
  const value = `pat_${newId.secret()}`;
  const row = { tenantId: 'default', userId, name, value, createdAt: now, expiresAt };
  personalTokensOf(tenant).push(row);
  return row;
}

/** @throws LogtoError entity.not_exists (404) */
export function renamePersonalToken(
  tenant: Tenant,
  userId: string,
  from: string,
  to: string,
): PersonalAccessToken {
  const row = find(tenant, userId, from);
  if (!row)
    throw new LogtoError('entity.not_exists', { status: 404, values: { name: 'personal_access_token' } });
  guardName(tenant, userId, to, row);
  return Object.assign(row, { name: to });
}

/** @throws LogtoError entity.not_found (404) */
export function removePersonalToken(tenant: Tenant, userId: string, name: string): void {
  const row = find(tenant, userId, name);
  assertThat(row, 'entity.not_found', { status: 404 });
  const all = personalTokensOf(tenant);
  all.splice(all.indexOf(row), 1);
}
