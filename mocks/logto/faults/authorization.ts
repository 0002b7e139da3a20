/** Faults of the authorization response: what the browser carries back to the redirect URI (RFC 6749 §4.1.2, RFC 9207). */
import type { AuthorizationAnswer, Fault } from '../../fault.ts';
import { MARKUP } from './markup.ts';

type Change = (healthy: Readonly<AuthorizationAnswer>) => AuthorizationAnswer;

const replace =
  (name: string, value: string): Change =>
  ({ params }) => ({ params: params.map(([key, old]) => [key, key === name ? value : old]) });
const without =
  (...names: string[]): Change =>
  ({ params }) => ({ params: params.filter(([key]) => !names.includes(key)) });
const adding =
  (...more: [string, string][]): Change =>
  ({ params }) => ({ params: [...params, ...more] });

/** An error response that keeps the named parameters of the healthy one. */
const error =
  (members: [string, string][], keep: readonly string[] = ['state', 'iss']): Change =>
  ({ params }) => ({ params: [...members, ...params.filter(([key]) => keep.includes(key))] });

export const authorizationFaults = {
  'authorization/state-wrong': {
    title: 'returns another state than it was sent',
    distort: replace('state', 'a-state-of-somebody-else'),
  },
  'authorization/state-missing': { title: 'returns no state', distort: without('state') },
  'authorization/state-empty': { title: 'returns an empty state', distort: replace('state', '') },
  'authorization/state-duplicated': {
    title: 'returns two states',
    distort: adding(['state', 'a-state-of-somebody-else']),
  },
  'authorization/iss-wrong': {
    title: 'names another issuer in iss',
    distort: replace('iss', 'https://evil.example/oidc'),
  },
  'authorization/iss-missing': { title: 'leaves iss out', distort: without('iss') },
  'authorization/iss-trailing-slash': {
    title: 'names itself in iss with a trailing slash',
    distort: (healthy) => ({
      params: healthy.params.map(([key, value]) => [key, key === 'iss' ? `${value}/` : value]),
    }),
  },
  'authorization/iss-upper-case': {
    title: 'returns its issuer with the scheme in capitals',
    distort: (answer, { issuer }) =>
      replace(
        'iss',
        issuer.replace(/^https?/, (scheme) => scheme.toUpperCase()),
      )(answer),
  },
  'authorization/iss-percent-encoded': {
    title: 'returns its issuer with an encoded letter',
    distort: (answer, { issuer }) => replace('iss', issuer.replace(/oidc$/, '%6Fidc'))(answer),
  },
  'authorization/iss-empty': { title: 'returns an empty iss', distort: replace('iss', '') },
  'authorization/iss-duplicated': {
    title: 'returns two issuers',
    distort: adding(['iss', 'https://evil.example/oidc']),
  },
  'authorization/code-missing': { title: 'returns no code', distort: without('code') },
  'authorization/code-empty': { title: 'returns an empty code', distort: replace('code', '') },
  'authorization/code-wrong': {
    title: 'returns a code that it never issued',
    distort: replace('code', 'a-code-that-was-never-issued'),
  },
  'authorization/code-duplicated': {
    title: 'returns two codes',
    distort: adding(['code', 'a-code-of-somebody-else']),
  },
  'authorization/code-long': {
    title: 'returns a code of 3000 characters',
    distort: replace('code', 'c'.repeat(3000)),
  },
  'authorization/code-unicode': {
    title: 'returns a code of letters beyond ASCII',
    distort: replace('code', 'cödé-☎-码'),
  },
  'authorization/everything-missing': {
    title: 'returns to the app with no parameters',
    distort: () => ({ params: [] }),
  },
  'authorization/extra-parameters': {
    title: 'adds parameters that the app did not ask for',
    distort: adding(
      ['session_state', 'abc.def'],
      ['callbackUrl', 'https://evil.example/'],
      ['redirect_uri', 'https://evil.example/'],
      ['error_description', MARKUP],
    ),
  },
  'authorization/id-token-added': {
    title: 'adds an ID token to a code response',
    distort: adding(['id_token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJldmlsIn0.']),
  },
  'authorization/response-id-token-only': {
    title: 'answers with an ID token instead of a code',
    distort: (healthy) => ({
      params: [...without('code')(healthy).params, ['id_token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJldmlsIn0.']],
    }),
  },
  'authorization/error-access-denied': {
    title: 'says that the person refused',
    distort: error([
      ['error', 'access_denied'],
      ['error_description', 'End-User aborted interaction'],
    ]),
  },
  'authorization/error-login-required': {
    title: 'says that the person has to sign in',
    distort: error([
      ['error', 'login_required'],
      ['error_description', 'End-User authentication is required'],
    ]),
  },
  'authorization/error-server-error': {
    title: 'says that it failed',
    distort: error([
      ['error', 'server_error'],
      ['error_description', 'oops! something went wrong'],
    ]),
  },
  'authorization/error-temporarily-unavailable': {
    title: 'says that it is overloaded',
    distort: error([['error', 'temporarily_unavailable']]),
  },
  'authorization/error-invalid-scope': {
    title: 'says that a scope is wrong',
    distort: error([
      ['error', 'invalid_scope'],
      ['scope', 'phone'],
    ]),
  },
  'authorization/error-unknown': {
    title: 'returns an error that no specification knows',
    distort: error([['error', 'x_moon_phase_unsuitable']]),
  },
  'authorization/error-iss-missing': {
    title: 'returns an error without iss',
    distort: error([['error', 'access_denied']], ['state']),
  },
  'authorization/error-iss-wrong': {
    title: 'returns an error in the name of another issuer',
    distort: error(
      [
        ['error', 'access_denied'],
        ['iss', 'https://evil.example/oidc'],
      ],
      ['state'],
    ),
  },
  'authorization/error-iss-foreign-text': {
    title: 'returns an error with a text in the name of another issuer',
    distort: error(
      [
        ['error', 'access_denied'],
        ['error_description', 'Your account is locked: call 0900 1234567'],
        ['iss', 'https://evil.example/oidc'],
      ],
      ['state'],
    ),
  },
  'authorization/error-state-missing': {
    title: 'returns an error without state',
    distort: error([['error', 'access_denied']], ['iss']),
  },
  'authorization/error-state-wrong': {
    title: 'returns an error with another state',
    distort: error(
      [
        ['error', 'access_denied'],
        ['state', 'a-state-of-somebody-else'],
      ],
      ['iss'],
    ),
  },
  'authorization/error-and-code': {
    title: 'returns an error and a code together',
    distort: ({ params }) => ({ params: [['error', 'access_denied'], ...params] }),
  },
  'authorization/error-with-markup': {
    title: 'returns an error description with HTML in it',
    distort: error([
      ['error', 'access_denied'],
      ['error_description', MARKUP],
      ['error_uri', 'javascript:alert(1)'],
    ]),
  },
  'authorization/error-code-with-markup': {
    title: 'returns an error code with HTML in it',
    distort: error([['error', MARKUP]]),
  },
  'authorization/error-long': {
    title: 'returns an error description of 4000 characters',
    distort: error([
      ['error', 'access_denied'],
      ['error_description', 'x'.repeat(4000)],
    ]),
  },
  'authorization/error-unicode': {
    title: 'returns an error description in several scripts, with line breaks',
    distort: error([
      ['error', 'access_denied'],
      ['error_description', 'Zugriff verweigert – アクセス拒否\r\nSet-Cookie: injected=1\n☎'],
    ]),
  },
} satisfies Record<`authorization/${string}`, Fault<AuthorizationAnswer>>;
