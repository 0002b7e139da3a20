/** Who it is: signing somebody in, registering somebody new, ending the interaction (experience-interaction.ts). */
import { guardEmail } from '../email-blocklist.ts';
import { assertThat } from '../errors.ts';
import { joinByEmail, joinByIds } from '../jit.ts';
import type { SignInExperience, User } from '../tenant.ts';
import { createUser, findByIdentifier, updateUser } from '../users.ts';
import { noteEnd, noteMembership, noteUser } from '../webhooks/notes.ts';
import { type Call, save } from './call.ts';
import { guardMfaFulfilled, guardMfaVerified } from './mfa.ts';
import {
  addToProfile,
  guardProfileComplete,
  identifiedUser,
  profileOf,
  revalidateProfile,
} from './profile.ts';
import { type InteractionEvent, recordById, type VerificationRecord } from './state.ts';

const hasVerifiedToken = ({ state }: Call) =>
  state.verificationRecords.some(({ type, verified }) => type === 'OneTimeToken' && verified);

/** @throws LogtoError auth.forbidden (403) when the tenant does not allow the event (recording 330) */
function guardEvent(call: Call, event: InteractionEvent): void {
  const { signInMode } = call.context.tenant.signInExperience;
  if (event === 'SignIn') assertThat(signInMode !== 'Register', 'auth.forbidden', { status: 403 });
  if (event === 'Register')
    assertThat(signInMode !== 'SignIn' || hasVerifiedToken(call), 'auth.forbidden', { status: 403 });
}

/** Switches between SignIn and Register and forgets the profile; ForgotPassword stays alone. */
export async function switchEvent(call: Call, event: InteractionEvent): Promise<void> {
  const { interactionEvent, profile } = call.state;
  guardEvent(call, event);
  assertThat(
    (event === 'ForgotPassword') === (interactionEvent === 'ForgotPassword'),
    'session.not_supported_for_forgot_password',
  );
  call.state = {
    ...call.state,
    interactionEvent: event,
    profile:
      event === interactionEvent
        ? profile
        : { ...(profile.submitted !== undefined && { submitted: profile.submitted }) },
  };
  await save(call);
}

function guardMethod(
  { signIn, forgotPasswordMethods }: SignInExperience,
  event: InteractionEvent,
  { type, identifier }: VerificationRecord,
): void {
  const byCode = type === 'PhoneVerificationCode' || type === 'EmailVerificationCode';
  if (event === 'ForgotPassword') {
    const allowed =
      byCode && (forgotPasswordMethods === null || (forgotPasswordMethods as string[]).includes(type));
    assertThat(allowed, 'session.not_supported_for_forgot_password', { status: 422 });
    return;
  }
  const enabled = signIn.methods.some(
    (method) =>
      method.identifier === identifier.type &&
      (type === 'Password' ? method.password : byCode && method.verificationCode),
  );
  assertThat(type === 'OneTimeToken' || enabled, 'user.sign_in_method_not_enabled', { status: 422 });
}

function userProvenBy(call: Call, record: VerificationRecord): User {
  const supported = record.type !== 'NewPasswordIdentity';
  assertThat(supported && record.verified, 'session.verification_failed');
  const user = findByIdentifier(call.context.tenant, record.identifier);
  assertThat(user, 'user.user_not_exist', {
    status: 404,
    data: { identifier: record.identifier.value },
    // Only one-time tokens fill in the message; the others leave its placeholder, as recording 266 shows.
    ...(record.type === 'OneTimeToken' && { values: { identifier: record.identifier.value } }),
  });
  return user;
}

/** SignIn and ForgotPassword: the person whose identifier was proven. */
export async function identifyUser(call: Call, verificationId: string): Promise<void> {
  const record = recordById(call.state, verificationId);
  const byToken = record.type === 'OneTimeToken' && record.verified;
  if (!byToken) {
    guardEvent(call, call.state.interactionEvent);
    guardMethod(call.context.tenant.signInExperience, call.state.interactionEvent, record);
  }
  const user = userProvenBy(call, record);
  assertThat(!user.isSuspended, 'user.suspended', { status: 401 });
  assertThat(!call.state.userId || call.state.userId === user.id, 'session.identity_conflict', {
    status: 409,
  });
  const { jitOrganizationIds } = record;
  const profile = { ...call.state.profile, ...(jitOrganizationIds && { jitOrganizationIds }) };
  call.state = { ...call.state, userId: user.id, profile };
  await save(call);
}

/** Register: makes a user of what was proven, and of what was added to the profile before. */
export async function registerUser(call: Call, verificationId: string | undefined): Promise<void> {
  if (verificationId) {
    const record = recordById(call.state, verificationId);
    if (record.identifier.type === 'email') await guardEmail(call.context.tenant, record.identifier.value);
    await addToProfile(call, profileOf(record));
    // Kept even when something is missing: the next call comes without the verification id (recordings 331, 334).
    await save(call);
  }
  guardEvent(call, 'Register');
  guardProfileComplete(call);
  const { submitted, jitOrganizationIds, ...profile } = call.state.profile;
  const clientId = call.interaction.params.client_id;
  const user = await createUser(
    call.context.tenant,
    { ...profile, applicationId: typeof clientId === 'string' ? clientId : null },
    call.context.clock.now(call.scope),
  );
  const { tenant } = call.context;
  const joined = [
    ...joinByIds(tenant, user.id, jitOrganizationIds ?? []),
    ...(user.primaryEmail ? joinByEmail(tenant, user.id, user.primaryEmail) : []),
  ];
  for (const id of joined) noteMembership(call.request, id, user.id);
  noteUser(call.request, 'User.Created', user);
  call.state = { ...call.state, userId: user.id, profile: { ...(submitted !== undefined && { submitted }) } };
  await save(call);
}

/** ForgotPassword ends with a new password and no session; the interaction starts over (recordings 392, 393). */
async function changeForgottenPassword(call: Call, user: User): Promise<void> {
  const { passwordHash } = call.state.profile;
  assertThat(passwordHash, 'user.new_password_required_in_profile', { status: 422 });
  const now = call.context.clock.now(call.scope);
  const changed = await updateUser(call.context.tenant, user.id, { passwordHash }, now);
  noteUser(call.request, 'User.Data.Updated', changed);
  noteEnd(call.request, user.id);
  call.interaction.result = {} as never;
  await call.context.saveInteraction(call.interaction);
}

/**
 * Ends the interaction.
 *
 * @returns where the browser goes next, or undefined after a forgotten password
 */
export async function submit(call: Call): Promise<string | undefined> {
  const user = identifiedUser(call);
  if (call.state.interactionEvent === 'ForgotPassword') {
    await changeForgottenPassword(call, user);
    return undefined;
  }
  if (call.state.interactionEvent === 'SignIn') guardMfaVerified(call);
  revalidateProfile(call);
  guardProfileComplete(call);
  guardMfaFulfilled(call);

  const { submitted: _, jitOrganizationIds = [], ...profile } = call.state.profile;
  const { mfaEnabled, mfaSkipped, additionalBindingSuggestionSkipped } = call.state.mfa;
  const now = call.context.clock.now(call.scope);
  const mfa = {
    ...user.mfa,
    ...(mfaEnabled !== undefined && { enabled: mfaEnabled }),
    ...(mfaSkipped && { skipped: true }),
    ...(additionalBindingSuggestionSkipped && { additionalBindingSuggestionSkipped: true }),
  };
  const columns = { ...profile, mfa, lastSignInAt: now };
  const updated = await updateUser(call.context.tenant, user.id, columns, now);
  if (Object.keys(profile).length > 0) noteUser(call.request, 'User.Data.Updated', updated);
  for (const id of joinByIds(call.context.tenant, user.id, jitOrganizationIds))
    noteMembership(call.request, id, user.id);
  noteEnd(call.request, user.id);
  return call.context.finishInteraction(call.interaction, {
    login: { accountId: user.id },
    ...call.state,
  } as never);
}
