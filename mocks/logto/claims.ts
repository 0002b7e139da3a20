/** Scopes, and the claims each one opens, with the values Logto gives them (facts: oidc/scope.ts; recordings 101, 230, 438–445). */
import { organizationClaims } from './organizations.ts';
import type { Application, Tenant, User } from './tenant.ts';

const PROFILE_OBJECT_CLAIMS = [
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
] as const;

/** Claims of each scope, in the order they appear in tokens and in the discovery document. */
export const claimsByScope: Record<string, string[]> = {
  openid: ['sub'],
  profile: [
    'name',
    ...PROFILE_OBJECT_CLAIMS,
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
    'username',
    'created_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  custom_data: ['custom_data'],
  identities: ['identities', 'sso_identities'],
  roles: ['roles'],
  'urn:logto:scope:organizations': ['organizations', 'organization_data'],
  'urn:logto:scope:organization_roles': ['organization_roles'],
  'urn:logto:scope:sessions': [],
  'urn:logto:scope:trusted_devices': [],
};

/** Scopes in the order of the discovery document (recording 101). */
export const supportedScopes = ['openid', 'offline_access', ...Object.keys(claimsByScope).slice(1)];

/** Claims that always stand in userinfo, but in the ID token only when the tenant enables them (recordings 438, 662–665). */
export const extendedClaims = [
  'custom_data',
  'identities',
  'sso_identities',
  'roles',
  'organizations',
  'organization_data',
  'organization_roles',
];

/** Extended claims that a new tenant puts into ID tokens (recording 662). */
export const defaultIdTokenClaims = ['roles', 'organizations', 'organization_roles'];

const camel = (claim: string) => claim.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function claimValue(user: User, claim: string): unknown {
  switch (claim) {
    case 'name':
      return user.name;
    case 'picture':
      return user.avatar;
    case 'username':
      return user.username;
    case 'email':
      return user.primaryEmail;
    case 'email_verified':
      return Boolean(user.primaryEmail);
    case 'phone_number':
      return user.primaryPhone;
    case 'phone_number_verified':
      return Boolean(user.primaryPhone);
    case 'updated_at':
      return user.updatedAt;
    case 'created_at':
      return user.createdAt;
    case 'preferred_username':
      return user.profile.preferredUsername ?? user.username ?? undefined;
    case 'custom_data':
      return user.customData;
    case 'identities':
      return user.identities;
    case 'roles':
      return user.roles;
    case 'sso_identities':
      return [];
    default:
      return user.profile[camel(claim)];
  }
}

/**
 * What Logto says about a user.
 *
 * @param use `id_token` leaves out the extended claims that the tenant has not enabled
 * @param scope granted scopes, space separated
 */
export function userClaims(tenant: Tenant, user: User, use: string, scope: string): { sub: string } {
  const claims = scope
    .split(' ')
    .flatMap((name) => (name === 'openid' ? [] : (claimsByScope[name] ?? [])))
    .filter(
      (claim) =>
        use !== 'id_token' || !extendedClaims.includes(claim) || tenant.idTokenClaims.includes(claim),
    );
  const organizations = organizationClaims(tenant, user);
  const known = (claim: string) => (claim in organizations ? organizations[claim] : claimValue(user, claim));
  return { sub: user.id, ...Object.fromEntries(claims.map((claim) => [claim, known(claim)])) };
}

/** Secrets of an application that count at this moment (milliseconds since the epoch). */
export const validSecrets = (application: Application, now: number): string[] =>
  application.secrets
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
    .map(({ value }) => value);

/** An application by its client id. */
export const findApplication = (tenant: Tenant, id: string): Application | undefined =>
  tenant.applications.findFirst((q) => q.where((application) => application.id === id));
