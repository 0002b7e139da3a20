/** Users as the API shows them. */
import { digestIn } from '../password-digests.ts';
import type { User } from '../tenant.ts';

/** A user as the API shows it (recording 632); secrets never leave. */
export const userView = (user: User) => ({
  id: user.id,
  username: user.username,
  primaryEmail: user.primaryEmail,
  primaryPhone: user.primaryPhone,
  name: user.name,
  avatar: user.avatar,
  customData: user.customData,
  identities: user.identities,
  lastSignInAt: user.lastSignInAt,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
  profile: user.profile,
  applicationId: user.applicationId,
  cimdClientId: null,
  isSuspended: user.isSuspended,
  hasPassword: Boolean(user.passwordHash),
});

/** Logto's way of reading a flag in a query. */
export const isYes = (value: string | null | undefined): boolean =>
  /^(y|yes|yep|yeah|true|1)$/i.test(value ?? '');

/**
 * What a manager may see of a password. Those that were set here are scrypt hashes, shown under the name of Logto's own
 * method, because nothing else may come out.
 */
export function passwordView({ passwordHash }: User) {
  const taken = digestIn(passwordHash ?? '');
  return {
    passwordDigest: taken?.digest ?? passwordHash,
    passwordAlgorithm: passwordHash ? (taken?.algorithm ?? 'Argon2i') : null,
  };
}
