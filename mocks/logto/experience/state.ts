/**
 * What an interaction has found out so far. It lives in `result` of oidc-provider's interaction, as in Logto
 * (packages/core/src/routes/experience/classes/experience-interaction.ts), and every function here is pure.
 */
import { z } from 'zod';
import { LogtoError } from '../errors.ts';

export const interactionEvents = ['SignIn', 'Register', 'ForgotPassword'] as const;
export type InteractionEvent = (typeof interactionEvents)[number];

const identifier = z.object({ type: z.enum(['phone', 'email', 'username', 'userId']), value: z.string() });
export type Identifier = z.infer<typeof identifier>;

/** How a code record is called by what it proves; the Mfa kinds prove a second factor. */
export const codeRecordTypes = {
  phone: { plain: 'PhoneVerificationCode', mfa: 'MfaPhoneVerificationCode' },
  email: { plain: 'EmailVerificationCode', mfa: 'MfaEmailVerificationCode' },
} as const;

const verificationRecord = z.object({
  id: z.string(),
  templateType: z.string().optional(),
  verified: z.boolean().optional(),
  type: z.enum([
    'PhoneVerificationCode',
    'EmailVerificationCode',
    'MfaPhoneVerificationCode',
    'MfaEmailVerificationCode',
    'Password',
    'NewPasswordIdentity',
    'OneTimeToken',
  ]),
  identifier,
  /** Only of NewPasswordIdentity: the hash of the chosen password. */
  passwordHash: z.string().optional(),
  /** Only of OneTimeToken. */
  jitOrganizationIds: z.string().array().optional(),
});
export type VerificationRecord = z.infer<typeof verificationRecord>;

const profile = z.object({
  username: z.string().optional(),
  primaryEmail: z.string().optional(),
  primaryPhone: z.string().optional(),
  name: z.string().optional(),
  avatar: z.string().optional(),
  profile: z.record(z.string(), z.unknown()).optional(),
  customData: z.record(z.string(), z.unknown()).optional(),
  passwordHash: z.string().optional(),
  submitted: z.boolean().optional(),
  /** Organizations that a one-time token lets its owner into. */
  jitOrganizationIds: z.string().array().optional(),
});
export type Profile = z.infer<typeof profile>;

const mfa = z.object({
  mfaEnabled: z.boolean().optional(),
  mfaSkipped: z.boolean().optional(),
  additionalBindingSuggestionSkipped: z.boolean().optional(),
  passkeySkipped: z.boolean().optional(),
});
export type Mfa = z.infer<typeof mfa>;

const experienceState = z.object({
  interactionEvent: z.enum(interactionEvents),
  userId: z.string().optional(),
  profile: profile.default({}),
  verificationRecords: z.array(verificationRecord).default([]),
  mfa: mfa.default({}),
  signInContext: z.record(z.string(), z.string()).default({}),
  captcha: z
    .object({ verified: z.boolean(), skipped: z.boolean() })
    .default({ verified: false, skipped: false }),
});
export type ExperienceState = z.infer<typeof experienceState>;

export const newState = (
  interactionEvent: InteractionEvent,
  signInContext: Record<string, string>,
): ExperienceState => ({
  interactionEvent,
  profile: {},
  verificationRecords: [],
  mfa: {},
  signInContext,
  captcha: { verified: false, skipped: false },
});

/** @throws LogtoError session.interaction_not_found (404) when nothing was started by PUT /api/experience */
export function stateOf(result: unknown): ExperienceState {
  const parsed = experienceState.safeParse(result ?? {});
  if (!parsed.success) throw new LogtoError('session.interaction_not_found', { status: 404 });
  return parsed.data;
}

/** Members come in the order of Logto's guards (recordings 207, 920). */
const publicRecord = ({ id, type, identifier, templateType, verified }: VerificationRecord) => {
  if (type === 'NewPasswordIdentity') return { id, type, identifier };
  if (type === 'Password' || type === 'OneTimeToken') return { id, type, identifier, verified };
  return { id, templateType, verified, type, identifier };
};

/** What GET /api/experience/interaction shows: everything but secrets (recordings 207, 221, 224). */
export function publicState(state: ExperienceState): Record<string, unknown> {
  const { interactionEvent, userId, profile: kept, verificationRecords, ...rest } = state;
  const { passwordHash: _, submitted: __, ...visible } = kept;
  return {
    interactionEvent,
    userId,
    profile: visible,
    verificationRecords: verificationRecords.map(publicRecord),
    ...rest,
  };
}

/** Adds a record; one of the same type gives way, so an older verification id is no longer known (recording 303). */
export const withRecord = (state: ExperienceState, record: VerificationRecord): ExperienceState => ({
  ...state,
  verificationRecords: state.verificationRecords.some(({ type }) => type === record.type)
    ? state.verificationRecords.map((old) => (old.type === record.type ? record : old))
    : [...state.verificationRecords, record],
});

/** @throws LogtoError session.verification_session_not_found (404) */
export function recordById(
  state: ExperienceState,
  id: string,
  type?: VerificationRecord['type'],
): VerificationRecord {
  const record = state.verificationRecords.find(
    (known) => known.id === id && (type === undefined || known.type === type),
  );
  if (!record) throw new LogtoError('session.verification_session_not_found', { status: 404 });
  return record;
}
