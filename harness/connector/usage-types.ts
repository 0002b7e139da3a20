/** Logto's template types, and what each message is given to fill in (connector-kit 5.1.1; Logto core 1fbc554). */

/** Without these Logto's connectors refuse the config (facts: Twilio connector 1.4.4, `requiredTemplateUsageTypes`). */
export const REQUIRED_TYPES = ['Register', 'SignIn', 'ForgotPassword', 'Generic'] as const;

/** Later types; connectors that use connector-kit's `getConfigTemplateByType` send Generic instead. */
export const LATER_TYPES = [
  'OrganizationInvitation',
  'UserPermissionValidation',
  'BindNewIdentifier',
  'MfaVerification',
  'BindMfa',
] as const;

export const USAGE_TYPES = [...REQUIRED_TYPES, ...LATER_TYPES] as const;
export type UsageType = (typeof USAGE_TYPES)[number];

/** What people do, or what is called, that makes Logto send a message of a type (logto.md §3; connector-kit 5.1.1). */
export const FLOWS: Record<UsageType, string> = {
  Register: 'somebody new signs up with a code',
  SignIn: 'somebody known signs in with a code',
  ForgotPassword: 'somebody chooses a new password, with a code (forgotPasswordMethods)',
  Generic: "the connector's test in the console, or POST /api/verification-codes",
  OrganizationInvitation: 'POST /api/organization-invitations with a messagePayload; by e-mail alone',
  UserPermissionValidation:
    'the app asks for a code to the number that somebody has: POST /api/verifications/verification-code of the Account API',
  BindNewIdentifier:
    'the app asks for a code to a new number or address: POST /api/verifications/verification-code of the Account API',
  MfaVerification: 'somebody signs in with a second factor (suite mfa)',
  BindMfa: 'somebody binds a number or an address as second factor (mfa/bound-at-sign-up)',
};

/** Types of a deprecated enum that nothing sends any more. */
export const DEPRECATED_TYPES = ['Test'];

/** Words people write for a type that are too far away for a spelling mistake. */
export const OTHER_WORDS: Record<string, UsageType> = {
  login: 'SignIn',
  logon: 'SignIn',
  signup: 'Register',
  registration: 'Register',
  createaccount: 'Register',
  passwordreset: 'ForgotPassword',
  resetpassword: 'ForgotPassword',
  forgottenpassword: 'ForgotPassword',
  passwordrecovery: 'ForgotPassword',
  default: 'Generic',
  general: 'Generic',
  fallback: 'Generic',
  other: 'Generic',
  mfa: 'MfaVerification',
  twofactor: 'MfaVerification',
  invitation: 'OrganizationInvitation',
};

/** Variables in every message that carries a code. */
export const ALWAYS = ['code'];
/** Set when the person came through Logto's own pages; not by the Management API, and uiLocales only when asked for. */
export const SOMETIMES = ['locale', 'uiLocales'];
/**
 * Built for email only (`buildVerificationCodeTemplateContext`, Logto core 1fbc554), though the documentation of
 * templates names them; in an SMS they stay as they are written.
 */
export const EMAIL_ONLY = ['application', 'organization', 'user', 'inviter', 'link'];

/** Other names under which people expect the code. */
export const CODE_SYNONYMS = [
  'otp',
  'pin',
  'passcode',
  'token',
  'verificationcode',
  'verifycode',
  'onetimecode',
  'onetimepassword',
  'password',
  'smscode',
  'authcode',
  'verification',
  'number',
  'digits',
];

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

export const isUsageType = (text: string): text is UsageType =>
  (USAGE_TYPES as readonly string[]).includes(text);

/** The type that was meant, when only case or separators differ, or another word was used. */
export const sameType = (text: string): UsageType | undefined =>
  USAGE_TYPES.find((type) => bare(type) === bare(text)) ?? OTHER_WORDS[bare(text)];

/** `SignIn-de`, `SignIn_zh_CN`: a type with a language behind it. */
export function localeType(text: string): { type: UsageType; locale: string } | undefined {
  const found = /^(.+?)[-_.:/ ]([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)$/.exec(text);
  const type = found?.[1] && sameType(found[1]);
  return type && found?.[2] && isLanguage(found[2]) ? { type, locale: found[2] } : undefined;
}

function isLanguage(tag: string): boolean {
  try {
    const [language = ''] = tag.split(/[-_]/);
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(language) !== undefined;
  } catch {
    return false;
  }
}
