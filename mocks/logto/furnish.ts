/**
 * What a tenant holds beside people and applications: API resources, roles, the organization template, the account center.
 *
 * Source: https://docs.logto.io/authorization/global-api-resources (resources, scopes, roles),
 * https://docs.logto.io/authorization/organization-template and
 * https://docs.logto.io/end-user-flows/account-settings/by-account-api (fields Off, ReadOnly, Edit).
 */
import { z } from 'zod';
import { accountStateOf } from './management/account-center.ts';
import { newId, type Tenant, type User } from './tenant.ts';

const scopes = z.array(
  z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope is one word (RFC 6749 §3.3)'),
);
const byResource = z.record(z.string(), scopes);

export const tenantSchema = z.strictObject({
  resources: z
    .array(
      z.strictObject({
        indicator: z
          .url()
          .refine((url) => !url.includes('#'), 'a resource indicator has no fragment (RFC 8707 §2)')
          .describe('resource indicator, such as https://api.example.com'),
        scopes: scopes.default([]).describe('its permissions'),
      }),
    )
    .default([])
    .describe('API resources'),
  roles: z
    .record(z.string(), byResource)
    .default({})
    .describe('role of a user → resource indicator → permissions that it gives'),
  organizationRoles: z
    .record(
      z.string(),
      z.strictObject({
        scopes: scopes.default([]).describe('organization permissions'),
        resources: byResource.default({}).describe('resource indicator → permissions'),
      }),
    )
    .default({})
    .describe('role in an organization → what it gives (the organization template)'),
  accountCenter: z
    .record(z.string(), z.enum(['Off', 'ReadOnly', 'Edit']))
    .optional()
    .describe('fields that people may read or change by the Account API, which is off without this'),
});
export type TenantSettings = z.output<typeof tenantSchema>;

/** Permissions that roles give and no resource of the settings has, as `role: indicator permission`. */
export const unknownGrants = ({ resources, roles, organizationRoles }: TenantSettings): string[] => {
  const known = new Map(resources.map((each) => [each.indicator, each.scopes]));
  const grants = [
    ...Object.entries(roles),
    ...Object.entries(organizationRoles).map(([role, given]) => [role, given.resources] as const),
  ];
  return grants.flatMap(([role, given]) =>
    Object.entries(given).flatMap(([indicator, names]) =>
      names
        .filter((name) => !known.get(indicator)?.includes(name))
        .map((name) => `${role}: ${indicator} ${name}`),
    ),
  );
};

/** Puts the settings into a new tenant. */
export async function furnish(tenant: Tenant, settings: TenantSettings): Promise<void> {
  for (const { indicator, scopes: permissions } of settings.resources)
    await tenant.resources.create({
      id: newId.entity(),
      name: indicator,
      indicator,
      scopes: [...permissions],
    });
  for (const [role, grants] of Object.entries(settings.roles))
    tenant.roles.set(role, structuredClone(grants));
  for (const [role, grants] of Object.entries(settings.organizationRoles))
    tenant.organizationRoles.set(role, structuredClone(grants));
  if (settings.accountCenter)
    Object.assign(accountStateOf(tenant).center, { enabled: true, fields: { ...settings.accountCenter } });
}

/** Where a person belongs: an organization and their roles in it. */
export const membershipSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-z-]{1,21}$/),
  /** Of an organization that is not there yet (default: its id). */
  name: z.string().optional(),
  roles: z.array(z.string()).default([]),
});
export type Membership = z.input<typeof membershipSchema>;

/** Makes a user a member of exactly these organizations; those that are not there yet are founded. */
export function join(tenant: Tenant, { id: userId }: Pick<User, 'id'>, memberships: readonly Membership[]) {
  for (const { members } of tenant.organizations.values()) members.delete(userId);
  for (const { id, name = id, roles = [] } of memberships) {
    const organization = tenant.organizations.get(id) ?? {
      id,
      name,
      description: null,
      createdAt: Date.now(),
      members: new Map(),
      applications: new Map(),
    };
    tenant.organizations.set(id, organization);
    for (const role of roles)
      if (!tenant.organizationRoles.has(role))
        tenant.organizationRoles.set(role, { scopes: [], resources: {} });
    organization.members.set(userId, [...roles]);
  }
}
