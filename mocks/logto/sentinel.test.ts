import { describe, expect, it } from 'vitest';
import { createClock } from '../clock.ts';
import { createScopes } from '../scope.ts';
import { createSentinel, DEFAULT_MESSAGE_RATE, DEFAULT_SENTINEL } from './sentinel.ts';
import type { SignInExperience } from './tenant.ts';

const lab = (sentinelPolicy = {}) => {
  const clock = createClock(createScopes());
  const signInExperience = { sentinelPolicy } as SignInExperience;
  return { clock, sentinel: createSentinel({ signInExperience }, clock) };
};

describe('the lockout', () => {
  it('comes with the hundredth failed attempt in an hour unless the tenant says otherwise', () => {
    const { sentinel } = lab();
    for (let index = 1; index < DEFAULT_SENTINEL.maxAttempts; index += 1)
      expect(sentinel.report('a', true, undefined)).toBeUndefined();
    expect(sentinel.report('a', true, undefined)).toBeGreaterThan(Date.now());
    expect(sentinel.report('b', true, undefined)).toBeUndefined();
  });

  it('holds for the right answer too, and ends with its time', () => {
    const { sentinel, clock } = lab({ maxAttempts: 1, lockoutDuration: 10 });
    sentinel.report('a', true, undefined);
    expect(sentinel.report('a', false, undefined)).toBeDefined();
    clock.advance(601);
    expect(sentinel.report('a', false, undefined)).toBeUndefined();
  });
});

describe('the cap on messages', () => {
  it('counts one recipient however the number is written, and lifts after its window', () => {
    const { sentinel, clock } = lab();
    for (let index = 0; index < DEFAULT_MESSAGE_RATE.maxSends; index += 1)
      sentinel.recordSend(index % 2 ? '61412345678' : '610412345678', undefined);
    expect(() => sentinel.guardSend('61412345678', undefined)).toThrow('Too many');
    clock.advance(DEFAULT_MESSAGE_RATE.windowSeconds + 1);
    expect(() => sentinel.guardSend('61412345678', undefined)).not.toThrow();
  });
});

describe('what the sentinel remembers', () => {
  it('is nothing of those who proved what they said', () => {
    const { sentinel } = lab();
    for (let index = 0; index < 500; index += 1) sentinel.report(`+1${index}`, false, undefined);
    expect(sentinel.size).toBe(0);
    sentinel.report('+1', true, undefined);
    expect(sentinel.size).toBe(1);
  });
  it('is nothing of messages that no window holds any more', () => {
    const { sentinel, clock } = lab();
    for (let index = 0; index < 500; index += 1)
      sentinel.recordSend(`1415200${String(index).padStart(4, '0')}`, undefined);
    clock.advance(DEFAULT_MESSAGE_RATE.windowSeconds + 1);
    sentinel.recordSend('14152009999', undefined);
    expect(sentinel.size).toBe(1);
  });
});
