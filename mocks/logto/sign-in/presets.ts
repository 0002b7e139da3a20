/**
 * Sign-in experiences by name, in the words of Logto's console: what `PATCH /api/sign-in-exp` is sent for each.
 *
 * Source: docs.logto.io, "Sign-up and sign-in" (identifiers, authentication settings, forgot password), and
 * recordings 025, 324 and 780 of a real Logto.
 */
import { phoneSignIn, type SignInExperience } from '../tenant.ts';

export const presetNames = [
  'phone-code',
  'phone-or-email-code',
  'phone-code-and-password',
  'username-password',
  'email-code',
  'sign-in-only',
] as const;
export type PresetName = (typeof presetNames)[number];

/** The members of a sign-in experience that a preset decides. */
export type Preset = Pick<
  SignInExperience,
  'signIn' | 'signUp' | 'signInMode' | 'forgotPasswordMethods' | 'mfa'
>;

const noMfa: Preset['mfa'] = { factors: [], policy: 'UserControlled' };

/** A code first; a password is taken too, once somebody has chosen one. */
const byCode = (identifier: 'phone' | 'email') => ({
  identifier,
  password: true,
  verificationCode: true,
  isPasswordPrimary: false,
});

export const presets: Record<PresetName, Preset> = {
  'phone-code': { ...phoneSignIn, mfa: noMfa },
  'phone-or-email-code': {
    signUp: { identifiers: ['email', 'phone'], password: false, verify: true },
    signIn: { methods: [byCode('email'), byCode('phone')] },
    signInMode: 'SignInAndRegister',
    forgotPasswordMethods: ['EmailVerificationCode', 'PhoneVerificationCode'],
    mfa: noMfa,
  },
  'phone-code-and-password': {
    signUp: { identifiers: ['phone'], password: true, verify: true },
    signIn: { methods: [{ ...byCode('phone'), isPasswordPrimary: true }] },
    signInMode: 'SignInAndRegister',
    forgotPasswordMethods: ['PhoneVerificationCode'],
    mfa: noMfa,
  },
  'username-password': {
    signUp: { identifiers: ['username'], password: true, verify: false },
    signIn: {
      methods: [{ identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true }],
    },
    signInMode: 'SignInAndRegister',
    forgotPasswordMethods: [],
    mfa: noMfa,
  },
  'email-code': {
    signUp: { identifiers: ['email'], password: false, verify: true },
    signIn: { methods: [byCode('email')] },
    signInMode: 'SignInAndRegister',
    forgotPasswordMethods: ['EmailVerificationCode'],
    mfa: noMfa,
  },
  'sign-in-only': { ...phoneSignIn, signInMode: 'SignIn', mfa: noMfa },
};

/** What each preset is, in one line for doctor, report and help. */
export const presetTitles: Record<PresetName, string> = {
  'phone-code': 'sign-up and sign-in by phone and code',
  'phone-or-email-code': 'sign-up and sign-in by phone or e-mail, with a code',
  'phone-code-and-password': 'sign-up by phone, code and password; sign-in by either',
  'username-password': 'sign-up and sign-in by username and password, without recovery',
  'email-code': 'sign-up and sign-in by e-mail and code',
  'sign-in-only': 'sign-in by phone and code; nobody signs up',
};

export const isPreset = (name: unknown): name is PresetName => presetNames.includes(name as PresetName);
