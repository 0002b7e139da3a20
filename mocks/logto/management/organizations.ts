/**
 * /api/organizations: organizations, their members and machines, and the roles of both
 * (packages/core routes/organization; recordings 865, 878, 981, 983).
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { guardBody } from '../guard.ts';
import { customAlphabet } from '../ids.ts';
import { byId } from '../rows.ts';
import type { Organization } from '../tenant.ts';
import { findById } from '../users.ts';
import { type ById, holding } from './crud.ts';
import { registerMembers } from './organization-members.ts';
import { roleId } from './organization-template.ts';
import { page } from './paging.ts';
import { isYes } from './user-views.ts';

const organizationId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12);
const json = z.record(z.string(), z.unknown());
const fields = {
  name: z.string().min(1).max(128),
  description: z.string().max(256).nullish(),
  customData: json.optional(),
  isMfaRequired: z.boolean().optional(),
  color: json.optional(),
  branding: json.optional(),
  customCss: z.string().nullish(),
};
const bodies = { create: z.object(fields), change: z.object({ ...fields, name: fields.name.optional() }) };

/** An organization as the API shows it. */
export const organizationView = (row: Organization) => ({
  tenantId: 'default',
  id: row.id,
  name: row.name,
  description: row.description,
  customData: row.customData ?? {},
  isMfaRequired: row.isMfaRequired ?? false,
  color: row.color ?? {},
  branding: row.branding ?? {},
  customCss: row.customCss ?? null,
  createdAt: row.createdAt ?? 0,
});

export function registerOrganizations(scope: FastifyInstance, context: LogtoContext): void {
  const all = () => [...context.tenant.organizations.values()];

  /** With how many members there are, and the first three of them. */
  const withMembers = (row: Organization) => {
    const users = [...row.members.keys()].flatMap((id) => findById(context.tenant, id) ?? []);
    return {
      ...organizationView(row),
      usersCount: users.length,
      featuredUsers: users.slice(0, 3).map(({ id, avatar, name }) => ({ id, avatar, name })),
    };
  };
  scope.get('/api/organizations', async (request, reply) => {
    const featured = isYes((request.query as { showFeatured?: string }).showFeatured);
    const rows = holding(all(), request.query, ['id', 'name']);
    return page(request, reply, rows.map(featured ? withMembers : organizationView), false);
  });
  scope.get<ById>('/api/organizations/:id', async ({ params }) =>
    organizationView(byId(all(), params.id, 'organizations')),
  );
  scope.delete<ById>('/api/organizations/:id', async ({ params }, reply) => {
    byId(all(), params.id, 'organizations');
    context.tenant.organizations.delete(params.id);
    return reply.code(204).send();
  });
  scope.post('/api/organizations', async (request, reply) => {
    const { description = null, ...body } = guardBody(bodies.create, request);
    const row: Organization = {
      id: organizationId(),
      ...body,
      description,
      createdAt: Date.now(),
      members: new Map(),
      applications: new Map(),
    };
    context.tenant.organizations.set(row.id, row);
    return reply.code(201).send(organizationView(row));
  });
  scope.patch<ById>('/api/organizations/:id', async (request) => {
    const body = guardBody(bodies.change, request);
    return organizationView(Object.assign(byId(all(), request.params.id, 'organizations'), body));
  });

  const memberships = (list: (row: Organization) => Map<string, string[]>, id: string, query: unknown) =>
    holding(all(), query, ['name']).flatMap((row) => {
      const roles = list(row).get(id);
      return roles ? [{ row, roles }] : [];
    });
  scope.get<{ Params: { userId: string } }>('/api/users/:userId/organizations', async ({ params, query }) => {
    byId(context.tenant.users.findMany(), params.userId, 'users');
    return memberships(({ members }) => members, params.userId, query).map(({ row, roles }) => ({
      ...organizationView(row),
      organizationRoles: roles.map((name) => ({ id: roleId(context, name), name })),
    }));
  });
  scope.get<ById>('/api/applications/:id/organizations', async (request, reply) => {
    const { id } = byId(context.tenant.applications.findMany(), request.params.id, 'applications');
    const rows = memberships(({ applications }) => applications, id, request.query);
    const shown = rows.map(({ row, roles }) => ({
      ...organizationView(row),
      organizationRoles: roles.map((name) => ({ id: roleId(context, name), name })),
    }));
    return page(request, reply, shown, true);
  });
  registerMembers(scope, context);
}
