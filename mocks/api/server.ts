/**
 * The API that an app calls with access tokens: a resource server in the place of the app's own, which keeps what it is
 * shown. It checks tokens as Logto's guide for APIs does.
 *
 * Source: https://docs.logto.io/authorization/validate-access-tokens (issuer, signature, audience, expiry, permissions,
 * organization), RFC 6750 §3 and §3.1 (401 and 403 with WWW-Authenticate).
 */
import Fastify from 'fastify';
import { createLocalJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import type { Exchange } from '../journal.ts';
import type { LogtoContext } from '../logto/context.ts';
import { publicKey } from '../logto/keys.ts';
import { hostsIn, mayAsk } from '../loopback.ts';

export interface ApiMock {
  origin: string;
  close(): Promise<void>;
}

interface Shown {
  status: 200 | 401 | 403;
  error?: string;
  claims?: JWTPayload;
}

const ORGANIZATION = 'urn:logto:organization:';

/** The organization that a token is of; undefined for a token of no organization. */
export const organizationOf = ({ aud, organization_id: named }: JWTPayload): string | undefined =>
  typeof named === 'string'
    ? named
    : [aud ?? []]
        .flat()
        .find((each) => each.startsWith(ORGANIZATION))
        ?.slice(ORGANIZATION.length);

async function read(context: LogtoContext, token: string | undefined): Promise<Shown> {
  if (!token) return { status: 401 };
  const keys = context.everyKey.map(publicKey);
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }), { issuer: context.issuer });
    const audience = [payload.aud ?? []].flat();
    const known = context.tenant.resources.findMany().some(({ indicator }) => audience.includes(indicator));
    if (!known && !organizationOf(payload)) return { status: 401, error: 'invalid_token', claims: payload };
    if (!payload.scope) return { status: 403, error: 'insufficient_scope', claims: payload };
    return { status: 200, claims: payload };
  } catch {
    return { status: 401, error: 'invalid_token' };
  }
}

/** What a token says of itself, believed or not, for the journal. */
function claimsIn(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function factsOf(context: LogtoContext, token: string | undefined, { error }: Shown): Exchange['facts'] {
  const claims = token ? claimsIn(token) : undefined;
  const issued = token ? context.journal.issued.find(token) : undefined;
  const expired = claims?.exp !== undefined && claims.exp * 1000 <= Date.now();
  return {
    endpoint: 'api',
    token: !token ? 'none' : (issued?.kind ?? 'unknown'),
    opaque: Boolean(token) && !claims,
    audience: claims ? [claims.aud ?? []].flat().join(' ') : null,
    scope: claims ? String(claims.scope ?? '') : null,
    organizationId: (claims && organizationOf(claims)) ?? null,
    subject: claims?.sub ?? null,
    expired,
    ...(error && { error }),
  };
}

/**
 * Starts the API.
 *
 * @param context the tenant whose tokens it takes
 * @param allowHosts host names beside those of this machine by which it may be asked
 */
export async function startApi(
  context: LogtoContext,
  {
    host = '127.0.0.1',
    port = 0,
    allowHosts = [],
  }: { host?: string; port?: number; allowHosts?: readonly string[] } = {},
): Promise<ApiMock> {
  const app = Fastify({ forceCloseConnections: true });
  const own = hostsIn(allowHosts);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('*', async (request, reply) => {
    if (!mayAsk(request.headers.host, own))
      return reply.code(421).send({ message: 'the API of the lab answers no host of this name' });
    const began = performance.now();
    const at = new Date().toISOString();
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const shown = await read(context, token);
    const { status, error, claims } = shown;
    const body =
      status === 200
        ? {
            path: request.url.split('?')[0],
            sub: claims?.sub,
            scope: claims?.scope,
            organization: organizationOf(claims ?? {}),
          }
        : { error: error ?? 'unauthorized' };
    if (status !== 200) {
      const told = error ? `, error="${error}"` : '';
      reply.header('www-authenticate', `Bearer realm="api"${told}`);
    }
    context.journal.add({
      at,
      durationMs: performance.now() - began,
      scope: (token && context.journal.issued.find(token)?.scope) || null,
      from: 'app',
      to: 'harness',
      method: request.method,
      url: request.url,
      status,
      request: { headers: request.headers as Record<string, string>, body: request.body ?? null },
      response: { headers: {}, body },
      facts: factsOf(context, token, shown),
    });
    return reply.code(status).send(body);
  });
  await app.listen({ host, port });
  const address = app.server.address();
  const at = typeof address === 'object' && address ? address.port : port;
  return { origin: `http://${host}:${at}`, close: () => app.close() };
}
