/** What the sign-in experience settings mean for the pages (packages/experience hooks/use-sie.ts). */
import type { SignInExperience } from '../tenant.ts';
import type { IdentifierKind } from './identifiers.ts';

const all = (identifiers: readonly string[]): IdentifierKind[] =>
  [
    ...new Set(identifiers.flatMap((name) => (name === 'emailOrPhone' ? ['email', 'phone'] : [name]))),
  ] as IdentifierKind[];

export const signInMethods = ({ signIn }: SignInExperience) =>
  signIn.methods.filter(({ password, verificationCode }) => password || verificationCode);

export const signInKinds = (settings: SignInExperience): IdentifierKind[] =>
  all(signInMethods(settings).map(({ identifier }) => identifier));

export const signUpKinds = ({ signUp }: SignInExperience): IdentifierKind[] =>
  all(signUp.identifiers as string[]);

export const methodFor = (settings: SignInExperience, type: string) =>
  signInMethods(settings).find(({ identifier }) => identifier === type);

/** People with only passwords see the password field at once. */
export const isPasswordOnly = (settings: SignInExperience): boolean => {
  const methods = signInMethods(settings);
  return (
    methods.length > 0 && methods.every(({ password, verificationCode }) => password && !verificationCode)
  );
};

export const maySignUpWith = (settings: SignInExperience, type: string): boolean => {
  const secondary = (settings.signUp.secondaryIdentifiers ?? []) as { identifier: string }[];
  return (
    settings.signInMode !== 'SignIn' &&
    (all(settings.signUp.identifiers as string[]) as string[])
      .concat(all(secondary.map(({ identifier }) => identifier)))
      .includes(type)
  );
};

export const maySignInWithCode = (settings: SignInExperience, type: string): boolean =>
  settings.signInMode !== 'Register' && methodFor(settings, type)?.verificationCode === true;

export const forgotPasswordKinds = ({ forgotPasswordMethods }: SignInExperience): IdentifierKind[] =>
  forgotPasswordMethods === null
    ? ['phone']
    : forgotPasswordMethods.map((method) => (method === 'PhoneVerificationCode' ? 'phone' : 'email'));
