/**
 * Subject tokens of the Management API, and their exchange for an access token (RFC 8693; packages/core
 * routes/subject-token.ts, oidc/grants/token-exchange).
 */
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import { claimsByScope, userClaims } from './claims.ts';
import { TOKEN_EXCHANGE } from './clients.ts';
import { resourceServer } from './resources.ts';
import { newId, type Tenant } from './tenant.ts';
import { findById } from './users.ts';

/** Seconds that a subject token is good for. */
export const SUBJECT_TOKEN_TTL = 600;
const TYPE = 'urn:ietf:params:oauth:token-type:access_token';
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

/** @throws InvalidGrant (400) for a token that is unknown, used or expired */
function subjectOf(tenant: Tenant, clock: Clock, ctx: KoaContextWithOIDC): SubjectToken {
  const { subject_token: token, subject_token_type: type } = ctx.oidc.params ?? {};
  if (!token || !type) {
    const missing = token ? 'subject_token_type' : 'subject_token';
    throw new errors.InvalidRequest(`missing required parameter '${missing}'`);
  }
  const found = type === TYPE ? tokensOf(tenant).get(String(token)) : undefined;
  if (!found) throw new errors.InvalidGrant('subject token not found');
  if (found.expiresAt < clock.now(undefined)) throw new errors.InvalidGrant('subject token is expired');
  if (found.used) throw new errors.InvalidGrant('subject token is already consumed');
  return found;
}

/** Adds the exchange to the engine. */
export function registerTokenExchange(
  provider: Provider,
  { tenant, clock, signingAlg }: { tenant: Tenant; clock: Clock; signingAlg: string },
): void {
  const exchange = async (ctx: KoaContextWithOIDC) => {
    const { client, params } = ctx.oidc;
    const subject = subjectOf(tenant, clock, ctx);
    const user = findById(tenant, subject.userId);
    if (!client || !user || user.isSuspended)
      throw new errors.InvalidGrant('subject token invalid (referenced account not found)');
    const account = {
      accountId: user.id,
      claims: async (use: string, scope: string) => userClaims(tenant, user, use, scope),
    };
    ctx.oidc.entity('Account', account);
    const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
    const asked = typeof params?.scope === 'string' ? params.scope.split(' ') : [];
    const grantId = await grant.save();
    const token = new provider.AccessToken({
      accountId: account.accountId,
      client,
      grantId,
      gty: TOKEN_EXCHANGE,
    } as never);
    if (typeof params?.resource === 'string') {
      const info = await resourceServer(tenant, ctx, params.resource, signingAlg);
      token.resourceServer = new (
        provider as never as { ResourceServer: new (...args: unknown[]) => never }
      ).ResourceServer(params.resource, info);
      token.scope = asked.filter((one) => info.scope.split(' ').includes(one)).join(' ');
      grant.addResourceScope(params.resource, token.scope);
    } else {
      token.scope = asked.filter((one) => one in claimsByScope || one === 'offline_access').join(' ');
      grant.addOIDCScope(token.scope);
    }
    await grant.save();
    ctx.oidc.entity('AccessToken', token);
    const value = await token.save();
    subject.used = true;
    ctx.body = {
      access_token: value,
      expires_in: token.expiration,
      scope: token.scope,
      token_type: token.tokenType,
    };
  };
  provider.registerGrantType(
    TOKEN_EXCHANGE,
    exchange,
    ['subject_token', 'subject_token_type', 'resource', 'scope', 'actor_token', 'actor_token_type'],
    ['resource'],
  );
}
