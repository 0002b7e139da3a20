/**
 * Rows of scopes and roles as the Management API shows them, with ids. What they grant stands in the tenant by name
 * (`roles`, `organizationRoles`, the scopes of a resource), where tokens look; a name without a row gets one here.
 */
import { LogtoError } from './errors.ts';
import { newId, type Resource, type Tenant } from './tenant.ts';

export type RoleType = 'User' | 'MachineToMachine';

export interface ScopeRow {
  id: string;
  resourceId: string;
  name: string;
  description: string | null;
  createdAt: number;
}
export interface RoleRow {
  id: string;
  name: string;
  description: string;
  type: RoleType;
  isDefault: boolean;
}
export interface OrganizationScopeRow {
  id: string;
  name: string;
  description: string | null;
}
export interface OrganizationRoleRow extends OrganizationScopeRow {
  type: RoleType;
}

interface Rows {
  scopes: ScopeRow[];
  roles: RoleRow[];
  organizationScopes: OrganizationScopeRow[];
  organizationRoles: OrganizationRoleRow[];
}

const kept = new WeakMap<Tenant, Rows>();

/** Logto's built-in role for machines (resources.ts has it for what it grants). */
const MACHINE_ROLES = new Set(['Logto Management API access']);

/** All rows of a tenant; the arrays may be changed. */
export function rowsOf(tenant: Tenant): Rows {
  const rows = kept.get(tenant) ?? { scopes: [], roles: [], organizationScopes: [], organizationRoles: [] };
  kept.set(tenant, rows);
  for (const resource of tenant.resources.findMany()) {
    for (const name of resource.scopes) {
      if (rows.scopes.some((row) => row.resourceId === resource.id && row.name === name)) continue;
      const createdAt = Date.now();
      const builtIn = resource.id === 'management-api' && name === 'all';
      rows.scopes.push({
        id: builtIn ? 'management-api-all' : newId.entity(),
        resourceId: resource.id,
        name,
        description: builtIn ? 'Default scope for Management API, allows all permissions.' : null,
        createdAt,
      });
    }
  }
  for (const name of tenant.roles.keys()) {
    if (rows.roles.some((row) => row.name === name)) continue;
    const type = MACHINE_ROLES.has(name) ? 'MachineToMachine' : 'User';
    rows.roles.push({ id: newId.entity(), name, description: name, type, isDefault: false });
  }
  for (const [name, { scopes }] of tenant.organizationRoles) {
    if (!rows.organizationRoles.some((row) => row.name === name))
      rows.organizationRoles.push({ id: newId.entity(), name, description: null, type: 'User' });
    for (const scope of scopes)
      if (!rows.organizationScopes.some((row) => row.name === scope))
        rows.organizationScopes.push({ id: newId.entity(), name: scope, description: null });
  }
  return rows;
}

/**
 * @param member in which the value is looked for
 * @throws LogtoError entity.not_exists_with_id (404)
 */
export function byId<Row extends { id: string }>(
  rows: readonly Row[],
  id: string,
  name: string,
  member: keyof Row = 'id',
): Row {
  const row = rows.find((one) => one[member] === id);
  if (!row) throw new LogtoError('entity.not_exists_with_id', { status: 404, values: { name, id } });
  return row;
}

export const resourceOf = (tenant: Tenant, { resourceId }: ScopeRow): Resource | undefined =>
  tenant.resources.findFirst((q) => q.where({ id: resourceId }));

/** Scopes by id as names by resource indicator. */
export function grantsOf(tenant: Tenant, scopes: readonly ScopeRow[]): Record<string, string[]> {
  const grants: Record<string, string[]> = {};
  for (const scope of scopes) {
    const indicator = resourceOf(tenant, scope)?.indicator;
    if (indicator) grants[indicator] = [...(grants[indicator] ?? []), scope.name];
  }
  return grants;
}

/** Gives a scope of a resource another name wherever it is granted, or takes it away. */
export function renameScope(tenant: Tenant, indicator: string, from: string, to: string | undefined): void {
  const all = [
    ...tenant.roles.values(),
    ...[...tenant.organizationRoles.values()].map(({ resources }) => resources),
  ];
  for (const grants of all) {
    const names = grants[indicator];
    if (names) grants[indicator] = names.flatMap((name) => (name === from ? (to ?? []) : name));
  }
}

/** The rows that grants by name stand for. */
export const scopesIn = (tenant: Tenant, grants: Record<string, string[]> | undefined): ScopeRow[] =>
  rowsOf(tenant).scopes.filter((row) => {
    const indicator = resourceOf(tenant, row)?.indicator;
    return indicator !== undefined && (grants?.[indicator] ?? []).includes(row.name);
  });
