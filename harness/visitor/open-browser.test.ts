import { createServer } from 'node:http';
import { afterAll, expect, it } from 'vitest';
import { resolveBrowser } from '../lab/browser.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { openBrowser, pictures } from './open-browser.ts';

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/html');
  response.setHeader('cache-control', 'max-age=600');
  response.setHeader('set-cookie', 'who=ada');
  response.end(`<p>${request.headers.cookie ?? 'no cookie'}</p>`);
}).listen(0);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('checks of a worker share one Chromium, and nothing in it; one that has ended is started again', {
  timeout: 120_000,
}, async () => {
  const { port } = server.address() as { port: number };
  const origin = `http://localhost:${port}`;
  const lab = {
    browser: await resolveBrowser(),
    app: { origin, basePath: '/auth' },
    reroutes: {},
    fronts: {},
    issuerOrigin: 'http://127.0.0.1:9',
    publicIssuerOrigin: 'http://127.0.0.1:9',
  } as unknown as LabDescription;
  const open = () => openBrowser(lab, 'scope', { evidence: { exchanges: [], raw: [] }, person: null });
  const seen = async ({ context }: Awaited<ReturnType<typeof open>>) => {
    const page = await context.newPage();
    await page.goto(origin);
    await page.evaluate(() => localStorage.setItem('who', 'ada'));
    await page.reload();
    return page.textContent('p');
  };
  const ada = await open();
  expect(await seen(ada)).toBe('who=ada');
  const eve = await open();
  expect(eve.context.browser()).toBe(ada.context.browser());
  const page = await eve.context.newPage();
  await page.goto(origin);
  expect(await page.textContent('p')).toBe('no cookie');
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await ada.close();
  await eve.close();
  await eve.context.browser()?.close();
  const grace = await open();
  expect(grace.context.browser()).not.toBe(ada.context.browser());
  expect(await seen(grace)).toBe('who=ada');
  await grace.close();
  await grace.context.browser()?.close();
});

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
