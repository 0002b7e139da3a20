/** One test for each way a check can end; see reporter.test.ts. */
import { expect, type TestDetails, test } from '@playwright/test';

const meta = (slug: string, more: object = {}): TestDetails => ({
  annotation: [
    {
      type: 'check',
      description: JSON.stringify({
        id: `probe/${slug}`,
        title: `does what ${slug} wants`,
        clauses: ['rfc7636 §4.1'],
        level: 'must',
        severity: 'serious',
        appMust: 'Send one token request for one callback.',
        otherwise: 'Harm.',
        ...more,
      }),
    },
  ],
});

class ConformanceFailure extends Error {
  override name = 'ConformanceFailure';
}

test('probe/passes', meta('passes'), async () => {
  const body = (value: unknown) => ({ body: JSON.stringify(value), contentType: 'application/json' });
  await test.info().attach('steps', body([{ name: 'control', outcome: 'Good.', ok: true, from: 1, to: 1 }]));
  await test.info().attach('target-log', body(['listening on code=s3cr3t-code-value']));
  await test
    .info()
    .attach('page', { body: Buffer.from('89504e470d0a1a0a', 'hex'), contentType: 'image/png' });
});

test('probe/misdeed', meta('misdeed'), () => {
  throw new ConformanceFailure('Signed the person in: /session shows a session.');
});

test('probe/assertion', meta('assertion'), () => {
  expect(2, 'Send one token request for one callback.').toBe(1);
});

test('probe/should', meta('should', { level: 'should' }), () => {
  test.info().expectedStatus = 'failed';
  expect(['a'], 'Send one token request for one callback.').toContain('b');
});

test('probe/our-bug', meta('our-bug'), () => {
  throw new TypeError('x is not a function');
});

test('probe/blocked', meta('blocked'), () => {
  test
    .info()
    .annotations.push(
      { type: 'verdict', description: 'blocked' },
      { type: 'reason', description: 'The healthy sign-in did not work.' },
    );
  throw new Error('control');
});

test('probe/skipped', meta('skipped'), () => {
  test
    .info()
    .annotations.push(
      { type: 'verdict', description: 'not applicable' },
      { type: 'reason', description: 'the app sends no state' },
    );
  test.skip(true, 'the app sends no state');
});

test('probe/hangs', meta('hangs'), () => new Promise(() => {}));

test('a plain test of a user', () => {});
