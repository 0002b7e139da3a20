/** API resources: who gets which scopes of them in a JWT access token (facts §1; recordings 001, 440–442, 464, 607). */
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { findApplication } from './claims.ts';
import { organizationScopes, reservedServer } from './organizations.ts';
import { ORGANIZATIONS_RESOURCE } from './organizations-resource.ts';
import type { Tenant } from './tenant.ts';
import { allowedScopes } from './third-party.ts';
import { findById } from './users.ts';

/** Indicator of Logto's Management API in the tenant `default` (recording 001). */
export const MANAGEMENT_API = 'https://default.logto.app/api';
/** Logto's built-in role for machine-to-machine applications that manage the tenant. */
export const MANAGEMENT_ROLE = 'Logto Management API access';

/**
 * What a resource indicator stands for in this request.
 *
 * @throws InvalidTarget when the tenant has no such resource
 */
export async function resourceServer(
  tenant: Tenant,
  ctx: KoaContextWithOIDC,
  indicator: string,
  signingAlg: string,
): Promise<ResourceServer> {
  const { session, entities, client } = ctx.oidc;
  const userId = session?.accountId ?? entities.Account?.accountId;
  const member = { id: userId ?? client?.clientId ?? '', isUser: userId !== undefined };
  const reserved = reservedServer(tenant, indicator, member, signingAlg);
  if (reserved && indicator === ORGANIZATIONS_RESOURCE) {
    const names = reserved.scope.split(' ').filter(Boolean);
    return { ...reserved, scope: allowedScopes(tenant, client?.clientId, indicator, names).join(' ') };
  }
  if (reserved) return reserved;
  const resource = tenant.resources.findFirst((q) => q.where({ indicator }));
  if (!resource) throw new errors.InvalidTarget();
  const user = findById(tenant, userId);
  const roles = user?.roles ?? (client ? findApplication(tenant, client.clientId)?.roles : undefined) ?? [];
  const inOrganizations = organizationScopes(tenant, ctx, indicator, member);
  const machineInOne = !member.isUser && typeof ctx.oidc.params?.organization_id === 'string';
  const own = machineInOne ? [] : roles.flatMap((role) => tenant.roles.get(role)?.[indicator] ?? []);
  const granted = [...new Set([...own, ...inOrganizations])].filter((scope) =>
    resource.scopes.includes(scope),
  );
  return {
    audience: indicator,
    scope: allowedScopes(tenant, client?.clientId, indicator, granted).join(' '),
    accessTokenFormat: 'jwt',
    accessTokenTTL: resource.accessTokenTtl,
    jwt: { sign: { alg: signingAlg as never } },
  };
}
