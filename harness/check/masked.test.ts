import { expect, it } from 'vitest';
import { isMaskOf } from './masked.ts';

it.each([
  ['a•••@people.example', true],
  ['ad***', true],
  ['…people.example', true],
  ['b•••@people.example', false],
  ['***', false],
  ['ada@people.example', false],
  ['', false],
  [null, false],
])('%s is %s', (shown, isMask) => {
  expect(isMaskOf(shown, 'ada@people.example')).toBe(isMask);
});
