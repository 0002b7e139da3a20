/** Giving an application what it asked for (packages/core libraries/session/consent.ts). */
import type { Interaction, LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { extendSession } from '../session-extensions.ts';
import type { User } from '../tenant.ts';
import { consentedOrganizations } from '../third-party.ts';
import { findById } from '../users.ts';
import { missingByResource, missingIn, organizationsOf } from './info.ts';

type Scopes = Record<string, string[]>;

/** The application that a user first consented to is remembered with the user. */
async function rememberFirst({ tenant }: LogtoContext, user: User, clientId: string) {
  if (user.applicationId === null)
    await tenant.users.update((q) => q.where({ id: user.id }), {
      data: (row) => void Object.assign(row, { applicationId: clientId }),
    });
}

async function grant(
  context: LogtoContext,
  interaction: Interaction,
  resourceScopes: Scopes,
  rejected: Scopes,
): Promise<string> {
  const { Grant } = context.provider;
  const accountId = interaction.session?.accountId;
  const clientId = String(interaction.params.client_id);
  const known = interaction.grantId ? await Grant.find(interaction.grantId) : undefined;
  const given = known ?? new Grant({ accountId, clientId });
  const user = findById(context.tenant, accountId);
  if (user) await rememberFirst(context, user, clientId);
  extendSession(context.tenant, interaction);
  const { missingOIDCScope, missingOIDCClaims } = missingIn(interaction);
  if (missingOIDCScope?.length) given.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims?.length) given.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(resourceScopes))
    given.addResourceScope(resource, scopes.join(' '));
  for (const [resource, scopes] of Object.entries(rejected))
    given.rejectResourceScope(resource, scopes.join(' '));
  return context.finishInteraction(interaction, { consent: { grantId: await given.save() } });
}

/** Grants what the prompt found missing, and tells where the browser goes next. */
export const grantMissing = (context: LogtoContext, interaction: Interaction): Promise<string> =>
  grant(context, interaction, missingIn(interaction).missingResourceScopes ?? {}, {});

/**
 * Grants what a person consented to.
 *
 * @param organizationIds organizations that the person lets the application into, besides those from before
 * @throws LogtoError organization.require_membership (422)
 */
export async function grantAsked(
  context: LogtoContext,
  interaction: Interaction,
  organizationIds: readonly string[],
): Promise<string> {
  const { tenant } = context;
  const user = findById(tenant, interaction.session?.accountId);
  assertThat(user, 'session.not_found');
  const own = organizationsOf(tenant, user.id).map(({ id }) => id);
  const member = organizationIds.every((id) => own.includes(id));
  assertThat(member, 'organization.require_membership', { status: 422 });
  const consented = consentedOrganizations(tenant, String(interaction.params.client_id), user.id);
  for (const id of organizationIds) consented.add(id);

  const granted: Scopes = {};
  for (const organizationId of [undefined, ...consented])
    for (const { resource, scopes } of missingByResource(tenant, interaction, user, organizationId))
      granted[resource.indicator] = [
        ...new Set([...(granted[resource.indicator] ?? []), ...scopes.map(({ name }) => name)]),
      ];
  // What was asked for and is not granted is rejected, resource by resource that got anything.
  const asked = Object.entries(missingIn(interaction).missingResourceScopes ?? {});
  const rejected = Object.fromEntries(
    asked.map(([resource, names]) => {
      const given = granted[resource];
      return [resource, given ? names.filter((name) => !given.includes(name)) : []];
    }),
  );
  return grant(context, interaction, granted, rejected);
}
