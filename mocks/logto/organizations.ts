/**
 * Organizations: membership, the claims that tell of it, and organization tokens.
 *
 * Source: https://docs.logto.io/authorization/organization-permissions (token with `organization_id`, audience
 * `urn:logto:organization:<id>`) and Logto RFC 0001; core/src/oidc/grants of the facts' snapshot.
 */

import Provider, { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { handler as clientCredentials } from 'oidc-provider/lib/actions/grants/client_credentials.js';
import { handler as refreshToken } from 'oidc-provider/lib/actions/grants/refresh_token.js';
import type { Organization, Tenant, User } from './tenant.ts';

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
 * The resource server of an `urn:logto:organization:` indicator, or the scopes that roles in the organization give
 * on an API resource; undefined when the request names no organization.
 */
export function organizationResource(
  tenant: Tenant,
  ctx: KoaContextWithOIDC,
  indicator: string,
  member: { id: string; isUser: boolean },
  alg: string,
): ResourceServer | { scopes: string[] } | undefined {
  const named = indicator.startsWith(URN) ? indicator.slice(URN.length) : ctx.oidc.params?.organization_id;
  if (typeof named !== 'string') return undefined;
  const roles = rolesIn(tenant.organizations.get(named), member.id, member.isUser);
  return indicator.startsWith(URN)
    ? organizationServer(tenant, named, roles, alg)
    : { scopes: scopesOf(tenant, roles, indicator) };
}

async function issueOrganizationToken(
  ctx: KoaContextWithOIDC,
  tenant: Tenant,
  id: string,
  alg: string,
): Promise<void> {
  const { provider, entities, client, params } = ctx.oidc;
  const { RefreshToken: source, Account: account, AccessToken: opaque } = entities;
  if (!source || !account || !client) return;
  const roles = rolesIn(tenant.organizations.get(id), account.accountId, true);
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

/** Adds `organization_id` to the refresh and client-credentials grants. */
export function registerOrganizationGrants(provider: Provider, tenant: Tenant, alg: string): void {
  const organizationIn = (ctx: KoaContextWithOIDC) => ctx.oidc.params?.organization_id as string | undefined;
  provider.registerGrantType(
    'refresh_token',
    async (ctx) => {
      const id = organizationIn(ctx);
      if (!id) return refreshToken(ctx);
      const token = await ctx.oidc.provider.RefreshToken.find(String(ctx.oidc.params?.refresh_token));
      if (token && !token.scopes.has(SCOPE)) {
        throw new errors.InsufficientScope('refresh token missing required scope', SCOPE);
      }
      if (token) rolesIn(tenant.organizations.get(id), token.accountId ?? '', true);
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
      if (id && ctx.oidc.params && !ctx.oidc.params.resource) ctx.oidc.params.resource = `${URN}${id}`;
      await clientCredentials(ctx);
    },
    ['scope', 'resource', 'organization_id'],
    ['resource'],
  );
}
