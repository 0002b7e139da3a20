/** Faults of the token endpoint's answer (RFC 6749 §5; OpenID Connect Core 1.0 §3.1.3.3). */
import type { Fault, HttpAnswer } from '../../fault.ts';
import { emptied, htmlPage, json, plainText, redirected, status, withBody } from './answers.ts';
import { MARKUP } from './markup.ts';

const without =
  (...names: string[]) =>
  (healthy: Readonly<HttpAnswer>) =>
    withBody(healthy, (body) =>
      Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name))),
    );
const member = (changes: Record<string, unknown>) => (healthy: Readonly<HttpAnswer>) =>
  withBody(healthy, (body) => ({ ...body, ...changes }));
const refusal = (code: number, error: string, description: string) =>
  status(code, { error, error_description: description });

export const tokenFaults = {
  'token/status-500': {
    title: 'answers the token request with 500',
    distort: status(500, { message: 'Internal server error.' }),
  },
  'token/status-503': {
    title: 'answers the token request with 503',
    distort: status(503, { message: 'Service unavailable.' }),
  },
  'token/status-429': {
    title: 'answers the token request with 429',
    distort: (healthy) => {
      const answer = status(429, { message: 'Too many requests.' })(healthy);
      return { ...answer, headers: { ...answer.headers, 'retry-after': '60' } };
    },
  },
  'token/status-201': {
    title: 'answers the token request with 201',
    distort: (healthy) => ({ ...healthy, status: 201 }),
  },
  'token/status-204': {
    title: 'answers the token request with 204 and nothing',
    distort: (healthy) => ({ ...healthy, status: 204, body: '' }),
  },
  'token/error-invalid-grant': {
    title: 'refuses the code',
    distort: refusal(400, 'invalid_grant', 'grant request is invalid'),
  },
  'token/error-invalid-client': {
    title: 'refuses the client',
    distort: refusal(401, 'invalid_client', 'client authentication failed'),
  },
  'token/error-invalid-request': {
    title: 'calls the token request invalid',
    distort: refusal(400, 'invalid_request', 'request is invalid'),
  },
  'token/error-unauthorized-client': {
    title: 'forbids the client this grant',
    distort: refusal(400, 'unauthorized_client', 'requested grant type is not allowed for this client'),
  },
  'token/error-with-200': {
    title: 'sends an error with status 200',
    distort: refusal(200, 'invalid_grant', 'grant request is invalid'),
  },
  'token/error-with-markup': {
    title: 'sends an error description with HTML in it',
    distort: refusal(400, 'invalid_grant', MARKUP),
  },
  'token/error-not-json': {
    title: 'refuses the code with a plain text',
    distort: (healthy) => ({ ...plainText(healthy), status: 400, body: 'bad request' }),
  },
  'token/html': { title: 'answers the token request with an HTML page', distort: htmlPage },
  'token/empty': { title: 'answers the token request with an empty body', distort: emptied },
  'token/json-null': { title: 'answers the token request with null', distort: json(null) },
  'token/json-array': { title: 'answers the token request with a JSON array', distort: json([]) },
  'token/json-broken': {
    title: 'cuts the token answer off in the middle',
    distort: (healthy) => ({ ...healthy, body: JSON.stringify(healthy.body).slice(0, 60) }),
  },
  'token/content-type-text': { title: 'sends the tokens as text/plain', distort: plainText },
  'token/content-type-missing': {
    title: 'sends the tokens without a content type',
    distort: (healthy) => ({
      ...healthy,
      headers: Object.fromEntries(
        Object.entries(healthy.headers).filter(([name]) => name !== 'content-type'),
      ),
      body: JSON.stringify(healthy.body),
    }),
  },
  'token/form-encoded': {
    title: 'sends the tokens form encoded',
    distort: (healthy) => ({
      ...healthy,
      headers: { ...healthy.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(healthy.body as Record<string, string>).toString(),
    }),
  },
  'token/redirect': { title: 'redirects the token request to another origin', distort: redirected },
  'token/huge': {
    title: 'adds five megabytes to the token answer',
    distort: (healthy) => member({ padding: 'x'.repeat(5_000_000) })(healthy),
  },
  'token/extra-members': {
    title: 'adds members that no specification knows',
    distort: member({ x_unknown: { nested: [1, null] }, session_state: 'abc' }),
  },
  'token/id-token-missing': { title: 'sends no ID token', distort: without('id_token') },
  'token/id-token-null': { title: 'sends null as the ID token', distort: member({ id_token: null }) },
  'token/id-token-empty': { title: 'sends an empty ID token', distort: member({ id_token: '' }) },
  'token/id-token-number': { title: 'sends a number as the ID token', distort: member({ id_token: 42 }) },
  'token/access-token-missing': { title: 'sends no access token', distort: without('access_token') },
  'token/access-token-empty': { title: 'sends an empty access token', distort: member({ access_token: '' }) },
  'token/access-token-number': {
    title: 'sends a number as the access token',
    distort: member({ access_token: 42 }),
  },
  'token/access-token-wrong': {
    title: 'sends an access token that it never issued',
    distort: member({ access_token: 'an-access-token-that-was-never-issued' }),
  },
  'token/token-type-missing': { title: 'sends no token type', distort: without('token_type') },
  'token/token-type-mac': { title: 'sends the token type mac', distort: member({ token_type: 'mac' }) },
  'token/token-type-case': {
    title: 'writes the token type in odd case',
    distort: member({ token_type: 'bEARER' }),
  },
  'token/expires-in-string': {
    title: 'sends expires_in as a string',
    distort: member({ expires_in: '3600' }),
  },
  'token/expires-in-missing': { title: 'sends no expires_in', distort: without('expires_in') },
  'token/expires-in-negative': { title: 'sends a negative expires_in', distort: member({ expires_in: -1 }) },
  'token/expires-in-zero': { title: 'sends an expires_in of zero', distort: member({ expires_in: 0 }) },
  'token/expires-in-short': {
    title: 'sends an expires_in of one second',
    distort: member({ expires_in: 1 }),
  },
  'token/scope-missing': { title: 'sends no scope', distort: without('scope') },
  'token/scope-narrower': { title: 'grants openid alone', distort: member({ scope: 'openid' }) },
  'token/refresh-token-missing': { title: 'sends no refresh token', distort: without('refresh_token') },
  'token/refresh-token-rotated-away': {
    title: 'sends a refresh token that it will refuse',
    distort: member({ refresh_token: 'a-refresh-token-that-was-never-issued' }),
  },
} satisfies Record<`token/${string}`, Fault<HttpAnswer>>;
