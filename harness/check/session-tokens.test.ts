import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../mocks/journal.ts';
import { fingerprint } from '../../mocks/redact.ts';
import { tokensShown } from './session-tokens.ts';

const opaque = 'an-access-token-of-logto';
const exchanges = [
  { response: { headers: {}, body: { access_token: `‹access token #${fingerprint(opaque)}›` } } },
] as unknown as Exchange[];
type Declared = Parameters<typeof tokensShown>[2];
const declared = (fields: string[], features: Declared['features'] = []): Declared => ({
  features,
  session: { fields },
});
const user = { name: 'Ada', email: 'ada@example.test' };

describe('tokens in the session JSON', () => {
  it('are none in a session of a person', () =>
    expect(tokensShown({ user, expires: '2026-12-01' }, exchanges, declared([]))).toEqual([]));
  it('are found by name, and no declared field lets them pass', () =>
    expect(
      tokensShown({ user, accessToken: 'x', phone: '+1' }, exchanges, declared(['accessToken'])),
    ).toEqual(['accessToken']));
  it('are found by value under any name', () => {
    expect(tokensShown({ user: { ...user, pass: opaque } }, exchanges, declared(['pass']))).toEqual([
      'user.pass (a token of Logto)',
    ]);
    expect(
      tokensShown({ all: ['a', 'eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJ4In0.c2ln'] }, [], declared([])),
    ).toEqual(['all.1 (a JWT)']);
  });
  it('pass under the feature token-in-session: access tokens, and what is declared', () => {
    const handsOut = declared(['idToken'], ['token-in-session']);
    expect(tokensShown({ user, accessToken: opaque, idToken: 'y' }, exchanges, handsOut)).toEqual([]);
    expect(tokensShown({ user, refreshToken: 'z' }, exchanges, handsOut)).toEqual(['refreshToken']);
  });
});
