import { describe, expect, it } from 'vitest';
import { closest } from '../config/closest.ts';
import { SESSION_COOKIE, sessionIn } from '../visitor/visitor.ts';
import { grepOf, readShard, resolveSelection } from './selection.ts';
import { shippedCatalogue } from './shipped-catalogue.ts';

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

describe('what is asked for', () => {
  const checks = shippedCatalogue();
  const asked = (...select: string[]) => resolveSelection(select, checks);
  const remedy = (...select: string[]): string => {
    try {
      resolveSelection(select, checks, ['run', 'doctor', 'mocks']);
    } catch (error) {
      return (error as Error).message;
    }
    return 'found';
  };
  it('is found by id, suite, level, severity and glob', () => {
    expect(asked('id-token/aud-other-client').ids).toEqual(['id-token/aud-other-client']);
    expect(asked('session').ids.every((id) => id.startsWith('session/'))).toBe(true);
    expect(asked('@must').ids.length).toBe(checks.filter(({ level }) => level === 'must').length);
    expect(asked('@critical').ids.length).toBeGreaterThan(0);
    expect(asked('id-token/aud*').ids).toContain('id-token/aud-other-client');
    expect(asked().ids).toHaveLength(checks.length);
  });
  it.each([
    ['RFC 6749 4.1.2', 'rfc6749 §4.1.2'],
    ['rfc6749§4.1.2', 'rfc6749 §4.1.2'],
    ['rfc6749 §4.1.2', 'rfc6749 §4.1.2'],
    ['RFC6749, section 4.1.2', 'rfc6749 §4.1.2'],
    ['rfc-6749 4.1.2', 'rfc6749 §4.1.2'],
    ['@rfc6749/4.1.2', 'rfc6749 §4.1.2'],
    ['OIDC Core 3.1.3.7 #3', 'oidc-core §3.1.3.7 #3'],
    ['oidc-core §3.1.3.7 #3', 'oidc-core §3.1.3.7 #3'],
    ['OpenID Connect Core 1.0, section 3.1.3.7 item 3', 'oidc-core §3.1.3.7 #3'],
    ['Auth.js session', 'authjs session'],
    ['OWASP CSRF', 'owasp csrf'],
    ['NIST SP 800-63B 3.1.3', 'nist 800-63b §3.1.3'],
  ])('takes the clause %s as %s', (text, key) => {
    const { select, ids } = asked(text);
    expect(select).toContain(key);
    expect(select.every((each) => each === key || each.startsWith(`${key}.`))).toBe(true);
    expect(ids).toEqual(asked(...select).ids);
    expect(ids.length).toBeGreaterThan(0);
  });
  it('a clause holds what is below it, and a document all of its clauses', () => {
    const items = asked('OIDC Core 3.1.3.7').select;
    expect(items).toContain('oidc-core §3.1.3.7 #9');
    expect(items).not.toContain('oidc-core §3.1.3.8');
    expect(asked('RFC 6749').select.length).toBeGreaterThan(3);
  });
  it.each([
    ['sesion', 'did you mean session?'],
    ['id-token/aud-other-clinet', 'did you mean id-token/aud-other-client?'],
    ['@mst', 'did you mean @must?'],
    ['must', 'did you mean @must?'],
    ['RFC 6749 4.1.22', 'did you mean rfc6749 §4.1.2'],
    ['doctr', 'did you mean the command `authjs-conformance doctor`?'],
    ['nonsense', 'authjs-conformance list'],
    ['sesion/*', 'CONF_SELECTION_UNKNOWN'],
  ])('%s is refused in three lines: %s', (text, words) => {
    expect(remedy('session', text)).toContain(words);
    expect(remedy(text)).toMatch(/^CONF_SELECTION_UNKNOWN: .*\n {2}Expected: .*\n {2}Do: .*$/);
  });
  it.each(['5/2', '0/2', 'x', '1', '1/0', '-1/2', '1/2/3', ''])(
    '--shard %s is refused in three lines',
    (text) => {
      expect(() => readShard(text)).toThrow(/^CONF_SHARD_INVALID: .*\n {2}Expected: .*\n {2}Do: /);
    },
  );
  it('--shard 2/4 is read', () => expect(readShard('2/4')).toEqual({ current: 2, total: 4 }));
  it('is what Playwright runs: the tags that it looks for select the same checks', () => {
    const tag = (text: string) => `@${text.replace(/\s+/g, '/').replace(/§/g, '')}`;
    const tags = checks.map(({ id, title, level, severity, clauses }) => ({
      id,
      text: [`${id}: ${title}`, `@${id}`, `@${level}`, `@${severity}`, ...clauses.map(tag)].join(' '),
    }));
    for (const text of [
      'session',
      '@should',
      '@minor',
      'id-token/a*',
      'RFC 6749',
      'OIDC Core 3.1.3.7',
      'owasp csrf',
    ]) {
      const { select, ids } = asked(text);
      const grep = new RegExp(grepOf(select) as string);
      expect(
        tags.filter((each) => grep.test(each.text)).map(({ id }) => id),
        text,
      ).toEqual(ids);
    }
  });
  it('own checks are selected like the shipped ones', () => {
    const own = { ...(checks[0] as (typeof checks)[0]), id: 'own/welcome', clauses: ['authjs session'] };
    expect(resolveSelection(['own'], [...checks, own]).ids).toEqual(['own/welcome']);
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
