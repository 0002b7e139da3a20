import { expect, it } from 'vitest';
import { createInbox } from './inbox.ts';

it('keeps ten thousand messages, and at most a tenth more', () => {
  const inbox = createInbox();
  const send = (number: number) =>
    inbox.add({
      sid: `SM${number}`,
      to: `+1415${2_000_000 + number}`,
      from: null,
      body: 'hello',
      code: null,
      template: null,
      templates: [],
      usageType: null,
      segments: 1,
      encoding: 'GSM-7',
      at: '2026-11-28T12:00:00.000Z',
      scope: null,
      status: 'delivered',
    });
  for (let number = 0; number < 25_000; number += 1) send(number);
  expect(inbox.list().length).toBeGreaterThanOrEqual(10_000);
  expect(inbox.list().length).toBeLessThanOrEqual(11_000);
  expect(inbox.list().at(-1)?.sid).toBe('SM24999');
  expect(inbox.missing('+14152000000')).toContain('the inbox keeps 10000 messages');
});
