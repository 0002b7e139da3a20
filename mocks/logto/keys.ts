/** Signing keys, made new at each start: EC P-384 for ES384, RSA for RS256 (recordings 107, 667–672). */
import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK as PublicKey } from 'jose';
import type { JWK } from 'oidc-provider';

export type SigningKeyType = 'EC' | 'RSA';

const generate = promisify(generateKeyPair);

export interface SigningKey {
  /** Private key with `kid`, `use` and, for EC, `alg`. */
  jwk: JWK & { kid: string };
  alg: 'ES384' | 'RS256';
  createdAt: number;
}

const thumbprint = (members: Record<string, unknown>) =>
  createHash('sha256').update(JSON.stringify(members)).digest('base64url');

/**
 * Makes a signing key. RSA keys have 2048 bits where Logto's have 4096: only the length of `n` and of the
 * signature differs, and a rotation takes 0.1 s instead of seconds.
 */
export async function createSigningKey(type: SigningKeyType): Promise<SigningKey> {
  const { privateKey } =
    type === 'EC'
      ? await generate('ec', { namedCurve: 'P-384' })
      : await generate('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK & Record<string, unknown>;
  const kid =
    type === 'EC'
      ? thumbprint({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })
      : thumbprint({ e: jwk.e, kty: jwk.kty, n: jwk.n });
  return {
    jwk: { ...jwk, kid, use: 'sig' } as SigningKey['jwk'],
    alg: type === 'EC' ? 'ES384' : 'RS256',
    createdAt: Date.now(),
  };
}

/** The part of a key that anybody may have. */
export function publicKey({ jwk }: SigningKey): PublicKey {
  const { kty, kid, use, crv, x, y, n, e } = jwk;
  return { kty, kid, use, crv, x, y, n, e } as PublicKey;
}
