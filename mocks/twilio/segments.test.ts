import { describe, expect, it } from 'vitest';
import { countSegments } from './segments.ts';

const TOLL_FREE = { from: '+18005550142', to: '+14155550100' };

describe('segments', () => {
  // Values of Twilio's character limits: 160 and 70 alone, 153 and 67 in parts.
  it.each([
    ['a'.repeat(160), 1, 'GSM-7'],
    ['a'.repeat(161), 2, 'GSM-7'],
    ['a'.repeat(306), 2, 'GSM-7'],
    ['a'.repeat(307), 3, 'GSM-7'],
    ['€'.repeat(80), 1, 'GSM-7'],
    ['€'.repeat(81), 2, 'GSM-7'],
    [`${'a'.repeat(152)}€${'b'.repeat(152)}`, 3, 'GSM-7'],
    ['😀'.repeat(35), 1, 'UCS-2'],
    ['😀'.repeat(36), 2, 'UCS-2'],
    [`${'x'.repeat(66)}😀${'y'.repeat(66)}`, 3, 'UCS-2'],
    ['ş', 1, 'UCS-2'],
  ] as const)('%#: are counted as Twilio counts them', (body, count, encoding) => {
    expect(countSegments(body)).toEqual({ count, encoding });
  });
  it('SmartEncoded swaps look-alikes first', () => {
    expect(countSegments('It’s 4829', false).encoding).toBe('UCS-2');
    expect(countSegments('It’s 4829', true).encoding).toBe('GSM-7');
  });
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(304), 2],
    ['a'.repeat(305), 3],
    [`${'a'.repeat(151)}€${'b'.repeat(151)}`, 3],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(66), 2],
    ['😀'.repeat(67), 3],
  ])('%#: hold one unit less when a toll-free number texts the US', (body, count) => {
    expect(countSegments(body, false, TOLL_FREE).count).toBe(count);
  });
  it('a toll-free number abroad, and any other number, have the usual parts', () => {
    const body = 'a'.repeat(306);
    expect(countSegments(body, false, { ...TOLL_FREE, to: '+4915112345678' }).count).toBe(2);
    expect(countSegments(body, false, { ...TOLL_FREE, from: '+12025550142' }).count).toBe(2);
  });
});
