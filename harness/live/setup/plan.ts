/** What `live setup` would change at a tenant: a pure function of what is there and what is wanted. */

export interface ApplicationObject {
  id: string;
  name: string;
  type: string;
  oidcClientMetadata: { redirectUris: string[]; postLogoutRedirectUris: string[] } & Record<string, unknown>;
  customClientMetadata?: Record<string, unknown>;
}
export interface ConnectorObject {
  id: string;
  connectorId: string;
  type: string;
  config: Record<string, unknown>;
}
export interface SignInMethod {
  identifier: string;
  password: boolean;
  verificationCode: boolean;
  isPasswordPrimary: boolean;
}
export interface SignInExperience {
  signInMode: string;
  signUp: { identifiers: string[]; password: boolean; verify: boolean; secondaryIdentifiers?: unknown[] };
  signIn: { methods: SignInMethod[] };
  forgotPasswordMethods?: string[] | null;
  [member: string]: unknown;
}

export interface Current {
  /** The application of the app, when its id was given. */
  application?: ApplicationObject;
  sms?: ConnectorObject;
  experience: SignInExperience;
}

export interface Wanted {
  name: string;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
  /** Config of http-sms; missing where codes come from somewhere else. */
  capture?: { endpoint: string; authorization: string };
}

export type Step =
  | { kind: 'create application'; body: Record<string, unknown> }
  | { kind: 'change application'; id: string; before: Record<string, unknown>; body: Record<string, unknown> }
  | { kind: 'replace connector'; before?: ConnectorObject; body: Record<string, unknown> }
  | { kind: 'change connector'; id: string; before: Record<string, unknown>; body: Record<string, unknown> }
  | { kind: 'change sign-in experience'; before: Partial<SignInExperience>; body: Partial<SignInExperience> };

const HTTP_SMS = 'http-sms';
const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function applicationSteps({ application }: Current, wanted: Wanted): Step[] {
  const { name, redirectUris, postLogoutRedirectUris } = wanted;
  if (!application)
    return [
      {
        kind: 'create application',
        body: { name, type: 'Traditional', oidcClientMetadata: { redirectUris, postLogoutRedirectUris } },
      },
    ];
  const { id, oidcClientMetadata: before } = application;
  const after = {
    redirectUris: union(before.redirectUris, redirectUris),
    postLogoutRedirectUris: union(before.postLogoutRedirectUris, postLogoutRedirectUris),
  };
  const old = {
    redirectUris: before.redirectUris,
    postLogoutRedirectUris: before.postLogoutRedirectUris,
  };
  if (same(old, after)) return [];
  return [
    {
      kind: 'change application',
      id,
      before: { oidcClientMetadata: old },
      body: { oidcClientMetadata: after },
    },
  ];
}

/** A new SMS connector takes the place of the old one (recording 011). */
function connectorSteps({ sms }: Current, { capture }: Wanted): Step[] {
  if (!capture) return [];
  if (sms?.connectorId !== HTTP_SMS)
    return [
      {
        kind: 'replace connector',
        ...(sms && { before: sms }),
        body: { connectorId: HTTP_SMS, config: capture },
      },
    ];
  if (same({ ...sms.config }, { ...capture })) return [];
  return [
    { kind: 'change connector', id: sms.id, before: { config: sms.config }, body: { config: capture } },
  ];
}

/** Sign-up and sign-in by phone and code; what else people sign in with stays, where Logto allows both. */
function experienceSteps({ experience }: Current): Step[] {
  const { signInMode, signUp, signIn } = experience;
  const after: Partial<SignInExperience> = {};
  if (signInMode !== 'SignInAndRegister') after.signInMode = 'SignInAndRegister';
  const byPhone = signUp.identifiers.includes('phone') && signUp.verify && !signUp.password;
  if (!byPhone)
    after.signUp = { identifiers: ['phone'], password: false, verify: true, secondaryIdentifiers: [] };
  const phone = signIn.methods.find(({ identifier }) => identifier === 'phone');
  // Logto wants a code for every method but the user name, once people sign up without a password (recording 788).
  const others = signIn.methods
    .filter(({ identifier }) => identifier !== 'phone')
    .map((method) => (method.identifier === 'username' ? method : { ...method, verificationCode: true }));
  const methods = phone?.verificationCode
    ? [...others, phone]
    : [
        ...others,
        {
          identifier: 'phone',
          password: phone?.password ?? false,
          verificationCode: true,
          isPasswordPrimary: false,
        },
      ];
  const changed =
    !phone?.verificationCode ||
    (!byPhone &&
      !same(
        others,
        signIn.methods.filter(({ identifier }) => identifier !== 'phone'),
      ));
  if (changed) after.signIn = { methods };
  const keys = Object.keys(after);
  if (keys.length === 0) return [];
  const before = Object.fromEntries(keys.map((key) => [key, experience[key]]));
  return [{ kind: 'change sign-in experience', before, body: after }];
}

/** The steps, in the order in which they must be taken: no sign-in by phone without a connector. */
export const planSetup = (current: Current, wanted: Wanted): Step[] => [
  ...applicationSteps(current, wanted),
  ...connectorSteps(current, wanted),
  ...experienceSteps(current),
];

const lines = (value: unknown, mark: string): string[] =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => `    ${mark} ${line}`);

/** A step as people read it: what goes, and what comes. Secrets must be taken out by the caller. */
export function tellStep(step: Step): string[] {
  const title = {
    'create application': 'make an application',
    'change application': `change the application ${'id' in step ? step.id : ''}`,
    'replace connector': 'replace the SMS connector of the tenant (every application sends through it)',
    'change connector': 'change the config of the http-sms connector',
    'change sign-in experience': 'change the sign-in experience (of every application of the tenant)',
  }[step.kind];
  const before = 'before' in step ? step.before : undefined;
  return [`  ${title}`, ...(before ? lines(before, '-') : []), ...lines(step.body, '+')];
}
