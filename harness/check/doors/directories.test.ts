import { expect, it } from 'vitest';
import { isDirectory } from './directories.ts';

it.each([
  ['/people', true],
  ['/people/', true],
  ['/people?page=2', true],
  ['/people/17', true],
  ['/peoples', false],
  ['/api/people', false],
])('%s is in the directory /people: %s', (path, expected) => {
  expect(isDirectory(path, ['/people'])).toBe(expected);
});
