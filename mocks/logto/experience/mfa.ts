/**
 * Second factors by one-time code (packages/core/src/routes/experience/classes/mfa.ts and mfa-validator.ts).
 *
 * A verified phone number or email address is a factor by itself when the tenant lists it; authenticator apps,
 * passkeys and backup codes are not offered by this mock, so no user ever has one.
 */
import { assertThat, LogtoError } from '../errors.ts';
import { newId, type SignInExperience, type User } from '../tenant.ts';
import { type Call, save } from './call.ts';
import { addProvenIdentifier, identifiedUser } from './profile.ts';
import { codeRecordTypes, type Mfa, withRecord } from './state.ts';

export const mfaFactors = [
  'Totp',
  'WebAuthn',
  'BackupCode',
  'EmailVerificationCode',
  'PhoneVerificationCode',
] as const;

/** Logto's order of showing factors. */
const ORDER = ['WebAuthn', 'Totp', 'PhoneVerificationCode', 'EmailVerificationCode', 'BackupCode'];
const sorted = (factors: readonly string[]) =>
  [...factors].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));

const noSkip = (policy: string) =>
  ['Mandatory', 'PromptAtSignInAndSignUpMandatory', 'PromptOnlyAtSignInMandatory'].includes(policy);
const onlyAtSignIn = (policy: string) =>
  ['PromptOnlyAtSignIn', 'PromptOnlyAtSignInMandatory'].includes(policy);

const factorsOf = (
  factors: readonly string[],
  { primaryPhone, primaryEmail }: { primaryPhone?: string | null; primaryEmail?: string | null },
) => [
  ...(factors.includes('PhoneVerificationCode') && primaryPhone ? ['PhoneVerificationCode'] : []),
  ...(factors.includes('EmailVerificationCode') && primaryEmail ? ['EmailVerificationCode'] : []),
];

const masked = (factors: readonly string[], { primaryPhone, primaryEmail }: User) => {
  const [name = '', domain = ''] = (primaryEmail ?? '').split('@');
  return {
    ...(factors.includes('EmailVerificationCode') &&
      primaryEmail && { EmailVerificationCode: `${name.length > 4 ? name.slice(0, 4) : ''}****@${domain}` }),
    ...(factors.includes('PhoneVerificationCode') &&
      primaryPhone && { PhoneVerificationCode: `****${primaryPhone.slice(-4)}` }),
  };
};

/** @throws LogtoError session.mfa.require_mfa_verification (403) with the factors to choose from */
export function guardMfaVerified(call: Call): void {
  const user = identifiedUser(call);
  const { factors, policy } = call.context.tenant.signInExperience.mfa;
  if (user.mfa.enabled === false && !noSkip(policy)) return;
  const available = factorsOf(factors, user);
  if (available.length === 0) return;
  const proven = call.state.verificationRecords.some(
    ({ type, verified }) =>
      verified &&
      ((type === codeRecordTypes.phone.mfa && available.includes('PhoneVerificationCode')) ||
        (type === codeRecordTypes.email.mfa && available.includes('EmailVerificationCode'))),
  );
  assertThat(proven, 'session.mfa.require_mfa_verification', {
    status: 403,
    data: { availableFactors: available, maskedIdentifiers: masked(available, user) },
  });
}

/** @throws LogtoError user.suggest_mfa, user.missing_mfa, session.mfa.suggest_additional_mfa, session.mfa.backup_code_required (422) */
export function guardMfaFulfilled(call: Call): void {
  const { mfa, signUp } = call.context.tenant.signInExperience;
  const user = identifiedUser(call);
  if (mfa.factors.length === 0) return;
  if (call.state.interactionEvent === 'Register' && onlyAtSignIn(mfa.policy)) return;
  const own = [...new Set([...factorsOf(mfa.factors, user), ...factorsOf(mfa.factors, call.state.profile)])];
  guardSuggestion(call, user, mfa.policy, own);
  if (mfa.policy === 'NoPrompt') return;
  if (!noSkip(mfa.policy) && (call.state.mfa.mfaSkipped ?? user.mfa.skipped)) return;

  const configured = sorted(mfa.factors.filter((factor) => factor !== 'BackupCode'));
  assertThat(
    configured.some((factor) => own.includes(factor)),
    'user.missing_mfa',
    {
      status: 422,
      data: { availableFactors: configured, ...(!noSkip(mfa.policy) && { skippable: true }) },
    },
  );
  guardAdditional(call, user, own, configured, signUp);
  assertThat(!mfa.factors.includes('BackupCode'), 'session.mfa.backup_code_required', { status: 422 });
}

function guardSuggestion(call: Call, user: User, policy: string, own: readonly string[]): void {
  if (noSkip(policy) || policy === 'NoPrompt') return;
  if (call.state.mfa.mfaSkipped ?? user.mfa.skipped) return;
  const enabled = call.state.mfa.mfaEnabled ?? user.mfa.enabled;
  assertThat(enabled ?? own.length > 0, 'user.suggest_mfa', { status: 422 });
  if (enabled === undefined) call.state = { ...call.state, mfa: { ...call.state.mfa, mfaEnabled: true } };
}

/** Who has only the factor that also signs them in is asked for another one, once. */
function guardAdditional(
  call: Call,
  user: User,
  own: readonly string[],
  configured: readonly string[],
  signUp: SignInExperience['signUp'],
): void {
  if (call.state.mfa.additionalBindingSuggestionSkipped || user.mfa.additionalBindingSuggestionSkipped)
    return;
  if (configured.every((factor) => own.includes(factor))) return;
  const secondary = (signUp.secondaryIdentifiers ?? []) as { identifier: string }[];
  const signsUpWith = (type: string) =>
    (signUp.identifiers as string[]).includes(type) ||
    secondary.some(({ identifier }) => [type, 'emailOrPhone'].includes(identifier));
  if (own.includes('EmailVerificationCode') && !signsUpWith('email')) return;
  if (own.includes('PhoneVerificationCode') && !signsUpWith('phone')) return;
  throw new LogtoError('session.mfa.suggest_additional_mfa', {
    status: 422,
    data: {
      availableFactors: configured,
      maskedIdentifiers: masked(own, user),
      isWebAuthnUsedAsSignInPasskey: false,
      skippable: true,
      suggestion: true,
    },
  });
}

/** @throws LogtoError session.not_supported_for_forgot_password, or what `guardMfaVerified` throws */
export function guardMayChangeMfa(call: Call): void {
  assertThat(call.state.interactionEvent !== 'ForgotPassword', 'session.not_supported_for_forgot_password');
  if (call.state.interactionEvent === 'SignIn') guardMfaVerified(call);
}

export async function markMfa(call: Call, change: Mfa): Promise<void> {
  if (change.mfaSkipped) {
    identifiedUser(call);
    assertThat(
      !noSkip(call.context.tenant.signInExperience.mfa.policy),
      'session.mfa.mfa_policy_not_user_controlled',
      { status: 422 },
    );
  }
  call.state = { ...call.state, mfa: { ...call.state.mfa, ...change } };
  await save(call);
}

/** Binds a proven phone number or email address as second factor; having just proven it counts as having used it. */
export async function bindMfa(call: Call, type: 'phone' | 'email', verificationId: string): Promise<void> {
  await addProvenIdentifier(call, type, verificationId);
  const value = call.state.profile[type === 'phone' ? 'primaryPhone' : 'primaryEmail'];
  if (value) {
    call.state = withRecord(call.state, {
      id: newId.entity(),
      templateType: 'MfaVerification',
      verified: true,
      type: codeRecordTypes[type].mfa,
      identifier: { type, value },
    });
  }
  await markMfa(call, { mfaEnabled: true });
}
