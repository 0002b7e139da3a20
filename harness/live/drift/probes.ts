/** What `drift` asks a real Logto and the mock: requests that need no account, as data. */

export interface Probe {
  /** What it is about; the first column of the table. */
  name: string;
  method?: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
  /** Path below the origin of the tenant. */
  path: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  /** It names the client: asked only when one is known. */
  client?: true;
  /** Parts of the answer on which apps build: a difference there is told as one that matters. */
  matters?: readonly ('status' | 'error' | 'location' | 'cookies' | 'body members')[];
}

/** Values that no tenant has. */
const NOBODY = 'conformance-no-such-client';
const STATE = 'conformance-state-0123456789abcdef';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** @param client id and redirect URI of the app, when they are known */
export function probesFor(client?: { clientId: string; redirectUri: string }): Probe[] {
  const authorize = (more: Record<string, string>, without: readonly string[] = []): string => {
    const all: Record<string, string> = {
      client_id: client?.clientId ?? NOBODY,
      redirect_uri: client?.redirectUri ?? 'https://app.example/callback',
      response_type: 'code',
      scope: 'openid',
      state: STATE,
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ...more,
    };
    for (const name of without) delete all[name];
    return `/oidc/auth?${new URLSearchParams(all)}`;
  };
  const probes: Probe[] = [
    {
      name: 'authorize: unknown client',
      path: authorize({ client_id: NOBODY }),
      matters: ['status', 'error'],
    },
    { name: 'authorize: no client', path: authorize({}, ['client_id']), matters: ['status', 'error'] },
    {
      name: 'authorize: sends people to the sign-in page',
      path: authorize({}),
      client: true,
      matters: ['status', 'location', 'cookies'],
    },
    {
      name: 'authorize: prompt=none without a session',
      path: authorize({ prompt: 'none' }),
      client: true,
      matters: ['status', 'error', 'location'],
    },
    {
      name: 'authorize: another redirect URI',
      path: authorize({ redirect_uri: 'https://evil.example/callback' }),
      client: true,
      matters: ['status', 'error'],
    },
    {
      name: 'authorize: plain PKCE',
      path: authorize({ code_challenge_method: 'plain' }),
      client: true,
      matters: ['status', 'error'],
    },
    {
      name: 'authorize: nonce without openid',
      path: authorize({ scope: 'profile', nonce: 'n-0123456789' }),
      client: true,
    },
    {
      name: 'authorize: response type token',
      path: authorize({ response_type: 'token' }),
      client: true,
    },
    { name: 'authorize: request object', path: authorize({ request: 'e30.e30.' }), client: true },
    {
      name: 'authorize: unknown resource',
      path: authorize({ resource: 'https://nobody.example' }),
      client: true,
    },
    {
      name: 'token: no client authentication',
      method: 'POST',
      path: '/oidc/token',
      form: { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://app.example/callback' },
      matters: ['status', 'error'],
    },
    {
      name: 'token: unknown client',
      method: 'POST',
      path: '/oidc/token',
      headers: { authorization: `Basic ${Buffer.from(`${NOBODY}:x`).toString('base64')}` },
      form: { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://app.example/callback' },
      matters: ['status', 'error'],
    },
    {
      name: 'userinfo: no token',
      path: '/oidc/me',
      matters: ['error'],
    },
    {
      name: 'userinfo: a token that nobody issued',
      path: '/oidc/me',
      headers: { authorization: 'Bearer conformance-no-such-token-0123456789abcdefghi' },
      matters: ['status', 'error'],
    },
    { name: 'JWKS', path: '/oidc/jwks', matters: ['status', 'body members'] },
    { name: 'end of session: the page', path: '/oidc/session/end', matters: ['status'] },
    { name: 'an unknown route', path: '/oidc/nope' },
    { name: 'discovery at the root', path: '/.well-known/openid-configuration' },
    {
      name: 'Experience API: no sign-in was begun',
      method: 'PUT',
      path: '/api/experience',
      json: { interactionEvent: 'SignIn' },
      matters: ['status', 'error'],
    },
    { name: 'sign-in page: no sign-in was begun', path: '/sign-in' },
    { name: 'public sign-in experience', path: '/api/.well-known/sign-in-exp', matters: ['status'] },
    { name: 'Management API: no token', path: '/api/applications', matters: ['status', 'error'] },
  ];
  return probes.filter((probe) => !probe.client || client);
}
