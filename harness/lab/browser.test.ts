/**
 * The browser of the journeys sends what the standards say, whichever Chromium it is. The pages are on two sites, as an app
 * and its issuer are: localhost and 127.0.0.1.
 */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledBrowser, playwrightsFolder, resolveBrowser } from './browser.ts';
import type { LabDescription } from './lab-description.ts';

interface Asked {
  method?: string;
  path: string;
  headers: IncomingHttpHeaders;
}

let server: Server;
let port: number;
let asked: Asked[] = [];
const app = () => `http://localhost:${port}`;
const other = () => `http://127.0.0.1:${port}`;
const of = (path: string) => asked.findLast((each) => each.path === path) as Asked;

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ method: request.method, path, headers: request.headers });
    response.setHeader('content-type', 'text/html');
    if (path === '/cookies')
      response.setHeader(
        'set-cookie',
        ['Strict', 'Lax', 'None'].map((site) => `${site.toLowerCase()}=1; SameSite=${site}`),
      );
    if (path === '/allowed') response.setHeader('access-control-allow-origin', app());
    response.end(
      `<form method="post" action="/form"><button>post</button></form><a href="${app()}/from-link">link</a>`,
    );
  }).listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function withPage(
  { executablePath, args, env }: LabDescription['browser'],
  body: (page: Page) => Promise<void>,
) {
  let browser: Browser | undefined;
  asked = [];
  try {
    browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } as never });
    await body(await browser.newPage());
  } finally {
    await browser?.close();
  }
}

it.each([
  ['that is found first', () => resolveBrowser()],
  ['that comes with the install', () => bundledBrowser()],
])('the browser %s sends what the standards say', { timeout: 60_000 }, async (_which, find) => {
  const found = await find();
  expect(found?.executablePath, found?.missing).toBeTruthy();
  await withPage(found as LabDescription['browser'], async (page) => {
    await page.goto(`${app()}/`);
    // Fetch, "append a request Origin header"; Fetch Metadata §2: a same-origin POST and GET of a script.
    await page.evaluate(() => fetch('/post', { method: 'POST' }));
    await page.evaluate(() => fetch('/get'));
    expect(of('/post').headers).toMatchObject({
      origin: app(),
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    });
    expect(of('/get').headers.origin).toBeUndefined();

    // A form, and the address bar.
    expect(of('/').headers).toMatchObject({
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-user': '?1',
    });
    await page.getByRole('button', { name: 'post' }).click();
    await page.waitForURL('**/form');
    expect(of('/form')).toMatchObject({
      method: 'POST',
      headers: { origin: app(), 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' },
    });

    // Fetch, "CORS protocol": an answer of another origin is read only where it says so, and carries no cookie by itself.
    const read = (path: string) =>
      page.evaluate(
        (url) =>
          fetch(url).then(
            ({ status }) => String(status),
            ({ name }) => name,
          ),
        `${other()}${path}`,
      );
    expect(await read('/refused')).toBe('TypeError');
    expect(await read('/allowed')).toBe('200');
    expect(of('/refused').headers).toMatchObject({ origin: app(), 'sec-fetch-site': 'cross-site' });
    // A request that is not simple is asked for before, and never sent where that is refused.
    await page.evaluate((url) => fetch(url, { method: 'DELETE' }).catch(() => null), `${other()}/delete`);
    expect(asked.filter(({ path }) => path === '/delete').map(({ method }) => method)).toEqual(['OPTIONS']);

    // RFC 6265bis §5.6.7: cookies for what another site causes.
    await page.goto(`${app()}/cookies`);
    const kept = (await page.context().cookies(app())).map(({ name }) => name).sort();
    // SameSite=None without Secure is refused.
    expect(kept).toEqual(['lax', 'strict']);
    await page.goto(`${other()}/`);
    await page.evaluate(
      (url) => fetch(url, { mode: 'no-cors', credentials: 'include' }),
      `${app()}/from-script`,
    );
    expect(of('/from-script').headers.cookie).toBeUndefined();
    await page.getByRole('link', { name: 'link' }).click();
    await page.waitForURL('**/from-link');
    expect(of('/from-link').headers).toMatchObject({ cookie: 'lax=1', 'sec-fetch-site': 'cross-site' });
  });
});

it('no browser is started with its same-origin policy, or what it sends, switched off', async () => {
  for (const found of [await resolveBrowser(), await bundledBrowser()]) {
    expect(
      found?.args.filter((arg) => /web-security|insecure|isolat|site-per-process|single-process/.test(arg)),
    ).toEqual([]);
  }
});

it('Playwright is asked only where it keeps browsers, which is where it says', () =>
  expect(process.env.PLAYWRIGHT_BROWSERS_PATH || chromium.executablePath()).toContain(
    process.env.PLAYWRIGHT_BROWSERS_PATH || playwrightsFolder(),
  ));
