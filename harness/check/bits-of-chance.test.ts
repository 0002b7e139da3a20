import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bitsOfChance } from './bits-of-chance.ts';

const four = (make: (index: number) => string) => Array.from({ length: 4 }, (_, index) => make(index));

describe('what may be chance', () => {
  test.each([
    ['a counter', four((index) => `session-${1041 + index}`)],
    ['a clock in milliseconds', four((index) => String(1_764_341_234_567 + index * 731))],
    ['a clock beside the same word', four((index) => `shop.${1_764_341_234_567 + index * 731}.x`)],
    ['four digits', four((index) => String(4711 + index * 1733))],
    ['one token for all', four(() => 'the-same-token-for-everybody-and-every-time')],
    ['a long counter', four((index) => `9${'0'.repeat(30)}${1000 + index * 7}`)],
  ])('%s is little', (_, tokens) => {
    expect(bitsOfChance(tokens)).toBeLessThan(64);
  });

  test.each([
    ['a UUID', four(() => randomUUID())],
    ['32 bytes in hex', four(() => randomBytes(32).toString('hex'))],
    ['16 bytes in base64url', four(() => randomBytes(16).toString('base64url'))],
    ['a sealed session', four(() => `eyJhbGciOiJkaXIifQ..${randomBytes(200).toString('base64url')}`)],
    ['40 digits', four(() => Array.from(randomBytes(40), (byte) => byte % 10).join(''))],
  ])('%s is much', (_, tokens) => {
    expect(bitsOfChance(tokens)).toBeGreaterThanOrEqual(64);
  });
});
