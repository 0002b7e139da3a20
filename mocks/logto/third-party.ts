/**
 * What third-party applications may ask for, and which organizations people let them into
 * (packages/core libraries/application.ts, oidc/resource.ts).
 */
import { ORGANIZATIONS_RESOURCE } from './organizations-resource.ts';
import { rowsOf, type ScopeRow } from './rows.ts';
import type { Tenant } from './tenant.ts';

/** Scopes that an application may ask people for; all but the first by id. */
export interface ConsentScopes {
  userScopes: string[];
  organizationScopes: string[];
  resourceScopes: string[];
  organizationResourceScopes: string[];
}

interface Consents {
  scopes: Map<string, ConsentScopes>;
  /** Ids of organizations by application and user. */
  organizations: Map<string, Set<string>>;
}
const kept = new WeakMap<Tenant, Consents>();
const consentsOf = (tenant: Tenant): Consents => {
  const known = kept.get(tenant) ?? { scopes: new Map(), organizations: new Map() };
  kept.set(tenant, known);
  return known;
};

/** The scopes of one application; the arrays may be changed. */
export function consentScopesOf(tenant: Tenant, applicationId: string): ConsentScopes {
  const { scopes } = consentsOf(tenant);
  const known = scopes.get(applicationId) ?? {
    userScopes: [],
    organizationScopes: [],
    resourceScopes: [],
    organizationResourceScopes: [],
  };
  scopes.set(applicationId, known);
  return known;
}

/** Organizations that a user let an application into; the set may be changed. */
export function consentedOrganizations(tenant: Tenant, applicationId: string, userId: string): Set<string> {
  const { organizations } = consentsOf(tenant);
  const key = `${applicationId} ${userId}`;
  const known = organizations.get(key) ?? new Set();
  organizations.set(key, known);
  return known;
}

export const isThirdParty = (tenant: Tenant, applicationId: string | undefined): boolean =>
  applicationId !== undefined &&
  tenant.applications.findFirst((q) => q.where(({ id }) => id === applicationId))?.isThirdParty === true;

/** Which of the allowed scopes count: those for a person's own data, those inside organizations, or both. */
export interface Kinds {
  own: boolean;
  inOrganizations: boolean;
}

/** Takes out what a third-party application may not ask for; leaves every scope to others. */
export function allowedScopes(
  tenant: Tenant,
  applicationId: string | undefined,
  indicator: string,
  names: readonly string[],
  kinds: Kinds = { own: true, inOrganizations: true },
): string[] {
  if (applicationId === undefined || !isThirdParty(tenant, applicationId)) return [...names];
  const allowed = consentScopesOf(tenant, applicationId);
  const { organizationScopes } = rowsOf(tenant);
  if (indicator === ORGANIZATIONS_RESOURCE)
    return names.filter((name) =>
      organizationScopes.some((row) => row.name === name && allowed.organizationScopes.includes(row.id)),
    );
  const ids = [
    ...(kinds.own ? allowed.resourceScopes : []),
    ...(kinds.inOrganizations ? allowed.organizationResourceScopes : []),
  ];
  const rows = scopeRows(tenant, indicator);
  return names.filter((name) => rows.some((row) => row.name === name && ids.includes(row.id)));
}

/** Scopes of a resource by its indicator. */
export function scopeRows(tenant: Tenant, indicator: string): ScopeRow[] {
  const resource = tenant.resources.findFirst((q) => q.where({ indicator }));
  return rowsOf(tenant).scopes.filter(({ resourceId }) => resourceId === resource?.id);
}
