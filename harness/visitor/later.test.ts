import { expect, it } from 'vitest';
import { spanTold } from './later.ts';

it.each([
  [30 * 86_400, '30 days'],
  [2 * 86_400 - 30, '2 days'],
  [28_800, '8 hours'],
  [90 * 60, '90 minutes'],
  [600, '10 minutes'],
])('%i seconds are %s', (seconds, told) => {
  expect(spanTold(seconds)).toBe(told);
});
