/**
 * Organizations: membership, the claims that tell of it, and organization tokens.
 *
 * Source: https://docs.logto.io/authorization/organization-permissions (token with `organization_id`, audience
 * `urn:logto:organization:<id>`) and Logto RFC 0001; core/src/oidc/grants of the facts' snapshot.
 */

import Provider, { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { handler as clientCredentials } from 'oidc-provider/lib/actions/grants/client_credentials.js';
import { handler as refreshToken } from 'oidc-provider/lib/actions/grants/refresh_token.js';
import { ORGANIZATIONS_RESOURCE } from './organizations-resource.ts';
import { rowsOf } from './rows.ts';
import type { Organization, Tenant, User } from './tenant.ts';
import { consentedOrganizations, isThirdParty } from './third-party.ts';

const SCOPE = 'urn:logto:scope:organizations';
const URN = 'urn:logto:organization:';

/** Claims about the organizations of a user. */
export function organizationClaims(tenant: Tenant, user: User): Record<string, unknown> {
  const own = [...tenant.organizations.values()].filter(({ members }) => members.has(user.id));
  return {
    organizations: own.map(({ id }) => id),
    organization_roles: own.flatMap(({ id, members }) =>
      (members.get(user.id) ?? []).map((role) => `${id}:${role}`),
    ),
    organization_data: own.map(({ id, name, description }) => ({ id, name, description })),
  };
}

const refuse = (description: string) =>
  Object.assign(new errors.AccessDenied(description), { status: 403, statusCode: 403 });

/** Roles that a user or application has in an organization. @throws AccessDenied (403) for a stranger */
function rolesIn(organization: Organization | undefined, member: string, isUser: boolean): string[] {
  const roles = (isUser ? organization?.members : organization?.applications)?.get(member);
  if (roles) return roles;
  throw refuse(
    isUser ? 'user is not a member of the organization' : 'app has not associated with the organization',
  );
}

/**
 * Roles of a person in an organization that a token is asked for (packages/core oidc/grants/utils.ts).
 *
 * @throws AccessDenied (403) for a stranger, for an application that the person did not let in, and where the
 *   organization wants a second factor: this mock keeps none that counts there
 */
function rolesForToken(tenant: Tenant, ctx: KoaContextWithOIDC, id: string, userId: string): string[] {
  const organization = tenant.organizations.get(id);
  const roles = rolesIn(organization, userId, true);
  const clientId = ctx.oidc.client?.clientId ?? '';
  if (isThirdParty(tenant, clientId) && !consentedOrganizations(tenant, clientId, userId).has(id))
    throw refuse('organization access is not granted to the application');
  if (organization?.isMfaRequired) throw refuse('organization requires MFA but user has no MFA configured');
  return roles;
}

const scopesOf = (tenant: Tenant, roles: readonly string[], indicator?: string) => [
  ...new Set(
    roles.flatMap((role) => {
      const found = tenant.organizationRoles.get(role);
      return (indicator === undefined ? found?.scopes : found?.resources[indicator]) ?? [];
    }),
  ),
];

/** The organization itself as a resource server. */
function organizationServer(
  tenant: Tenant,
  id: string,
  roles: readonly string[],
  alg: string,
): ResourceServer {
  return {
    audience: `${URN}${id}`,
    scope: scopesOf(tenant, roles).join(' '),
    accessTokenFormat: 'jwt',
    accessTokenTTL: 3600,
    jwt: { sign: { alg: alg as never } },
  };
}

/**
 * What a reserved indicator stands for: an organization by `urn:logto:organization:<id>`, or the scopes of all
 * organizations; undefined for an API resource.
 */
export function reservedServer(
  tenant: Tenant,
  indicator: string,
  member: { id: string; isUser: boolean },
  alg: string,
): ResourceServer | undefined {
  if (indicator === ORGANIZATIONS_RESOURCE) {
    const all = rowsOf(tenant).organizationScopes.map(({ name }) => name);
    return {
      audience: indicator,
      scope: all.join(' '),
      accessTokenFormat: 'jwt',
      accessTokenTTL: 3600,
      jwt: { sign: { alg: alg as never } },
    };
  }
  if (!indicator.startsWith(URN)) return undefined;
  const id = indicator.slice(URN.length);
  return organizationServer(tenant, id, rolesIn(tenant.organizations.get(id), member.id, member.isUser), alg);
}

/**
 * Scopes that roles in organizations give on an API resource: in the one that the request names, or in all that a
 * person is a member of (recordings 994, 996).
 */
export function organizationScopes(
  tenant: Tenant,
  ctx: KoaContextWithOIDC,
  indicator: string,
  member: { id: string; isUser: boolean },
): string[] {
  const named = ctx.oidc.params?.organization_id;
  if (typeof named === 'string')
    return scopesOf(tenant, rolesIn(tenant.organizations.get(named), member.id, member.isUser), indicator);
  if (!member.isUser) return [];
  const all = [...tenant.organizations.values()].flatMap(({ members }) => members.get(member.id) ?? []);
  return scopesOf(tenant, all, indicator);
}

/**
 * The organization as a resource server for a person's token.
 *
 * @throws AccessDenied (403) as `rolesForToken`
 */
export const tokenServer = (
  tenant: Tenant,
  ctx: KoaContextWithOIDC,
  id: string,
  userId: string,
  alg: string,
): ResourceServer => organizationServer(tenant, id, rolesForToken(tenant, ctx, id, userId), alg);

async function issueOrganizationToken(
  ctx: KoaContextWithOIDC,
  tenant: Tenant,
  id: string,
  alg: string,
): Promise<void> {
  const { provider, entities, client, params } = ctx.oidc;
  const { RefreshToken: source, Account: account, AccessToken: opaque } = entities;
  if (!source || !account || !client) return;
  const roles = rolesForToken(tenant, ctx, id, account.accountId);
  const info = organizationServer(tenant, id, roles, alg);
  const { grantId, sessionUid, sid, expiresWithSession, gty } = source;
  const token = new provider.AccessToken({
    accountId: account.accountId,
    client,
    grantId,
    sessionUid,
    sid,
    expiresWithSession,
    gty,
  } as never);
  token.resourceServer = new (
    provider as never as { ResourceServer: new (...args: unknown[]) => never }
  ).ResourceServer(`${URN}${id}`, info);
  const asked = typeof params?.scope === 'string' ? params.scope.split(' ') : undefined;
  token.scope = info.scope
    .split(' ')
    .filter((scope) => scope && (!asked || asked.includes(scope)))
    .join(' ');
  await opaque?.destroy();
  ctx.body = {
    ...(ctx.body as object),
    access_token: await token.save(),
    expires_in: token.expiration,
    scope: token.scope,
  };
}

/** A token of the organization itself for a machine that is in it (recordings 876 to 880). */
async function issueMachineToken(
  ctx: KoaContextWithOIDC,
  tenant: Tenant,
  id: string,
  alg: string,
): Promise<void> {
  const { provider, client, params } = ctx.oidc;
  if (!client) return;
  const roles = rolesIn(tenant.organizations.get(id), client.clientId, false);
  const info = organizationServer(tenant, id, roles, alg);
  const asked = typeof params?.scope === 'string' ? params.scope.split(' ') : [];
  const scope = info.scope
    .split(' ')
    .filter((one) => one && asked.includes(one))
    .join(' ');
  const token = new provider.ClientCredentials({ client, scope } as never);
  token.resourceServer = new (
    provider as never as { ResourceServer: new (...args: unknown[]) => never }
  ).ResourceServer(`${URN}${id}`, info);
  token.scope = scope;
  ctx.oidc.entity('ClientCredentials', token);
  ctx.body = {
    access_token: await token.save(),
    expires_in: token.expiration,
    token_type: token.tokenType,
    scope,
  };
}

/** Adds `organization_id` to the refresh and client-credentials grants. */
export function registerOrganizationGrants(provider: Provider, tenant: Tenant, alg: string): void {
  const organizationIn = (ctx: KoaContextWithOIDC) => ctx.oidc.params?.organization_id as string | undefined;
  provider.registerGrantType(
    'refresh_token',
    async (ctx) => {
      const id = organizationIn(ctx);
      if (!id) return refreshToken(ctx);
      const token = await ctx.oidc.provider.RefreshToken.find(String(ctx.oidc.params?.refresh_token));
      if (token) rolesForToken(tenant, ctx, id, token.accountId ?? '');
      if (token && !token.scopes.has(SCOPE)) {
        throw new errors.InsufficientScope('refresh token missing required scope', SCOPE);
      }
      await refreshToken(ctx);
      if (!ctx.oidc.params?.resource) await issueOrganizationToken(ctx, tenant, id, alg);
    },
    ['refresh_token', 'scope', 'resource', 'organization_id'],
    ['resource'],
  );
  provider.registerGrantType(
    'client_credentials',
    async (ctx) => {
      const id = organizationIn(ctx);
      const client = ctx.oidc.client?.clientId ?? '';
      if (id) rolesIn(tenant.organizations.get(id), client, false);
      const resource = ctx.oidc.params?.resource;
      if (id && !resource) return issueMachineToken(ctx, tenant, id, alg);
      const fallback = tenant.resources.findFirst((q) => q.where({ isDefault: true }));
      if (!resource && !fallback)
        throw new errors.InvalidTarget('both `resource` and `organization_id` are not provided');
      await clientCredentials(ctx);
    },
    ['scope', 'resource', 'organization_id'],
    ['resource'],
  );
}
