/** /api/sign-in-exp, what Logto's pages may know of it, and /api/status: recordings 024 to 026, 177 to 180, 318, 324, 387. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { storedPolicy } from '../email-blocklist.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { acceptedLanguages, pageLanguage, pageTexts } from '../phrases.ts';
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
interface Connected {
  sms: boolean;
  email: boolean;
}
const connectedOf = ({ connectors }: LogtoContext): Connected => ({
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

/** What the pages learn: everything but the blocklist and the forgot-password methods, which come as yes or no. */
function publicSettings(
  { emailBlocklistPolicy: _, forgotPasswordMethods, ...rest }: SignInExperience,
  has: Connected,
) {
  const allows = (method: string) =>
    forgotPasswordMethods === null || (forgotPasswordMethods as string[]).includes(method);
  return {
    ...rest,
    socialConnectors: [],
    ssoConnectors: [],
    forgotPassword: {
      phone: has.sms && allows('PhoneVerificationCode'),
      email: has.email && allows('EmailVerificationCode'),
    },
    isDevelopmentTenant: false,
    customProfileFields: [],
    customProfileFieldCatalog: [],
  };
}

export function registerPublicSettings(scope: FastifyInstance, context: LogtoContext): void {
  for (const path of ['/api/.well-known/sign-in-exp', '/api/.well-known/experience']) {
    scope.get(path, async () => publicSettings(context.tenant.signInExperience, connectedOf(context)));
  }
  scope.get('/api/.well-known/phrases', async (request, reply) => {
    const { lng, locale } = request.query as { lng?: string; locale?: string };
    const { autoDetect = true, fallbackLanguage = 'en' } = (context.tenant.signInExperience.languageInfo ??
      {}) as { autoDetect?: boolean; fallbackLanguage?: string };
    const detected = autoDetect ? [...(locale ? [locale] : []), ...acceptedLanguages(request)] : [];
    const language = pageLanguage(
      [...(lng?.split(/\s+/).filter(Boolean) ?? []), ...detected],
      fallbackLanguage,
    );
    return reply.header('content-language', language).send({ translation: pageTexts(language) });
  });
  scope.get('/api/status', async (_request, reply) => reply.code(204).send());
}

export function registerSignInExperience(scope: FastifyInstance, context: LogtoContext): void {
  scope.get('/api/sign-in-exp', async () => context.tenant.signInExperience);

  scope.patch('/api/sign-in-exp', async (request) => {
    const body = guardBody(change, request);
    const current = context.tenant.signInExperience;
    const has = connectedOf(context);
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
    // The object stays the same one, because everybody else holds on to it.
    return Object.assign(current, emptied);
  });
}
