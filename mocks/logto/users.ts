/** Finding, making and changing users, with Logto's rules about who may have which identifier. */
import { assertThat, LogtoError } from './errors.ts';
import { findByPhone, storedNumber } from './phones.ts';
import { rowsOf } from './rows.ts';
import { newId, type SignInExperience, type Tenant, type User } from './tenant.ts';

/** Usernames are told apart by case unless the tenant says otherwise. */
const sameUsername = (tenant: Tenant, a: string, b: string) =>
  (tenant.signInExperience.usernamePolicy as { caseSensitive?: boolean } | undefined)?.caseSensitive === false
    ? a.toLowerCase() === b.toLowerCase()
    : a === b;

// Each request asks for somebody, often several times: a query takes ten times as long as looking through the rows.
const firstUser = (tenant: Tenant, fits: (user: User) => boolean): User | undefined =>
  tenant.users.all().find(fits);

export const findById = (tenant: Tenant, id: string | undefined): User | undefined =>
  id === undefined ? undefined : firstUser(tenant, (user) => user.id === id);

export function findByEmail(tenant: Tenant, email: string): User | undefined {
  const wanted = email.toLowerCase();
  return firstUser(tenant, ({ primaryEmail }) => primaryEmail?.toLowerCase() === wanted);
}

export const findByUsername = (tenant: Tenant, username: string): User | undefined =>
  firstUser(tenant, ({ username: known }) => known !== null && sameUsername(tenant, known, username));

export function findByIdentifier(
  tenant: Tenant,
  { type, value }: { type: string; value: string },
): User | undefined {
  if (type === 'phone') return findByPhone(tenant, value);
  if (type === 'email') return findByEmail(tenant, value);
  if (type === 'username') return findByUsername(tenant, value);
  return findById(tenant, value);
}

export interface Identifiers {
  username?: string | null;
  primaryEmail?: string | null;
  primaryPhone?: string | null;
}

/**
 * @param except id of the user who may keep what they have
 * @throws LogtoError user.username_already_in_use, email_already_in_use or phone_already_in_use (422)
 */
export function guardUnique(
  tenant: Tenant,
  { username, primaryEmail, primaryPhone }: Identifiers,
  except?: string,
): void {
  const free = (found: User | undefined) => !found || found.id === except;
  const refuse = (code: string) => new LogtoError(code, { status: 422 });
  if (username && !free(findByUsername(tenant, username))) throw refuse('user.username_already_in_use');
  if (primaryEmail && !free(findByEmail(tenant, primaryEmail))) throw refuse('user.email_already_in_use');
  if (primaryPhone && !free(findByPhone(tenant, primaryPhone))) throw refuse('user.phone_already_in_use');
}

const turns = new WeakMap<Tenant, Promise<unknown>>();

/** One change of who exists at a time: between looking for a conflict and storing, nobody else may store. */
function inTurn<Result>(tenant: Tenant, change: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(tenant) ?? Promise.resolve()).then(change, change);
  turns.set(
    tenant,
    turn.catch(() => undefined),
  );
  return turn;
}

const withStoredNumber = (columns: Partial<User>): Partial<User> =>
  columns.primaryPhone ? { ...columns, primaryPhone: storedNumber(columns.primaryPhone) } : columns;

/**
 * @param now milliseconds since the epoch
 * @throws LogtoError when an identifier is taken, as `guardUnique`; user.invalid_phone (422)
 */
export const createUser = (tenant: Tenant, columns: Partial<User>, now: number): Promise<User> =>
  inTurn(tenant, async () => {
    guardUnique(tenant, columns);
    const stored = withStoredNumber(columns);
    // Roles that everybody gets (packages/core libraries/user.ts, insertUser).
    const roles = rowsOf(tenant).roles.filter(({ isDefault, type }) => isDefault && type === 'User');
    return tenant.users.create({
      id: newId.user(),
      createdAt: now,
      updatedAt: now,
      roles: roles.map(({ name }) => name),
      ...stored,
    });
  });

/** @throws LogtoError entity.not_found (404), or as `guardUnique` */
export const updateUser = (tenant: Tenant, id: string, columns: Partial<User>, now: number): Promise<User> =>
  inTurn(tenant, async () => {
    guardUnique(tenant, columns, id);
    const stored = withStoredNumber(columns);
    const updated = await tenant.users.update((q) => q.where((user) => user.id === id), {
      data(row) {
        Object.assign(row, stored, { updatedAt: now });
      },
    });
    assertThat(updated, 'entity.not_found', { status: 404 });
    return updated;
  });

/** What a sign-up must have delivered, in Logto's order (sign-in-experience-validator.ts). */
export function mandatoryProfile({ signUp }: Pick<SignInExperience, 'signUp'>): Set<string> {
  const primary = signUp.identifiers as string[];
  const needed = new Set<string>();
  if (primary.includes('username')) needed.add('username');
  else if (primary.includes('emailOrPhone') || (primary.includes('email') && primary.includes('phone')))
    needed.add('emailOrPhone');
  else if (primary.includes('email')) needed.add('email');
  else if (primary.includes('phone')) needed.add('phone');
  for (const { identifier } of (signUp.secondaryIdentifiers ?? []) as { identifier: string }[])
    needed.add(identifier);
  if (signUp.password) needed.add('password');
  return needed;
}

/** The mandatory parts that neither the new profile nor the user has (profile-validator.ts). */
export function missingProfile(
  needed: ReadonlySet<string>,
  profile: Identifiers & { passwordHash?: string | null },
  user?: User,
): string[] {
  const has = {
    username: Boolean(user?.username || profile.username),
    email: Boolean(user?.primaryEmail || profile.primaryEmail),
    phone: Boolean(user?.primaryPhone || profile.primaryPhone),
    password: Boolean(
      user?.passwordHash || Object.keys(user?.identities ?? {}).length > 0 || profile.passwordHash,
    ),
  };
  const missing: string[] = [];
  if (needed.has('username') && !has.username) missing.push('username');
  if (needed.has('emailOrPhone') && !has.email && !has.phone) missing.push('emailOrPhone');
  if (needed.has('email') && !has.email) missing.push('email');
  if (needed.has('phone') && !has.phone) missing.push('phone');
  if (needed.has('password') && !has.password) missing.push('password');
  return missing;
}
