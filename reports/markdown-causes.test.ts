import { expect, test } from 'vitest';
import { causesSection } from './markdown-causes.ts';
import type { Cause, CheckResult } from './model.ts';

const cause = (more: Partial<Cause>): Cause => ({
  key: 'redirect',
  title: 'people are led to other sites',
  option: 'callbacks.redirect',
  fix: 'Leave callbacks.redirect alone.',
  before: 'redirect: ({ url }) => url // ```',
  after: 'redirect: undefined',
  file: 'auth.ts',
  line: 12,
  verdict: 'fail',
  severity: 'critical',
  checks: ['redirect/a', 'redirect/b'],
  ...more,
});
const check = (id: string) => ({ id, verdict: 'fail' }) as CheckResult;
const target = {} as never;

test('failures stand under their cause, with option, place, remedy and both snippets', () => {
  const text = causesSection({
    causes: [cause({}), cause({ key: 'x', verdict: 'warn', title: 'a warning' })],
    checks: [check('redirect/a'), check('redirect/b')],
    target,
  });
  expect(text).toContain('### Mend this first: 1 cause, 2 failures');
  expect(text).toContain('<code>callbacks.redirect</code> in <code>auth.ts:12</code>');
  expect(text).toContain('<code>redirect/a</code>, <code>redirect/b</code>');
  expect(text).toContain('````ts');
  expect(text).not.toContain('a warning');
});

test('names of many checks are cut, markup is text, and nothing failed is nothing told', () => {
  const ids = Array.from({ length: 9 }, (_, index) => `session/x${index}`);
  const text = causesSection({
    causes: [cause({ title: '<img src=x> | @team', checks: ids, before: undefined, after: undefined })],
    checks: ids.map(check),
    target,
  });
  expect(text).toContain('and 3 more');
  expect(text).not.toContain('<img');
  expect(text).not.toContain('details');
  expect(causesSection({ causes: [], checks: [], target })).toBe('');
});
