/** Members and machines of an organization, and the organization roles they have (routes/organization/user, /application). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod/v3';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { byId, type RoleType, rowsOf } from '../rows.ts';
import type { Organization } from '../tenant.ts';
import { findById } from '../users.ts';
import { membershipDelta, noteCall } from '../webhooks/notes.ts';
import { applicationView } from './application-views.ts';
import { type ById, holding } from './crud.ts';
import { roleId, roleView } from './organization-template.ts';
import { page } from './paging.ts';
import { userView } from './user-views.ts';

const ids = z.string().min(1).array();
const CREATED = { type: 'text/plain; charset=utf-8', body: 'Created' };

interface Kind {
  path: 'users' | 'applications';
  /** Member of a body that lists several. */
  member: 'userIds' | 'applicationIds';
  list(organization: Organization): Map<string, string[]>;
  exists(id: string): boolean;
  /** Whether it is of a type that may be a member. */
  fits(id: string): boolean;
  view(id: string): Record<string, unknown> & { id: string };
  searched: string[];
  /** Type of the roles that these may have. */
  roleType: RoleType;
  /** Whether POST answers with what it was given (recordings 981, 983), or with Koa's text for its status (878). */
  echoes: boolean;
}

const kinds = (context: LogtoContext): Kind[] => [
  {
    path: 'users',
    member: 'userIds',
    list: ({ members }) => members,
    exists: (id) => findById(context.tenant, id) !== undefined,
    fits: () => true,
    view: (id) => userView(findById(context.tenant, id) as never),
    searched: ['id', 'name', 'username', 'primaryEmail', 'primaryPhone'],
    roleType: 'User',
    echoes: true,
  },
  {
    path: 'applications',
    member: 'applicationIds',
    list: ({ applications }) => applications,
    exists: (id) => findApplication(context.tenant, id) !== undefined,
    fits: (id) => findApplication(context.tenant, id)?.type === 'MachineToMachine',
    view: (id) => applicationView(findApplication(context.tenant, id) as never),
    searched: ['id', 'name', 'description'],
    roleType: 'MachineToMachine',
    echoes: false,
  },
];

export function registerMembers(scope: FastifyInstance, context: LogtoContext): void {
  const organization = (id: string) => byId([...context.tenant.organizations.values()], id, 'organizations');
  const roles = () => rowsOf(context.tenant).organizationRoles;

  /** @throws LogtoError entity.relation_foreign_key_not_found (422) */
  const known = <Value>(value: Value | undefined): Value => {
    if (value === undefined || value === false)
      throw new LogtoError('entity.relation_foreign_key_not_found', { status: 422 });
    return value;
  };
  /** @throws LogtoError entity.db_constraint_violated (422) for a role that is not for this kind of member */
  const namesOf = (roleIds: readonly string[], type: RoleType) =>
    roleIds.map((id) => {
      const row = known(roles().find((one) => one.id === id));
      assertThat(row.type === type, 'entity.db_constraint_violated', { status: 422 });
      return row.name;
    });
  /** @throws LogtoError entity.relation_foreign_key_not_found, entity.db_constraint_violated (422) */
  const guardMember = (kind: Kind, id: string): void => {
    known(kind.exists(id) || undefined);
    assertThat(kind.fits(id), 'entity.db_constraint_violated', { status: 422 });
  };
  /** @throws LogtoError organization.role_names_not_found (422) */
  const idsOf = (names: readonly string[]) => {
    const missing = names.filter((name) => !roles().some((row) => row.name === name));
    assertThat(missing.length === 0, 'organization.role_names_not_found', {
      status: 422,
      values: { names: missing },
    });
    return names.map((name) => roleId(context, name));
  };

  for (const kind of kinds(context)) {
    type ByMember = { Params: { id: string; organizationRoleId: string } & Record<string, string> };
    const param = kind.member === 'userIds' ? 'userId' : 'applicationId';
    const noteDelta = (
      request: FastifyRequest<ById | ByMember>,
      added: readonly string[],
      removed: readonly string[],
    ) => {
      const [of, from] =
        param === 'userId'
          ? ['addedUserIds', 'removedUserIds']
          : ['addedApplicationIds', 'removedApplicationIds'];
      noteCall(request as FastifyRequest, 'Organization.Membership.Updated', {
        organizationId: (request.params as { id: string }).id,
        ...membershipDelta({ [of as string]: added, [from as string]: removed }),
      });
    };
    const path = `/api/organizations/:id/${kind.path}`;
    const memberBody = (filled: boolean) => z.object({ [kind.member]: filled ? ids.nonempty() : ids });
    const listOf = (id: string) => kind.list(known(context.tenant.organizations.get(id)));

    scope.get<ById>(path, async (request, reply) => {
      const members = [...kind.list(organization(request.params.id))]
        .filter(([id]) => kind.exists(id))
        .map(([id, names]) => ({
          ...kind.view(id),
          organizationRoles: [...names].sort().map((name) => ({ id: roleId(context, name), name })),
        }));
      return page(request, reply, holding(members, request.query, kind.searched as never[]), false);
    });
    scope.post<ById>(path, async (request, reply) => {
      const { [kind.member]: members = [] } = guardBody(memberBody(true), request);
      const list = listOf(request.params.id);
      for (const id of members) guardMember(kind, id);
      const added = [...new Set(members)].filter((id) => !list.has(id));
      for (const id of added) list.set(id, []);
      noteDelta(request, added, []);
      reply.code(201);
      return kind.echoes ? { [kind.member]: members } : reply.type(CREATED.type).send(CREATED.body);
    });
    scope.put<ById>(path, async (request, reply) => {
      const { [kind.member]: members = [] } = guardBody(memberBody(false), request);
      const list = listOf(request.params.id);
      for (const id of members) guardMember(kind, id);
      const removed = [...list.keys()].filter((id) => !members.includes(id));
      const added = [...new Set(members)].filter((id) => !list.has(id));
      for (const id of removed) list.delete(id);
      for (const id of added) list.set(id, []);
      noteDelta(request, added, removed);
      return reply.code(204).send();
    });
    scope.delete<ByMember>(`${path}/:${param}`, async (request, reply) => {
      const { id, [param]: memberId = '' } = request.params;
      const organization = context.tenant.organizations.get(id);
      const gone = organization && kind.list(organization).delete(memberId);
      assertThat(gone, 'entity.not_found', { status: 404 });
      noteDelta(request, [], [memberId]);
      return reply.code(204).send();
    });
    scope.post<ById>(`${path}/roles`, async (request, reply) => {
      const shape = { [kind.member]: ids.nonempty(), organizationRoleIds: ids.nonempty() };
      const body = guardBody(z.object(shape), request) as Record<string, string[]>;
      const list = listOf(request.params.id);
      const names = namesOf(body.organizationRoleIds ?? [], kind.roleType);
      for (const id of body[kind.member] ?? [])
        list.set(id, [...new Set([...known(list.get(id)), ...names])]);
      return reply.code(201).type(CREATED.type).send(CREATED.body);
    });

    const ofMember = `${path}/:${param}/roles`;
    const rolesOf = ({ id, [param]: memberId = '' }: ByMember['Params']): string[] => {
      const list = context.tenant.organizations.get(id);
      const names = list && kind.list(list).get(memberId);
      assertThat(names, 'organization.require_membership', { status: 422 });
      return names;
    };
    const roleBody = kind.echoes
      ? z.object({ organizationRoleIds: ids.optional(), organizationRoleNames: ids.optional() })
      : z.object({ organizationRoleIds: ids.nonempty(), organizationRoleNames: z.undefined() });
    const wanted = (request: Parameters<typeof guardBody>[1]) => {
      const { organizationRoleIds = [], organizationRoleNames = [] } = guardBody(roleBody, request);
      return [...new Set([...organizationRoleIds, ...idsOf(organizationRoleNames)])];
    };

    scope.get<ByMember>(ofMember, async (request, reply) => {
      const names = rolesOf(request.params);
      const rows = roles().filter(({ name }) => names.includes(name));
      return page(request, reply, rows.map(roleView), true);
    });
    scope.post<ByMember>(ofMember, async (request, reply) => {
      const names = rolesOf(request.params);
      const organizationRoleIds = wanted(request);
      listOf(request.params.id).set(request.params[param] ?? '', [
        ...new Set([...names, ...namesOf(organizationRoleIds, kind.roleType)]),
      ]);
      reply.code(201);
      return kind.echoes ? { organizationRoleIds } : reply.type(CREATED.type).send(CREATED.body);
    });
    scope.put<ByMember>(ofMember, async (request, reply) => {
      rolesOf(request.params);
      listOf(request.params.id).set(request.params[param] ?? '', namesOf(wanted(request), kind.roleType));
      return reply.code(204).send();
    });
    scope.delete<ByMember>(`${ofMember}/:organizationRoleId`, async ({ params }, reply) => {
      const names = rolesOf(params);
      const row = roles().find(({ id }) => id === params.organizationRoleId);
      assertThat(row && names.includes(row.name), 'entity.not_found', { status: 404 });
      listOf(params.id).set(
        params[param] ?? '',
        names.filter((name) => name !== row.name),
      );
      return reply.code(204).send();
    });
    if (!kind.echoes) continue;
    scope.get<ByMember>(`${path}/:${param}/scopes`, async ({ params }) => {
      const names = rolesOf(params);
      const granted = names.flatMap((name) => context.tenant.organizationRoles.get(name)?.scopes ?? []);
      const { organizationScopes } = rowsOf(context.tenant);
      return organizationScopes
        .filter(({ name }) => granted.includes(name))
        .map((row) => ({ tenantId: 'default', ...row }));
    });
  }
}
