import { describe, expect, it } from 'vitest';
import { canonicalNumber, readableNumber, sameNumbers } from './phones.ts';

describe('phone numbers', () => {
  it('are the same with and without the 0 after the country code', () => {
    expect(sameNumbers('610412345678')).toEqual(['61412345678', '610412345678']);
    expect(canonicalNumber('610412345678')).toBe(canonicalNumber('61412345678'));
  });

  it('that are none stay as they are (recording 638)', () => {
    expect(sameNumbers('12')).toEqual(['12']);
    expect(readableNumber('12')).toBe('+12');
  });

  it('are shown the way people read them', () => {
    expect(readableNumber('14155550101')).toBe('+1 415 555 0101');
  });
});
