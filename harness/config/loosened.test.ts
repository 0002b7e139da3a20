import { describe, expect, it } from 'vitest';
import { isTokenName, loosenedBy } from './loosened.ts';

describe('names of tokens', () => {
  it.each([
    'accessToken',
    'access_token',
    'idToken',
    'id_token',
    'refreshToken',
    'accesstoken',
    'logtoAccessToken',
    'token',
    'jwt',
    'apiToken',
  ])('%s is one', (name) => expect(isTokenName(name)).toBe(true));
  it.each(['phone', 'error', 'tokenType', 'tokens_left', 'androidToken', 'csrfToken', 'pushToken'])(
    '%s is none',
    (name) => expect(isTokenName(name)).toBe(false),
  );
});

describe('what a config loosens', () => {
  const keys = (...given: Parameters<typeof loosenedBy>) => loosenedBy(...given).map(({ key }) => key);
  it('nothing, when it declares what the app does', () =>
    expect(keys({ target: {}, features: ['state'], session: { fields: ['phone', 'idToken'] } })).toEqual([]));
  it('tokens in the session, known failures, no browser', () => {
    expect(keys({ target: {}, features: ['token-in-session'], browser: 'none' }, 3)).toEqual([
      'features: token-in-session',
      'browser',
      'knownFailures',
    ]);
    expect(
      loosenedBy({ target: {}, features: ['token-in-session'], session: { fields: ['idToken'] } })[0]?.what,
    ).toContain('access_token, idToken in the session JSON');
  });
  it('a policy of one session', () =>
    expect(keys({ target: {}, features: ['single-session'] })).toEqual(['features: single-session']));
  it('more tries for a code than is usual', () =>
    expect(keys({ target: {}, pages: { ownOtp: { send: '/s', verify: '/v', tries: 100 } } })).toEqual([
      'pages.ownOtp.tries',
    ]));
});
