import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/reports/sample.ts';
import type { Exchange } from '../../mocks/journal.ts';
import type { CheckResult } from '../model.ts';
import { ENDED_APP, withCrashes } from './crashes.ts';

const START = Date.parse('2026-11-29T10:00:00.000Z');
const crash = { at: START + 5_000, how: 'the app ended with exit code 1' };
const exchange = (ms: number, over: Partial<Exchange> = {}): Exchange => ({
  seq: 1,
  at: new Date(START + ms).toISOString(),
  durationMs: 1,
  scope: null,
  from: 'browser',
  to: 'app',
  method: 'GET',
  url: `http://localhost:3000/${ms}`,
  status: 200,
  request: { headers: {}, body: null },
  response: { headers: {}, body: null },
  faults: [],
  facts: {},
  ...over,
});
const check = (id: string, exchanges: Exchange[]) => ({
  ...(sampleReport().checks[0] as CheckResult),
  id,
  exchanges,
});
const marked = (checks: CheckResult[]) =>
  checks.flatMap(({ id, exchanges }) =>
    exchanges.filter(({ facts }) => facts[ENDED_APP]).map(({ url }) => `${id} ${new URL(url).pathname}`),
  );
const judge = (checks: CheckResult[], earlier: { id: string; exchanges: Exchange[] }[] = []) =>
  withCrashes(checks, [...earlier, ...checks], [crash]);

describe('the request that an app died of', () => {
  it('is the last one before, and not one that came when it was up again', () => {
    expect(marked(judge([check('a/x', [exchange(4_000), exchange(4_990), exchange(6_000)])]))).toEqual([
      'a/x /4990',
    ]);
  });

  it('is one without an answer rather than a later one that another check got an answer to', () => {
    const [one, other] = [check('a/x', [exchange(4_900, { status: null })]), check('b/y', [exchange(4_950)])];
    expect(marked(judge([one, other]))).toEqual(['a/x /4900']);
    const longAgo = check('a/x', [exchange(1_000, { status: null })]);
    expect(marked(judge([longAgo, other]))).toEqual(['b/y /4950']);
    // What came after it found nobody there.
    const after = check('b/y', [exchange(2_000), exchange(4_000, { status: null })]);
    expect(marked(judge([check('a/x', [exchange(3_000, { status: null })]), after]))).toEqual(['a/x /3000']);
  });

  it('is shown by its check also when it was sent in an earlier try, and is counted once', () => {
    const sent = exchange(4_990, { status: null });
    const [after] = judge([check('a/x', [exchange(9_000)])], [{ id: 'a/x', exchanges: [sent] }]);
    expect(after?.exchanges.map(({ seq, url }) => [seq, new URL(url).pathname])).toEqual([
      [1, '/4990'],
      [2, '/9000'],
    ]);
    expect(judge([check('a/x', [sent])])[0]?.exchanges).toHaveLength(1);
  });

  it('is no request to the issuer, and none where nothing was sent', () => {
    expect(marked(judge([check('a/x', [exchange(4_990, { to: 'issuer' }), exchange(4_000)])]))).toEqual([
      'a/x /4000',
    ]);
    expect(marked(judge([check('a/x', [])]))).toEqual([]);
  });
});
