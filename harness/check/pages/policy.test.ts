import { describe, expect, test } from 'vitest';
import { lacksOfPolicy, policiesOf } from './policy.ts';

const lacks = (headers: Record<string, string | string[]>, text = '') =>
  lacksOfPolicy(policiesOf({ headers, text }));
const csp = (value: string | string[]) => ({ 'content-security-policy': value });

describe('a policy that lacks something', () => {
  test.each([
    ['none', {}, 'without a Content-Security-Policy'],
    ['one that only reports', { 'content-security-policy-report-only': "default-src 'self'" }, 'without'],
    ['one without scripts', csp("frame-ancestors 'none'; base-uri 'self'; object-src 'none'"), 'any script'],
    [
      'unsafe-inline',
      csp("script-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'"),
      'any script',
    ],
    ['any host', csp("script-src https:; object-src 'none'; base-uri 'none'"), 'any script'],
    ['no object-src', csp("script-src 'self'; base-uri 'none'"), 'object-src'],
    ['no base-uri', csp("default-src 'self'"), 'base-uri'],
  ])('%s', (_, headers, what) => {
    expect(lacks(headers)).toContain(what);
  });
});

describe('a policy that is enough', () => {
  test.each([
    ['its own scripts', csp("default-src 'self'; base-uri 'none'")],
    [
      'a nonce, with unsafe-inline for old browsers',
      csp("script-src 'nonce-abc' 'unsafe-inline' 'strict-dynamic'; object-src 'none'; base-uri 'none'"),
    ],
    ['two policies that hold together', csp(["script-src 'self'; object-src 'none'", "base-uri 'self'"])],
    ['names in upper case', csp("Default-Src 'self'; Base-URI 'none'")],
    [
      'the first of a directive that stands twice',
      csp("script-src 'self'; script-src *; object-src 'none'; base-uri 'none'"),
    ],
  ])('%s', (_, headers) => {
    expect(lacks(headers)).toBeUndefined();
  });

  test('in a meta element, as static pages have it', () => {
    const page = `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; base-uri 'none'"><p>x`;
    expect(lacks({}, page)).toBeUndefined();
  });
});
