/** Makes session cookies as Auth.js does, to see which secrets an app takes (facts: authjs.md §5). */
import { hkdfSync, randomUUID } from 'node:crypto';
import { base64url, calculateJwkThumbprint, EncryptJWT } from 'jose';

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

/**
 * A JWT session of Auth.js v5 or next-auth v4.
 *
 * @param options.cookie name of the session cookie: version 5 mixes it into the key
 */
export async function mintSession(options: {
  secret: string;
  cookie: string;
  family: 'v4' | 'v5';
}): Promise<string> {
  const { secret, cookie, family } = options;
  const [salt, info, length, enc] =
    family === 'v4'
      ? (['', 'NextAuth.js Generated Encryption Key', 32, 'A256GCM'] as const)
      : ([cookie, `Auth.js Generated Encryption Key (${cookie})`, 64, 'A256CBC-HS512'] as const);
  const key = new Uint8Array(hkdfSync('sha256', secret, salt, info, length));
  const kid = await calculateJwkThumbprint(
    { kty: 'oct', k: base64url.encode(key) },
    `sha${key.byteLength << 3 > 384 ? 512 : 256}`,
  );
  return new EncryptJWT({ name: 'Mallory', email: 'mallory@evil.example', sub: 'mallory' })
    .setProtectedHeader({ alg: 'dir', enc, ...(family === 'v5' && { kid }) })
    .setIssuedAt()
    .setExpirationTime('1h')
    .setJti(randomUUID())
    .encrypt(key);
}
