import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import packages from '../../package.json' with { type: 'json' };
import { createHttpAgent } from './http.ts';
import { USER_AGENT } from './user-agent.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

it('is that of the browser which is brought along', () => {
  const [major] = packages.dependencies['@sparticuz/chromium'].split('.');
  expect(USER_AGENT).toContain(`Chrome/${major}.0.0.0 `);
});

it('is sent by the agent without a browser, unless a check sends another', async () => {
  const said: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    said.push(request.headers['user-agent']);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = createHttpAgent({ laneOf: () => 'app' });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await agent.hop(url);
  await agent.hop(url, { headers: { 'User-Agent': 'Googlebot/2.1' } });
  server.close();
  expect(said).toEqual([USER_AGENT, 'Googlebot/2.1']);
});

it('is one that apps which turn robots away let in', { timeout: 120_000 }, async () => {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  app.use((req, res, next) => {
    if (/^Mozilla\\/5\\.0/.test(req.get('user-agent') ?? '') && !/bot|crawl|headless/i.test(req.get('user-agent'))) return next();
    res.status(403).send('No robots here.');
  });
  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge({ target: { command: 'node server.js', cwd: variant.folder } }, [
    'callback/session',
    'phone-otp/browser-journey',
    'session/survives-reload',
  ]);
  expect(checks.map(({ id, verdict, message }) => [id, verdict, message])).toEqual([
    ['callback/session', 'pass', undefined],
    ['phone-otp/browser-journey', 'pass', undefined],
    ['session/survives-reload', 'pass', undefined],
  ]);
});
