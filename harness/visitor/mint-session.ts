/** Makes session cookies as Auth.js does, to see which secrets an app takes (facts: authjs.md §5). */
import { hkdfSync, randomUUID } from 'node:crypto';
import { base64url, calculateJwkThumbprint, EncryptJWT, jwtDecrypt, SignJWT } from 'jose';

/** Secrets that stand in guides, templates and the heads of attackers. */
export const WEAK_SECRETS = [
  'secret',
  'changeme',
  'change-me',
  'your-secret',
  'your-secret-key',
  'supersecret',
  'my-secret',
  'development',
  'test',
  'authjs',
  'nextauth',
  'password',
];

/** What sealed sessions are: name of the cookie, version of the library, and the secret. */
interface Sealing {
  secret: string;
  /** Name of the session cookie: version 5 mixes it into the key. */
  cookie: string;
  family: 'v4' | 'v5';
}

function sealOf({ secret, cookie, family }: Sealing) {
  const [salt, info, length, enc] =
    family === 'v4'
      ? (['', 'NextAuth.js Generated Encryption Key', 32, 'A256GCM'] as const)
      : ([cookie, `Auth.js Generated Encryption Key (${cookie})`, 64, 'A256CBC-HS512'] as const);
  return { key: new Uint8Array(hkdfSync('sha256', secret, salt, info, length)), enc };
}

/**
 * What a sealed session says.
 *
 * @param value of the cookie, chunks put together
 * @returns undefined when it is no session that was sealed with the secret
 */
export async function unsealSession(
  value: string,
  sealing: Sealing,
): Promise<Record<string, unknown> | undefined> {
  try {
    return (await jwtDecrypt(value, sealOf(sealing).key, { clockTolerance: '10y' })).payload;
  } catch {
    return undefined;
  }
}

/**
 * A JWT session of Auth.js v5 or next-auth v4.
 *
 * @param options.cookie name of the session cookie: version 5 mixes it into the key
 * @param options.claims what it says of the person (default: somebody made up)
 * @param options.ended seconds since its end (default: it ends in an hour)
 */
export async function mintSession(
  options: Sealing & { claims?: Record<string, unknown>; ended?: number },
): Promise<string> {
  const { secret, cookie, family, claims, ended } = options;
  const now = Math.floor(Date.now() / 1000);
  const { key, enc } = sealOf({ secret, cookie, family });
  const kid = await calculateJwkThumbprint(
    { kty: 'oct', k: base64url.encode(key) },
    `sha${key.byteLength << 3 > 384 ? 512 : 256}`,
  );
  return new EncryptJWT(claims ?? { name: 'Mallory', email: 'mallory@evil.example', sub: 'mallory' })
    .setProtectedHeader({ alg: 'dir', enc, ...(family === 'v5' && { kid }) })
    .setIssuedAt(ended === undefined ? now : now - ended - 3600)
    .setExpirationTime(ended === undefined ? now + 3600 : now - ended)
    .setJti(randomUUID())
    .encrypt(key);
}

/** A session that is signed only, as apps do that read it elsewhere: HS256 by the bytes of the secret, good for an hour. */
export const signSession = ({ secret, claims }: { secret: string; claims: Record<string, unknown> }) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
