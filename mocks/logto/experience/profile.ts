/** What a person adds to their account while signing in (packages/core/src/routes/experience/classes/profile.ts). */
import { guardEmail } from '../email-blocklist.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { checkPassword, fitsPassword, hashPassword } from '../passwords.ts';
import type { User } from '../tenant.ts';
import { findById, guardUnique, mandatoryProfile, missingProfile } from '../users.ts';
import { type Call, save } from './call.ts';
import { type Profile, recordById, type VerificationRecord } from './state.ts';

/** @throws LogtoError session.identifier_not_found (404) when nobody is identified yet */
export function identifiedUser({ context, state }: Call): User {
  assertThat(state.userId, 'session.identifier_not_found', { status: 404 });
  const user = findById(context.tenant, state.userId);
  assertThat(user, 'entity.not_exists_with_id', { status: 404, values: { name: 'users', id: state.userId } });
  return user;
}

/** Nobody is identified at first while registering; in every other event somebody must be. */
const userIfRegistering = (call: Call): User | undefined =>
  call.state.interactionEvent === 'Register'
    ? findById(call.context.tenant, call.state.userId)
    : identifiedUser(call);

function guardNotSetYet(user: User, { username, primaryEmail, primaryPhone, passwordHash }: Profile): void {
  const refuse = (what: string) => new LogtoError(`user.${what}_exists_in_profile`, { status: 422 });
  if (username && user.username) throw refuse('username');
  if (primaryEmail && user.primaryEmail) throw refuse('email');
  if (primaryPhone && user.primaryPhone) throw refuse('phone');
  if (passwordHash && user.passwordHash) throw refuse('password');
}

async function guardUsername({ context }: Call, username: string): Promise<void> {
  const { defaultUsernamePolicy, validateUsernameAgainstPolicy } = await import('@logto/core-kit');
  const policy = {
    ...defaultUsernamePolicy,
    ...(context.tenant.signInExperience.usernamePolicy as object | undefined),
  };
  const violation = validateUsernameAgainstPolicy(username, policy);
  if (violation) throw new LogtoError(`user.username_${violation}`, { status: 422 });
}

/** Adds to the profile after looking for conflicts; nothing is kept until the caller saves. */
export async function addToProfile(call: Call, profile: Profile): Promise<void> {
  const user = userIfRegistering(call);
  if (user) guardNotSetYet(user, profile);
  if (profile.username) await guardUsername(call, profile.username);
  guardUnique(call.context.tenant, profile);
  call.state = { ...call.state, profile: { ...call.state.profile, ...profile } };
}

/** Conflicts may have come up since the profile was set: it is looked at again before it is stored. */
export function revalidateProfile(call: Call): void {
  const user = userIfRegistering(call);
  if (user) guardNotSetYet(user, call.state.profile);
  guardUnique(call.context.tenant, call.state.profile);
}

/** @throws LogtoError session.verification_failed (400) when the record is not verified, or proves no identifier */
export function profileOf(record: VerificationRecord): Profile {
  assertThat(record.verified || record.passwordHash, 'session.verification_failed');
  if (record.type === 'PhoneVerificationCode') return { primaryPhone: record.identifier.value };
  if (record.type === 'OneTimeToken')
    return {
      primaryEmail: record.identifier.value,
      ...(record.jitOrganizationIds && { jitOrganizationIds: record.jitOrganizationIds }),
    };
  if (record.type === 'EmailVerificationCode') return { primaryEmail: record.identifier.value };
  if (record.type === 'NewPasswordIdentity')
    return { username: record.identifier.value, passwordHash: record.passwordHash };
  throw new LogtoError('session.verification_failed');
}

/** @throws LogtoError user.missing_profile (422) with what is missing (recording 331) */
export function guardProfileComplete(call: Call): void {
  const missing = missingProfile(
    mandatoryProfile(call.context.tenant.signInExperience),
    call.state.profile,
    userIfRegistering(call),
  );
  assertThat(missing.length === 0, 'user.missing_profile', {
    status: 422,
    data: { missingProfile: missing },
  });
}

/**
 * Sets a password after the policy had its say.
 *
 * @param reset whether one that is there already may be replaced (ForgotPassword)
 * @throws LogtoError password.rejected, user.same_password, user.password_exists_in_profile (422)
 */
export async function setPassword(call: Call, password: string, reset: boolean): Promise<void> {
  const user = userIfRegistering(call);
  const { profile } = call.state;
  await checkPassword(password, call.context.tenant.signInExperience.passwordPolicy, {
    name: profile.name ?? user?.name ?? undefined,
    username: profile.username ?? user?.username ?? undefined,
    email: profile.primaryEmail ?? user?.primaryEmail ?? undefined,
    phoneNumber: profile.primaryPhone ?? user?.primaryPhone ?? undefined,
  });
  const same = user?.passwordHash ? await fitsPassword(password, user.passwordHash) : false;
  assertThat(!same, 'user.same_password', { status: 422 });
  const passwordHash = await hashPassword(password);
  if (user && !reset) guardNotSetYet(user, { passwordHash });
  call.state = { ...call.state, profile: { ...profile, passwordHash } };
  await save(call);
}

/** Adds a phone number or email address that was proven in this interaction. */
export async function addProvenIdentifier(
  call: Call,
  type: 'phone' | 'email',
  verificationId: string,
): Promise<void> {
  const record = recordById(call.state, verificationId);
  const wanted = type === 'phone' ? 'PhoneVerificationCode' : 'EmailVerificationCode';
  assertThat(record.type === wanted, 'session.verification_session_not_found', { status: 404 });
  if (type === 'email') await guardEmail(call.context.tenant, record.identifier.value);
  await addToProfile(call, profileOf(record));
}
