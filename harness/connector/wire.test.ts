import { expect, it } from 'vitest';
import { anyAnswers } from '../../mocks/carrier/answers.ts';
import type { SmsConnector } from '../../mocks/logto/connector.ts';
import { judgeWire } from './wire.ts';

/** A connector that asks once more when it was answered, and follows where it is sent: the second time goes to the first address. */
const sendsTwice = {
  metadata: { id: 'sends-twice' },
  sendMessage: async () => {
    for (const _time of ['one', 'two']) {
      const answer = await fetch('https://sms.example/messages', {
        method: 'POST',
        headers: { authorization: 'Bearer keep-me-secret' },
        body: '591204',
        redirect: 'manual',
      });
      await answer.text();
      if (answer.status !== 307) throw new Error(`no redirect, but ${answer.status}`);
    }
    throw new RangeError('I do not follow redirects');
  },
} as unknown as SmsConnector;

it('a message that is sent again is redirected again', async () => {
  const results = await judgeWire({
    connector: sendsTwice,
    config: {},
    limitMs: 400,
    all: [],
    answers: anyAnswers,
    secrets: ['keep-me-secret'],
    to: '12015550100',
  });
  const { verdict, message } = results.find(({ id }) => id === 'wire/redirect') ?? {};
  expect(verdict).toBe('pass');
  // An answer that was no redirect would have ended it with another error.
  expect(message).toMatch(/RangeError/);
});
