/** Organizations that people become members of by themselves (packages/core routes/organization/jit, libraries/user.ts). */
import { rowsOf } from './rows.ts';
import type { Organization, Tenant } from './tenant.ts';

export interface Jit {
  /** Domains whose new users become members. */
  emailDomains: string[];
  /** Ids of the organization roles that they get. */
  roleIds: string[];
}

const kept = new WeakMap<Organization, Jit>();
/** The settings of one organization; the arrays may be replaced. */
export function jitOf(organization: Organization): Jit {
  const known = kept.get(organization) ?? { emailDomains: [], roleIds: [] };
  kept.set(organization, known);
  return known;
}

/**
 * Makes a user a member of organizations, with the roles that they give.
 *
 * @returns ids of the organizations that the user was no member of before
 */
function join(tenant: Tenant, userId: string, organizations: readonly Organization[]): string[] {
  return organizations.flatMap((organization) => {
    if (organization.members.has(userId)) return [];
    const { roleIds } = jitOf(organization);
    const roles = rowsOf(tenant).organizationRoles.filter(({ id }) => roleIds.includes(id));
    organization.members.set(
      userId,
      roles.map(({ name }) => name),
    );
    return [organization.id];
  });
}

export const joinByEmail = (tenant: Tenant, userId: string, email: string): string[] =>
  join(
    tenant,
    userId,
    [...tenant.organizations.values()].filter((one) =>
      jitOf(one).emailDomains.includes(email.split('@')[1] ?? ''),
    ),
  );

export const joinByIds = (tenant: Tenant, userId: string, ids: readonly string[]): string[] =>
  join(
    tenant,
    userId,
    ids.flatMap((id) => tenant.organizations.get(id) ?? []),
  );
