/** How a sign-in experience lets people in, for those who make people up and those who sign them in. Pure. */
import { type IdentifierType, identifierTypes, type SignInExperience } from '../tenant.ts';
import { mandatoryProfile } from '../users.ts';

export interface WayIn {
  /** What people enter first. */
  identifier: IdentifierType;
  /** Whether a code proves it; else a password does. */
  byCode: boolean;
  /** Whether a password is taken, beside a code or in its place. */
  takesPassword: boolean;
  /** Whether people who are new may come this way. */
  signsUp: boolean;
  /** What an account must have that is made this way: identifiers, and `password`. */
  needs: ReadonlySet<string>;
  /** The identifier that codes for a forgotten password go to; none: there is no recovery. */
  recovery?: 'phone' | 'email';
}

type Settings = Pick<SignInExperience, 'signIn' | 'signUp' | 'signInMode' | 'forgotPasswordMethods'>;

/** Identifiers that a sign-up begins with. */
const signUpIdentifiers = ({ signUp }: Settings): IdentifierType[] => {
  const named = new Set(
    (signUp.identifiers as string[]).flatMap((name) =>
      name === 'emailOrPhone' ? ['email', 'phone'] : [name],
    ),
  );
  return identifierTypes.filter((type) => named.has(type));
};

/**
 * The identifiers by which people can sign in, phone first; where people sign up, those that they can sign up with.
 *
 * @returns none for a tenant in which nobody can sign in by phone, e-mail or username
 */
export function identifiersOf(settings: Settings): IdentifierType[] {
  const signIn = identifierTypes.filter((type) =>
    settings.signIn.methods.some(
      ({ identifier, password, verificationCode }) => identifier === type && (password || verificationCode),
    ),
  );
  if (settings.signInMode === 'SignIn') return signIn;
  const both = signUpIdentifiers(settings).filter((type) => signIn.includes(type));
  return both.length > 0 ? both : signIn;
}

/** Which of the ways that a sign-in experience offers. */
export interface Choice {
  /** What people enter first (default: the first of `identifiersOf`). */
  identifier?: IdentifierType;
  /** A password, where it is taken beside a code. */
  byPassword?: boolean;
}

/** How people get in. */
export function wayIn(settings: Settings, choice: Choice = {}): WayIn {
  const identifier = choice.identifier ?? identifiersOf(settings)[0] ?? 'phone';
  const method = settings.signIn.methods.find((each) => each.identifier === identifier);
  const recoveries = settings.forgotPasswordMethods ?? ['PhoneVerificationCode'];
  const recovery = (['phone', 'email'] as const).filter((type) =>
    (recoveries as string[]).includes(type === 'phone' ? 'PhoneVerificationCode' : 'EmailVerificationCode'),
  );
  const byCode = (method?.verificationCode ?? false) && !(choice.byPassword && method?.password);
  return {
    identifier,
    byCode,
    signsUp: settings.signInMode !== 'SignIn' && signUpIdentifiers(settings).includes(identifier),
    needs: new Set([
      ...[...mandatoryProfile(settings as SignInExperience)].filter((name) => name !== 'emailOrPhone'),
      identifier,
      ...(method?.verificationCode ? [] : ['password']),
    ]),
    takesPassword: method?.password ?? false,
    recovery: recovery.find((type) => type === identifier) ?? recovery[0],
  };
}

/** What somebody must have to come by any of the ways. */
export const neededFor = (settings: Settings): Set<string> =>
  new Set(identifiersOf(settings).flatMap((identifier) => [...wayIn(settings, { identifier }).needs]));
