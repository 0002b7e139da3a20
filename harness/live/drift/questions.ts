/** The questions that decide whether this app works on this tenant: pure functions of what the tenant holds. */
import type { ApplicationObject, ConnectorObject, SignInExperience } from '../setup/plan.ts';

export interface AppFacts {
  redirectUri?: string;
  /** Scopes that the app asks for next to openid, as the config declares. */
  scopes?: readonly string[];
  features: readonly string[];
  /** `v4` is next-auth 4, which takes RS256 for granted. */
  family?: 'v4' | 'v5';
  /** Text of the app's Auth.js config, when it can be read. */
  source?: string;
}

export interface TenantFacts {
  /** What it says to an authorization request of the app: missing where none was sent. */
  said?: 'takes it' | 'knows no such client' | 'knows no such redirect URI';
  discovery: Record<string, unknown>;
  application?: ApplicationObject;
  experience?: SignInExperience;
  sms?: ConnectorObject;
}

export interface Finding {
  question: string;
  verdict: 'works' | 'breaks' | 'unknown';
  answer: string;
  /** What to do, when it breaks. */
  remedy?: string;
}

type Question = (app: AppFacts, tenant: TenantFacts) => Finding[];

const works = (question: string, answer: string): Finding => ({ question, verdict: 'works', answer });
const unknown = (question: string, answer: string): Finding => ({ question, verdict: 'unknown', answer });
const breaks = (question: string, answer: string, remedy: string): Finding => ({
  question,
  verdict: 'breaks',
  answer,
  remedy,
});

/** Usage types that the guard of Logto's Twilio connector demands. */
const USAGE_TYPES = ['Register', 'SignIn', 'ForgotPassword', 'Generic'];

/** Logto's wildcards stand for one part of the host, or any text in the path. */
const fits = (registered: string, uri: string): boolean => {
  if (!registered.includes('*')) return registered === uri;
  const pattern = registered.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^?#]*')}$`).test(uri);
};

const questions: Question[] = [
  (_app, { said }) => {
    if (said !== 'knows no such client') return [];
    return [
      breaks(
        'Does the tenant know the application?',
        'it answers invalid_client to an authorization request',
        'copy "App ID" from the page of the application in the Logto console (--client-id)',
      ),
    ];
  },
  ({ redirectUri }, { application, said }) => {
    const question = 'Is the redirect URI registered?';
    if (!application && redirectUri && said === 'takes it')
      return [works(question, `${redirectUri}: the tenant takes it`)];
    if (!application && redirectUri && said === 'knows no such redirect URI')
      return [
        breaks(
          question,
          `the tenant answers invalid_redirect_uri to ${redirectUri}`,
          'register it, letter by letter, on the page of the application (or `live setup`)',
        ),
      ];
    if (!application)
      return [unknown(question, 'the application was not read (--client-id, M2M credentials)')];
    if (!redirectUri) return [unknown(question, 'the redirect URI of the app is not known (--redirect-uri)')];
    const { redirectUris } = application.oidcClientMetadata;
    return redirectUris.some((each) => fits(each, redirectUri))
      ? [works(question, redirectUri)]
      : [
          breaks(
            question,
            `${redirectUri} is not among ${redirectUris.join(', ') || 'none'}`,
            'register it, letter by letter, on the page of the application (or `live setup`)',
          ),
        ];
  },
  (_app, { application }) => {
    const question = 'Is the application one for Auth.js?';
    if (!application) return [unknown(question, 'the application was not read')];
    const { type } = application;
    return type === 'Traditional'
      ? [works(question, 'its type is Traditional, which has a secret')]
      : [breaks(question, `its type is ${type}`, 'make an application of the type Traditional web')];
  },
  ({ scopes }, { discovery }) => {
    const question = 'Does the tenant know the scopes that the app asks for?';
    if (!scopes) return [unknown(question, 'the config declares no scopes (scopes)')];
    const known = (discovery.scopes_supported ?? []) as string[];
    const missing = scopes.filter((scope) => !known.includes(scope));
    return missing.length
      ? [
          unknown(
            question,
            `${missing.join(', ')} is not in scopes_supported; scopes of an API resource are not listed there, others are dropped without a word`,
          ),
        ]
      : [works(question, scopes.join(' ') || 'openid alone')];
  },
  ({ family, source }, { discovery }) => {
    const question = 'Can the library read ID tokens signed as here?';
    const algs = (discovery.id_token_signing_alg_values_supported ?? []) as string[];
    if (!algs.length) return [unknown(question, 'discovery names no algorithm')];
    if (family === undefined)
      return [unknown(question, `the tenant signs with ${algs.join(', ')}; the library is not known`)];
    if (family === 'v5' || algs[0] === 'RS256') return [works(question, `${algs.join(', ')}, ${family}`)];
    const declared = source?.includes('id_token_signed_response_alg');
    return declared
      ? [works(question, `${algs[0]}, and the provider has id_token_signed_response_alg`)]
      : [
          breaks(
            question,
            `the tenant signs with ${algs.join(', ')}, and next-auth 4 takes RS256 for granted`,
            "add client: { id_token_signed_response_alg: 'ES384' } to the provider",
          ),
        ];
  },
  ({ features }, { application }) => {
    if (!features.includes('refresh-token')) return [];
    const question = 'Does the app get refresh tokens?';
    if (!application) return [unknown(question, 'the application was not read')];
    return application.customClientMetadata?.alwaysIssueRefreshToken
      ? [works(question, 'alwaysIssueRefreshToken is on')]
      : [
          unknown(
            question,
            'alwaysIssueRefreshToken is off: only a request with offline_access and prompt=consent gets one',
          ),
        ];
  },
  ({ features, scopes }) => {
    const asks = scopes?.includes('phone');
    if (!features.includes('phone-claim') && !asks) return [];
    const question = 'Does the app get the phone number?';
    return asks
      ? [works(question, 'it asks for the scope phone; phone_number comes without its +')]
      : [
          breaks(
            question,
            'it claims phone-claim, and does not declare the scope phone',
            'add phone to the scope of the provider, and to scopes in the config',
          ),
        ];
  },
  (_app, { experience }) => {
    const question = 'Can people sign in by phone and code?';
    if (!experience) return [unknown(question, 'the sign-in experience was not read')];
    const phone = experience.signIn.methods.find(({ identifier }) => identifier === 'phone');
    if (!phone?.verificationCode)
      return [
        breaks(
          question,
          'no sign-in method is phone with verification code',
          'switch it on, or run `live setup`',
        ),
      ];
    const signsUp = experience.signInMode !== 'SignIn' && experience.signUp.identifiers.includes('phone');
    return [
      works(
        question,
        signsUp ? 'sign-in and registration' : 'sign-in; registration is off or by something else',
      ),
    ];
  },
  (_app, { sms, experience }) => {
    const question = 'Has the connector a text for every use?';
    if (!experience) return [unknown(question, 'the connectors were not read')];
    if (!sms) return [breaks(question, 'the tenant has no SMS connector', 'add one, or run `live setup`')];
    const { templates } = sms.config as { templates?: { usageType?: string; content?: string }[] };
    if (!templates)
      return [unknown(question, `${sms.connectorId} has no templates: the text is made elsewhere`)];
    const missing = USAGE_TYPES.filter((type) => !templates.some(({ usageType }) => usageType === type));
    const empty = templates.filter(({ content }) => !/\{\{\s*code\s*\}\}/.test(content ?? ''));
    return missing.length || empty.length
      ? [
          breaks(
            question,
            [
              ...(missing.length ? [`no template for ${missing.join(', ')}`] : []),
              ...empty.map(({ usageType }) => `no {{code}} in ${usageType}`),
            ].join('; '),
            'add them to templates: `npx authjs-conformance connector FILE` shows how',
          ),
        ]
      : [works(question, `${sms.connectorId}: ${templates.map(({ usageType }) => usageType).join(', ')}`)];
  },
];

/** All answers, in the order of the questions. */
export const askQuestions = (app: AppFacts, tenant: TenantFacts): Finding[] =>
  questions.flatMap((question) => question(app, tenant));
