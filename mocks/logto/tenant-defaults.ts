/** A tenant as it is right after Logto's installation (recordings 024, 662), with the applications of the run added. */
import { Collection } from '@msw/data';
import { defaultIdTokenClaims } from './claims.ts';
import { MANAGEMENT_API, MANAGEMENT_ROLE } from './resources.ts';
import {
  type Application,
  applicationSchema,
  connectorSchema,
  newId,
  phoneSignIn,
  resourceSchema,
  type SignInExperience,
  type Tenant,
  userSchema,
} from './tenant.ts';

/** GET /api/sign-in-exp of a new tenant (recording 024). */
export const ossSignInExperience: SignInExperience = {
  tenantId: 'default',
  id: 'default',
  color: { primaryColor: '#6139F6', isDarkModeEnabled: false, darkPrimaryColor: '#8768F8' },
  branding: { logoUrl: 'https://logto.io/logo.svg', darkLogoUrl: 'https://logto.io/logo-dark.svg' },
  hideLogtoBranding: false,
  languageInfo: { autoDetect: true, fallbackLanguage: 'en' },
  termsOfUseUrl: null,
  privacyPolicyUrl: null,
  agreeToTermsPolicy: 'Automatic',
  signIn: {
    methods: [{ identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true }],
  },
  signUp: { identifiers: ['username'], password: true, verify: false },
  socialSignIn: {},
  socialSignInConnectorTargets: [],
  signInMode: 'SignInAndRegister',
  customCss: null,
  customContent: {},
  customUiAssets: null,
  customUiCsp: {},
  passwordPolicy: {},
  mfa: { factors: [], policy: 'UserControlled' },
  adaptiveMfa: {},
  singleSignOnEnabled: false,
  supportEmail: null,
  supportWebsiteUrl: null,
  unknownSessionRedirectUrl: null,
  captchaPolicy: {},
  sentinelPolicy: {},
  emailBlocklistPolicy: {},
  verificationCodePolicy: {},
  forgotPasswordMethods: [],
  passkeySignIn: {},
  signUpProfileFields: null,
  passwordExpiration: {},
  usernamePolicy: {
    caseSensitive: true,
    minLength: 1,
    maxLength: 128,
    allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: true },
  },
};

export interface ApplicationInput {
  id?: string;
  secret?: string;
  redirectUris?: string[];
  postLogoutRedirectUris?: string[];
  /** Default `Traditional`, the type for Auth.js. */
  type?: Application['type'];
  name?: string;
  customClientMetadata?: Application['customClientMetadata'];
  backchannelLogoutUri?: string;
  backchannelLogoutSessionRequired?: boolean;
  /** Whether people are asked for their consent on a page. */
  isThirdParty?: boolean;
  /** Scopes that a third-party application may ask people for (default: all of Logto's for people's own data). */
  userConsentScopes?: string[];
  roles?: string[];
}

/** Columns of an application; `undefined` members leave the given row's value. */
export function applicationRow(input: ApplicationInput, row?: Application): Application {
  const uris = row?.oidcClientMetadata;
  const createdAt = row?.createdAt ?? Date.now();
  return {
    id: input.id ?? row?.id ?? newId.entity(),
    name: input.name ?? row?.name ?? 'app under test',
    description: row?.description ?? null,
    type: input.type ?? row?.type ?? 'Traditional',
    oidcClientMetadata: {
      ...uris,
      redirectUris: input.redirectUris ?? uris?.redirectUris ?? [],
      postLogoutRedirectUris: input.postLogoutRedirectUris ?? uris?.postLogoutRedirectUris ?? [],
      ...(input.backchannelLogoutUri !== undefined && { backchannelLogoutUri: input.backchannelLogoutUri }),
      ...(input.backchannelLogoutSessionRequired !== undefined && {
        backchannelLogoutSessionRequired: input.backchannelLogoutSessionRequired,
      }),
    },
    customClientMetadata: { ...row?.customClientMetadata, ...input.customClientMetadata },
    customData: row?.customData ?? {},
    isThirdParty: input.isThirdParty ?? row?.isThirdParty ?? false,
    roles: input.roles ?? row?.roles ?? [],
    createdAt,
    secrets:
      input.secret === undefined && row
        ? row.secrets
        : [{ name: 'Default secret', value: input.secret ?? newId.secret(), createdAt, expiresAt: null }],
  };
}

/** A new tenant with phone sign-in switched on, unless `settings` say otherwise. */
export async function createTenant(settings: Partial<SignInExperience> = {}): Promise<Tenant> {
  const tenant: Tenant = {
    applications: new Collection({ schema: applicationSchema }),
    users: new Collection({ schema: userSchema }),
    resources: new Collection({ schema: resourceSchema }),
    connectors: new Collection({ schema: connectorSchema }),
    signInExperience: structuredClone({ ...ossSignInExperience, ...phoneSignIn, ...settings }),
    roles: new Map([[MANAGEMENT_ROLE, { [MANAGEMENT_API]: ['all'] }]]),
    organizations: new Map(),
    organizationRoles: new Map(),
    idTokenClaims: [...defaultIdTokenClaims],
  };
  await tenant.resources.create({
    id: 'management-api',
    name: 'Logto Management API',
    indicator: MANAGEMENT_API,
    accessTokenTtl: 3600,
    scopes: ['all'],
  });
  return tenant;
}
