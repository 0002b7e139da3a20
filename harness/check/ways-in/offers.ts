/** What somebody offers at another way in who has no proof of who they are: tables of pure functions. */
import { generateKeyPairSync, sign } from 'node:crypto';

/** A member whom somebody else would like to be, as a stranger may know them. */
export interface Victim {
  id: string;
  name: string;
  email: string;
  /** E.164 */
  phone: string;
}

/** What is put into the fields of a form, by what they ask for. */
export interface Offer {
  /** Reads after "signed in somebody who gave". */
  told: string;
  /** Who they say they are, in fields for names, ids, addresses and numbers; by default all four of the victim. */
  who?: string | Victim;
  password?: string;
  code?: string;
  token?: string;
}

const digits = (phone: string) => phone.replace(/\D/g, '');

const FIELDS: [RegExp, (offer: Offer) => string | undefined][] = [
  [/csrf|callback.?url|redirect/i, () => undefined],
  [/pass|pwd|pin$|secret/i, ({ password = '' }) => password],
  [/token|jwt|credential|assertion|saml|signature|ticket/i, ({ token = '' }) => token],
  [/code|otp/i, ({ code = '' }) => code],
  [/verified|confirmed|trusted/i, () => 'true'],
  [/mail/i, ({ who }) => (typeof who === 'string' ? who : who?.email)],
  [/phone|mobile|^tel|number/i, ({ who }) => (typeof who === 'string' ? who : who && digits(who.phone))],
  [/name|login|handle/i, ({ who }) => (typeof who === 'string' ? who : who?.name)],
  [/./, ({ who }) => (typeof who === 'string' ? who : who?.id)],
];

/** Fields that are sent where the app shows no form. */
export const USUAL_FIELDS = [
  'username',
  'user',
  'name',
  'login',
  'email',
  'phone',
  'phoneNumber',
  'id',
  'sub',
  'userId',
  'password',
  'code',
  'otp',
  'token',
  'idToken',
  'id_token',
  'accessToken',
  'access_token',
  'credential',
  'assertion',
  'jwt',
] as const;

/**
 * A filled form.
 *
 * @param names of its fields
 */
export const filledWithOffer = (names: readonly string[], offer: Offer): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = FIELDS.find(([pattern]) => pattern.test(name))?.[1](offer);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** A number as people write it, for apps that keep it with its plus. */
export const withPlus = (form: Record<string, string>, { phone }: Victim): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, value === digits(phone) ? phone : value]),
  );

export const NOTHING: readonly Offer[] = [{ told: 'nothing' }];

/** Somebody whom nobody knows, and a member by what others know of them. */
export const bareNames = (victim: Victim): Offer[] => [
  { told: 'a name that nobody has', who: 'somebody-unknown-7421' },
  { told: 'what anybody knows of a member (id, name, e-mail address, number)', who: victim },
  ...(['id', 'name', 'email', 'phone'] as const).map((what) => ({
    told: `the ${what} of a member`,
    who: victim[what],
  })),
];

const ACCOUNTS = ['test', 'admin', 'demo', 'guest', 'dev', 'user', 'root'];
const PASSWORDS = ['password', 'admin', 'test', '123456', 'changeme'];
const CODES = ['000000', '123456', '111111', '0000', '1234', '999999'];

/** Accounts and codes of the first weeks, which should be gone in production. */
export const usualPasswords = (victim: Victim): Offer[] => [
  ...ACCOUNTS.map((who) => ({ told: `"${who}" as name and password`, who, password: who })),
  ...['admin', 'test', 'user'].flatMap((who) =>
    PASSWORDS.filter((password) => password !== who).map((password) => ({
      told: `"${who}" with the password "${password}"`,
      who,
      password,
    })),
  ),
  ...[...PASSWORDS, ''].map((password) => ({
    told: password ? `a member's name with the password "${password}"` : "a member's name and no password",
    who: victim,
    password,
  })),
  ...CODES.map((code) => ({
    told: `a member's number with the code ${code}`,
    who: victim,
    code,
    password: code,
  })),
];

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Claims that an identity token tells of a member. */
export const claimsOfVictim = (victim: Victim, issuer: string, clientId: string): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: clientId,
    sub: victim.id,
    id: victim.id,
    userId: victim.id,
    name: victim.name,
    email: victim.email,
    email_verified: true,
    phone: digits(victim.phone),
    phone_number: digits(victim.phone),
    phone_number_verified: true,
    iat: now,
    exp: now + 3600,
  };
};

/** Tokens that nobody signed, or whose signature is none. */
export const unsignedTokens = (claims: Record<string, unknown>): { told: string; token: string }[] => [
  {
    told: 'a token without a signature (alg "none")',
    token: `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`,
  },
  {
    told: 'a token with a signature of letters (HS256)',
    token: `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.bm90LWEtc2lnbmF0dXJl`,
  },
  {
    told: 'a token with a signature of letters (RS256)',
    token: `${part({ alg: 'RS256', typ: 'JWT', kid: 'somebody' })}.${part(claims)}.${'bm90LWEtc2lnbmF0dXJl'.repeat(12)}`,
  },
  { told: 'claims in base64, with no signature at all', token: part(claims) },
];

/** Tokens that are signed well, by a key of the attacker's own. */
export function foreignTokens(claims: Record<string, unknown>): { told: string; token: string }[] {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const signed = (header: object, payload: object) => {
    const input = `${part({ alg: 'RS256', typ: 'JWT', ...header })}.${part(payload)}`;
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  };
  return [
    { told: 'a token signed by a key that nobody knows', token: signed({ kid: 'attacker' }, claims) },
    { told: 'a token that brings its own key along', token: signed({ jwk }, claims) },
    {
      told: 'a token of another issuer for another app',
      token: signed(
        { kid: 'attacker' },
        { ...claims, iss: 'https://accounts.google.com', aud: 'another-app' },
      ),
    },
  ];
}
