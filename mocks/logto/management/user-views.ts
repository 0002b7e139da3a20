/** Users as the API shows them. */
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
