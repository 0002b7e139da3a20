/**
 * What third-party applications may ask people for, and which organizations people let them into
 * (packages/core routes/applications/application-user-consent-scope.ts, -organization.ts).
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { claimsByScope, findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { MANAGEMENT_API } from '../resources.ts';
import { byId, resourceOf, rowsOf, type ScopeRow } from '../rows.ts';
import type { Application } from '../tenant.ts';
import { type ConsentScopes, consentedOrganizations, consentScopesOf } from '../third-party.ts';
import { organizationView } from './organizations.ts';
import { page } from './paging.ts';
import { scopeView } from './roles.ts';
import { resourceView } from './tenant-config.ts';

const userScopes = Object.keys(claimsByScope).filter((name) => name !== 'openid');
const ids = z.string().array();
const scopeBody = z.object({
  organizationScopes: ids.optional(),
  resourceScopes: ids.optional(),
  organizationResourceScopes: ids.optional(),
  userScopes: z
    .enum(userScopes as [string, ...string[]])
    .array()
    .optional(),
});
/** Parts of an address, and the lists that they mean. */
const TYPES: Record<string, keyof ConsentScopes> = {
  'organization-scopes': 'organizationScopes',
  'resource-scopes': 'resourceScopes',
  'organization-resource-scopes': 'organizationResourceScopes',
  'user-scopes': 'userScopes',
};

export function registerUserConsent(scope: FastifyInstance, context: LogtoContext): void {
  const find = (id: string): Application => {
    const row = findApplication(context.tenant, id);
    assertThat(row, 'entity.not_exists_with_id', { status: 404, values: { name: 'applications', id } });
    return row;
  };
  /** @throws LogtoError application.third_party_application_only (422) */
  const findThirdParty = (id: string): Application => {
    const row = find(id);
    assertThat(row.isThirdParty, 'application.third_party_application_only', { status: 422 });
    return row;
  };
  registerScopes(scope, context, find, findThirdParty);

  type OfUser = { Params: { id: string; userId: string; organizationId: string } };
  const path = '/api/applications/:id/users/:userId/consent-organizations';
  const consented = ({ id, userId }: OfUser['Params']): Set<string> => {
    findThirdParty(id);
    byId(context.tenant.users.findMany(), userId, 'users');
    return consentedOrganizations(context.tenant, id, userId);
  };
  const guardMember = (userId: string, organizationIds: readonly string[]) =>
    assertThat(
      organizationIds.every((id) => context.tenant.organizations.get(id)?.members.has(userId)),
      'organization.require_membership',
      { status: 422 },
    );

  scope.get<OfUser>(path, async (request, reply) => {
    const rows = [...consented(request.params)].flatMap((id) => context.tenant.organizations.get(id) ?? []);
    return { organizations: page(request, reply, rows.map(organizationView), false) };
  });
  for (const method of ['PUT', 'POST'] as const)
    scope.route<OfUser>({
      method,
      url: path,
      async handler(request, reply) {
        const all = consented(request.params);
        const list = z.string().min(1).array();
        const { organizationIds } = guardBody(
          z.object({ organizationIds: method === 'POST' ? list.nonempty() : list }),
          request as never,
        );
        guardMember(request.params.userId, organizationIds);
        if (method === 'PUT') all.clear();
        for (const id of organizationIds) all.add(id);
        return method === 'PUT'
          ? reply.code(204).send()
          : reply.code(201).type('text/plain; charset=utf-8').send('Created');
      },
    });
  scope.delete<OfUser>(`${path}/:organizationId`, async ({ params }, reply) => {
    assertThat(consented(params).delete(params.organizationId), 'entity.not_found', { status: 404 });
    return reply.code(204).send();
  });
}

function registerScopes(
  scope: FastifyInstance,
  context: LogtoContext,
  find: (id: string) => Application,
  findThirdParty: (id: string) => Application,
): void {
  type ById = { Params: { applicationId: string; scopeType: string; scopeId: string } };
  const path = '/api/applications/:applicationId/user-consent-scopes';
  const rows = () => rowsOf(context.tenant);
  /** Scopes of a list by their resource. */
  const byResource = (wanted: readonly string[]) => {
    const groups = new Map<string, ScopeRow[]>();
    for (const id of wanted) {
      const row = rows().scopes.find((one) => one.id === id);
      if (row) groups.set(row.resourceId, [...(groups.get(row.resourceId) ?? []), row]);
    }
    return [...groups.values()].flatMap((scopes) => {
      const resource = scopes[0] && resourceOf(context.tenant, scopes[0]);
      return resource ? [{ resource: resourceView(resource), scopes: scopes.map(scopeView) }] : [];
    });
  };

  scope.post<ById>(path, async (request, reply) => {
    const body = guardBody(scopeBody, request);
    const { id } = findThirdParty(request.params.applicationId);
    const { scopes, organizationScopes } = rows();
    const unknown = (wanted: readonly string[] = [], all: readonly { id: string }[]) =>
      wanted.filter((one) => !all.some((row) => row.id === one));
    const invalid = {
      invalidOrganizationScopes: unknown(body.organizationScopes, organizationScopes),
      invalidResourceScopes: unknown(body.resourceScopes, scopes),
      invalidOrganizationResourceScopes: unknown(body.organizationResourceScopes, scopes),
    };
    assertThat(
      Object.values(invalid).every((list) => list.length === 0),
      'application.user_consent_scopes_not_found',
      { status: 422, data: invalid },
    );
    const managing = [...(body.resourceScopes ?? []), ...(body.organizationResourceScopes ?? [])].some(
      (one) => resourceOf(context.tenant, byId(scopes, one, 'scopes'))?.indicator === MANAGEMENT_API,
    );
    assertThat(!managing, 'application.consent_management_api_scopes_not_allowed', { status: 422 });
    const kept = consentScopesOf(context.tenant, id);
    for (const name of Object.values(TYPES))
      kept[name] = [...new Set([...kept[name], ...(body[name] ?? [])])];
    return reply.code(201).type('text/plain; charset=utf-8').send('Created');
  });
  scope.get<ById>(path, async ({ params }) => {
    const kept = consentScopesOf(context.tenant, find(params.applicationId).id);
    return {
      organizationScopes: rows()
        .organizationScopes.filter(({ id }) => kept.organizationScopes.includes(id))
        .map(({ id, name, description }) => ({ id, name, description })),
      resourceScopes: byResource(kept.resourceScopes),
      organizationResourceScopes: byResource(kept.organizationResourceScopes),
      userScopes: kept.userScopes,
    };
  });
  scope.delete<ById>(`${path}/:scopeType/:scopeId`, async ({ params }, reply) => {
    const kept = consentScopesOf(context.tenant, find(params.applicationId).id);
    const name = Object.hasOwn(TYPES, params.scopeType) ? TYPES[params.scopeType] : undefined;
    assertThat(name, 'guard.invalid_input', { values: { type: 'params' } });
    assertThat(kept[name].includes(params.scopeId), 'entity.not_found', { status: 404 });
    kept[name] = kept[name].filter((one) => one !== params.scopeId);
    return reply.code(204).send();
  });
}
