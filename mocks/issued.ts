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
  /** What the app seals its sessions with, where the harness gave it. */
  | 'secret of its sessions'
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
  'secret of its sessions',
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
/**
 * What is kept: things, and characters of them, which is what some thousands of sign-ins are given. A few that are huge do
 * not push out the others.
 */
const MAX = { things: 50_000, characters: 4_000_000, least: 10_000 };

/** @param max what is kept for certain; up to a tenth more stays until the oldest leave together */
export function createIssued(max = MAX): IssuedRegister {
  let things: Issued[] = [];
  let characters = 0;
  let gone = 0;
  /** The same by value: one value may be given to several. */
  const byValue = new Map<string, Issued[]>();
  const leave = (count: number) => {
    for (const left of things.slice(0, count)) {
      characters -= left.value.length;
      const rest = byValue.get(left.value)?.filter((each) => each !== left);
      if (rest?.length) byValue.set(left.value, rest);
      else byValue.delete(left.value);
    }
    things = things.slice(count);
    gone += count;
  };
  const shrink = () => {
    const most = Math.max(0, things.length - max.least);
    if (most === 0 || (things.length <= max.things * 1.1 && characters <= max.characters * 1.1)) return;
    let [count, left] = [0, characters];
    while (count < most && (things.length - count > max.things || left > max.characters)) {
      left -= things[count]?.value.length ?? 0;
      count += 1;
    }
    leave(count);
  };
  return {
    find: (token) => byValue.get(token)?.findLast(({ kind }) => TOKEN_KINDS.has(kind)),
    add(issued) {
      const { kind, value, owner } = issued;
      if (typeof value !== 'string' || value.length < SHORTEST) return;
      const same = byValue.get(value);
      if (same?.some((each) => each.kind === kind && each.owner === owner)) return;
      if (same) same.push(issued);
      else byValue.set(value, [issued]);
      if (SECRET_KINDS.has(kind)) registerSecret(kind, value);
      things.push(issued);
      characters += value.length;
      shrink();
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
