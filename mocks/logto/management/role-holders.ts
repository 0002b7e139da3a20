/** Who has a role: users and machines (packages/core routes/role.user.ts, role.application.ts, admin-user/role.ts). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { byId, type RoleRow, type RoleType, rowsOf } from '../rows.ts';
import { findById } from '../users.ts';
import { applicationView } from './application-views.ts';
import type { ById } from './crud.ts';
import { page } from './paging.ts';
import { queryOf, searchFilter } from './user-search.ts';
import { userView } from './user-views.ts';

const ids = z.string().min(1).array();

interface Holder {
  id: string;
  roles: string[];
}

/** Users or applications as holders of roles. */
interface Kind {
  type: RoleType;
  /** Path below /api, with the parameter that names one. */
  path: string;
  /** Member of a body that lists several. */
  member: 'userIds' | 'applicationIds';
  all(): Holder[];
  /** @throws LogtoError when there is no such holder */
  find(id: string): Holder;
  set(id: string, roles: string[]): Promise<unknown>;
  view(holder: Holder): unknown;
  existing: string;
  wrongType: string;
  /** Fields in which a search looks. */
  searched: readonly string[];
}

const kinds = (context: LogtoContext): Kind[] => [
  {
    type: 'User',
    path: 'users',
    member: 'userIds',
    all: () => context.tenant.users.findMany(),
    find(id) {
      const user = findById(context.tenant, id);
      assertThat(user, 'entity.not_found', { status: 404 });
      return user;
    },
    set: (id, roles) =>
      context.tenant.users.update((q) => q.where({ id }), {
        data: (row) => void Object.assign(row, { roles }),
      }),
    view: (user) => userView(user as never),
    existing: 'role.user_exists',
    wrongType: 'user.invalid_role_type',
    searched: ['id', 'primaryEmail', 'primaryPhone', 'username', 'name'],
  },
  {
    type: 'MachineToMachine',
    path: 'applications',
    member: 'applicationIds',
    all: () => context.tenant.applications.findMany(),
    find(id) {
      const row = findApplication(context.tenant, id);
      assertThat(row, 'entity.not_exists_with_id', { status: 404, values: { name: 'applications', id } });
      return row;
    },
    set: (id, roles) =>
      context.tenant.applications.update((q) => q.where({ id }), {
        data: (row) => void Object.assign(row, { roles }),
      }),
    view: (application) => applicationView(application as never),
    existing: 'role.application_exists',
    wrongType: 'application.invalid_role_type',
    searched: ['id', 'name', 'description'],
  },
];

/** An empty search is none here. */
const withoutEmpty = (query: URLSearchParams) =>
  new URLSearchParams([...query].filter(([key, value]) => !key.startsWith('search') || value !== ''));

export function registerRoleHolders(
  scope: FastifyInstance,
  context: LogtoContext,
  roleView: (row: RoleRow) => unknown,
): void {
  const roles = () => rowsOf(context.tenant).roles;
  const role = (id: string) => byId(roles(), id, 'roles');
  for (const kind of kinds(context)) {
    type ByBoth = { Params: { id: string; roleId: string; holderId: string } };
    const rolesOf = (holder: Holder) => roles().filter(({ name }) => holder.roles.includes(name));
    const machine = (holder: Holder): Holder => {
      const isMachine = !('type' in holder) || holder.type === 'MachineToMachine';
      assertThat(isMachine, 'application.invalid_type', { status: 422 });
      return holder;
    };
    const take = async (holder: Holder, row: RoleRow) => {
      assertThat(holder.roles.includes(row.name), 'entity.not_found', { status: 404 });
      await kind.set(
        holder.id,
        holder.roles.filter((name) => name !== row.name),
      );
    };

    scope.get<ById>(`/api/roles/:id/${kind.path}`, async (request, reply) => {
      const { name } = role(request.params.id);
      const fits = searchFilter(withoutEmpty(queryOf(request.url)), kind.searched);
      const holders = kind.all().filter((holder) => holder.roles.includes(name) && fits(holder));
      return page(request, reply, holders.map(kind.view), false);
    });
    scope.post<ById>(`/api/roles/:id/${kind.path}`, async (request, reply) => {
      const body = guardBody(z.object({ [kind.member]: ids.nonempty() }), request);
      const row = role(request.params.id);
      assertThat(row.type === kind.type, 'entity.db_constraint_violated', { status: 422 });
      const holders = (body[kind.member] ?? []).map((id) => machine(kind.find(id)));
      const already = holders.find((holder) => holder.roles.includes(row.name));
      assertThat(!already, kind.existing, { status: 422 });
      for (const holder of holders) await kind.set(holder.id, [...holder.roles, row.name]);
      return reply.code(201).type('text/plain; charset=utf-8').send('Created');
    });
    scope.delete<ByBoth>(`/api/roles/:id/${kind.path}/:holderId`, async ({ params }, reply) => {
      await take(kind.find(params.holderId), role(params.id));
      return reply.code(204).send();
    });

    const own = `/api/${kind.path}/:id/roles`;
    scope.get<ById>(own, async (request, reply) => {
      const fits = searchFilter(withoutEmpty(queryOf(request.url)), ['id', 'name', 'description']);
      const rows = rolesOf(machine(kind.find(request.params.id))).filter(fits);
      return page(request, reply, rows.map(roleView), false);
    });
    scope.post<ById>(own, async (request, reply) => {
      const { roleIds } = guardBody(z.object({ roleIds: ids }), request);
      const holder = machine(kind.find(request.params.id));
      const added = roleIds.map(role).filter(({ name }) => !holder.roles.includes(name));
      for (const row of added)
        assertThat(row.type === kind.type, kind.wrongType, { status: 422, values: { roleId: row.id } });
      await kind.set(holder.id, [...holder.roles, ...added.map(({ name }) => name)]);
      return reply.code(201).send({ roleIds, addedRoleIds: added.map(({ id }) => id) });
    });
    scope.put<ById>(own, async (request, reply) => {
      const { roleIds } = guardBody(z.object({ roleIds: ids }), request);
      const holder = machine(kind.find(request.params.id));
      await kind.set(holder.id, [...new Set(roleIds.map((id) => role(id).name))]);
      return kind.type === 'User'
        ? { roleIds: [...new Set(roleIds)] }
        : reply.type('text/plain; charset=utf-8').send('OK');
    });
    scope.delete<ByBoth>(`${own}/:roleId`, async ({ params }, reply) => {
      await take(machine(kind.find(params.id)), role(params.roleId));
      return reply.code(204).send();
    });
  }
}
