/** oidc-provider configured as Logto configures it (facts: packages/core/src/oidc/init.ts and defaults.ts). */

import { type Adapter, type Configuration, errors, type JWKS, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import { claimsByScope, supportedScopes, userClaims } from './claims.ts';
import { extraClientMetadata } from './clients.ts';
import { DEVICE_CODE_TTL, deviceFlow } from './device-flow.ts';
import { loggedOutPage, logoutPage } from './end-session.ts';
import { resourceServer } from './resources.ts';
import { consentUrl, extraParams, signInUrl } from './sign-in-url.ts';
import { actClaim } from './subject-tokens.ts';
import type { Tenant } from './tenant.ts';
import { findById } from './users.ts';

const DAY = 86_400;
/** No refresh token chain grows older than this (defaults.ts: 365.25 days). */
const ROTATION_LIMIT = 365.25 * DAY;

export const SESSION_COOKIE = { signed: true, path: '/', overwrite: true, sameSite: 'lax' } as const;
/** Seconds that a session at Logto lasts. */
export const SESSION_TTL = 14 * DAY;

/** @throws InvalidRequest for a confidential client that revokes another client's token */
async function ownTokensOnly(
  _ctx: KoaContextWithOIDC,
  client: { clientId: string; clientAuthMethod?: string },
  token: { clientId?: string },
): Promise<boolean> {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
}

export interface ProviderOptions {
  tenant: Tenant;
  clock: Clock;
  adapter: (model: string) => Adapter;
  /** Private keys, the one that signs first. */
  keys: JWKS['keys'];
  cookieKeys: string[];
  signingAlg: string;
  /** Sends what the engine asks of others by itself. */
  fetch: (url: URL | string, options: RequestInit) => Promise<Response>;
}

const metadata = (ctx: KoaContextWithOIDC) =>
  ctx.oidc.client?.metadata() as Record<string, unknown> | undefined;

/** Public clients rotate at each use, confidential ones after 70 % of the lifetime (recordings 455, 466, 601). */
function rotateRefreshToken(ctx: KoaContextWithOIDC): boolean {
  const { RefreshToken: token, Client: client } = ctx.oidc.entities;
  if (!token || !client || metadata(ctx)?.rotateRefreshToken === false) return false;
  if (token.totalLifetime() >= ROTATION_LIMIT) return false;
  return client.clientAuthMethod === 'none' || token.ttlPercentagePassed() >= 70;
}

/** Cookie `_logto`: what the sign-in pages must know of the request (recordings 112, 173, 174). */
function rememberApplication(ctx: KoaContextWithOIDC, appId: string | undefined): void {
  if (!appId) return;
  const { organization_id: organizationId, ui_locales: uiLocales } = ctx.oidc.params ?? {};
  const value = JSON.stringify({ appId, organizationId, uiLocales });
  ctx.cookies.set('_logto', value, { sameSite: 'lax', overwrite: true, httpOnly: false });
}

export function providerConfiguration(options: ProviderOptions): Configuration {
  const { tenant, adapter, keys, cookieKeys, signingAlg } = options;
  return {
    adapter: adapter as never,
    fetch: options.fetch as never,
    jwks: { keys },
    routes: {
      authorization: '/auth',
      code_verification: '/device',
      device_authorization: '/device/auth',
      end_session: '/session/end',
      introspection: '/token/introspection',
      jwks: '/jwks',
      pushed_authorization_request: '/request',
      revocation: '/token/revocation',
      token: '/token',
      userinfo: '/me',
    },
    cookies: { keys: cookieKeys, long: SESSION_COOKIE, short: SESSION_COOKIE },
    // Logto's patch: a resource token says its scope even when there is none (recording 442).
    formats: {
      customizers: {
        jwt: (_ctx, token, jwt) => {
          if (token.kind === 'AccessToken' || token.scope === '') jwt.payload.scope ??= '';
        },
      },
    },
    conformIdTokenClaims: false,
    features: {
      userinfo: { enabled: true },
      revocation: { enabled: true, allowedPolicy: ownTokensOnly },
      introspection: { enabled: true, allowedPolicy: () => true },
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      deviceFlow,
      dPoP: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: loggedOutPage },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) =>
          oneOf ?? tenant.resources.findFirst((q) => q.where({ isDefault: true }))?.indicator ?? [],
        useGrantedResource: () => false,
        getResourceServerInfo: (ctx, indicator) => resourceServer(tenant, ctx, indicator, signingAlg),
      },
    },
    claims: claimsByScope,
    scopes: supportedScopes,
    extraParams,
    extraClientMetadata: { properties: extraClientMetadata },
    clientBasedCORS: (_ctx, origin, client) => {
      const allowed = (client.metadata().corsAllowedOrigins as string[] | undefined) ?? [];
      return (
        allowed.includes(origin) ||
        (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin)
      );
    },
    discovery: { claim_types_supported: ['normal'] } as never,
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'ES384', 'Ed25519', 'EdDSA'] as never,
    },
    enableHttpPostMethods: false,
    pkce: { required: (_ctx, client) => client.clientAuthMethod !== 'client_secret_basic' },
    clientDefaults: { id_token_signed_response_alg: signingAlg as never },
    findAccount: async (_ctx, id) => {
      const user = findById(tenant, id);
      if (!user) return undefined;
      if (user.isSuspended) throw new errors.InvalidGrant('user is suspended');
      return {
        accountId: user.id,
        claims: async (use, scope) => userClaims(tenant, user, use, scope),
      };
    },
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') &&
      (code.scopes.has('offline_access') ||
        (client.applicationType === 'web' && client.metadata().alwaysIssueRefreshToken === true)),
    rotateRefreshToken,
    interactions: {
      url: (ctx, interaction) => {
        const appId = ctx.oidc.client?.clientId;
        rememberApplication(ctx, appId);
        return interaction.prompt.name === 'consent'
          ? consentUrl(appId)
          : signInUrl(interaction.params, appId);
      },
    },
    renderError: (ctx, out) => {
      ctx.body = out;
    },
    extraTokenClaims: async (ctx, token) => {
      // Only beside a resource: the audience of an organization's own token names it already (recordings 880, 881, 997).
      // Tokens that the lab makes to order are asked for by no request.
      const { organization_id: organization, resource } =
        (ctx as KoaContextWithOIDC | undefined)?.oidc.params ?? {};
      const isAccess = token.kind === 'AccessToken' || token.kind === 'ClientCredentials';
      const named =
        isAccess && resource && typeof organization === 'string'
          ? { organization_id: organization }
          : undefined;
      const act = actClaim(token);
      return named || act ? { ...named, ...act } : undefined;
    },
    ttl: {
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 3600,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 600,
      AuthorizationCode: 60,
      DeviceCode: DEVICE_CODE_TTL,
      IdToken: (_ctx, _token, client) => (client.metadata().idTokenTtl as number | undefined) ?? 3600,
      RefreshToken: (ctx, _token, client) => {
        const rotated = ctx.oidc.entities.RotatedRefreshToken;
        if (rotated && client.applicationType === 'web' && client.clientAuthMethod === 'none') {
          return rotated.remainingTTL;
        }
        return ((client.metadata().refreshTokenTtlInDays as number | undefined) ?? 14) * DAY;
      },
      Interaction: 3600,
      Session: SESSION_TTL,
      Grant: 180 * DAY,
    },
  } as Configuration;
}
