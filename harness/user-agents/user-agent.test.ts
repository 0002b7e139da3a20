import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import { passed, removeVariants, told, verdictsOn } from '../../fixtures/verdicts-on-express.ts';
import packages from '../../package.json' with { type: 'json' };
import { createHttpAgent } from './http.ts';
import { USER_AGENT } from './user-agent.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
  removeVariants();
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
  const told = checks.map(({ id, verdict, message }) => [id, verdict, message]);
  expect(told.toSorted()).toEqual([
    ['callback/session', 'pass', undefined],
    ['phone-otp/browser-journey', 'pass', undefined],
    ['session/survives-reload', 'pass', undefined],
  ]);
});

it('is one person with and without a browser, to an app that binds sessions to what a browser says', {
  timeout: 120_000,
}, async () => {
  const ids = ['phone-otp/browser-journey', 'sign-out/browser-forgets', 'sign-out/cookie-cleared'];
  const first = `  const printOf = (req) => encodeURIComponent(\`\${req.get('user-agent')}|\${req.get('accept-language')}\`);
  app.use((req, res, next) => {
    const cookies = req.headers.cookie ?? '';
    const print = /(?:^|; )print=([^;]+)/.exec(cookies)?.[1];
    if (!print) res.append('set-cookie', \`print=\${printOf(req)}; Path=/; HttpOnly; SameSite=Lax\`);
    else if (print !== printOf(req)) req.headers.cookie = cookies.replace(/[\\w.-]*session-token[^;]*/g, 'other=1');
    next();
  });`;
  expect(told(ids, await verdictsOn(ids, { first }))).toEqual(passed(ids));
});

it('asks once more where the app closed a kept connection as it was used again, unless the request changes something', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked === 2) request.socket.destroy();
    else response.end('here');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { hop } = createHttpAgent({ laneOf: () => 'app' });
  expect((await hop(origin)).text).toBe('here');
  expect((await hop(origin)).text).toBe('here');
  expect(asked).toBe(3);
  asked = 1;
  await expect(hop(origin, { method: 'POST' })).rejects.toThrow('broke the connection');
  server.close();
});

it('forgets its cookies where an answer says so (Clear-Site-Data)', { timeout: 120_000 }, async () => {
  const ids = ['sign-out/session-gone', 'sign-out/cookie-cleared'];
  // The answer to the sign-out expires no cookie by itself.
  const first = `  app.use('/auth/signout', (req, res, next) => {
    if (req.method !== 'POST') return next();
    const { writeHead } = res;
    res.writeHead = (status, ...rest) => {
      res.removeHeader('set-cookie');
      res.setHeader('clear-site-data', '"cookies"');
      return writeHead.call(res, status, ...rest);
    };
    next();
  });`;
  expect(told(ids, await verdictsOn(ids, { first }))).toEqual(passed(ids));
});
