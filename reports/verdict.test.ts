import { describe, expect, it } from 'vitest';
import type { CheckResult, Verdict } from './model.ts';
import { notEnded } from './scope.ts';
import { type Observation, resultOf, verdictOf } from './verdict.ts';

const must: Observation['meta'] = { level: 'must', appMust: 'Hold no session.' };
const observe = (more: Partial<Observation>) =>
  verdictOf({ meta: must, status: 'failed', annotations: [], errors: [], ...more });
const failure = (message: string) => ({
  message,
  stack: `${message}\n    at somewhere (suites/x.spec.ts:1:1)`,
});
const assertion = (lines: string, own = must.appMust) =>
  failure(`\u001b[31mError: ${own}\u001b[39m\n\n${lines}`);

describe('verdictOf', () => {
  it('passes what passed', () => expect(observe({ status: 'passed' })).toEqual({ verdict: 'pass' }));

  const misdeed = [failure('ConformanceFailure: Signed the person in.')];
  it.each([
    ['must', false, false, 'fail'],
    ['should', false, false, 'warn'],
    ['should', true, false, 'fail'],
    ['may', false, false, 'note'],
    ['may', true, false, 'note'],
    ['must', false, true, 'note'],
  ] as const)(
    'grades a broken %s (strict %s, provisional %s) as %s',
    (level, strict, provisional, verdict) => {
      expect(observe({ meta: { ...must, level, provisional }, errors: misdeed, strict })).toMatchObject({
        verdict,
        message: 'Signed the person in.',
      });
    },
  );

  it('holds nothing against the app that a real issuer, or the end of the run, may be behind', () => {
    const annotations = [{ type: 'unsettled', description: '0' }];
    expect(observe({ errors: misdeed, annotations })).toMatchObject({
      verdict: 'blocked',
      message: expect.stringContaining('ended before it was known'),
    });
    expect(observe({ status: 'passed', annotations })).toEqual({ verdict: 'pass' });
    const settled = [...annotations, { type: 'settled', description: '0' }];
    expect(observe({ errors: misdeed, annotations: settled }).verdict).toBe('fail');
    // The second attempt is another matter.
    const again = [...settled, { type: 'unsettled', description: '1' }];
    expect(observe({ errors: misdeed, annotations: again }).verdict).toBe('blocked');
  });

  it('never holds an error of the harness against the app', () => {
    expect(observe({ errors: [failure('TypeError: x is not a function')] })).toMatchObject({
      verdict: 'error',
      message: 'TypeError: x is not a function',
    });
    expect(observe({ errors: [failure('Error: connect ECONNREFUSED 127.0.0.1:1')] })).toMatchObject({
      verdict: 'error',
      message: 'connect ECONNREFUSED 127.0.0.1:1',
    });
    expect(observe({ errors: [failure('Error: page.goto: Timeout 1000ms exceeded.')] }).verdict).toBe(
      'error',
    );
    expect(observe({ errors: [] }).verdict).toBe('error');
  });
  it('goes by the first error: what broke later, in the teardown, is no excuse and no charge', () => {
    expect(observe({ errors: [...misdeed, failure('Error: socket hang up')] }).verdict).toBe('fail');
    expect(observe({ errors: [failure('Error: socket hang up'), ...misdeed] }).verdict).toBe('error');
  });
  it('is an error when it took too long, was interrupted or never ran', () => {
    expect(
      observe({ status: 'timedOut', errors: [failure('Test timeout of 30000ms exceeded.')] }),
    ).toMatchObject({ verdict: 'error', message: 'Test timeout of 30000ms exceeded.' });
    expect(observe({ status: 'interrupted' }).verdict).toBe('error');
    expect(observe({ status: 'skipped' })).toMatchObject({
      verdict: 'error',
      message: expect.stringContaining('did not run'),
    });
  });
  it('takes what the harness declared over everything else', () => {
    const annotations = [
      { type: 'verdict', description: 'blocked' },
      { type: 'reason', description: 'The control failed.' },
    ];
    expect(observe({ annotations, errors: misdeed })).toMatchObject({
      verdict: 'blocked',
      message: 'The control failed.',
    });
    expect(
      observe({
        annotations: [
          { type: 'verdict', description: 'not applicable' },
          { type: 'reason', description: 'no state' },
        ],
        status: 'skipped',
      }),
    ).toEqual({ verdict: 'not applicable', message: 'no state' });
  });
  it('cannot be talked into a pass by an annotation', () => {
    expect(
      observe({ annotations: [{ type: 'verdict', description: 'pass' }], errors: misdeed }).verdict,
    ).toBe('fail');
  });
  it('takes the reason of a plain Playwright skip', () => {
    expect(
      observe({ status: 'skipped', annotations: [{ type: 'skip', description: 'no browser' }] }),
    ).toEqual({ verdict: 'not applicable', message: 'no browser' });
  });
});

describe('what the app did, from an assertion', () => {
  const sentence = (lines: string, own?: string) => observe({ errors: [assertion(lines, own)] });
  it.each([
    [
      'expect(received).toBe(expected) // Object.is equality\n\nExpected: 1\nReceived: 2',
      'Got 2, expected 1.',
    ],
    [
      'expect(received).toBeGreaterThanOrEqual(expected)\n\nExpected: >= 43\nReceived:    12',
      'Got 12, expected >= 43.',
    ],
    [
      'expect(received).toContain(expected) // indexOf\n\nExpected value: "S256"\nReceived array: ["plain"]',
      'Got ["plain"], without "S256".',
    ],
    [
      'expect(received).toMatch(expected)\n\nExpected pattern: /^a/\nReceived string:  "b"',
      'Got "b", which does not match /^a/.',
    ],
    ['expect(received).toBeTruthy()\n\nReceived: null', 'Got null (toBeTruthy).'],
    [
      'expect(received).not.toBe(expected) // Object.is equality\n\nExpected: not "x"',
      'Got "x", which must not be.',
    ],
    [
      'expect(received).toEqual(expected) // deep equality\n\n- Expected  - 1\n+ Received  + 1\n\n  Object {\n-   "a": 1,\n+   "a": 2,\n  }',
      'Got a value that differs: -   "a": 1, +   "a": 2,.',
    ],
    [
      "expect(locator).toBeVisible() failed\n\nLocator: getByRole('button', { name: 'Sign out' })\nExpected: visible\nTimeout: 5000ms\nError: element(s) not found",
      "getByRole('button', { name: 'Sign out' }) was not on the page, expected visible (waited 5000ms).",
    ],
  ])('reads %j', (lines, expected) =>
    expect(sentence(lines)).toMatchObject({ verdict: 'fail', message: expected }),
  );

  it('keeps a text of its own that is not the duty', () => {
    expect(
      sentence('expect(received).toBe(expected)\n\nExpected: 1\nReceived: 2', 'token requests').message,
    ).toBe('token requests: Got 2, expected 1.');
  });
  it('cuts long values', () => {
    expect(
      sentence(`expect(received).toBe(expected)\n\nExpected: 1\nReceived: "${'x'.repeat(9_000)}"`).message
        ?.length,
    ).toBeLessThan(400);
  });
});

describe('resultOf', () => {
  const checks = (...verdicts: (Verdict | 'known fail')[]) =>
    verdicts.map(
      (verdict) =>
        (verdict === 'known fail' ? { verdict: 'fail', known: 'later' } : { verdict }) as CheckResult,
    );
  it.each([
    [['pass', 'warn', 'note', 'not applicable'], 'conformant', 0],
    [['pass', 'fail', 'error', 'blocked'], 'not conformant', 1],
    [['pass', 'blocked'], 'not judged', 2],
    [['pass', 'error'], 'not judged', 2],
    [['not applicable'], 'not judged', 2],
    [[], 'not judged', 2],
    [['pass', 'known fail'], 'conformant', 0],
    [['pass', 'not judged'], 'conformant', 0],
    [['not judged'], 'not judged', 2],
  ] as const)('%j is %s, exit code %i', (verdicts, result, exitCode) =>
    expect(
      resultOf({
        checks: checks(...verdicts),
        scope: { kind: 'whole', ran: verdicts.length, of: verdicts.length },
        findings: [],
      }),
    ).toEqual({ result, exitCode }),
  );
  it('what could not be judged stands in the way of a strict run, and breaks nothing', () => {
    const whole = { kind: 'whole', ran: 2, of: 2 } as const;
    const strict = (...verdicts: Verdict[]) =>
      resultOf({ checks: checks(...verdicts), scope: whole, findings: [], strict: true });
    expect(strict('pass', 'not judged')).toEqual({ result: 'not judged', exitCode: 2 });
    expect(strict('fail', 'not judged')).toEqual({ result: 'not conformant', exitCode: 1 });
    expect(strict('pass', 'not applicable')).toEqual({ result: 'conformant', exitCode: 0 });
  });
  const twelve = checks(...Array.from({ length: 12 }, () => 'pass' as const));
  it.each([
    ['selection', 'passed in part', 0],
    ['shard', 'passed in part', 0],
    ['whole', 'not judged', 2],
  ] as const)('12 of 386 checks that pass, of a %s, are %s, exit code %i', (kind, result, exitCode) =>
    expect(resultOf({ checks: twelve, scope: { kind, ran: 12, of: 386 }, findings: [] })).toEqual({
      result,
      exitCode,
    }),
  );
  it('a part with a broken must is not conformant', () =>
    expect(
      resultOf({
        checks: checks('pass', 'fail'),
        scope: { kind: 'selection', ran: 2, of: 386 },
        findings: [],
      }),
    ).toEqual({ result: 'not conformant', exitCode: 1 }));
  it('a quick run that found nothing wrong is a part, and with a finding it is not judged', () => {
    const quick = { checks: [], scope: { kind: 'quick', ran: 0, of: 386 } } as const;
    expect(resultOf({ ...quick, checks: [], findings: [] }).exitCode).toBe(0);
    expect(resultOf({ ...quick, checks: [], findings: [notEnded] }).exitCode).toBe(2);
  });
  it('a shard whose app did not start is not judged, and one in which nothing applies is', () => {
    const scope = { kind: 'shard', ran: 0, of: 386 } as const;
    const exited = { code: 'CONF_TARGET_EXITED', what: 'a', expected: 'b', remedy: 'c' };
    expect(resultOf({ checks: [], scope, findings: [exited] }).exitCode).toBe(2);
    expect(resultOf({ checks: checks('not applicable'), scope, findings: [] }).exitCode).toBe(0);
  });
  it('a run that has not ended is not judged, though its checks passed', () =>
    expect(
      resultOf({ checks: twelve, scope: { kind: 'whole', ran: 12, of: 12 }, findings: [notEnded] }),
    ).toEqual({ result: 'not judged', exitCode: 2 }));
});
