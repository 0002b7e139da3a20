/** Who may call: the Management API takes JWT access tokens with scope `all`, the account API a user's opaque token. */
import type { FastifyRequest } from 'fastify';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { publicKey } from '../keys.ts';
import { MANAGEMENT_API } from '../resources.ts';

function bearerToken({ headers: { authorization } }: FastifyRequest): string {
  assertThat(authorization, 'auth.authorization_header_missing', { status: 401 });
  assertThat(authorization.startsWith('Bearer'), 'auth.authorization_token_type_not_supported', {
    status: 401,
    data: { supportedTypes: ['Bearer'] },
  });
  return authorization.slice('Bearer '.length);
}

/** @throws LogtoError auth.unauthorized (401) with what jose found wrong (recording 023), auth.forbidden (403) */
export async function requireManager(context: LogtoContext, request: FastifyRequest): Promise<void> {
  const token = bearerToken(request);
  const keys = context.everyKey.map(publicKey);
  const scope = await jwtVerify(token, createLocalJWKSet({ keys }), {
    issuer: context.issuer,
    audience: MANAGEMENT_API,
  }).then(
    ({ payload }) => {
      assertThat(payload.sub, 'auth.jwt_sub_missing', { status: 401 });
      return String(payload.scope ?? '');
    },
    (error: { code?: string; name: string }) => {
      throw new LogtoError('auth.unauthorized', {
        status: 401,
        data: { code: error.code, name: error.name },
      });
    },
  );
  assertThat(scope.split(' ').includes('all'), 'auth.forbidden', { status: 403 });
}

export interface UserAccess {
  userId: string;
  scopes: Set<string>;
  clientId: string | undefined;
  /** Session at Logto that the token came from. */
  sessionUid: string | undefined;
}

/** @throws LogtoError auth.unauthorized (401), auth.forbidden (403) without the scope openid */
export async function requireUser(context: LogtoContext, request: FastifyRequest): Promise<UserAccess> {
  const found = await context.provider.AccessToken.find(bearerToken(request));
  assertThat(found?.accountId && !found.isExpired, 'auth.unauthorized', { status: 401 });
  assertThat(found.scopes.has('openid'), 'auth.forbidden', { status: 403 });
  return {
    userId: found.accountId,
    scopes: found.scopes,
    clientId: found.clientId,
    sessionUid: found.sessionUid,
  };
}

/** @throws LogtoError auth.third_party_application_forbidden (403) */
export function requireFirstParty(context: LogtoContext, { clientId }: UserAccess): void {
  const application = clientId === undefined ? undefined : findApplication(context.tenant, clientId);
  assertThat(application && !application.isThirdParty, 'auth.third_party_application_forbidden', {
    status: 403,
  });
}
