/** /api/applications and their secrets: recordings 022, 027 to 034. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat, notServed } from '../errors.ts';
import { guard, guardBody } from '../guard.ts';
import { MANAGEMENT_ROLE } from '../resources.ts';
import { rowsOf } from '../rows.ts';
import { type Application, newId } from '../tenant.ts';
import { applicationView, secretView } from './application-views.ts';
import { page } from './paging.ts';
import { queryOf, searchFilter } from './user-search.ts';

/** All types of Logto, in its order: complaints name them (recording 705). */
const types = Object.fromEntries(
  ['Native', 'SPA', 'Traditional', 'MachineToMachine', 'Protected', 'SAML'].map((name) => [name, name]),
) as { [Name in Application['type'] | 'Protected' | 'SAML']: Name };

/** Redirect URIs are judged by Logto's own check, which is loaded with the first application. */
const guards = async () => {
  const { validateRedirectUrl } = await import('@logto/core-kit');
  const redirectUri = z
    .string()
    .refine((url) => validateRedirectUrl(url, 'web') || validateRedirectUrl(url, 'mobile'));
  const oidcClientMetadata = z.object({
    redirectUris: redirectUri.array(),
    postLogoutRedirectUris: redirectUri.array(),
    backchannelLogoutUri: z.string().url().optional(),
    backchannelLogoutSessionRequired: z.boolean().optional(),
    logoUri: z.string().optional(),
  });
  const customClientMetadata = z.object({
    corsAllowedOrigins: z.string().min(1).array().optional(),
    idTokenTtl: z.number().optional(),
    refreshTokenTtl: z.number().optional(),
    refreshTokenTtlInDays: z.number().int().min(1).max(180).optional(),
    tenantId: z.string().optional(),
    alwaysIssueRefreshToken: z.boolean().optional(),
    rotateRefreshToken: z.boolean().optional(),
    allowTokenExchange: z.boolean().optional(),
    isDeviceFlow: z.boolean().optional(),
    maxAllowedGrants: z.number().int().positive().optional(),
  });
  const fields = {
    name: z.string().min(1).max(256),
    description: z.string().nullable().optional(),
    oidcClientMetadata: oidcClientMetadata.optional(),
    customClientMetadata: customClientMetadata.optional(),
    customData: z.record(z.string(), z.unknown()).optional(),
  };
  return {
    create: z.object({ ...fields, type: z.nativeEnum(types), isThirdParty: z.boolean().optional() }),
    change: z.object({
      ...fields,
      name: fields.name.optional(),
      oidcClientMetadata: oidcClientMetadata.partial().optional(),
      isAdmin: z.boolean().optional(),
    }),
  };
};

const secretBody = z.object({
  name: z.string().min(1).max(256),
  expiresAt: z.number().nullable().optional(),
});

export function registerApplications(scope: FastifyInstance, context: LogtoContext): void {
  const find = (id: string): Application => {
    const row = findApplication(context.tenant, id);
    assertThat(row, 'entity.not_exists_with_id', { status: 404, values: { name: 'applications', id } });
    return row;
  };
  const change = async (id: string, edit: (row: Application) => void): Promise<Application> => {
    find(id);
    return (await context.tenant.applications.update((q) => q.where({ id }), {
      data: (row) => edit(row as Application),
    })) as Application;
  };

  scope.get('/api/applications', async (request, reply) => {
    const type = z.nativeEnum(types);
    const {
      types: wanted,
      isThirdParty,
      excludeRoleId,
      excludeOrganizationId,
    } = guard(
      'query',
      z.object({
        types: type
          .array()
          .or(type.transform((one) => [one]))
          .optional(),
        isThirdParty: z.enum(['true', 'false']).optional(),
        excludeRoleId: z.string().optional(),
        excludeOrganizationId: z.string().optional(),
      }),
      request.query,
    );
    assertThat(!excludeRoleId || !excludeOrganizationId, 'request.invalid_input', {
      values: {
        details: 'Parameter `excludeRoleId` and `excludeOrganizationId` cannot be used at the same time.',
      },
    });
    const fits = searchFilter(queryOf(request.url), ['id', 'name', 'description']);
    const role = rowsOf(context.tenant).roles.find(({ id }) => id === excludeRoleId)?.name ?? '';
    const inside = context.tenant.organizations.get(excludeOrganizationId ?? '')?.applications;
    const rows = context.tenant.applications
      .findMany()
      .filter(
        (row) =>
          fits(row) &&
          !row.roles.includes(role) &&
          !inside?.has(row.id) &&
          (!wanted || wanted.includes(row.type)) &&
          (!isThirdParty || String(row.isThirdParty) === isThirdParty),
      )
      .sort((a, b) => b.createdAt - a.createdAt);
    return page(
      request,
      reply,
      rows.map((row) => applicationView(row as Application)),
      true,
    );
  });

  scope.post('/api/applications', async (request) => {
    const body = guardBody((await guards()).create, request);
    assertThat(
      !body.customClientMetadata?.isDeviceFlow || body.type === 'Native',
      'application.device_flow_native_only',
      { status: 422 },
    );
    assertThat(
      !body.isThirdParty || body.type !== 'MachineToMachine',
      'application.invalid_third_party_application_type',
    );
    const { type } = body;
    assertThat(type !== 'SAML', 'application.saml.use_saml_app_api');
    if (type === 'Protected') throw notServed(`applications of type ${type}`);
    const now = Date.now();
    const withSecret = type === 'Traditional' || type === 'MachineToMachine';
    const row = await context.tenant.applications.create({
      ...body,
      type,
      id: newId.entity(),
      oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [], ...body.oidcClientMetadata },
      createdAt: now,
      secrets: withSecret
        ? [{ name: 'Default secret', value: newId.secret(), createdAt: now, expiresAt: null }]
        : [],
    });
    return applicationView(row as Application);
  });

  scope.get<{ Params: { id: string } }>('/api/applications/:id', async ({ params }) => {
    const row = find(params.id);
    return { ...applicationView(row), isAdmin: row.roles.includes(MANAGEMENT_ROLE) };
  });

  scope.patch<{ Params: { id: string } }>('/api/applications/:id', async (request) => {
    const { isAdmin, ...body } = guardBody((await guards()).change, request);
    const { isDeviceFlow } = find(request.params.id).customClientMetadata as { isDeviceFlow?: boolean };
    assertThat(
      !body.customClientMetadata || Boolean(body.customClientMetadata.isDeviceFlow) === Boolean(isDeviceFlow),
      'application.device_flow_not_changeable',
      { status: 422 },
    );
    const row = await change(request.params.id, (draft) => {
      const { oidcClientMetadata, ...rest } = body;
      Object.assign(
        draft,
        rest,
        oidcClientMetadata && { oidcClientMetadata: { ...draft.oidcClientMetadata, ...oidcClientMetadata } },
      );
      if (isAdmin === undefined) return;
      const others = draft.roles.filter((role) => role !== MANAGEMENT_ROLE);
      draft.roles = isAdmin ? [...others, MANAGEMENT_ROLE] : others;
    });
    return applicationView(row);
  });

  scope.delete<{ Params: { id: string } }>('/api/applications/:id', async ({ params }, reply) => {
    const { id } = find(params.id);
    context.tenant.applications.delete((q) => q.where({ id }));
    return reply.code(204).send();
  });

  scope.get<{ Params: { id: string } }>('/api/applications/:id/secrets', async ({ params }) => {
    const row = find(params.id);
    return row.secrets.map((secret) => secretView(row, secret));
  });

  scope.post<{ Params: { id: string } }>('/api/applications/:id/secrets', async (request, reply) => {
    const { name, expiresAt = null } = guardBody(secretBody, request);
    assertThat(!expiresAt || expiresAt > Date.now(), 'request.invalid_input', {
      values: { details: 'The value of `expiresAt` must be in the future.' },
    });
    const { type, secrets } = find(request.params.id);
    const withSecret = type === 'Traditional' || type === 'MachineToMachine';
    assertThat(withSecret, 'entity.db_constraint_violated', { status: 422 });
    assertThat(!secrets.some((secret) => secret.name === name), 'application.secret_name_exists', {
      status: 422,
    });
    const secret = { name, value: newId.secret(), createdAt: Date.now(), expiresAt };
    const row = await change(request.params.id, (draft) => {
      draft.secrets = [...draft.secrets, secret];
    });
    return reply.code(201).send(secretView(row, secret));
  });

  scope.patch<{ Params: { id: string; name: string } }>(
    '/api/applications/:id/secrets/:name',
    async (request) => {
      const { name } = guardBody(secretBody.pick({ name: true }), request);
      const known = find(request.params.id).secrets.find((secret) => secret.name === request.params.name);
      assertThat(known, 'entity.not_found', { status: 404 });
      const taken = find(request.params.id).secrets.some((one) => one.name === name && one !== known);
      assertThat(!taken, 'application.secret_name_exists', { status: 422 });
      const row = await change(request.params.id, (draft) => {
        draft.secrets = draft.secrets.map((secret) =>
          secret.name === known.name ? { ...secret, name } : secret,
        );
      });
      return secretView(row, { ...known, name });
    },
  );

  scope.delete<{ Params: { id: string; name: string } }>(
    '/api/applications/:id/secrets/:name',
    async ({ params }, reply) => {
      assertThat(
        find(params.id).secrets.some((secret) => secret.name === params.name),
        'entity.not_found',
        { status: 404 },
      );
      await change(params.id, (draft) => {
        draft.secrets = draft.secrets.filter((secret) => secret.name !== params.name);
      });
      return reply.code(204).send();
    },
  );
}
