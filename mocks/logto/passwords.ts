/** Passwords: kept as scrypt hashes, judged by Logto's own policy checker (npm `@logto/core-kit`). */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { LogtoError } from './errors.ts';
import { digestIn, fitsDigest } from './password-digests.ts';

const LENGTH = 32;
/** Cheap: nobody's real password is kept here, and Node's default takes 40 ms of a core each time. */
const COST = 1_024;
const scryptOf = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: { cost: number },
) => Promise<Buffer>;
const derive = (password: string, salt: Buffer) => scryptOf(password, salt, LENGTH, { cost: COST });

/** @returns `scrypt$<salt>$<key>`, both base64url */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/** Whether a password fits a hash of our own, or a digest that was taken over; a missing hash costs the same time as a wrong password. */
export async function fitsPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const taken = digestIn(hash ?? '');
  if (taken) return fitsDigest(taken, password);
  const [, salt = '', key = ''] = (hash ?? '').split('$');
  const derived = await derive(password, Buffer.from(salt || 'none', 'base64url'));
  const expected = Buffer.from(key, 'base64url');
  return expected.length === LENGTH && timingSafeEqual(derived, expected);
}

/** What a password must not contain when the policy rejects personal information. */
export interface PersonalInfo {
  name?: string;
  username?: string;
  email?: string;
  phoneNumber?: string;
}

/**
 * Checks a new password against the tenant's policy.
 *
 * Passwords known from leaks (`rejects.pwned`) are not looked up: Logto asks a public service over the
 * internet for that, and the mocks never leave the machine.
 *
 * @throws LogtoError password.rejected (422) with the issues as data (recordings 332 and 390)
 */
export async function checkPassword(
  password: string,
  policy: Record<string, unknown>,
  person: PersonalInfo,
): Promise<void> {
  // Loaded when the first password is judged: it takes longer to load than both mocks take to start.
  const { PasswordPolicyChecker } = await import('@logto/core-kit');
  const rejects = { ...(policy.rejects as object | undefined), pwned: false };
  const checker = new PasswordPolicyChecker({ ...policy, rejects });
  const issues = await checker.check(password, checker.policy.rejects.userInfo ? person : {});
  if (issues.length > 0) throw new LogtoError('password.rejected', { status: 422, data: issues });
}
