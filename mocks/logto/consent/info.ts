/** What a third-party application asks a person for (packages/core routes/interaction/consent; schemas types/consent.ts). */
import { findApplication } from '../claims.ts';
import type { Interaction, LogtoContext } from '../context.ts';
import { signInExperienceOf } from '../management/application-extras.ts';
import { ORGANIZATIONS_RESOURCE } from '../organizations-resource.ts';
import { rowsOf } from '../rows.ts';
import type { Tenant, User } from '../tenant.ts';
import { allowedScopes, scopeRows } from '../third-party.ts';
import { findById } from '../users.ts';

/** What the prompt found missing. */
export interface Missing {
  missingOIDCScope?: string[];
  missingOIDCClaims?: string[];
  missingResourceScopes?: Record<string, string[]>;
}
export const missingIn = ({ prompt }: Interaction): Missing => prompt.details as Missing;

interface ScopeShown {
  id: string;
  name: string;
  description: string | null;
}
export interface ResourceScopes {
  resource: { name: string; indicator: string; id: string };
  scopes: ScopeShown[];
}

const shown = ({ id, name, description }: ScopeShown): ScopeShown => ({ id, name, description });

/** Names of the scopes that a person has on a resource: by roles of their own, or by those in one organization. */
function scopesOfUser(tenant: Tenant, user: User, indicator: string, organizationId?: string): string[] {
  if (indicator === ORGANIZATIONS_RESOURCE) return rowsOf(tenant).organizationScopes.map(({ name }) => name);
  if (organizationId === undefined)
    return user.roles.flatMap((role) => tenant.roles.get(role)?.[indicator] ?? []);
  const roles = tenant.organizations.get(organizationId)?.members.get(user.id) ?? [];
  return roles.flatMap((role) => tenant.organizationRoles.get(role)?.resources[indicator] ?? []);
}

/**
 * The missing scopes by resource, those for a person's own data apart from those inside one organization: the prompt
 * does not tell them apart.
 */
export function missingByResource(
  tenant: Tenant,
  interaction: Interaction,
  user: User,
  organizationId?: string,
): ResourceScopes[] {
  const applicationId = String(interaction.params.client_id);
  const kinds = { own: organizationId === undefined, inOrganizations: organizationId !== undefined };
  return Object.entries(missingIn(interaction).missingResourceScopes ?? {}).flatMap(([indicator, names]) => {
    const has = scopesOfUser(tenant, user, indicator, organizationId);
    const allowed = allowedScopes(tenant, applicationId, indicator, has, kinds);
    const wanted = names.filter((name) => allowed.includes(name));
    const ofOrganizations = indicator === ORGANIZATIONS_RESOURCE;
    const rows: ScopeShown[] = ofOrganizations
      ? rowsOf(tenant).organizationScopes
      : scopeRows(tenant, indicator);
    const scopes = rows.filter(({ name }) => wanted.includes(name)).map(shown);
    const resource = tenant.resources.findFirst((q) => q.where({ indicator }));
    const { name, id } = ofOrganizations ? { name: indicator, id: indicator } : (resource ?? {});
    return scopes.length > 0 && name && id ? [{ resource: { name, indicator, id }, scopes }] : [];
  });
}

/** Organizations that a person is a member of. */
export const organizationsOf = (tenant: Tenant, userId: string) =>
  [...tenant.organizations.values()].filter(({ members }) => members.has(userId));

export type ConsentInfo = ReturnType<typeof consentInfo>;

/** Everything that the consent page shows. */
export function consentInfo({ tenant }: LogtoContext, interaction: Interaction) {
  const { client_id: clientId, redirect_uri: redirectUri } = interaction.params as Record<string, string>;
  const application = findApplication(tenant, String(clientId));
  const user = findById(tenant, interaction.session?.accountId) as User;
  const { missingOIDCScope } = missingIn(interaction);
  const organizations = missingOIDCScope?.includes('urn:logto:scope:organizations')
    ? organizationsOf(tenant, user.id)
    : [];
  const looks = signInExperienceOf(tenant, String(clientId));
  const { id, name, avatar, username, primaryEmail, primaryPhone } = user;
  return {
    application: {
      id: String(clientId),
      name: application?.name ?? '',
      ...(looks && {
        branding: looks.branding,
        displayName: looks.displayName,
        privacyPolicyUrl: looks.privacyPolicyUrl,
        termsOfUseUrl: looks.termsOfUseUrl,
      }),
    },
    user: { id, name, avatar, username, primaryEmail, primaryPhone },
    organizations: organizations.map((one) => ({
      id: one.id,
      name: one.name,
      missingResourceScopes: missingByResource(tenant, interaction, user, one.id),
    })),
    missingOIDCScope: missingOIDCScope?.filter((scope) => !['openid', 'offline_access'].includes(scope)),
    missingResourceScopes: missingByResource(tenant, interaction, user),
    redirectUri,
  };
}
