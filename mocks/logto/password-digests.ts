/**
 * Password digests that the Management API takes over from elsewhere, by Logto's names of their algorithms
 * (packages/core libraries/user-password-verification.ts and utils/password.ts; recordings 748 to 761).
 */
import { createHash, getHashes, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { assertThat, LogtoError } from './errors.ts';

export const passwordAlgorithms = [
  'Argon2i',
  'Argon2id',
  'Argon2d',
  'SHA1',
  'SHA256',
  'MD5',
  'Bcrypt',
  'Legacy',
] as const;
export type PasswordAlgorithm = (typeof passwordAlgorithms)[number];

const PREFIX = 'digest:';

/** How a digest is kept beside our own hashes. */
export const keptDigest = (algorithm: PasswordAlgorithm, digest: string): string =>
  `${PREFIX}${algorithm}:${digest}`;

/** The algorithm and digest that were taken over, or undefined for a hash of our own. */
export function digestIn(hash: string): { algorithm: PasswordAlgorithm; digest: string } | undefined {
  if (!hash.startsWith(PREFIX)) return undefined;
  const [, algorithm = 'Legacy', ...digest] = hash.split(':');
  return { algorithm: algorithm as PasswordAlgorithm, digest: digest.join(':') };
}

interface Legacy {
  algorithm: string;
  args: string[];
  expected: string;
}

/**
 * A digest of the form `["hash method", ["salt", "@"], "digest"]`, where `@` is the password.
 *
 * @throws LogtoError password.unsupported_encryption_method, invalid_legacy_password_format, unsupported_legacy_hash_algorithm (400)
 */
export function parseLegacy(text: string | undefined): Legacy {
  assertThat(text, 'password.unsupported_encryption_method');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const [algorithm, args, expected] = Array.isArray(parsed) ? parsed : [];
  const fits =
    typeof algorithm === 'string' &&
    typeof expected === 'string' &&
    Array.isArray(args) &&
    args.every((one) => typeof one === 'string') &&
    args.includes('@');
  assertThat(fits, 'password.invalid_legacy_password_format');
  assertThat(
    /^pbkdf2(Sync)?$/.test(algorithm) || getHashes().includes(algorithm),
    'password.unsupported_legacy_hash_algorithm',
    { values: { algorithm } },
  );
  return { algorithm, args, expected };
}

async function legacyFits(digest: string, password: string): Promise<boolean> {
  const { algorithm, args, expected } = parseLegacy(digest);
  if (!algorithm.startsWith('pbkdf2')) {
    const text = args.map((one) => (one === '@' ? password : one)).join('');
    return createHash(algorithm).update(text).digest('hex') === expected;
  }
  const [salt = '', iterations, length, hash] = args;
  if (!salt || !iterations || !length || !hash)
    throw new LogtoError('password.invalid_legacy_password_format');
  const bytes = salt.startsWith('hex:') ? Buffer.from(salt.slice(4), 'hex') : salt;
  const key = await promisify(pbkdf2)(password, bytes, Number(iterations), Number(length), hash);
  return key.toString('hex') === expected;
}

/** Whether a password fits a digest; a digest that cannot be read fits nothing. */
export async function fitsDigest(
  { algorithm, digest }: { algorithm: PasswordAlgorithm; digest: string },
  password: string,
): Promise<boolean> {
  const plain = (name: string) => createHash(name).update(password).digest('hex') === digest;
  if (algorithm === 'MD5' || algorithm === 'SHA1' || algorithm === 'SHA256')
    return plain(algorithm.toLowerCase());
  if (algorithm === 'Legacy') return legacyFits(digest, password).catch(() => false);
  // Loaded when the first such digest is judged: most runs never meet one.
  const { argon2Verify, bcryptVerify } = await import('hash-wasm');
  const verify = algorithm === 'Bcrypt' ? bcryptVerify : argon2Verify;
  return verify({ password, hash: digest }).catch(() => false);
}
