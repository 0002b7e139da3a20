/** How an application looks to those who sign in to it, and its custom data (packages/core routes/applications). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import type { Application, Tenant } from '../tenant.ts';

export interface ApplicationLooks {
  tenantId: string;
  applicationId: string;
  color: Record<string, unknown>;
  branding: Record<string, unknown>;
  customCss: string | null;
  termsOfUseUrl: string | null;
  privacyPolicyUrl: string | null;
  displayName: string | null;
}

const kept = new WeakMap<Tenant, Map<string, ApplicationLooks>>();
const looksOf = (tenant: Tenant) => {
  const all = kept.get(tenant) ?? new Map<string, ApplicationLooks>();
  kept.set(tenant, all);
  return all;
};

/** The sign-in experience of one application, when it has one of its own. */
export const signInExperienceOf = (tenant: Tenant, applicationId: string): ApplicationLooks | undefined =>
  looksOf(tenant).get(applicationId);

const json = z.record(z.string(), z.unknown());
const text = (max: number) =>
  z
    .string()
    .max(max)
    .optional()
    .nullable()
    .transform((value) => (value === '' ? null : value));
const address = z
  .string()
  .max(2048)
  .url()
  .optional()
  .nullable()
  .or(z.literal(''))
  .transform((value) => (value === '' ? null : value));
const body = z.object({
  color: json.optional(),
  branding: json.optional(),
  customCss: text(Number.MAX_SAFE_INTEGER),
  termsOfUseUrl: address,
  privacyPolicyUrl: address,
  displayName: text(256),
});

export function registerApplicationExtras(scope: FastifyInstance, context: LogtoContext): void {
  type ById = { Params: { applicationId: string } };
  const find = (id: string): Application => {
    const row = findApplication(context.tenant, id);
    assertThat(row, 'entity.not_exists_with_id', { status: 404, values: { name: 'applications', id } });
    return row;
  };

  scope.put<ById>('/api/applications/:applicationId/sign-in-experience', async (request, reply) => {
    const change = guardBody(body, request);
    const { id } = find(request.params.applicationId);
    const known = signInExperienceOf(context.tenant, id);
    const row: ApplicationLooks = {
      tenantId: 'default',
      applicationId: id,
      color: {},
      branding: {},
      customCss: null,
      termsOfUseUrl: null,
      privacyPolicyUrl: null,
      displayName: null,
      ...known,
      ...(Object.fromEntries(
        Object.entries(change).filter(([, value]) => value !== undefined),
      ) as Partial<ApplicationLooks>),
    };
    looksOf(context.tenant).set(id, row);
    return reply.code(known ? 200 : 201).send(row);
  });
  scope.get<ById>('/api/applications/:applicationId/sign-in-experience', async ({ params }) => {
    const { id } = find(params.applicationId);
    const row = signInExperienceOf(context.tenant, id);
    assertThat(row, 'entity.not_exists_with_id', {
      status: 404,
      values: { name: 'application_sign_in_experiences', id },
    });
    return row;
  });

  scope.patch<ById>('/api/applications/:applicationId/custom-data', async (request) => {
    const change = guardBody(json, request);
    const row = findApplication(context.tenant, request.params.applicationId);
    assertThat(row, 'entity.not_exists', { status: 404, values: { name: 'application' } });
    const customData = { ...row.customData, ...change };
    await context.tenant.applications.update((q) => q.where({ id: row.id }), {
      data: (draft) => void Object.assign(draft, { customData }),
    });
    return customData;
  });
}
