/** /api/organization-roles and /api/organization-scopes: the template that all organizations share (recordings 979, 980). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guardBody } from '../guard.ts';
import {
  byId,
  grantsOf,
  type OrganizationRoleRow,
  type OrganizationScopeRow,
  rowsOf,
  scopesIn,
} from '../rows.ts';
import { newId } from '../tenant.ts';
import { noteCall } from '../webhooks/notes.ts';
import { type ById, drop, registerTable } from './crud.ts';
import { page } from './paging.ts';
import { scopeView } from './roles.ts';

const name = z.string().min(1).max(128);
const description = z.string().max(256).nullish();
const ids = z.string().min(1).array();
const bodies = {
  scope: z.object({ name, description }),
  changeScope: z.object({ name, description }).partial(),
  role: z.object({
    name,
    description,
    type: z.enum(['User', 'MachineToMachine']).optional(),
    organizationScopeIds: z.string().array().default([]),
    resourceScopeIds: z.string().array().default([]),
  }),
  changeRole: z.object({ name, description, type: z.enum(['User', 'MachineToMachine']) }).partial(),
};

export const roleView = ({ id, name: called, description: text, type }: OrganizationRoleRow) => ({
  tenantId: 'default',
  id,
  name: called,
  description: text,
  type,
});
const organizationScopeView = (row: OrganizationScopeRow) => ({ tenantId: 'default', ...row });

/** The id of an organization role by its name. */
export const roleId = (context: LogtoContext, called: string): string =>
  rowsOf(context.tenant).organizationRoles.find((row) => row.name === called)?.id ?? called;

/** @throws LogtoError entity.unique_integrity_violation (422) */
function guardUniqueName(
  rows: readonly { id: string; name: string }[],
  called?: string,
  except?: string,
): void {
  const taken = rows.some((row) => row.name === called && row.id !== except);
  assertThat(!taken, 'entity.unique_integrity_violation', { status: 422 });
}

/** Rows by id. @throws LogtoError entity.relation_foreign_key_not_found (422) */
function related<Row extends { id: string }>(rows: readonly Row[], wanted: readonly string[]): Row[] {
  return wanted.map((id) => {
    const row = rows.find((one) => one.id === id);
    if (!row) throw new LogtoError('entity.relation_foreign_key_not_found', { status: 422 });
    return row;
  });
}

function registerScopes(scope: FastifyInstance, context: LogtoContext): void {
  const scopes = () => rowsOf(context.tenant).organizationScopes;
  const change = (edit: (names: string[]) => string[]) => {
    for (const grants of context.tenant.organizationRoles.values()) grants.scopes = edit(grants.scopes);
  };
  registerTable(scope, {
    path: '/api/organization-scopes',
    table: 'organization_scopes',
    rows: scopes,
    view: organizationScopeView,
    optionalPages: true,
    remove(row) {
      change((names) => names.filter((one) => one !== row.name));
      drop(scopes(), row);
    },
  });
  scope.post('/api/organization-scopes', async (request, reply) => {
    const body = guardBody(bodies.scope, request);
    guardUniqueName(scopes(), body.name);
    const row = { id: newId.entity(), name: body.name, description: body.description ?? null };
    scopes().push(row);
    return reply.code(201).send(organizationScopeView(row));
  });
  scope.patch<ById>('/api/organization-scopes/:id', async (request) => {
    const body = guardBody(bodies.changeScope, request);
    const row = byId(scopes(), request.params.id, 'organization_scopes');
    guardUniqueName(scopes(), body.name, row.id);
    const { name: to } = body;
    if (to) change((names) => names.map((one) => (one === row.name ? to : one)));
    return organizationScopeView(Object.assign(row, body));
  });
}

/** Everybody who has an organization role by one name has it by another, or not at all. */
function renameInOrganizations(context: LogtoContext, from: string, to: string | undefined): void {
  for (const { members, applications } of context.tenant.organizations.values())
    for (const list of [members, applications])
      for (const [id, names] of list)
        list.set(
          id,
          names.flatMap((one) => (one === from ? (to ?? []) : one)),
        );
}

/** `/scopes` and `/resource-scopes` of an organization role. */
function registerGrants(scope: FastifyInstance, context: LogtoContext): void {
  const organizationRoles = () => rowsOf(context.tenant).organizationRoles;
  const grants = (id: string) => {
    const row = byId(organizationRoles(), id, 'organization_roles');
    return context.tenant.organizationRoles.get(row.name) ?? { scopes: [], resources: {} };
  };
  const relations = [
    {
      path: 'scopes',
      member: 'organizationScopeIds',
      param: 'organizationScopeId',
      all: () => rowsOf(context.tenant).organizationScopes,
      now: (id: string) => {
        const { scopes } = grants(id);
        return rowsOf(context.tenant).organizationScopes.filter((row) => scopes.includes(row.name));
      },
      set: (id: string, rows: { name: string }[]) =>
        void Object.assign(grants(id), { scopes: rows.map((row) => row.name) }),
      view: organizationScopeView as (row: never) => unknown,
    },
    {
      path: 'resource-scopes',
      member: 'scopeIds',
      param: 'scopeId',
      all: () => rowsOf(context.tenant).scopes,
      now: (id: string) => scopesIn(context.tenant, grants(id).resources),
      set: (id: string, rows: never[]) =>
        void Object.assign(grants(id), { resources: grantsOf(context.tenant, rows) }),
      view: scopeView as (row: never) => unknown,
    },
  ];
  for (const { path, member, param, all, now, set, view } of relations) {
    const url = `/api/organization-roles/:id/${path}`;
    scope.get<ById>(url, async (request, reply) =>
      page(
        request,
        reply,
        now(request.params.id).map((row) => view(row as never)),
        true,
      ),
    );
    scope.post<ById>(url, async (request, reply) => {
      const { [member]: wanted = [] } = guardBody(z.object({ [member]: ids.nonempty() }), request);
      const { id } = request.params;
      set(id, [...new Set([...now(id), ...related<{ id: string }>(all(), wanted)])] as never[]);
      return reply.code(201).type('text/plain; charset=utf-8').send('Created');
    });
    scope.put<ById>(url, async (request, reply) => {
      const { [member]: wanted = [] } = guardBody(z.object({ [member]: ids }), request);
      set(request.params.id, related<{ id: string }>(all(), wanted) as never[]);
      return reply.code(204).send();
    });
    scope.delete<{ Params: { id: string } & Record<string, string> }>(
      `${url}/:${param}`,
      async ({ params }, reply) => {
        const left: { id: string }[] = now(params.id);
        const gone = byId(left, params[param] ?? '', path);
        set(params.id, left.filter((row) => row !== gone) as never[]);
        return reply.code(204).send();
      },
    );
  }
}

export function registerOrganizationTemplate(scope: FastifyInstance, context: LogtoContext): void {
  registerScopes(scope, context);
  const roles = () => rowsOf(context.tenant).organizationRoles;
  const withScopes = (row: OrganizationRoleRow) => {
    const grants = context.tenant.organizationRoles.get(row.name);
    const { organizationScopes } = rowsOf(context.tenant);
    return {
      ...roleView(row),
      scopes: organizationScopes
        .filter((one) => grants?.scopes.includes(one.name))
        .map((one) => ({ id: one.id, name: one.name })),
      resourceScopes: scopesIn(context.tenant, grants?.resources).map((one) => ({
        id: one.id,
        name: one.name,
        resource: { id: one.resourceId },
      })),
    };
  };
  registerTable(scope, {
    path: '/api/organization-roles',
    table: 'organization_roles',
    rows: roles,
    view: withScopes,
    one: roleView,
    remove(row) {
      renameInOrganizations(context, row.name, undefined);
      context.tenant.organizationRoles.delete(row.name);
      drop(roles(), row);
    },
  });
  scope.post('/api/organization-roles', async (request, reply) => {
    const body = guardBody(bodies.role, request);
    guardUniqueName(roles(), body.name);
    const { organizationScopes, scopes } = rowsOf(context.tenant);
    const own = related(organizationScopes, body.organizationScopeIds);
    const resources = grantsOf(context.tenant, related(scopes, body.resourceScopeIds));
    const { type = 'User' } = body;
    const row = { id: newId.entity(), name: body.name, description: body.description ?? null, type };
    roles().push(row);
    context.tenant.organizationRoles.set(row.name, { scopes: own.map((one) => one.name), resources });
    if (body.organizationScopeIds.length + body.resourceScopeIds.length > 0)
      noteCall(request, 'OrganizationRole.Scopes.Updated', { organizationRoleId: row.id });
    return reply.code(201).send(roleView(row));
  });
  scope.patch<ById>('/api/organization-roles/:id', async (request) => {
    const body = guardBody(bodies.changeRole, request);
    const row = byId(roles(), request.params.id, 'organization_roles');
    guardUniqueName(roles(), body.name, row.id);
    const grants = context.tenant.organizationRoles.get(row.name);
    if (body.name && grants) {
      renameInOrganizations(context, row.name, body.name);
      context.tenant.organizationRoles.delete(row.name);
      context.tenant.organizationRoles.set(body.name, grants);
    }
    return roleView(Object.assign(row, body));
  });
  registerGrants(scope, context);
}
