import { expect, it } from 'vitest';
import { isMadeOf } from './by-chance.ts';

const SHOWN = ['15 apples', 'Tip: Follow somebody new today.', 'Tipp: Press N to write.', 'Newest: @otter'];

it.each([
  ['Tipp: Follow somebody new today.', true],
  ['Tipp: The code of the safe is 4711', false],
  ['Follow somebody new tomorrow', false],
  ['Turnover: 4 711', false],
  // A figure is in many texts, and is no part of any.
  ['Newest: 5', false],
])('"%s" is made of what strangers are shown: %s', (text, expected) => {
  expect(isMadeOf(text, SHOWN)).toBe(expected);
});
