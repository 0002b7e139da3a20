import { expect, it } from 'vitest';
import { emptyReport } from '../../reports/build.ts';
import type { CheckResult, Verdict } from '../../reports/model.ts';
import { atOnce, matrixPage } from './matrix.ts';

const result = (suite: string, verdict: Verdict) => ({ id: `${suite}/x`, suite, verdict }) as CheckResult;

it('a cell counts what applies, names what did not pass, and a target without a report is not run', () => {
  const report = {
    ...emptyReport({}),
    checks: [
      result('session', 'pass'),
      result('session', 'fail'),
      result('session', 'not applicable'),
      result('userinfo', 'not applicable'),
      result('sign-out', 'pass'),
    ],
  };
  const page = matrixPage([
    { target: 'one', report },
    { target: 'two', report: undefined },
  ]);
  expect(page).toContain('| session | 1 of 2: 1 failed |');
  expect(page).toContain('| sign-out | 1 of 1 |');
  expect(page).toContain('| userinfo | – |');
  expect(page).toMatch(/\| two \| not run \|/);
});

it('runs as many at once as it may, each once, and begins in the order of the list', async () => {
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  await atOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});
