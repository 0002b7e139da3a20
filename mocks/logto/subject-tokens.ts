/**
 * Subject tokens of the Management API, personal and other access tokens, and their exchange for an access token
 * (RFC 8693; packages/core routes/subject-token.ts, oidc/grants/token-exchange).
 */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import { claimsByScope, findApplication, userClaims } from './claims.ts';
import { TOKEN_EXCHANGE } from './clients.ts';
import { tokenServer } from './organizations.ts';
import { personalTokensOf } from './personal-access-tokens.ts';
import { resourceServer } from './resources.ts';
import { newId, type Tenant } from './tenant.ts';
import { isThirdParty } from './third-party.ts';
import { findById } from './users.ts';

/** Seconds that a subject token is good for. */
export const SUBJECT_TOKEN_TTL = 600;
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const IMPERSONATION = 'urn:logto:token-type:impersonation_token';
const PERSONAL = 'urn:logto:token-type:personal_access_token';
const TOKENS_MAX = 10_000;

interface SubjectToken {
  userId: string;
  expiresAt: number;
  used: boolean;
}
const kept = new WeakMap<Tenant, Map<string, SubjectToken>>();
const tokensOf = (tenant: Tenant) => {
  const all = kept.get(tenant) ?? new Map<string, SubjectToken>();
  kept.set(tenant, all);
  return all;
};

/** Makes a token that stands for a user, once. */
export function createSubjectToken(tenant: Tenant, userId: string, now: number): string {
  const all = tokensOf(tenant);
  const token = `sub_${newId.entity()}`;
  all.set(token, { userId, expiresAt: now + SUBJECT_TOKEN_TTL * 1000, used: false });
  if (all.size > TOKENS_MAX) all.delete(all.keys().next().value as string);
  return token;
}

interface Exchange {
  tenant: Tenant;
  clock: Clock;
  signingAlg: string;
  issuer: string;
  /** Every key that may have signed an access token. */
  keys(): JSONWebKeySet;
}

/** @throws InvalidGrant (400) for a token that is unknown, used or expired */
function impersonated(tenant: Tenant, clock: Clock, token: string): SubjectToken {
  const found = tokensOf(tenant).get(token);
  if (!found) throw new errors.InvalidGrant('subject token not found');
  if (found.expiresAt < clock.now(undefined)) throw new errors.InvalidGrant('subject token is expired');
  if (found.used) throw new errors.InvalidGrant('subject token is already consumed');
  return found;
}

/** Only what a person let an application of the tenant's own have stands for all that the person may do. */
function guardFirstParty(tenant: Tenant, clientId: string | undefined): void {
  if (clientId === undefined || !findApplication(tenant, clientId))
    throw new errors.InvalidGrant('subject token was issued to an unknown client');
  if (isThirdParty(tenant, clientId))
    throw new errors.InvalidGrant('subject token was not issued to a first-party application');
}

/** Whom an access token stands for, opaque or JWT. @throws InvalidGrant (400) */
async function ownerOf(ctx: KoaContextWithOIDC, token: string, exchange: Exchange): Promise<string> {
  const opaque = await ctx.oidc.provider.AccessToken.find(token).catch(() => undefined);
  if (opaque?.accountId) {
    if (opaque.isExpired) throw new errors.InvalidGrant('subject token is expired');
    guardFirstParty(exchange.tenant, opaque.clientId);
    return opaque.accountId;
  }
  const read = await jwtVerify(token, createLocalJWKSet(exchange.keys()), { issuer: exchange.issuer }).catch(
    () => {
      throw new errors.InvalidGrant('invalid subject token');
    },
  );
  const { payload, protectedHeader } = read;
  const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
  if (type !== 'at+jwt' || typeof payload.client_id !== 'string')
    throw new errors.InvalidGrant('subject token is not an access token');
  if (!payload.sub) throw new errors.InvalidGrant('subject token does not contain a valid `sub` claim');
  guardFirstParty(exchange.tenant, payload.client_id);
  return payload.sub;
}

/** Whom the subject token stands for, and the token when it is good only once. */
async function subjectOf(
  ctx: KoaContextWithOIDC,
  exchange: Exchange,
): Promise<{ userId: string; once?: SubjectToken }> {
  const { subject_token: given, subject_token_type: type } = ctx.oidc.params ?? {};
  if (!given || !type) {
    const missing = given ? 'subject_token_type' : 'subject_token';
    throw new errors.InvalidRequest(`missing required parameter '${missing}'`);
  }
  const { tenant, clock } = exchange;
  const token = String(given);
  if (type === IMPERSONATION || (type === ACCESS_TOKEN && token.startsWith('sub_'))) {
    const once = impersonated(tenant, clock, token);
    return { userId: once.userId, once };
  }
  if (type === ACCESS_TOKEN) return { userId: await ownerOf(ctx, token, exchange) };
  if (type !== PERSONAL) throw new errors.InvalidGrant('unsupported subject token type');
  const found = personalTokensOf(tenant).find(({ value }) => value === token);
  if (!found) throw new errors.InvalidGrant('subject token not found');
  if (found.expiresAt && found.expiresAt <= clock.now(undefined))
    throw new errors.InvalidGrant('subject token is expired');
  return { userId: found.userId };
}

/** Who acts for the subject, by the access token of a sign-in. @throws InvalidGrant (400) */
async function actorOf(ctx: KoaContextWithOIDC): Promise<string | undefined> {
  const { actor_token: token, actor_token_type: type } = ctx.oidc.params ?? {};
  if (!token) return undefined;
  if (type !== ACCESS_TOKEN) throw new errors.InvalidGrant('unsupported actor token type');
  const found = await ctx.oidc.provider.AccessToken.find(String(token)).catch(() => undefined);
  if (!found?.accountId) throw new errors.InvalidGrant('invalid actor token');
  if (!found.scope?.includes('openid')) throw new errors.InvalidGrant('actor token must have openid scope');
  return found.accountId;
}

const actors = new WeakMap<object, string>();
/** The actor that a token names (RFC 8693 §4.1); undefined where nobody acts for anybody. */
export const actClaim = (token: object): { act: { sub: string } } | undefined => {
  const sub = actors.get(token);
  return sub === undefined ? undefined : { act: { sub } };
};

/** Adds the exchange to the engine. */
export function registerTokenExchange(provider: Provider, exchange: Exchange): void {
  const { tenant, signingAlg } = exchange;
  const { ResourceServer } = provider as never as { ResourceServer: new (...args: unknown[]) => never };
  const handle = async (ctx: KoaContextWithOIDC) => {
    const { client, params } = ctx.oidc;
    const { userId, once } = await subjectOf(ctx, exchange);
    const user = findById(tenant, userId);
    if (!client || !user || user.isSuspended)
      throw new errors.InvalidGrant('subject token invalid (referenced account not found)');
    const account = {
      accountId: user.id,
      claims: async (use: string, scope: string) => userClaims(tenant, user, use, scope),
    };
    ctx.oidc.entity('Account', account);
    const organization = typeof params?.organization_id === 'string' ? params.organization_id : undefined;
    const ofOrganization =
      organization === undefined ? undefined : tokenServer(tenant, ctx, organization, user.id, signingAlg);
    const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    const asked = typeof params?.scope === 'string' ? params.scope.split(' ') : [];
    const grantId = await grant.save();
    const token = new provider.AccessToken({
      accountId: account.accountId,
      client,
      grantId,
      gty: TOKEN_EXCHANGE,
    } as never);
    const resource = typeof params?.resource === 'string' ? params.resource : undefined;
    const server = resource ? await resourceServer(tenant, ctx, resource, signingAlg) : ofOrganization;
    if (server) {
      const audience = resource ?? String(server.audience);
      token.resourceServer = new ResourceServer(audience, server);
      token.scope = asked.filter((one) => server.scope.split(' ').includes(one)).join(' ');
      grant.addResourceScope(audience, token.scope);
    } else {
      token.scope = asked.filter((one) => one in claimsByScope || one === 'offline_access').join(' ');
      grant.addOIDCScope(token.scope);
    }
    const actor = await actorOf(ctx);
    if (actor !== undefined) actors.set(token, actor);
    await grant.save();
    ctx.oidc.entity('AccessToken', token);
    const value = await token.save();
    if (once) once.used = true;
    ctx.body = {
      access_token: value,
      expires_in: token.expiration,
      scope: token.scope,
      token_type: token.tokenType,
    };
  };
  provider.registerGrantType(
    TOKEN_EXCHANGE,
    handle,
    [
      'subject_token',
      'subject_token_type',
      'resource',
      'scope',
      'organization_id',
      'actor_token',
      'actor_token_type',
    ],
    ['resource'],
  );
}
