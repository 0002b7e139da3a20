/** Faults of the discovery document (OpenID Connect Discovery 1.0 §3, §4.3; RFC 8414 §3.3). */
import type { Fault, HttpAnswer } from '../../fault.ts';
import {
  dripped,
  emptied,
  hanging,
  htmlPage,
  json,
  plainText,
  redirected,
  status,
  withBody,
} from './answers.ts';

const withoutMembers =
  (...names: string[]) =>
  (healthy: Readonly<HttpAnswer>): HttpAnswer =>
    withBody(healthy, (document) =>
      Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name))),
    );
const withMembers =
  (change: (document: Record<string, unknown>) => Record<string, unknown>) =>
  (healthy: Readonly<HttpAnswer>): HttpAnswer =>
    withBody(healthy, (document) => ({ ...document, ...change(document) }));

export const discoveryFaults = {
  'discovery/issuer-mismatch': {
    title: 'names another issuer in its discovery document',
    distort: withMembers(() => ({ issuer: 'https://evil.example/oidc' })),
  },
  'discovery/issuer-trailing-slash': {
    title: 'names its issuer with a trailing slash',
    distort: withMembers(({ issuer }) => ({ issuer: `${issuer}/` })),
  },
  'discovery/issuer-missing': {
    title: 'leaves its issuer out of the discovery document',
    distort: withoutMembers('issuer'),
  },
  'discovery/issuer-upper-case': {
    title: 'names its issuer with another case',
    distort: withMembers(({ issuer }) => ({ issuer: String(issuer).toUpperCase() })),
  },
  'discovery/authorization-endpoint-missing': {
    title: 'lists no authorization endpoint',
    distort: withoutMembers('authorization_endpoint'),
  },
  'discovery/token-endpoint-missing': {
    title: 'lists no token endpoint',
    distort: withoutMembers('token_endpoint'),
  },
  'discovery/userinfo-endpoint-missing': {
    title: 'lists no userinfo endpoint',
    distort: withoutMembers('userinfo_endpoint'),
  },
  'discovery/jwks-uri-missing': {
    title: 'lists no jwks_uri',
    distort: withoutMembers('jwks_uri'),
  },
  'discovery/end-session-endpoint-missing': {
    title: 'lists no end-session endpoint',
    distort: withoutMembers('end_session_endpoint'),
  },
  'discovery/id-token-alg-missing': {
    title: 'lists no ID-token signing algorithms',
    distort: withoutMembers('id_token_signing_alg_values_supported'),
  },
  'discovery/id-token-alg-none': {
    title: 'lists "none" as an ID-token signing algorithm',
    distort: withMembers(() => ({ id_token_signing_alg_values_supported: ['none', 'ES384'] })),
  },
  'discovery/id-token-alg-unknown': {
    title: 'lists only an ID-token signing algorithm that nobody knows',
    distort: withMembers(() => ({ id_token_signing_alg_values_supported: ['XS999'] })),
  },
  'discovery/pkce-methods-missing': {
    title: 'lists no code challenge methods',
    distort: withoutMembers('code_challenge_methods_supported'),
  },
  'discovery/pkce-plain-only': {
    title: 'lists only plain as a code challenge method',
    distort: withMembers(() => ({ code_challenge_methods_supported: ['plain'] })),
  },
  'discovery/token-auth-methods-missing': {
    title: 'lists no client authentication methods',
    distort: withoutMembers('token_endpoint_auth_methods_supported'),
  },
  'discovery/token-auth-post-only': {
    title: 'lists only client_secret_post as client authentication',
    distort: withMembers(() => ({ token_endpoint_auth_methods_supported: ['client_secret_post'] })),
  },
  'discovery/iss-parameter-unlisted': {
    title: 'no longer announces iss in authorization responses',
    distort: withoutMembers('authorization_response_iss_parameter_supported'),
  },
  'discovery/endpoints-elsewhere': {
    title: 'lists a token endpoint of another origin',
    distort: withMembers(() => ({ token_endpoint: 'https://evil.example/oidc/token' })),
  },
  'discovery/extra-members': {
    title: 'lists members that no specification knows',
    distort: withMembers(() => ({ x_unknown: { nested: [1, null, 'ü'] }, op_policy_uri: null })),
  },
  'discovery/status-404': {
    title: 'answers discovery with 404',
    distort: status(404, { message: 'Not Found' }),
  },
  'discovery/status-500': {
    title: 'answers discovery with 500',
    distort: status(500, { message: 'Internal server error.' }),
  },
  'discovery/status-503': {
    title: 'answers discovery with 503',
    distort: status(503, { message: 'Service unavailable.' }),
  },
  'discovery/html': { title: 'answers discovery with an HTML page', distort: htmlPage },
  'discovery/content-type-text': { title: 'sends the discovery document as text/plain', distort: plainText },
  'discovery/redirect': { title: 'redirects discovery to another origin', distort: redirected },
  'discovery/empty': { title: 'answers discovery with an empty body', distort: emptied },
  'discovery/json-array': { title: 'answers discovery with a JSON array', distort: json([]) },
  'discovery/json-null': { title: 'answers discovery with null', distort: json(null) },
  'discovery/json-broken': {
    title: 'cuts the discovery document off in the middle',
    distort: (healthy) => ({ ...healthy, body: JSON.stringify(healthy.body).slice(0, 100) }),
  },
  'discovery/hang': { title: 'never answers discovery', distort: hanging },
  'discovery/slow': { title: 'takes more than a second for discovery', distort: dripped(1300) },
} satisfies Record<`discovery/${string}`, Fault<HttpAnswer>>;
