/** Resources, ID token claims, signing keys, one-time tokens and codes of the Management API: recordings 033, 627 to 630, 646, 662 to 672. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guard, guardBody } from '../guard.ts';
import type { SigningKey } from '../keys.ts';
import { EMAIL, PHONE } from '../phones.ts';
import { MANAGEMENT_API } from '../resources.ts';
import { byId, renameScope, rowsOf } from '../rows.ts';
import { sendCode } from '../send-code.ts';
import { servicesOf } from '../services.ts';
import { newId, type Resource } from '../tenant.ts';
import { drop } from './crud.ts';
import { page } from './paging.ts';
import { scopeView } from './roles.ts';

const EXTENDED_CLAIMS = [
  'custom_data',
  'identities',
  'sso_identities',
  'roles',
  'organizations',
  'organization_data',
  'organization_roles',
] as const;

export const resourceView = ({ id, name, indicator, isDefault, accessTokenTtl }: Resource) => ({
  tenantId: 'default',
  id,
  name,
  indicator,
  isDefault,
  accessTokenTtl,
});

export function registerResources(scope: FastifyInstance, context: LogtoContext): void {
  type ById = { Params: { id: string } };
  type ByScope = { Params: { resourceId: string; scopeId: string } };
  type ByResource = { Params: { resourceId: string } };
  const create = z.object({
    name: z.string().min(1),
    indicator: z.string().min(1),
    accessTokenTtl: z.number().optional(),
  });
  const find = (id: string): Resource => {
    const row = context.tenant.resources.findFirst((q) => q.where({ id }));
    assertThat(row, 'entity.not_exists_with_id', { status: 404, values: { name: 'resources', id } });
    return row;
  };
  const change = async (id: string, columns: Partial<Resource>): Promise<Resource> =>
    (await context.tenant.resources.update((q) => q.where({ id }), {
      data: (row) => void Object.assign(row, columns),
    })) as Resource;

  scope.get('/api/resources', async (request, reply) =>
    page(request, reply, context.tenant.resources.findMany().map(resourceView), true),
  );
  scope.get<ById>('/api/resources/:id', async ({ params }) => resourceView(find(params.id)));
  scope.post('/api/resources', async (request, reply) => {
    const body = guardBody(create, request);
    const taken = context.tenant.resources.findFirst((q) => q.where({ indicator: body.indicator }));
    assertThat(!taken, 'resource.resource_identifier_in_use', {
      status: 422,
      values: { indicator: body.indicator },
    });
    const row = await context.tenant.resources.create({ id: newId.entity(), ...body });
    return reply.code(201).send({ ...resourceView(row), scopes: [] });
  });
  scope.patch<ById>('/api/resources/:id', async (request) => {
    const body = guardBody(create.omit({ indicator: true }).partial(), request);
    assertThat(find(request.params.id).indicator !== MANAGEMENT_API, 'resource.cannot_modify_management_api');
    return resourceView(await change(request.params.id, body));
  });
  scope.patch<ById>('/api/resources/:id/is-default', async (request) => {
    const { isDefault } = guardBody(z.object({ isDefault: z.boolean() }), request);
    const { id } = find(request.params.id);
    if (isDefault)
      for (const other of context.tenant.resources.findMany())
        if (other.isDefault) await change(other.id, { isDefault: false });
    return resourceView(await change(id, { isDefault }));
  });
  scope.delete<ById>('/api/resources/:id', async ({ params }, reply) => {
    assertThat(find(params.id).indicator !== MANAGEMENT_API, 'resource.cannot_delete_management_api');
    context.tenant.resources.delete((q) => q.where({ id: params.id }));
    return reply.code(204).send();
  });
  scope.post<ByResource>('/api/resources/:resourceId/scopes', async (request, reply) => {
    const { name, description } = guardBody(
      z.object({ name: z.string().min(1), description: z.string().nullish() }),
      request,
    );
    const resource = find(request.params.resourceId);
    guardEditable(resource);
    assertThat(!/\s/.test(name), 'scope.name_with_space');
    assertThat(!resource.scopes.includes(name), 'scope.name_exists', { status: 422, values: { name } });
    await change(resource.id, { scopes: [...resource.scopes, name] });
    const row = byId(scopesOf(resource.id), name, 'scopes', 'name');
    return reply.code(201).send(scopeView(Object.assign(row, { description: description ?? null })));
  });
  const scopesOf = (resourceId: string) =>
    rowsOf(context.tenant).scopes.filter((row) => row.resourceId === resourceId);
  const guardEditable = (resource: Resource) =>
    assertThat(resource.indicator !== MANAGEMENT_API, 'resource.cannot_modify_management_api');
  scope.get<ByResource>('/api/resources/:resourceId/scopes', async (request, reply) => {
    const { id } = find(request.params.resourceId);
    return page(request, reply, scopesOf(id).map(scopeView), true);
  });
  scope.patch<ByScope>('/api/resources/:resourceId/scopes/:scopeId', async (request) => {
    const body = guardBody(
      z.object({ name: z.string().min(1), description: z.string().nullish() }).partial(),
      request,
    );
    const resource = find(request.params.resourceId);
    guardEditable(resource);
    const row = byId(scopesOf(resource.id), request.params.scopeId, 'scopes');
    assertThat(!/\s/.test(body.name ?? ''), 'scope.name_with_space');
    const taken = scopesOf(resource.id).some((one) => one.name === body.name && one !== row);
    assertThat(!taken, 'scope.name_exists', { status: 422, values: { name: body.name } });
    if (body.name) renameScope(context.tenant, resource.indicator, row.name, body.name);
    const { name: was } = row;
    Object.assign(row, body);
    await change(resource.id, { scopes: resource.scopes.map((one) => (one === was ? row.name : one)) });
    return scopeView(row);
  });
  scope.delete<ByScope>('/api/resources/:resourceId/scopes/:scopeId', async ({ params }, reply) => {
    const resource = find(params.resourceId);
    guardEditable(resource);
    const row = byId(scopesOf(resource.id), params.scopeId, 'scopes');
    renameScope(context.tenant, resource.indicator, row.name, undefined);
    await change(resource.id, { scopes: resource.scopes.filter((one) => one !== row.name) });
    drop(rowsOf(context.tenant).scopes, row);
    return reply.code(204).send();
  });
}

/** Key ids of the API are not the `kid` of the JWKS; each key keeps the one it was first shown with. */
const keyIds = new WeakMap<SigningKey, string>();
function keyView(key: SigningKey, index: number) {
  const id = keyIds.get(key) ?? newId.entity();
  keyIds.set(key, id);
  return {
    id,
    createdAt: Math.floor(key.createdAt / 1000),
    signingKeyAlgorithm: key.alg === 'RS256' ? 'RSA' : 'EC',
    status: index === 0 ? 'Current' : 'Previous',
  };
}

export function registerConfigs(scope: FastifyInstance, context: LogtoContext): void {
  scope.get('/api/configs/id-token', async () => ({ enabledExtendedClaims: context.tenant.idTokenClaims }));
  scope.put('/api/configs/id-token', async (request) => {
    const { enabledExtendedClaims = [] } = guardBody(
      z.object({ enabledExtendedClaims: z.enum(EXTENDED_CLAIMS).array().optional() }),
      request,
    );
    context.tenant.idTokenClaims = enabledExtendedClaims;
    return { enabledExtendedClaims };
  });
  scope.get('/api/configs/oidc/private-keys', async () => context.signingKeys.map(keyView));
  scope.post('/api/configs/oidc/private-keys/rotate', async (request) => {
    const { signingKeyAlgorithm = 'EC' } = guardBody(
      z.object({
        signingKeyAlgorithm: z.enum(['RSA', 'EC']).optional(),
        rotationGracePeriod: z.number().int().nonnegative().optional(),
      }),
      request,
    );
    await context.rotateSigningKey(signingKeyAlgorithm);
    return context.signingKeys.map(keyView);
  });
}

export function registerOneTimeTokens(scope: FastifyInstance, context: LogtoContext): void {
  type ById = { Params: { id: string } };
  const status = z.enum(['active', 'consumed', 'revoked', 'expired']);
  const oneTimeTokens = () => servicesOf(context).oneTimeTokens;
  const create = z.object({
    email: z.string().regex(EMAIL),
    context: z
      .object({
        jitOrganizationIds: z.string().array().optional(),
        interactionEvent: z.enum(['SignIn', 'Register', 'ForgotPassword']).optional(),
      })
      .optional(),
    expiresIn: z.number().min(1).optional(),
  });

  scope.get('/api/one-time-tokens', async (request, reply) => {
    const filter = guard(
      'query',
      z.object({ email: z.string().regex(EMAIL).optional(), status: status.optional() }),
      request.query,
    );
    return page(request, reply, oneTimeTokens().list(filter, context.scopeOf(request)), true);
  });
  scope.get<ById>('/api/one-time-tokens/:id', async (request) =>
    oneTimeTokens().byId(request.params.id, context.scopeOf(request)),
  );
  scope.post('/api/one-time-tokens', async (request, reply) =>
    reply.code(201).send(oneTimeTokens().create(guardBody(create, request), context.scopeOf(request))),
  );
  scope.post('/api/one-time-tokens/verify', async (request) => {
    const { token, email } = guardBody(
      z.object({ token: z.string().min(1), email: z.string().regex(EMAIL) }),
      request,
    );
    return oneTimeTokens().verify(token, email, undefined, context.scopeOf(request));
  });
  scope.put<ById>('/api/one-time-tokens/:id/status', async (request) =>
    oneTimeTokens().setStatus(
      request.params.id,
      guardBody(z.object({ status }), request).status,
      context.scopeOf(request),
    ),
  );
  scope.delete<ById>('/api/one-time-tokens/:id', async ({ params }, reply) => {
    oneTimeTokens().remove(params.id);
    return reply.code(204).send();
  });
}

const recipientOf = (body: { phone?: string; email?: string }) =>
  body.phone === undefined
    ? { type: 'email' as const, value: body.email as string }
    : { type: 'phone' as const, value: body.phone };

/** Codes without an interaction: the Generic template, one open code for each recipient. */
export function registerVerificationCodes(scope: FastifyInstance, context: LogtoContext): void {
  const email = z.object({ email: z.string().regex(EMAIL) });
  const phone = z.object({ phone: z.string().regex(PHONE) });
  const code = z.object({ verificationCode: z.string().min(1) });

  scope.post('/api/verification-codes', async (request, reply) => {
    const recipient = recipientOf(guardBody(email.or(phone), request));
    await sendCode(context, { owner: null, template: 'Generic', recipient, scope: context.scopeOf(request) });
    return reply.code(204).send();
  });
  scope.post('/api/verification-codes/verify', async (request, reply) => {
    const { verificationCode, ...body } = guardBody(email.merge(code).or(phone.merge(code)), request);
    servicesOf(context).passcodes.verify(
      null,
      'Generic',
      recipientOf(body),
      verificationCode,
      context.scopeOf(request),
    );
    return reply.code(204).send();
  });
}
