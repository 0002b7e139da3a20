/**
 * What one Logto tenant holds: applications, users, resources, connectors and its sign-in experience.
 *
 * Shapes are those of Logto's Management API answers (recordings 008, 028, 024, 632).
 */
import type { Collection } from '@msw/data';
import { z } from 'zod';
import { customAlphabet } from './ids.ts';

const userId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12);
const entityId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 21);
const secretValue = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 32);

/** Logto's ids: users 12, everything else 21 characters of [a-z0-9]; application secrets 32 of [A-Za-z0-9]. */
export const newId = { user: userId, entity: entityId, secret: secretValue };

export const identifierTypes = ['phone', 'email', 'username'] as const;
export type IdentifierType = (typeof identifierTypes)[number];

export const applicationTypes = ['Traditional', 'SPA', 'Native', 'MachineToMachine'] as const;

export const applicationSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullable().default(null),
  type: z.enum(applicationTypes),
  oidcClientMetadata: z
    .object({
      redirectUris: z.array(z.string()).default([]),
      postLogoutRedirectUris: z.array(z.string()).default([]),
      backchannelLogoutUri: z.string().optional(),
      backchannelLogoutSessionRequired: z.boolean().optional(),
      logoUri: z.string().optional(),
    })
    .default({ redirectUris: [], postLogoutRedirectUris: [] }),
  customClientMetadata: z
    .object({
      corsAllowedOrigins: z.array(z.string()).optional(),
      idTokenTtl: z.number().optional(),
      refreshTokenTtlInDays: z.number().optional(),
      alwaysIssueRefreshToken: z.boolean().optional(),
      rotateRefreshToken: z.boolean().optional(),
      allowTokenExchange: z.boolean().optional(),
      isDeviceFlow: z.boolean().optional(),
      /** Grants that a user may have at once; the oldest go (Logto's oidc/grant-limit). */
      maxAllowedGrants: z.number().optional(),
    })
    .default({}),
  customData: z.record(z.string(), z.unknown()).default({}),
  isThirdParty: z.boolean().default(false),
  /** Names of machine-to-machine roles. */
  roles: z.array(z.string()).default([]),
  createdAt: z.number(),
  /** The application's client secrets (Logto keeps them in application_secrets). */
  secrets: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      createdAt: z.number(),
      expiresAt: z.number().nullable(),
    }),
  ),
});
export type Application = z.infer<typeof applicationSchema>;

export const userSchema = z.object({
  id: z.string(),
  username: z.string().nullable().default(null),
  primaryEmail: z.string().nullable().default(null),
  /** Digits only, country code first, no plus. */
  primaryPhone: z.string().nullable().default(null),
  name: z.string().nullable().default(null),
  avatar: z.string().nullable().default(null),
  customData: z.record(z.string(), z.unknown()).default({}),
  identities: z.record(z.string(), z.unknown()).default({}),
  profile: z.record(z.string(), z.unknown()).default({}),
  applicationId: z.string().nullable().default(null),
  isSuspended: z.boolean().default(false),
  roles: z.array(z.string()).default([]),
  mfaPhones: z.array(z.string()).default([]),
  /** What the user decided about a second factor (Logto keeps it in logtoConfig.mfa). */
  mfa: z
    .object({
      enabled: z.boolean().optional(),
      skipped: z.boolean().optional(),
      additionalBindingSuggestionSkipped: z.boolean().optional(),
    })
    .default({}),
  /** scrypt hash, or null when the user has no password. */
  passwordHash: z.string().nullable().default(null),
  lastSignInAt: z.number().nullable().default(null),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type User = z.infer<typeof userSchema>;

export const resourceSchema = z.object({
  id: z.string(),
  name: z.string(),
  indicator: z.string(),
  accessTokenTtl: z.number().default(3600),
  isDefault: z.boolean().default(false),
  scopes: z.array(z.string()).default([]),
});
export type Resource = z.infer<typeof resourceSchema>;

export const connectorSchema = z.object({
  id: z.string(),
  connectorId: z.string(),
  config: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()).default({}),
  syncProfile: z.boolean().default(false),
  createdAt: z.number(),
});
export type ConnectorRow = z.infer<typeof connectorSchema>;

/** The sign-in experience, as GET /api/sign-in-exp shows it (recording 024); unknown keys are kept. */
export const signInExperienceSchema = z.looseObject({
  signIn: z.object({
    methods: z.array(
      z.object({
        identifier: z.enum(identifierTypes),
        password: z.boolean(),
        verificationCode: z.boolean(),
        isPasswordPrimary: z.boolean(),
      }),
    ),
  }),
  signUp: z.object({
    identifiers: z.array(z.enum([...identifierTypes, 'emailOrPhone' as never])),
    password: z.boolean(),
    verify: z.boolean(),
    secondaryIdentifiers: z.array(z.unknown()).optional(),
  }),
  signInMode: z.enum(['SignIn', 'Register', 'SignInAndRegister']),
  forgotPasswordMethods: z.array(z.enum(['EmailVerificationCode', 'PhoneVerificationCode'])).nullable(),
  sentinelPolicy: z.object({ maxAttempts: z.number().optional(), lockoutDuration: z.number().optional() }),
  verificationCodePolicy: z
    .object({
      verificationCodeLength: z.number().optional(),
      verificationCodeExpirationSeconds: z.number().optional(),
      maxVerificationAttempts: z.number().optional(),
    })
    .catchall(z.unknown()),
  passwordPolicy: z.record(z.string(), z.unknown()),
  mfa: z.object({ factors: z.array(z.string()), policy: z.string() }),
  unknownSessionRedirectUrl: z.string().nullable(),
});
export type SignInExperience = z.infer<typeof signInExperienceSchema>;

export interface Organization {
  id: string;
  name: string;
  description: string | null;
  customData?: Record<string, unknown>;
  isMfaRequired?: boolean;
  color?: Record<string, unknown>;
  branding?: Record<string, unknown>;
  customCss?: string | null;
  createdAt?: number;
  /** Roles of members, by user id. */
  members: Map<string, string[]>;
  /** Roles of machine-to-machine applications, by application id. */
  applications: Map<string, string[]>;
}

export interface Tenant {
  applications: Collection<typeof applicationSchema>;
  users: Collection<typeof userSchema>;
  resources: Collection<typeof resourceSchema>;
  connectors: Collection<typeof connectorSchema>;
  signInExperience: SignInExperience;
  /** Role name → scopes it grants, by resource indicator. */
  roles: Map<string, Record<string, string[]>>;
  organizations: Map<string, Organization>;
  /** What a role in an organization grants: organization scopes, and scopes by resource indicator. */
  organizationRoles: Map<string, { scopes: string[]; resources: Record<string, string[]> }>;
  /** Extended claims that ID tokens carry (GET /api/configs/id-token, recordings 662–665). */
  idTokenClaims: string[];
}

/** Phone one-time code for sign-up and sign-in, and for a forgotten password: what the product certifies. */
export const phoneSignIn: Pick<
  SignInExperience,
  'signIn' | 'signUp' | 'signInMode' | 'forgotPasswordMethods'
> = {
  signIn: {
    methods: [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: false }],
  },
  signUp: { identifiers: ['phone'], password: false, verify: true },
  signInMode: 'SignInAndRegister',
  forgotPasswordMethods: ['PhoneVerificationCode'],
};
