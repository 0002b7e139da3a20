/**
 * Opens session cookies whose secret is known, and seals them anew with other claims: as Auth.js does (facts: authjs.md §5,
 * JWE by a key that is derived from the secret), or as apps do that sign their own (JWS by HMAC, RFC 7515).
 */
import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { CompactEncrypt, CompactSign, compactDecrypt, compactVerify } from 'jose';

export type Claims = Record<string, unknown>;

export interface Opened {
  secret: string;
  claims: Claims;
  /** Seals other claims with the same key and header. */
  seal(claims: Claims): Promise<string>;
}

/** What a token says of the way it was sealed; undefined for what is no token. */
function headerOf(token: string): { parts: string[]; alg?: string; enc?: string } | undefined {
  const parts = token.split('.');
  if (parts.length !== 3 && parts.length !== 5) return undefined;
  try {
    return { parts, ...JSON.parse(Buffer.from(parts[0] as string, 'base64url').toString()) };
  } catch {
    return undefined;
  }
}

const derived = (secret: string, salt: string, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** The keys that Auth.js v5 and next-auth v4 derive from a secret for an encryption; `cookie` is the salt of version 5. */
function encryptionKeys(secret: string, cookie: string, enc: string): Buffer[] {
  const v5 = (length: number) =>
    derived(secret, cookie, `Auth.js Generated Encryption Key (${cookie})`, length);
  if (enc === 'A256CBC-HS512') return [v5(64)];
  return enc === 'A256GCM' ? [derived(secret, '', 'NextAuth.js Generated Encryption Key', 32), v5(32)] : [];
}

/** Whether a key opens a JWE: by its tag alone, a few microseconds (RFC 7518 §5.2, §5.3). */
function opens(parts: readonly string[], enc: string, key: Buffer): boolean {
  const [aad = '', , iv, ciphertext, tag] = parts;
  const [vector, sealed, expected] = [iv, ciphertext, tag].map((part) =>
    Buffer.from(part ?? '', 'base64url'),
  );
  if (!vector || !sealed || !expected) return false;
  if (enc === 'A256CBC-HS512') {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(aad.length * 8));
    const mac = createHmac('sha512', key.subarray(0, 32))
      .update(Buffer.concat([Buffer.from(aad, 'ascii'), vector, sealed, length]))
      .digest()
      .subarray(0, 32);
    return expected.length === 32 && timingSafeEqual(mac, expected);
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, vector, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(aad, 'ascii')).setAuthTag(expected);
    decipher.update(sealed);
    decipher.final();
    return true;
  } catch {
    return false;
  }
}

/** The keys that a secret stands for where an app signs with HMAC: its own bytes, or those it is the base64 of. */
const signingKeys = (secret: string): Buffer[] => [Buffer.from(secret), Buffer.from(secret, 'base64')];

/**
 * Finds the secret of a sealed token among candidates.
 *
 * @param token a JWE of Auth.js, or a JWS by HMAC
 * @param cookie name of the cookie it stands in, without the number of a chunk
 * @returns the secret with its key; undefined when none fits, or what it is given is no such token
 */
export function secretOf<Candidate extends { value: string }>(
  token: string,
  cookie: string,
  candidates: Iterable<Candidate>,
): { found: Candidate; key: Buffer } | undefined {
  const header = headerOf(token);
  if (!header) return undefined;
  const { parts, alg, enc } = header;
  const hash = /^HS(256|384|512)$/.exec(alg ?? '')?.[1];
  const sealed = parts.length === 5 && alg === 'dir' && enc;
  if (!sealed && !(parts.length === 3 && hash)) return undefined;
  const signature = Buffer.from(parts[2] ?? '', 'base64url');
  for (const found of candidates) {
    if (!found.value) continue;
    const key = sealed
      ? encryptionKeys(found.value, cookie, sealed).find((each) => opens(parts, sealed, each))
      : signingKeys(found.value).find(
          (each) =>
            each.length > 0 &&
            createHmac(`sha${hash}`, each).update(`${parts[0]}.${parts[1]}`).digest().equals(signature),
        );
    if (key) return { found, key };
  }
  return undefined;
}

const claimsIn = (plain: Uint8Array): Claims => JSON.parse(new TextDecoder().decode(plain));
const bytesOf = (claims: Claims) => new TextEncoder().encode(JSON.stringify(claims));

/** Opens a session token; undefined when none of the secrets fits, or it holds no JSON. */
export async function openSession(
  token: string,
  cookie: string,
  secrets: readonly string[],
): Promise<Opened | undefined> {
  const fitting = secretOf(
    token,
    cookie,
    secrets.map((value) => ({ value })),
  );
  if (!fitting) return undefined;
  const { key } = fitting;
  const secret = fitting.found.value;
  try {
    if (token.split('.').length === 5) {
      const { plaintext, protectedHeader } = await compactDecrypt(token, key);
      return {
        secret,
        claims: claimsIn(plaintext),
        seal: (claims) =>
          new CompactEncrypt(bytesOf(claims))
            .setProtectedHeader({ ...protectedHeader, alg: 'dir', enc: protectedHeader.enc })
            .encrypt(key),
      };
    }
    const { payload, protectedHeader } = await compactVerify(token, key);
    return {
      secret,
      claims: claimsIn(payload),
      seal: (claims) => new CompactSign(bytesOf(claims)).setProtectedHeader(protectedHeader).sign(key),
    };
  } catch {
    return undefined;
  }
}

/** Years around now in which a number, or a text, is taken for a time. */
const NEAR_MS = 6 * 366 * 86_400_000;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/**
 * A token as it would be, had it been made so many seconds earlier: its stamps (RFC 7519 §4.1), and whatever else is a time,
 * in seconds, in milliseconds or as a text of ISO 8601.
 */
export function earlier(claims: Claims, seconds: number, now = Date.now()): Claims {
  const isNear = (time: number) => Math.abs(time - now) < NEAR_MS;
  const moved = (value: unknown, name = ''): unknown => {
    if (Array.isArray(value)) return value;
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner, key)]));
    if (typeof value === 'number') {
      if (['iat', 'exp', 'nbf'].includes(name) || isNear(value * 1000)) return value - seconds;
      return isNear(value) ? value - seconds * 1000 : value;
    }
    if (typeof value === 'string' && ISO.test(value) && isNear(Date.parse(value)))
      return new Date(Date.parse(value) - seconds * 1000).toISOString();
    return value;
  };
  return moved(claims) as Claims;
}
