import { expect, it } from 'vitest';
import { pictures } from './open-browser.ts';

it('a screenshot that cannot be had is noted, and decides nothing', async () => {
  const attachments: { name: string; body?: Buffer; contentType: string }[] = [];
  const info = { attachments, attach: async () => {} };
  const picture = pictures(
    { screenshot: () => Promise.reject(new Error('page.screenshot: Timeout 4000ms exceeded.')) },
    info as never,
  );
  await picture('at Logto');
  expect(attachments.map(({ name, body }) => [name, String(body)])).toEqual([
    ['no picture "at Logto"', 'page.screenshot: Timeout 4000ms exceeded.'],
  ]);
});
