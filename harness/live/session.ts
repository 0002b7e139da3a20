/** Signs somebody in at a real Logto by an authorization request of the app's own client; the code is never redeemed. */
import { createHash, randomBytes } from 'node:crypto';
import type { ControlClient } from '../../mocks/client.ts';
import type { Person } from '../../mocks/people.ts';
import { redactText } from '../../mocks/redact.ts';
import { Blocked, ConformanceError } from '../errors.ts';
import { createExperience, type RealLogto } from '../logto/experience.ts';
import { isSignInPage, passConsent } from '../logto/pages.ts';
import { signInAtIssuer } from '../logto/sign-in.ts';
import { type Answer, createHttpAgent } from '../user-agents/http.ts';

export interface ClientOfTenant {
  issuer: string;
  clientId: string;
  redirectUri: string;
  /** Scope and resources that the app asks for. */
  params?: Record<string, string>;
  ca?: string;
}

const HOPS_MAX = 20;

/** An authorization request as Auth.js makes one. */
export function authorizationUrl(
  { issuer, clientId, redirectUri, params = {} }: ClientOfTenant,
  more: Record<string, string> = {},
): string {
  const verifier = randomBytes(32).toString('base64url');
  return `${issuer}/auth?${new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...params,
    ...more,
  })}`;
}

/**
 * Demands that the tenant knows the client and its redirect URI, by a request that signs nobody in (prompt=none).
 *
 * @throws ConformanceError CONF_CLIENT_UNKNOWN, CONF_REDIRECT_UNREGISTERED, CONF_ISSUER_SIGN_IN
 */
export async function demandClient(client: ClientOfTenant): Promise<void> {
  const agent = createHttpAgent({ laneOf: () => 'issuer', ca: client.ca, real: true });
  const answer = await agent.hop(authorizationUrl(client, { prompt: 'none' }), {
    headers: { accept: 'application/json' },
  });
  if (answer.location && sameAddress(answer.location, client.redirectUri)) return;
  const { error, error_description: described } = (answer.json() ?? {}) as Record<string, string>;
  if (error === 'invalid_client')
    throw new ConformanceError({
      code: 'CONF_CLIENT_UNKNOWN',
      what: `the tenant knows no application ${client.clientId} (${described ?? error})`,
      expected: 'the id of the application of this app (--client-id, target.clientId)',
      remedy:
        'copy "App ID" from the page of the application in the Logto console, or let `live setup` make one.',
      key: 'target.clientId',
    });
  if (error === 'invalid_redirect_uri')
    throw new ConformanceError({
      code: 'CONF_REDIRECT_UNREGISTERED',
      what: `the redirect URI ${client.redirectUri} is not registered for the application ${client.clientId}`,
      expected: 'exactly this redirect URI at Logto, port and path included',
      remedy: `add it under "Redirect URIs" of the application, or run \`live setup\`${/localhost|127\./.test(client.redirectUri) ? '; name the port of the app (--port), so that it stays the same' : ''}.`,
      key: 'redirect_uri',
    });
  throw new ConformanceError({
    code: 'CONF_ISSUER_SIGN_IN',
    what: `the tenant answered an authorization request with ${answer.status} ${redactText(answer.location?.href ?? answer.text.slice(0, 200))}`,
    expected: `a redirect to ${client.redirectUri}`,
    remedy: 'look at the application in the Logto console.',
  });
}

const sameAddress = (found: URL, wanted: string) => {
  const { origin, pathname } = new URL(wanted);
  return found.origin === origin && found.pathname === pathname;
};

/** Cookies of Logto's origin as Set-Cookie lines; what belongs to one interaction is left out. */
export const sessionLines = (cookies: readonly { key: string; value: string }[]): string[] =>
  cookies
    .filter(({ key }) => !key.startsWith('_interaction'))
    .map(({ key, value }) => `${key}=${value}; Path=/`);

/**
 * Signs a person in.
 *
 * @returns the cookies that Logto gave the browser, as Set-Cookie lines
 * @throws Blocked with what the tenant said
 */
export async function openRealSession(
  person: Person,
  options: ClientOfTenant & { real: RealLogto; control: Pick<ControlClient, 'waitForMessage'> },
): Promise<string[]> {
  const { issuer, real, control, ca } = options;
  const { origin } = new URL(issuer);
  const agent = createHttpAgent({ laneOf: () => 'issuer', ca, real: true });
  const experience = createExperience({ agent, issuerOrigin: origin, control, person, real });
  let answer: Answer = await agent.hop(authorizationUrl(options));
  for (let hops = 0; hops < HOPS_MAX; hops += 1) {
    const next = answer.location ?? (await passConsent(agent, answer));
    if (!next) break;
    if (next.origin !== origin) {
      const error = next.searchParams.get('error');
      if (error)
        throw new Blocked(
          `The tenant signed nobody in: ${error} ${next.searchParams.get('error_description') ?? ''}`,
        );
      return sessionLines(await agent.cookies(origin));
    }
    answer = await agent.hop(isSignInPage(next) ? await signInAtIssuer(experience, person, real) : next);
  }
  throw new Blocked(`The tenant led a sign-in to ${answer.url.pathname} and no further (${answer.status}).`);
}
