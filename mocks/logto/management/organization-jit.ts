/** /api/organizations/:id/jit: whom an organization takes in by itself, and with which roles (routes/organization/jit). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { type Jit, jitOf } from '../jit.ts';
import { byId, rowsOf } from '../rows.ts';
import { roleView } from './organization-template.ts';
import { page } from './paging.ts';

const ids = z.string().min(1).array();

export function registerOrganizationJit(scope: FastifyInstance, context: LogtoContext): void {
  type ById = { Params: { id: string; emailDomain: string; organizationRoleId: string } };
  /** @throws LogtoError entity.relation_foreign_key_not_found (422) for an organization that is not there */
  const toChange = (id: string): Jit => {
    const organization = context.tenant.organizations.get(id);
    assertThat(organization, 'entity.relation_foreign_key_not_found', { status: 422 });
    return jitOf(organization);
  };

  const domains = '/api/organizations/:id/jit/email-domains';
  const domainView = (organizationId: string, emailDomain: string) => ({
    tenantId: 'default',
    organizationId,
    emailDomain,
  });
  scope.get<ById>(domains, async (request, reply) => {
    const { id } = request.params;
    const organization = context.tenant.organizations.get(id);
    const all = organization ? jitOf(organization).emailDomains : [];
    return page(
      request,
      reply,
      all.map((domain) => domainView(id, domain)),
      true,
    );
  });
  scope.post<ById>(domains, async (request, reply) => {
    const { emailDomain } = guardBody(z.object({ emailDomain: z.string().min(1) }), request);
    const jit = toChange(request.params.id);
    const taken = jit.emailDomains.includes(emailDomain);
    assertThat(!taken, 'entity.unique_integrity_violation', { status: 422 });
    jit.emailDomains = [...jit.emailDomains, emailDomain];
    return reply.code(201).send(domainView(request.params.id, emailDomain));
  });
  scope.put<ById>(domains, async (request, reply) => {
    const { emailDomains } = guardBody(z.object({ emailDomains: z.string().array() }), request);
    toChange(request.params.id).emailDomains = [...new Set(emailDomains)];
    return reply.code(204).send();
  });
  scope.delete<ById>(`${domains}/:emailDomain`, async ({ params }, reply) => {
    const jit = toChange(params.id);
    assertThat(jit.emailDomains.includes(params.emailDomain), 'entity.not_found', { status: 404 });
    jit.emailDomains = jit.emailDomains.filter((domain) => domain !== params.emailDomain);
    return reply.code(204).send();
  });

  const roles = '/api/organizations/:id/jit/roles';
  const known = (wanted: readonly string[]): string[] => {
    const { organizationRoles } = rowsOf(context.tenant);
    for (const id of wanted)
      if (!organizationRoles.some((row) => row.id === id))
        throw new LogtoError('entity.relation_foreign_key_not_found', { status: 422 });
    return [...new Set(wanted)];
  };
  scope.get<ById>(roles, async (request, reply) => {
    const all = [...context.tenant.organizations.values()];
    const { roleIds } = jitOf(byId(all, request.params.id, 'organizations'));
    const rows = rowsOf(context.tenant).organizationRoles.filter(({ id }) => roleIds.includes(id));
    return page(request, reply, rows.map(roleView), true);
  });
  scope.post<ById>(roles, async (request, reply) => {
    const { organizationRoleIds } = guardBody(z.object({ organizationRoleIds: ids.nonempty() }), request);
    const jit = toChange(request.params.id);
    jit.roleIds = [...new Set([...jit.roleIds, ...known(organizationRoleIds)])];
    return reply.code(201).type('text/plain; charset=utf-8').send('Created');
  });
  scope.put<ById>(roles, async (request, reply) => {
    const { organizationRoleIds } = guardBody(z.object({ organizationRoleIds: ids }), request);
    toChange(request.params.id).roleIds = known(organizationRoleIds);
    return reply.code(204).send();
  });
  scope.delete<ById>(`${roles}/:organizationRoleId`, async ({ params }, reply) => {
    const jit = toChange(params.id);
    assertThat(jit.roleIds.includes(params.organizationRoleId), 'entity.not_found', { status: 404 });
    jit.roleIds = jit.roleIds.filter((id) => id !== params.organizationRoleId);
    return reply.code(204).send();
  });
}
