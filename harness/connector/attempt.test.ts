import { describe, expect, it } from 'vitest';
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { type Attempt, attempt } from './attempt.ts';

const message = { to: '12015550100', type: 'Generic', payload: { code: '000000' } };

/** A connector that gives up while our own event loop stands still, as often as it is told to. */
const givingUp = (times: number, { busy }: { busy: boolean }) => {
  let calls = 0;
  const connector = {
    sendMessage: async () => {
      calls += 1;
      if (busy) for (const until = Date.now() + 400; Date.now() < until; );
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (calls <= times) throw new Error('its own time limit');
    },
  } as unknown as SmsConnector;
  return { connector, calls: () => calls };
};
const ended = async (given: ReturnType<typeof givingUp>) => {
  const all: Attempt[] = [];
  const options = { connector: given.connector, config: {}, limitMs: 2000, all };
  const tried = await attempt(options, 'http://127.0.0.1:9', message);
  return { ended: tried.ended, noted: all.length, calls: given.calls() };
};

describe('a connector that gave up', () => {
  it('while we were late is asked again', async () => {
    expect(await ended(givingUp(1, { busy: true }))).toEqual({ ended: 'sent', noted: 1, calls: 2 });
  });
  it('again and again has refused', async () => {
    expect(await ended(givingUp(99, { busy: true }))).toEqual({ ended: 'refused', noted: 1, calls: 5 });
  });
  it('though nobody was late has refused at once', async () => {
    const { ended: how, calls } = await ended(givingUp(99, { busy: false }));
    expect({ how, alone: calls <= 5 }).toEqual({ how: 'refused', alone: true });
  });
});
