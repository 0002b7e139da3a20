import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bitsOfChance } from './bits-of-chance.ts';

const three = (make: (index: number) => string) => Array.from({ length: 3 }, (_, index) => make(index));
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('what may be chance', () => {
  test.each([
    ['a counter', three((index) => `session-${1041 + index}`)],
    [
      'a counter that grows by a digit, before a long word',
      three((index) => `${8 + index}-the-session-of-a-member`),
    ],
    ['a clock in milliseconds', three((index) => String(1_764_341_234_567 + index * 731))],
    [
      'a clock in nanoseconds',
      three((index) => String(1_764_341_234_567_890_123n + BigInt(index) * 91_234_567n)),
    ],
    [
      'a clock beside the id of the person',
      three((index) => `7xk2m9qpl0ab.${1_764_341_234_567 + index * 731}`),
    ],
    ['the same in base64', three((index) => base64(`7xk2m9qpl0ab:${1_764_341_234_567 + index * 731}`))],
    ['four digits', three((index) => String(4711 + index * 1733))],
    ['one token for all', three(() => 'the-same-token-for-everybody-and-every-time')],
  ])('%s is little', (_, tokens) => {
    expect(bitsOfChance(tokens)).toBeLessThan(64);
  });

  test.each([
    ['a UUID', three(() => randomUUID())],
    ['a UUID of version 7', three((index) => `0199a1b2-c3d${index}-7${randomUUID().slice(15)}`)],
    ['32 bytes in hex', three(() => randomBytes(32).toString('hex'))],
    ['16 bytes in base64url', three(() => randomBytes(16).toString('base64url'))],
    ['16 bytes behind a word', three(() => `sess_${randomBytes(16).toString('base64url')}`)],
    ['a sealed session', three(() => `eyJhbGciOiJkaXIifQ..${randomBytes(200).toString('base64url')}`)],
    ['40 digits', three(() => Array.from(randomBytes(40), (byte) => byte % 10).join(''))],
  ])('%s is much', (_, tokens) => {
    expect(bitsOfChance(tokens)).toBeGreaterThanOrEqual(64);
  });
});
