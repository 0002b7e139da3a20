/** The engine: oidc-provider with Logto's patches, rebuilt on the same store after each key rotation. */
import { AsyncLocalStorage } from 'node:async_hooks';
import Provider, { type Adapter, type AdapterPayload, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import type { Artifacts } from './artifacts.ts';
import { findApplication, validSecrets } from './claims.ts';
import { clientMetadata, matchesWildcard } from './clients.ts';
import { providerConfiguration } from './configuration.ts';
import { widenInteractionCookie } from './cookies.ts';
import { shortenVerificationUri } from './device-flow.ts';
import { publicKey, type SigningKey } from './keys.ts';
import { wrapOAuthErrors } from './oidc-errors.ts';
import { registerOrganizationGrants } from './organizations.ts';
import { registerTokenExchange } from './subject-tokens.ts';
import type { Tenant } from './tenant.ts';
import { consentScopesOf } from './third-party.ts';

/** What the request being answered is known to belong to; filled as artifacts are read. */
export interface Asking {
  scope: string | undefined;
}
export const asking = new AsyncLocalStorage<Asking>();

export type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>;

export interface EngineOptions {
  issuer: string;
  tenant: Tenant;
  clock: Clock;
  artifacts: Artifacts;
  /** Newest first; the first one signs. */
  keys: readonly SigningKey[];
  cookieKeys: string[];
  fetch: (url: URL | string, options: RequestInit) => Promise<Response>;
  /** Outermost first; they see the answer last. */
  around: readonly Middleware[];
}

/**
 * Client metadata by id, as the engine asks for it.
 *
 * @throws InvalidClient (400) for an unknown id, as Logto's adapter does (recordings 134, 402, 512)
 */
export function clientFinder(tenant: Tenant, signingAlg: () => string) {
  return (id: string): AdapterPayload => {
    const application = findApplication(tenant, id);
    if (!application) throw new errors.InvalidClient(`invalid client ${id}`);
    return clientMetadata(application, signingAlg(), consentScopesOf(tenant, id).userScopes);
  };
}

/** What a browser sends as a form to these routes is read as a query (middleware/koa-oidc-post-to-get.ts; recording 528). */
const POST_AS_GET = new Set(['/auth', '/session/end']);

async function postToGet(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  if (ctx.method === 'POST' && POST_AS_GET.has(ctx.path) && ctx.is('application/x-www-form-urlencoded')) {
    const chunks: Buffer[] = [];
    for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
    ctx.method = 'GET';
    ctx.querystring = Buffer.concat(chunks).toString('utf8');
    // The engine finds its mount path by comparing the two addresses of a request.
    Object.assign(ctx.req, { originalUrl: `/oidc${ctx.url}` });
  }
  return next();
}

async function logtoCookies(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  widenInteractionCookie(ctx.cookies, () => ctx.oidc?.client?.clientId);
  return next();
}

/** `resource=a,b` in a query means both (middleware/koa-resource-param.ts; recordings 873, 892). */
async function splitResources(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  const { resource } = ctx.query;
  if (resource) {
    const all = [resource].flat().flatMap((one) => one.split(','));
    ctx.query = { ...ctx.query, resource: all };
    // The engine finds its mount path by comparing the two addresses of a request.
    Object.assign(ctx.req, { originalUrl: `/oidc${ctx.url}` });
  }
  return next();
}

/** Headers in which Logto differs from the engine (recordings 105, 107). */
async function logtoHeaders(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  ctx.vary('Accept-Encoding');
  await next();
  ctx.remove('Access-Control-Max-Age');
  if (ctx.path === '/jwks' && ctx.status === 200)
    ctx.set('Cache-Control', 'no-cache, max-age=0, must-revalidate');
}

/** The engine leaves an empty scope out of token answers; Logto always names it (recordings 441, 607). */
async function alwaysNameScope(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  if (ctx.path !== '/token' || ctx.status !== 200) return;
  // A machine that was granted nothing hears nothing of scopes (recordings 866, 885).
  if (ctx.oidc.params?.grant_type === 'client_credentials') return;
  const { access_token, expires_in, id_token, refresh_token, scope, token_type, ...more } =
    ctx.body as Record<string, unknown>;
  ctx.body = { access_token, expires_in, id_token, refresh_token, scope: scope ?? '', token_type, ...more };
}

export function createEngine(options: EngineOptions): Provider {
  const { issuer, tenant, clock, artifacts, keys, cookieKeys, around } = options;
  const signingAlg = keys[0]?.alg ?? 'ES384';
  const provider = new Provider(
    issuer,
    providerConfiguration({
      tenant,
      clock,
      adapter: artifacts.adapter as (model: string) => Adapter,
      keys: keys.map(({ jwk }) => jwk),
      cookieKeys,
      signingAlg,
      fetch: options.fetch,
    }),
  );
  patchClients(provider, tenant);
  registerOrganizationGrants(provider, tenant, signingAlg);
  registerTokenExchange(provider, {
    tenant,
    clock,
    signingAlg,
    issuer,
    keys: () => ({ keys: keys.map(publicKey) }),
  });
  for (const middleware of [
    ...around,
    logtoHeaders,
    wrapOAuthErrors,
    postToGet,
    splitResources,
    logtoCookies,
    alwaysNameScope,
    shortenVerificationUri,
  ]) {
    provider.use(middleware as never);
  }
  provider.on('server_error', (_ctx, error) => {
    if (process.env.CONFORMANCE_DEBUG) console.error(error);
  });
  return provider;
}

/** Redirect URIs with wildcards, and several client secrets per application, each with its own end. */
function patchClients(provider: Provider, tenant: Tenant): void {
  const { prototype } = provider.Client;
  const { redirectUriAllowed, postLogoutRedirectUriAllowed } = prototype;
  // Logto's patch: any scheme for every type of application, as the Management API judged them (recordings 708, 776).
  const { Schema } = provider.Client as never as { Schema: { prototype: object } };
  Object.assign(Schema.prototype, { redirectUris() {} });
  Object.assign(prototype, {
    redirectUriAllowed(this: typeof prototype, uri: string) {
      return redirectUriAllowed.call(this, uri) || matchesWildcard(uri, this.redirectUris ?? []);
    },
    postLogoutRedirectUriAllowed(this: typeof prototype, uri: string) {
      return (
        postLogoutRedirectUriAllowed.call(this, uri) ||
        matchesWildcard(uri, this.postLogoutRedirectUris ?? [])
      );
    },
    compareClientSecret(this: typeof prototype, secret: string) {
      const application = findApplication(tenant, this.clientId);
      return !!application && validSecrets(application, Date.now()).includes(secret);
    },
  });
}
