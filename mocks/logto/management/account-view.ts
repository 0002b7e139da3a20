/** What a user sees of their own account, and what must be left of it. */
import { assertThat } from '../errors.ts';
import type { User } from '../tenant.ts';
import { userView } from './user-views.ts';

/** @throws LogtoError user.last_sign_in_method_required (400) when nothing would be left to sign in with */
export function requireRemaining(user: User, change: Partial<User>): void {
  const { username, primaryEmail, primaryPhone, identities } = { ...user, ...change };
  const left = username || primaryEmail || primaryPhone || Object.keys(identities).length > 0;
  assertThat(left, 'user.last_sign_in_method_required');
}

/** Whether a user has anything to prove themselves with. */
export const canProve = (user: User): boolean =>
  Boolean(user.passwordHash || user.primaryPhone || user.primaryEmail);

/** What a user sees of themselves: by scope, then by the account center's fields (get-scoped-profile.ts). */
export function accountView(user: User, scopes: ReadonlySet<string>, fields: Record<string, string>) {
  const shown = userView(user);
  const readable = (field: string) => fields[field] === 'ReadOnly' || fields[field] === 'Edit';
  const basic = scopes.has('profile');
  const { address, ...profile } = shown.profile as { address?: unknown };
  return {
    id: shown.id,
    ...(basic && {
      lastSignInAt: shown.lastSignInAt,
      createdAt: shown.createdAt,
      updatedAt: shown.updatedAt,
      applicationId: shown.applicationId,
      cimdClientId: null,
      isSuspended: shown.isSuspended,
    }),
    ...(basic && readable('name') && { name: shown.name }),
    ...(basic && readable('avatar') && { avatar: shown.avatar }),
    ...(basic && readable('username') && { username: shown.username }),
    ...(scopes.has('email') && readable('email') && { primaryEmail: shown.primaryEmail }),
    ...(scopes.has('phone') && readable('phone') && { primaryPhone: shown.primaryPhone }),
    ...(basic &&
      readable('profile') && { profile: { ...profile, ...(scopes.has('address') && { address }) } }),
    ...(scopes.has('custom_data') && readable('customData') && { customData: shown.customData }),
    ...(scopes.has('identities') && readable('social') && { identities: shown.identities }),
    ...(basic && readable('password') && { hasPassword: shown.hasPassword }),
    hasSecurityVerificationMethod: canProve(user),
  };
}
