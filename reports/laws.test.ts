import { expect, it } from 'vitest';
import { laws } from '../suites/laws/index.ts';
import { type History, judgeLaws } from './laws.ts';

const history: History = {
  exchanges: [
    {
      seq: 1,
      at: '2026-11-28T00:00:00.000Z',
      durationMs: 1,
      scope: 's',
      from: 'browser',
      to: 'app',
      method: 'GET',
      url: 'http://localhost:3000/',
      status: 200,
      request: { headers: {}, body: null },
      response: { headers: {}, body: null },
      faults: [],
      facts: {},
      check: 'redirect/x',
      provoked: false,
    },
  ],
  app: { origin: 'http://localhost:3000', basePath: '/auth' },
  declared: { issuerOrigins: [], features: [], userMembers: [], sessionMembers: [] },
};

it('a law that no session was there to break is blocked, with the reason', () => {
  const judged = judgeLaws(laws, history, { rerunPrefix: 'run', nobodySignsIn: 'it said csrf=true' });
  expect(new Set(judged.map(({ verdict }) => verdict))).not.toContain('pass');
  expect(judged.find(({ id }) => id === 'laws/tokens-kept')).toMatchObject({
    verdict: 'blocked',
    message: 'Nobody can sign in to the app (callback/session), so this says nothing: it said csrf=true',
  });
});

it('is kept where people sign in', () => {
  const judged = judgeLaws(laws, history, { rerunPrefix: 'run' });
  expect(judged.find(({ id }) => id === 'laws/tokens-kept')?.verdict).toBe('pass');
});

it('that was broken is told, whoever signs in', () => {
  const [exchange] = history.exchanges;
  if (!exchange) throw new Error('no exchange');
  const crashed = { ...history, exchanges: [{ ...exchange, status: 500 }] };
  const judged = judgeLaws(laws, crashed, { rerunPrefix: 'run', nobodySignsIn: 'x' });
  expect(judged.find(({ id }) => id === 'laws/no-crash')?.verdict).toBe('warn');
});
