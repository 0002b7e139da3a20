import { expect, it } from 'vitest';
import { pictures } from './open-browser.ts';

it('between two pages, the next one is taken', async () => {
  const attached: string[] = [];
  const info = { attachments: [], attach: async (name: string) => void attached.push(name) };
  let tries = 0;
  const picture = pictures(
    {
      waitForLoadState: async () => {},
      screenshot: async () => {
        tries += 1;
        if (tries < 3)
          throw new Error('Protocol error (Page.captureScreenshot): Unable to capture screenshot');
        return Buffer.from('');
      },
    },
    info as never,
  );
  await picture('at Logto');
  expect([tries, attached, info.attachments]).toEqual([3, ['at Logto'], []]);
});

it('a screenshot that cannot be had is noted, and decides nothing', async () => {
  const attachments: { name: string; body?: Buffer; contentType: string }[] = [];
  const info = { attachments, attach: async () => {} };
  const picture = pictures(
    {
      waitForLoadState: async () => {},
      screenshot: () => Promise.reject(new Error('page.screenshot: Timeout 4000ms exceeded.')),
    },
    info as never,
  );
  await picture('at Logto');
  expect(attachments.map(({ name, body }) => [name, String(body)])).toEqual([
    ['no picture "at Logto"', 'page.screenshot: Timeout 4000ms exceeded.'],
  ]);
});
