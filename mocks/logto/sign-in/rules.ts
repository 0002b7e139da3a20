/** What Logto takes as a sign-in experience, and why it refuses one: the rules of `PATCH /api/sign-in-exp`. */
import { z } from 'zod/v3';
import type { Connectors } from '../connectors.ts';
import { storedPolicy } from '../email-blocklist.ts';
import { assertThat } from '../errors.ts';
import { guard } from '../guard.ts';
import { identifierTypes, type SignInExperience } from '../tenant.ts';

const identifier = z.enum(identifierTypes);
const anything = z.record(z.string(), z.unknown());
const webAddress = z.string().url().optional().nullable().or(z.literal(''));

const signUp = z.object({
  identifiers: identifier.array(),
  password: z.boolean(),
  verify: z.boolean(),
  secondaryIdentifiers: z
    .object({ identifier: z.union([identifier, z.enum(['emailOrPhone'])]), verify: z.boolean().optional() })
    .array()
    .optional(),
});
const signIn = z.object({
  methods: z
    .object({
      identifier,
      password: z.boolean(),
      verificationCode: z.boolean(),
      isPasswordPrimary: z.boolean(),
    })
    .array(),
});
const mfaPolicies = [
  'UserControlled',
  'Mandatory',
  'NoPrompt',
  'PromptOnlyAtSignIn',
  'PromptAtSignInAndSignUp',
  'PromptAtSignInAndSignUpMandatory',
  'PromptOnlyAtSignInMandatory',
] as const;

/** Defaults are filled in per group that the request names (recording 025). */
const passwordPolicy = z
  .object({
    length: z
      .object({ min: z.number().int().min(1).default(8), max: z.number().int().min(1).default(256) })
      .default({}),
    characterTypes: z.object({ min: z.number().int().min(1).max(4).optional().default(1) }).default({}),
    rejects: z
      .object({
        pwned: z.boolean().default(true),
        repetitionAndSequence: z.boolean().default(true),
        userInfo: z.boolean().default(true),
        words: z.string().array().default([]),
      })
      .default({}),
  })
  .partial();

const usernamePolicy = z.object({
  caseSensitive: z.boolean(),
  minLength: z.number().int().min(1).max(128),
  maxLength: z.number().int().min(1).max(128),
  allowedChars: z.object({
    lowercase: z.boolean(),
    uppercase: z.boolean(),
    numbers: z.boolean(),
    underscore: z.boolean(),
  }),
});

const change = z
  .object({
    color: z.object({
      primaryColor: z.string(),
      isDarkModeEnabled: z.boolean(),
      darkPrimaryColor: z.string(),
    }),
    branding: anything,
    hideLogtoBranding: z.boolean(),
    languageInfo: z.object({ autoDetect: z.boolean(), fallbackLanguage: z.string() }),
    agreeToTermsPolicy: z.enum(['Automatic', 'ManualRegistrationOnly', 'Manual']),
    signIn,
    signUp,
    socialSignIn: anything,
    socialSignInConnectorTargets: z.string().array(),
    signInMode: z.enum(['SignIn', 'Register', 'SignInAndRegister']),
    customCss: z.string().nullable(),
    customContent: z.record(z.string(), z.string()),
    customUiAssets: anything.nullable(),
    customUiCsp: anything,
    passwordPolicy,
    mfa: z.object({
      factors: z
        .enum(['Totp', 'WebAuthn', 'BackupCode', 'EmailVerificationCode', 'PhoneVerificationCode'])
        .array(),
      policy: z.enum(mfaPolicies),
    }),
    adaptiveMfa: anything,
    singleSignOnEnabled: z.boolean(),
    captchaPolicy: anything,
    sentinelPolicy: z.object({ maxAttempts: z.number().optional(), lockoutDuration: z.number().optional() }),
    emailBlocklistPolicy: z.object({
      blockDisposableAddresses: z.boolean().optional(),
      blockSubaddressing: z.boolean().optional(),
      customAllowlist: z.string().array().optional(),
      customBlocklist: z.string().array().optional(),
    }),
    verificationCodePolicy: z.object({
      expirationDuration: z.number().int().min(60).max(3600).optional(),
      maxRetryAttempts: z.number().int().min(1).max(100).optional(),
    }),
    forgotPasswordMethods: z.enum(['EmailVerificationCode', 'PhoneVerificationCode']).array().nullable(),
    passkeySignIn: anything,
    passwordExpiration: anything,
    usernamePolicy,
    termsOfUseUrl: webAddress,
    privacyPolicyUrl: webAddress,
    supportEmail: z.string().email().optional().nullable().or(z.literal('')),
    supportWebsiteUrl: webAddress,
    unknownSessionRedirectUrl: webAddress,
  })
  .partial();

/** Whether the tenant has a connector of a type. */
export interface Connected {
  sms: boolean;
  email: boolean;
}
export const connectedOf = (connectors: Pick<Connectors, 'of'>): Connected => ({
  sms: connectors.of('Sms') !== undefined,
  email: connectors.of('Email') !== undefined,
});
/** The second factor that a code to an identifier is. */
const factorOf = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' } as const;

type SignUp = z.infer<typeof signUp>;
type SignIn = z.infer<typeof signIn>;

/** @throws LogtoError sign_in_experiences.* (400): packages/core libraries/sign-in-experience/sign-up.ts */
function checkSignUp({ identifiers, secondaryIdentifiers = [], verify }: SignUp, has: Connected): void {
  const secondary = secondaryIdentifiers.map((item) => item.identifier);
  assertThat(
    secondary.length === 0 || identifiers.length > 0,
    'sign_in_experiences.missing_sign_up_identifiers',
  );
  const unique =
    new Set<string>([...identifiers, ...secondary]).size === identifiers.length + secondary.length;
  const clash =
    secondary.includes('emailOrPhone') && (identifiers.includes('email') || identifiers.includes('phone'));
  assertThat(unique && !clash, 'sign_in_experiences.duplicated_sign_up_identifiers');
  const passwordless = [...identifiers, ...secondary].some((name) => name !== 'username');
  const proven = secondaryIdentifiers.every((item) => item.identifier === 'username' || item.verify);
  assertThat((!passwordless || verify) && proven, 'sign_in_experiences.passwordless_requires_verify');
  const wants = (type: 'email' | 'phone') =>
    identifiers.includes(type) || secondary.includes(type) || secondary.includes('emailOrPhone');
  assertThat(!wants('email') || has.email, 'sign_in_experiences.enabled_connector_not_found', {
    values: { type: 'Email' },
  });
  assertThat(!wants('phone') || has.sms, 'sign_in_experiences.enabled_connector_not_found', {
    values: { type: 'Sms' },
  });
}

/** @throws LogtoError sign_in_experiences.* (400): packages/core libraries/sign-in-experience/sign-in.ts */
function checkSignIn(
  { methods }: SignIn,
  { verify, password }: Pick<SignUp, 'verify' | 'password'>,
  factors: readonly string[],
  has: Connected,
): void {
  const byCode = (type: string) =>
    methods.some((method) => method.identifier === type && method.verificationCode);
  assertThat(!byCode('email') || has.email, 'sign_in_experiences.enabled_connector_not_found', {
    values: { type: 'Email' },
  });
  assertThat(!byCode('phone') || has.sms, 'sign_in_experiences.enabled_connector_not_found', {
    values: { type: 'Sms' },
  });
  assertThat(
    methods.every((method) => method.password || method.verificationCode),
    'sign_in_experiences.at_least_one_authentication_factor',
  );
  const codes = methods.every((method) => method.verificationCode || method.identifier === 'username');
  assertThat(!verify || password || codes, 'sign_in_experiences.code_sign_in_must_be_enabled');
  const twice = (type: 'email' | 'phone') => byCode(type) && factors.includes(factorOf[type]);
  assertThat(!twice('email'), 'sign_in_experiences.email_verification_code_cannot_be_used_for_sign_in');
  assertThat(!twice('phone'), 'sign_in_experiences.phone_verification_code_cannot_be_used_for_sign_in');
}

/** @throws LogtoError sign_in_experiences.* (400): packages/core libraries/sign-in-experience/mfa.ts (recording 909) */
function checkMfa(factors: readonly string[], { methods }: SignIn): void {
  assertThat(new Set(factors).size === factors.length, 'sign_in_experiences.duplicated_mfa_factors');
  assertThat(
    !factors.includes('BackupCode') || factors.length > 1,
    'sign_in_experiences.backup_code_cannot_be_enabled_alone',
  );
  for (const type of ['email', 'phone'] as const) {
    const signsIn = methods.some((method) => method.identifier === type && method.verificationCode);
    assertThat(
      !signsIn || !factors.includes(factorOf[type]),
      `sign_in_experiences.${type}_verification_code_cannot_be_used_for_mfa`,
    );
  }
}

/**
 * Changes a sign-in experience in place, as everybody else holds on to the object.
 *
 * @param change JSON that Logto's console sends: the members that are to be other than they are
 * @param has connectors of the tenant
 * @throws LogtoError guard.invalid_input or sign_in_experiences.* (400); nothing is changed then
 */
export async function changeExperience(
  current: SignInExperience,
  input: unknown,
  has: Connected,
): Promise<SignInExperience> {
  const body = guard('body', change, input);
  if (body.signUp) checkSignUp(body.signUp, has);
  const factors = body.mfa?.factors ?? current.mfa.factors;
  if (body.signIn) checkSignIn(body.signIn, body.signUp ?? current.signUp, factors, has);
  if (body.mfa) checkMfa(factors, body.signIn ?? current.signIn);
  for (const method of body.forgotPasswordMethods ?? []) {
    const available = method === 'PhoneVerificationCode' ? has.sms : has.email;
    const name = method === 'PhoneVerificationCode' ? 'sms' : 'email';
    assertThat(available, 'sign_in_experiences.forgot_password_method_requires_connector', {
      values: { method: name },
    });
  }
  if (body.emailBlocklistPolicy) body.emailBlocklistPolicy = await storedPolicy(body.emailBlocklistPolicy);
  const emptied = Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, value === '' ? null : value]),
  );
  return Object.assign(current, emptied);
}

/** Members of `GET /api/sign-in-exp` that nobody can change; whoever pastes its answer pastes them, too. */
const READ_ONLY = ['tenantId', 'id', 'signUpProfileFields'];

/**
 * Key paths of a change that Logto does not know, and would leave out without a word: `signIn.methods.0.pasword`.
 *
 * @returns nothing for what is no object; the guard says what is wrong with that
 */
export function unknownKeys(input: unknown): string[] {
  const parsed = change.safeParse(input);
  // A misspelt key is often the reason why another one is missing: it is named in what the guard refuses, too.
  const found = parsed.success ? differing(input, parsed.data) : straying(change, input);
  return found.filter((key) => !READ_ONLY.includes(key));
}

/** Key paths that stand in no object of a schema, whatever else is wrong with the value. */
function straying(schema: z.ZodTypeAny, value: unknown, path: readonly (string | number)[] = []): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return straying(schema.unwrap(), value, path);
  if (schema instanceof z.ZodDefault) return straying(schema.removeDefault(), value, path);
  if (schema instanceof z.ZodArray)
    return Array.isArray(value)
      ? value.flatMap((item, index) => straying(schema.element, item, [...path, index]))
      : [];
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null || Array.isArray(value))
    return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key];
    const known = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    return known ? straying(known, inner, at) : [at.join('.')];
  });
}

function differing(given: unknown, taken: unknown, path: readonly (string | number)[] = []): string[] {
  if (typeof given !== 'object' || given === null || typeof taken !== 'object' || taken === null) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const at = [...path, key];
    return Object.hasOwn(taken, key)
      ? differing(value, (taken as Record<string, unknown>)[key], at)
      : [at.join('.')];
  });
}

/** Every key path that Logto takes, without positions: what a misspelt one is compared with. */
export const knownKeys = (): string[] => Object.keys(change.shape);
