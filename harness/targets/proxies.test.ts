/** Apps that people call by another address than the one they listen on. */
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { expect, it } from 'vitest';
import { copyTarget } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import type { Report } from '../../reports/model.ts';
import { freePort } from './start.ts';
import { startTlsFront } from './tls-front.ts';

const PAGES = { home: '/', protected: ['/protected'], api: ['/api/protected'] };
const SELECTED = ['phone-otp/browser-journey', 'session', 'sign-out', 'redirect'];
const SCOPES = ['offline_access', 'profile', 'email'];

/** Everything that was judged, and did not pass for a reason other than the library's own limits. */
const troubles = ({ checks, findings }: Report) => [
  ...findings.map(({ code, what }) => `${code}: ${what}`),
  ...checks
    .filter(({ verdict }) => ['fail', 'blocked', 'error'].includes(verdict))
    .map(({ id, verdict, message }) => `${verdict} ${id}: ${message}`),
];
const passed = ({ checks }: Report) => checks.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id);

it('an app behind https with a self-signed certificate is certified in both user agents', {
  timeout: 120_000,
}, async () => {
  const port = await freePort(0);
  const front = await startTlsFront('https://localhost', `http://localhost:${port}`);
  const variant = copyTarget('express');
  try {
    const report = await judge(
      {
        target: {
          url: `https://localhost:${front.host.split(':')[1]}`,
          port,
          command: 'node server.js',
          cwd: variant.folder,
        },
        scopes: SCOPES,
        pages: PAGES,
      },
      SELECTED,
    );
    expect(troubles(report)).toEqual([]);
    expect(report.target.origin).toMatch(/^https:/);
    expect(passed(report)).toEqual(expect.arrayContaining(['phone-otp/browser-journey']));
    const set = JSON.stringify(
      report.checks.flatMap(({ exchanges }) =>
        exchanges.map(({ response }) => response.headers['set-cookie']),
      ),
    );
    expect(set).toContain('__Secure-authjs.session-token=');
    expect(set).toContain('__Host-authjs.csrf-token=');
  } finally {
    variant.remove();
    await front.close();
  }
});

it('an app under a path, behind a proxy that hides its address, is certified by AUTH_URL', {
  timeout: 120_000,
}, async () => {
  const port = await freePort(0);
  const proxy = await startProxy(port);
  // @auth/express takes its origin from the Host header only; @hono/auth-js takes it from AUTH_URL.
  const variant = copyTarget('hono', {
    'app.js': [
      ['new Hono()', "new Hono().basePath('/shop')"],
      ['redirect(`/api/auth/', 'redirect(`/shop/api/auth/'],
    ],
    'pages.js': [
      ['value="/"', 'value="/shop"'],
      ["'/api/auth/csrf'", "'/shop/api/auth/csrf'"],
      ["'/api/auth/signout'", "'/shop/api/auth/signout'"],
      ["'/api/auth/signin/logto'", "'/shop/api/auth/signin/logto'"],
    ],
  });
  try {
    const report = await judge(
      {
        target: {
          url: `http://localhost:${(proxy.address() as { port: number }).port}`,
          port,
          command: 'node server.js',
          cwd: variant.folder,
          basePath: '/shop/api/auth',
          env: { AUTH_URL: '{origin}/shop/api/auth' },
        },
        scopes: SCOPES,
        pages: { home: '/shop', protected: ['/shop/protected'], api: ['/shop/api/protected'] },
      },
      SELECTED,
    );
    expect(troubles(report)).toEqual([]);
    expect(report.target.basePath).toBe('/shop/api/auth');
    expect(passed(report)).toEqual(expect.arrayContaining(['phone-otp/browser-journey']));
  } finally {
    variant.remove();
    proxy.closeAllConnections();
    proxy.close();
  }
});

/** A reverse proxy as they are without further settings: the Host is the inner one, and nothing is forwarded. */
async function startProxy(port: number): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const inner = {
      host: 'localhost',
      port,
      method,
      path: url,
      headers: { ...headers, host: `localhost:${port}` },
    };
    const forwarded = request(inner, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return server;
}

const SENDS_TO_HTTPS = `  app.use((req, res, next) =>
    req.headers['x-forwarded-proto'] === 'https' ? next() : res.redirect(301, \`https://\${req.headers.host}\${req.url}\`),
  );`;

it('an app that sends everybody to https is called by https, through a proxy of ours', {
  timeout: 180_000,
}, async () => {
  const variant = copyTarget('express', {
    'app.js': [['  before(app, config);', `  before(app, config);\n${SENDS_TO_HTTPS}`]],
  });
  const target = { command: 'node server.js', cwd: variant.folder };
  try {
    const report = await judge(
      { target: { ...target, https: true }, scopes: SCOPES, pages: PAGES },
      SELECTED,
    );
    expect(troubles(report)).toEqual([]);
    expect(report.target.origin).toMatch(/^https:\/\/localhost:\d+$/);
    expect(passed(report)).toEqual(
      expect.arrayContaining(['phone-otp/browser-journey', 'session/two-people']),
    );
    await expect(judge({ target, scopes: SCOPES, pages: PAGES }, ['session'])).rejects.toThrow(
      /the app sends whoever calls it by http to https: \S+ answered 301/,
    );
  } finally {
    variant.remove();
  }
});
