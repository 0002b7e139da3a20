import { expect, it } from 'vitest';
import { emptyReport } from '../../reports/build.ts';
import type { CheckResult, Verdict } from '../../reports/model.ts';
import { steadySection, unsteady, withSection } from './steady.ts';

const run = (verdicts: Record<string, Verdict>, hogs = 0) => ({
  hogs,
  seconds: 20,
  report: {
    ...emptyReport({}),
    checks: Object.entries(verdicts).map(([id, verdict]) => ({ id, verdict, retries: 0 }) as CheckResult),
  },
});
const about = { target: 'express', machine: '2 cores' };

it('a check with another verdict in one run, or missing there, is not steady', () => {
  const runs = [run({ 'a/x': 'pass', 'a/y': 'pass' }), run({ 'a/x': 'fail' }, 4)];
  expect([...unsteady(runs)]).toEqual([
    ['a/x', ['pass', 'fail']],
    ['a/y', ['pass', 'none']],
  ]);
  const section = steadySection(runs, about);
  expect(section).toContain('**Not steady**: 2 checks');
  expect(section).toContain('| `a/x` | pass | fail |');
  expect(section).toContain('| 2 | 4 CPU hogs |');
});

it('equal verdicts are told as that; a run without a report is not steady', () => {
  const good = run({ 'a/x': 'pass' });
  expect(steadySection([good, good], about)).toContain(
    'All 1 checks had the same verdict in each of 2 runs.',
  );
  expect(steadySection([good, { hogs: 0, seconds: 1, report: undefined }], about)).toContain(
    '**Not steady**',
  );
});

it('the section of the page is replaced, and what stands around it stays', () => {
  const first = withSection('# Benchmarks\n', steadySection([run({ 'a/x': 'pass' })], about));
  const second = withSection(`${first}\n## More\n`, steadySection([run({ 'a/x': 'fail' })], about));
  expect(second.match(/All 1 checks|Not steady/g)).toHaveLength(1);
  expect(second).toMatch(/^# Benchmarks\n[\s\S]*## More\n$/);
});
