/**
 * Access tokens for API resources, made to order: what an API must take, and what it must not.
 *
 * Source: JWT access tokens of Logto carry `typ: at+jwt` and `jti, sub, iat, exp, scope, client_id, iss, aud`, beside an
 * organization `organization_id` (RFC 9068; recordings 440 to 442, 880, 997). ID tokens carry `typ: JWT`, `sub, aud, iss, iat, exp`
 * and the claims of the scopes; neither `scope` nor `client_id`. Without a resource Logto gives out opaque access tokens, which are good for
 * userinfo (`/oidc/me`), whatever app they were made for.
 */
import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import type { LogtoContext } from './context.ts';
import { createSigningKey, type SigningKey } from './keys.ts';
import { newId } from './tenant.ts';
import { findById } from './users.ts';

export const accessTokenSchema = z.strictObject({
  audience: z
    .string()
    .default('')
    .describe('resource indicator, or urn:logto:organization:<id>; an opaque token has none'),
  scope: z.string().default('').describe('permissions, separated by spaces'),
  organization: z.string().optional().describe('organization_id, beside an API resource'),
  subject: z.string().optional().describe('user id (default: a new one)'),
  clientId: z.string().default('conformance-app'),
  expiresIn: z.number().default(3600).describe('seconds from now; below zero it is over'),
  issuer: z.string().optional().describe('iss (default: this tenant)'),
  signedBy: z.enum(['issuer', 'rogue', 'nobody']).default('issuer'),
  claims: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('makes an ID token of it, which tells these of its subject'),
  opaque: z
    .boolean()
    .default(false)
    .describe('an opaque token of a subject who is somebody, for userinfo; made by the engine itself'),
});
export type AccessTokenInput = z.input<typeof accessTokenSchema>;

/** @returns an opaque access token for an application of the tenant, with the grant behind it */
async function mintOpaque(
  { provider, journal, tenant }: LogtoContext,
  { scope, clientId, subject, expiresIn }: z.output<typeof accessTokenSchema>,
): Promise<string> {
  const user = findById(tenant, subject ?? '');
  const client = await provider.Client.find(clientId);
  if (!user || !client)
    throw Object.assign(new Error(`there is no ${user ? `application ${clientId}` : `user ${subject}`}`), {
      statusCode: 400,
    });
  const grant = new provider.Grant({ accountId: user.id, clientId });
  grant.addOIDCScope(scope);
  const token = new provider.AccessToken({
    accountId: user.id,
    client,
    grantId: await grant.save(),
    gty: 'authorization_code',
    scope,
  } as never);
  Object.assign(token, { exp: Math.floor(Date.now() / 1000) + expiresIn });
  const value = await token.save();
  journal.issued.add({ kind: 'access token', value, owner: user.primaryPhone ?? null, scope: null });
  return value;
}

let rogue: Promise<SigningKey> | undefined;

/** @returns the token; its owner, when the subject is somebody, is who it is registered for */
export async function mintAccessToken(context: LogtoContext, given: AccessTokenInput): Promise<string> {
  const { signingKeys, issuer: own, journal, tenant } = context;
  const wanted = accessTokenSchema.parse(given);
  if (wanted.opaque) return mintOpaque(context, wanted);
  const {
    audience,
    scope,
    organization,
    subject = newId.user(),
    clientId,
    expiresIn,
    issuer,
    signedBy,
    claims: told,
  } = wanted;
  const typ = told ? 'JWT' : 'at+jwt';
  rogue ??= createSigningKey('EC');
  const listed = signingKeys[0] as SigningKey;
  const key = signedBy === 'rogue' ? await rogue : listed;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    ...(told ?? { jti: randomUUID(), scope, client_id: clientId }),
    sub: subject,
    iat: now + Math.min(0, expiresIn - 1),
    exp: now + expiresIn,
    iss: issuer ?? own,
    aud: audience,
    ...(organization !== undefined && { organization_id: organization }),
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token =
    signedBy === 'nobody'
      ? `${encode({ alg: 'none', typ })}.${encode(claims)}.`
      : await new SignJWT(claims)
          // A thief's token names the key that everybody knows.
          .setProtectedHeader({ alg: key.alg, typ, kid: listed.jwk.kid })
          .sign(await importJWK(key.jwk as never, key.alg));
  const user = findById(tenant, subject);
  journal.issued.add({
    kind: told ? 'ID token' : 'access token',
    value: token,
    owner: user?.primaryPhone ?? null,
    scope: null,
  });
  return token;
}
