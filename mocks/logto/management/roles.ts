/** /api/roles: what they grant, and who has them (packages/core routes/role*.ts; recordings 863, 864, 992). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guard, guardBody } from '../guard.ts';
import { MANAGEMENT_API } from '../resources.ts';
import { byId, grantsOf, type RoleRow, resourceOf, rowsOf, type ScopeRow, scopesIn } from '../rows.ts';
import { newId, type Tenant } from '../tenant.ts';
import { findById } from '../users.ts';
import { noteCall } from '../webhooks/notes.ts';
import { type ById, drop } from './crud.ts';
import { page } from './paging.ts';
import { registerRoleHolders } from './role-holders.ts';
import { queryOf, searchFilter } from './user-search.ts';

const roleType = z.enum(['User', 'MachineToMachine']);
const bodies = {
  create: z.object({
    name: z.string().min(1).max(128),
    description: z.string().min(1).max(128),
    type: roleType.optional(),
    isDefault: z.boolean().optional(),
    scopeIds: z.string().min(1).array().optional(),
  }),
  change: z
    .object({
      name: z.string().min(1).max(128),
      description: z.string().min(1).max(128),
      isDefault: z.boolean(),
    })
    .partial(),
  scopes: z.object({ scopeIds: z.string().min(1).array().nonempty() }),
};

const listQuery = z.object({
  type: roleType.optional(),
  excludeUserId: z.string().optional(),
  excludeApplicationId: z.string().optional(),
});

/** A scope as the API shows it. */
export const scopeView = (row: ScopeRow) => ({ tenantId: 'default', ...row });
const roleView = ({ id, name, description, type, isDefault }: RoleRow) => ({
  tenantId: 'default',
  id,
  name,
  description,
  type,
  isDefault,
});

/** @throws LogtoError role.name_in_use (422) */
function guardName(tenant: Tenant, name: string | undefined, except?: string): void {
  const taken = rowsOf(tenant).roles.some((row) => row.name === name && row.id !== except);
  assertThat(!taken, 'role.name_in_use', { status: 422, values: { name } });
}

/** @throws LogtoError entity.not_exists_with_id (404), role.management_api_scopes_not_assignable_to_user_role, role.scope_exists (422) */
function scopesToGrant(
  tenant: Tenant,
  role: Pick<RoleRow, 'name' | 'type'>,
  ids: readonly string[],
): ScopeRow[] {
  const { scopes } = rowsOf(tenant);
  const has = scopesIn(tenant, tenant.roles.get(role.name));
  return ids.map((id) => {
    const scope = byId(scopes, id, 'scopes');
    assertThat(!has.includes(scope), 'role.scope_exists', { status: 422, values: { scopeId: id } });
    const forMachines = resourceOf(tenant, scope)?.indicator === MANAGEMENT_API;
    assertThat(
      !forMachines || role.type === 'MachineToMachine',
      'role.management_api_scopes_not_assignable_to_user_role',
      { status: 400 },
    );
    return scope;
  });
}

/** Gives a role another name everywhere it is known by it, or takes it away (the rows of its holders go with it). */
async function rename(tenant: Tenant, from: string, to: string | undefined): Promise<void> {
  if (to !== undefined) tenant.roles.set(to, tenant.roles.get(from) ?? {});
  tenant.roles.delete(from);
  const renamed = (roles: string[]) => roles.flatMap((name) => (name === from ? (to ?? []) : name));
  for (const user of tenant.users.findMany())
    if (user.roles.includes(from))
      await tenant.users.update(user, {
        data: (row) => void Object.assign(row, { roles: renamed(user.roles) }),
      });
  for (const app of tenant.applications.findMany())
    if (app.roles.includes(from))
      await tenant.applications.update(app, {
        data: (row) => void Object.assign(row, { roles: renamed(app.roles) }),
      });
}

export function registerRoles(scope: FastifyInstance, context: LogtoContext): void {
  const roles = () => rowsOf(context.tenant).roles;

  scope.get('/api/roles', async (request, reply) => {
    const { type, excludeUserId, excludeApplicationId } = guard('query', listQuery, request.query);
    const fits = searchFilter(queryOf(request.url), ['id', 'name', 'description']);
    const excluded = [
      ...(findById(context.tenant, excludeUserId)?.roles ?? []),
      ...((excludeApplicationId && findApplication(context.tenant, excludeApplicationId)?.roles) || []),
    ];
    const rows = roles().filter(
      (row) => fits(row) && (!type || row.type === type) && !excluded.includes(row.name),
    );
    return page(request, reply, rows.map(withHolders), false);
  });
  /** A role with how many have it, and the first three of them. */
  const withHolders = (row: RoleRow) => {
    const having = ({ roles }: { roles: string[] }) => roles.includes(row.name);
    const users = context.tenant.users.findMany().filter(having);
    const applications = context.tenant.applications.findMany().filter(having);
    return {
      ...roleView(row),
      usersCount: users.length,
      featuredUsers: users.slice(0, 3).map(({ id, avatar, name }) => ({ id, avatar, name })),
      applicationsCount: applications.length,
      featuredApplications: applications.slice(0, 3).map(({ id, name, type }) => ({ id, name, type })),
    };
  };
  scope.get<ById>('/api/roles/:id', async ({ params }) => roleView(byId(roles(), params.id, 'roles')));
  scope.delete<ById>('/api/roles/:id', async ({ params }, reply) => {
    const row = byId(roles(), params.id, 'roles');
    await rename(context.tenant, row.name, undefined);
    drop(roles(), row);
    return reply.code(204).send();
  });

  scope.post('/api/roles', async (request) => {
    const { scopeIds = [], type = 'User', isDefault = false, ...body } = guardBody(bodies.create, request);
    guardName(context.tenant, body.name);
    const granted = scopesToGrant(context.tenant, { name: body.name, type }, scopeIds);
    const row = { id: newId.entity(), ...body, type, isDefault };
    roles().push(row);
    context.tenant.roles.set(row.name, grantsOf(context.tenant, granted));
    if (scopeIds.length > 0)
      noteCall(request, 'Role.Scopes.Updated', { roleId: row.id, data: granted.map(scopeView) });
    return roleView(row);
  });

  scope.patch<ById>('/api/roles/:id', async (request) => {
    const body = guardBody(bodies.change, request);
    const row = byId(roles(), request.params.id, 'roles');
    guardName(context.tenant, body.name, row.id);
    if (body.name && body.name !== row.name) await rename(context.tenant, row.name, body.name);
    return roleView(Object.assign(row, body));
  });

  const shown = (rows: ScopeRow[]) =>
    rows.map((row) => {
      const { id, name, indicator, isDefault, accessTokenTtl } = resourceOf(context.tenant, row) ?? {};
      return {
        ...scopeView(row),
        resource: { tenantId: 'default', id, name, indicator, isDefault, accessTokenTtl },
      };
    });
  const grantedTo = (id: string) => {
    const role = byId(roles(), id, 'roles');
    return { role, scopes: scopesIn(context.tenant, context.tenant.roles.get(role.name)) };
  };
  scope.get<ById>('/api/roles/:id/scopes', async (request, reply) =>
    page(request, reply, shown(grantedTo(request.params.id).scopes), true),
  );
  scope.post<ById>('/api/roles/:id/scopes', async (request, reply) => {
    const { scopeIds } = guardBody(bodies.scopes, request);
    const { role, scopes } = grantedTo(request.params.id);
    const all = [...scopes, ...scopesToGrant(context.tenant, role, scopeIds)];
    context.tenant.roles.set(role.name, grantsOf(context.tenant, all));
    return reply.code(201).send(all.map(scopeView));
  });
  scope.delete<{ Params: { id: string; scopeId: string } }>(
    '/api/roles/:id/scopes/:scopeId',
    async ({ params }, reply) => {
      const { role, scopes } = grantedTo(params.id);
      const gone = byId(scopes, params.scopeId, 'scopes');
      context.tenant.roles.set(
        role.name,
        grantsOf(
          context.tenant,
          scopes.filter((one) => one !== gone),
        ),
      );
      return reply.code(204).send();
    },
  );

  registerRoleHolders(scope, context, roleView);
}
