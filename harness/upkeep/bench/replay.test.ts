import { describe, expect, it } from 'vitest';
import { createJar, learn, sameKind, type Words, withWordsOfNow } from './replay.ts';

describe('exchanges that are played again', () => {
  it('carry the values of now in the places of then, as they are and encoded', () => {
    const known: Words = new Map();
    learn(
      known,
      'http://127.0.0.1:1/oidc/auth?client_id=app&state=‹state #a1b2c3›&code_challenge=THEN-challenge',
      'http://127.0.0.1:1/oidc/auth?client_id=app&state=fresh-state&code_challenge=NOW-challenge',
    );
    expect(withWordsOfNow('/callback?code=x&state=%E2%80%B9state%20%23a1b2c3%E2%80%BA', known)).toBe(
      '/callback?code=x&state=fresh-state',
    );
    expect(withWordsOfNow('state=‹state #a1b2c3›&c=THEN-challenge', known)).toBe(
      'state=fresh-state&c=NOW-challenge',
    );
  });
  it('learn nothing from an answer that is built otherwise', () => {
    const known: Words = new Map();
    learn(known, '{"csrfToken":"‹CSRF token #1›"}', '<html>an error page of many words</html>');
    expect(known.size).toBe(0);
    learn(known, '{"csrfToken":"‹CSRF token #1›"}', '{"csrfToken":"0123456789abcdef"}');
    expect(withWordsOfNow('csrfToken=‹CSRF token #1›', known)).toBe('csrfToken=0123456789abcdef');
  });
  it('follow a redirect of now when it leads to the same kind of page', () => {
    expect(sameKind('/oidc/auth/Ab3_xYz90q', '/oidc/auth/Zz-1234567')).toBe(true);
    expect(sameKind('/oidc/auth', '/oidc/token')).toBe(false);
    expect(sameKind('/members', '/oidc/auth')).toBe(false);
  });
  it('have the cookies that were set last', () => {
    const jar = createJar();
    jar.take('http://a', ['s=1; Path=/', 't=2']);
    jar.take('http://a', ['s=3', 't=; Max-Age=0']);
    expect(jar.header('http://a')).toBe('s=3');
    expect(jar.header('http://b')).toBe('');
  });
});
