import { expect, it } from 'vitest';
import { createScopes } from './scope.ts';

it('forgets bindings that nobody used for long, and none that was made again', () => {
  const scopes = createScopes();
  scopes.bind('phone', '+12015550101', 'a');
  scopes.bind('code', 'first', 'a');
  for (let number = 0; number < 9_000; number += 1) scopes.bind('code', `code-${number}`, 'b');
  scopes.bind('phone', '+12015550101', 'c');
  for (let number = 0; number < 9_000; number += 1) scopes.bind('access_token', `token-${number}`, 'b');
  expect(scopes.of('phone', '+12015550101')).toBe('c');
  expect(scopes.of('code', 'first')).toBeUndefined();
  expect(scopes.of('access_token', 'token-8999')).toBe('b');
});
