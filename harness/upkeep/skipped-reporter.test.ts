import { expect, it } from 'vitest';
import { tellSkipped } from './skipped-reporter.ts';

const skipped = [
  { file: 'a.test.ts', reason: 'a browser' },
  { file: 'a.test.ts', reason: 'a browser' },
  { file: 'b.test.ts', reason: 'a container engine' },
];

it('skipped tests are counted, with the reason of each', () =>
  expect(tellSkipped(skipped, false)).toEqual({
    lines: [
      '3 tests were skipped',
      '  2 for want of: a browser (a.test.ts)',
      '  1 for want of: a container engine (b.test.ts)',
    ],
    fails: false,
  }));

it('with CI set, a skipped test fails the run', () => {
  expect(tellSkipped(skipped, true).fails).toBe(true);
  expect(tellSkipped([], true)).toEqual({ lines: [], fails: false });
});
