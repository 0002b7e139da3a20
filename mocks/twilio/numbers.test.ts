import { describe, expect, it } from 'vitest';
import { errorNumbers } from './errors.ts';
import { readNumber } from './numbers.ts';

describe('a number that no plan has a place for', () => {
  // OneUptime/oneuptime issue 749 and caronc/apprise issue 448: apps that keep national numbers.
  it.each([
    '0612345678',
    '1234567890',
    '+10612345678',
    '+11234567890',
    '+19110550123',
    '+4670174605',
    '612345678',
  ])('%s cannot be texted', (text) => expect(readNumber(text)).toBeUndefined());
});

describe('a number of a plan', () => {
  it.each([
    ['4155550123', '+14155550123'],
    ['+14155550123', '+14155550123'],
    ['+1 (415) 555-0123', '+14155550123'],
    ['+33612345678', '+33612345678'],
    ['+4917139200001', '+4917139200001'],
  ])('%s is %s', (text, number) => expect(readNumber(text)).toBe(number));

  it.each(errorNumbers().map(({ number }) => number))('%s, which causes an error, is one', (number) =>
    expect(readNumber(number)).toBe(number),
  );
});
