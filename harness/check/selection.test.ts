import { describe, expect, it } from 'vitest';
import { closest } from '../config/load-config.ts';
import { SESSION_COOKIE, sessionIn } from '../visitor/visitor.ts';
import { knownAs, readKnownFailures, staleEntries } from './known-failures.ts';
import { grepOf } from './selection.ts';

const selects = (selector: string, tags: string) => new RegExp(grepOf([selector]) as string).test(tags);

describe('selection', () => {
  const tags = 'id-token/expired: refuses @id-token/expired @must @serious @oidc-core/3.1.3.7/#9';
  it('takes a check by its id, and not one whose id only begins so', () => {
    expect(selects('id-token/expired', tags)).toBe(true);
    expect(selects('id-token/exp', tags)).toBe(false);
  });
  it('takes a suite, a level, a severity, a clause and a glob', () => {
    for (const selector of [
      'id-token',
      '@must',
      '@serious',
      'oidc-core §3.1.3.7',
      'oidc-core §3.1.3.7 #9',
      'id-token/exp*',
    ])
      expect(selects(selector, tags), selector).toBe(true);
    for (const selector of ['session', '@should', 'oidc-core §3.1.3.8'])
      expect(selects(selector, tags), selector).toBe(false);
  });
});

describe('known failures', () => {
  const entries = [{ check: 'session/*', reason: 'old app' }];
  it('cover checks by glob', () => {
    expect(knownAs(entries, 'session/no-token')?.reason).toBe('old app');
    expect(knownAs(entries, 'redirect/pkce')).toBeUndefined();
  });
  it('are stale once every check they cover passes', () => {
    const check = (verdict: string) => ({ id: 'session/no-token', verdict }) as never;
    expect(staleEntries(entries, { checks: [check('fail')] })).toEqual([]);
    expect(staleEntries(entries, { checks: [check('pass')] })).toEqual(entries);
    expect(staleEntries(entries, { checks: [] })).toEqual([]);
  });
  it('a file that cannot be read is told', () => {
    expect(() => readKnownFailures('/nowhere.json')).toThrow(/CONF_KNOWN_FAILURES_INVALID/);
  });
});

describe('what the harness recognises', () => {
  it('session cookies of both families, with prefixes and chunks, and no others', () => {
    for (const name of [
      'authjs.session-token',
      '__Secure-authjs.session-token.1',
      'next-auth.session-token',
      '__Secure-next-auth.session-token.0',
    ])
      expect(name).toMatch(SESSION_COOKIE);
    for (const name of ['authjs.csrf-token', 'my-session-token', 'authjs.session-tokens'])
      expect(name).not.toMatch(SESSION_COOKIE);
  });
  it('null and {} as nobody, and an error message as nobody, too', () => {
    for (const body of [null, {}, 'x', { message: 'There was a problem with the server configuration.' }])
      expect(sessionIn(body)).toBeNull();
    expect(sessionIn({ user: { name: 'Ada' } })).toEqual({ user: { name: 'Ada' } });
  });
  it('the nearest of several names, and none when all are far', () => {
    expect(closest('comand', ['command', 'cwd'])).toBe('command');
    expect(closest('zebra', ['command', 'cwd'])).toBeUndefined();
  });
});
