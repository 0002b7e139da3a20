/** Whether an issuer is a Logto, and what its discovery document and its public settings say. */
import { ConformanceError } from '../errors.ts';
import type { Wire } from './wire.ts';

export interface Tenant {
  /** As discovery names it: `<origin>/oidc`. */
  issuer: string;
  origin: string;
  discovery: Record<string, unknown>;
  /** `GET /api/.well-known/sign-in-exp`: what anybody may know of the sign-in experience. */
  experience?: PublicExperience;
}

export interface PublicExperience {
  signInMode?: string;
  signUp?: { identifiers?: string[]; password?: boolean; verify?: boolean };
  signIn?: { methods?: { identifier: string; password?: boolean; verificationCode?: boolean }[] };
  captchaPolicy?: { enabled?: boolean };
  mfa?: { policy?: string; factors?: string[] };
  agreeToTermsPolicy?: string;
  termsOfUseUrl?: string | null;
  [member: string]: unknown;
}

/** What Logto's document holds in the place of these (recording 101). */
const PATHS: Record<string, string> = {
  authorization_endpoint: '/oidc/auth',
  token_endpoint: '/oidc/token',
  userinfo_endpoint: '/oidc/me',
  jwks_uri: '/oidc/jwks',
  end_session_endpoint: '/oidc/session/end',
};

const asTyped = (issuer: string) =>
  issuer.replace(/\/+$/, '').replace(/\/\.well-known\/openid-configuration$/, '');

/**
 * Reads the discovery document of an issuer and demands that it is a Logto.
 *
 * @throws ConformanceError CONF_ISSUER_NO_LOGTO, which names what the document lacks; CONF_ISSUER_NAME when it calls itself
 *   otherwise; CONF_ISSUER_SILENT
 */
export async function findTenant(wire: Wire, issuer: string): Promise<Tenant> {
  const wanted = asTyped(issuer);
  const answer = await wire.ask(`${wanted}/.well-known/openid-configuration`, {
    facts: { endpoint: 'discovery' },
  });
  const discovery = answer.json();
  if (answer.status !== 200 || typeof discovery !== 'object' || discovery === null)
    throw noLogto(wanted, [
      `${wanted}/.well-known/openid-configuration answers ${answer.status}${discovery === undefined ? ' with something that is no JSON' : ''}`,
    ]);
  const document = discovery as Record<string, unknown>;
  const named = String(document.issuer ?? '');
  const { origin } = new URL(wanted);
  const lacks = Object.entries(PATHS).flatMap(([member, place]) => {
    const value = document[member];
    if (value === undefined) return [`it has no ${member}`];
    const found = URL.canParse(String(value)) ? new URL(String(value)).pathname : String(value);
    return found === place ? [] : [`its ${member} is ${found}, and Logto's is ${place}`];
  });
  const scopes = (document.scopes_supported ?? []) as string[];
  if (!scopes.includes('urn:logto:scope:organizations'))
    lacks.push('its scopes_supported has no urn:logto:scope:organizations');
  if (lacks.length) throw noLogto(wanted, lacks);
  if (named !== wanted)
    throw new ConformanceError({
      code: 'CONF_ISSUER_NAME',
      what: `the issuer at ${wanted} calls itself ${named || 'nothing'}`,
      expected: 'the issuer exactly as the discovery document names it: apps compare it letter by letter',
      remedy: `use --issuer ${named}, or set ENDPOINT of Logto to ${origin}.`,
      key: 'live.issuer',
    });
  const shown = await wire.ask(`${origin}/api/.well-known/sign-in-exp`, {
    facts: { endpoint: 'sign-in-exp' },
  });
  const experience = shown.status === 200 ? (shown.json() as PublicExperience | undefined) : undefined;
  return { issuer: named, origin, discovery: document, ...(experience && { experience }) };
}

const noLogto = (issuer: string, lacks: string[]) =>
  new ConformanceError({
    code: 'CONF_ISSUER_NO_LOGTO',
    what: `${issuer} is no Logto: ${lacks.join('; ')}`,
    expected: 'the issuer of a Logto tenant, <endpoint>/oidc (--issuer, live.issuer)',
    remedy:
      'copy "Issuer endpoint" from the application page of the Logto console; an issuer that is hard-coded in the app and shall be played by the mock is named by --replace-issuer.',
    key: 'live.issuer',
  });

/**
 * Why nobody can sign in by phone at a tenant, by what it shows publicly.
 *
 * @param signUp whether accounts shall be created
 * @returns one sentence for each obstacle
 */
export function obstacles({ experience }: Tenant, signUp: boolean): string[] {
  if (!experience) return [];
  const phone = experience.signIn?.methods?.find(({ identifier }) => identifier === 'phone');
  const connectors = experience.forgotPassword as { phone?: boolean } | undefined;
  return [
    ...(phone?.verificationCode
      ? []
      : ['its sign-in experience has no sign-in by phone and verification code (signIn.methods)']),
    ...(connectors?.phone === false && !phone ? ['it has no SMS connector'] : []),
    ...(signUp && experience.signInMode === 'SignIn'
      ? ['its sign-in mode is SignIn: nobody can register']
      : []),
    ...(signUp && experience.signUp?.identifiers && !experience.signUp.identifiers.includes('phone')
      ? ['people register by something else than a phone number (signUp.identifiers)']
      : []),
    ...(experience.captchaPolicy?.enabled ? ['it asks for a captcha'] : []),
  ];
}
