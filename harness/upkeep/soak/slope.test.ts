import { describe, expect, it } from 'vitest';
import { flatness, slopeOf } from './slope.ts';

const samples = (value: (done: number) => number) =>
  Array.from({ length: 21 }, (_, index) => ({ done: index * 500, value: value(index * 500) }));

describe('flatness', () => {
  it('takes what fills up in the first half and stays for flat', () => {
    expect(
      flatness(
        samples((done) => 100e6 + Math.min(done, 4_000) * 20_000),
        0.05,
      ).flat,
    ).toBe(true);
  });
  it('finds a leak of two kilobytes for each sign-in beside a heap of 100 MB', () => {
    const found = flatness(
      samples((done) => 100e6 + done * 2_048),
      0.05,
    );
    expect(found.perOne).toBeCloseTo(2_048);
    expect(found.flat).toBe(false);
  });
  it('takes noise around a level for flat, and a shrinking heap, too', () => {
    expect(
      flatness(
        samples((done) => 100e6 + ((done / 500) % 2) * 3e6),
        0.05,
      ).flat,
    ).toBe(true);
    expect(
      flatness(
        samples((done) => 200e6 - done * 5_000),
        0.05,
      ).flat,
    ).toBe(true);
  });
  it('refuses to judge three samples', () => {
    expect(() => flatness(samples(() => 1).slice(0, 4), 0.05)).toThrow('too few');
  });
  it('has no slope where nothing was done', () => {
    expect(
      slopeOf([
        { done: 1, value: 3 },
        { done: 1, value: 9 },
      ]),
    ).toBe(0);
  });
});
