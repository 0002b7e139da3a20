/**
 * Everything that the mocks gave out and nobody but its owner may see: tokens, codes, one-time codes, secrets, and what is
 * unique to a made-up person. Registered at birth, so that it can be looked for wherever an app might leave it.
 */
import { registerSecret } from './redact.ts';

export type IssuedKind =
  | 'access token'
  | 'refresh token'
  | 'ID token'
  | 'authorization code'
  | 'state'
  | 'code verifier'
  | 'client secret'
  | 'one-time code'
  | 'phone number'
  | 'email address'
  | 'user id'
  | 'username'
  | 'name';

/** Kinds whose values are never written, whatever they stand in. */
export const SECRET_KINDS: ReadonlySet<IssuedKind> = new Set<IssuedKind>([
  'access token',
  'refresh token',
  'ID token',
  'authorization code',
  'code verifier',
  'client secret',
  'one-time code',
]);

const TOKEN_KINDS: ReadonlySet<IssuedKind> = new Set<IssuedKind>([
  'access token',
  'refresh token',
  'ID token',
]);

/** One thing that was given out. */
export interface Issued {
  kind: IssuedKind;
  /** As it is; a phone number as digits, country code first. */
  value: string;
  /** Whose it is: digits of the person's phone number, or null when it is nobody's in particular. */
  owner: string | null;
  /** The scope that it was given out in, when one is known. */
  scope: string | null;
}

export interface IssuedRegister {
  /** Adds a thing; what is too short to be told from other words is left out. */
  add(issued: Issued): void;
  /** What a value was given out as; of several, the last. Tokens are found at once, the rest not at all. */
  find(token: string): Issued | undefined;
  /**
   * Things from a position on.
   *
   * @returns the things, and the position to go on from
   */
  since(position: number): { issued: Issued[]; next: number };
}

/** Characters a value must have to be found by; one-time codes have six. */
const SHORTEST = 6;
const MAX = 100_000;

export function createIssued(): IssuedRegister {
  const seen = new Set<string>();
  let things: Issued[] = [];
  let gone = 0;
  const tokens = new Map<string, Issued>();
  return {
    find: (token) => tokens.get(token),
    add(issued) {
      const { kind, value, owner } = issued;
      if (typeof value !== 'string' || value.length < SHORTEST) return;
      const key = `${kind} ${owner} ${value}`;
      if (seen.has(key)) return;
      seen.add(key);
      if (SECRET_KINDS.has(kind)) registerSecret(kind, value);
      things.push(issued);
      if (TOKEN_KINDS.has(kind)) tokens.set(value, issued);
      if (things.length <= MAX + MAX / 10) return;
      gone += things.length - MAX;
      for (const { kind: left, value: token } of things.slice(0, -MAX))
        if (TOKEN_KINDS.has(left)) tokens.delete(token);
      things = things.slice(-MAX);
    },
    since: (position) => ({
      issued: things.slice(Math.max(0, position - gone)),
      next: gone + things.length,
    }),
  };
}

export const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

interface Known {
  phone?: string | null;
  userId?: string | null;
  name?: string | null;
  username?: string | null;
  email?: string | null;
}

/** What is unique to a person; a name only when no other person is likely to have it, that is when it holds a digit. */
export function issuedOf({ phone, userId, name, username, email }: Known): Issued[] {
  const owner = phone ? digitsOf(phone) : (userId ?? null);
  if (!owner) return [];
  const facts: [IssuedKind, string | null | undefined][] = [
    ['phone number', phone && digitsOf(phone)],
    ['user id', userId],
    ['email address', email],
    ['username', username && /\d/.test(username) ? username : undefined],
    ['name', name && /\d/.test(name) && name.length >= 8 ? name : undefined],
  ];
  return facts.flatMap(([kind, value]) => (value ? [{ kind, value, owner, scope: null }] : []));
}
