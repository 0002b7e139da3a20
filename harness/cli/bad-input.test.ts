import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Report } from '../../reports/model.ts';
import type { ConfigInput } from '../config/config.ts';
import { configSchema } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { fromRepository } from '../run/facts.ts';
import { run } from '../run/run.ts';

const folder = () => mkdtemp(path.join(os.tmpdir(), 'authjs-bad-input-'));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An app that answers `/api/auth/<action>` from a table. */
async function fakeApp(
  answers: Record<string, { status?: number; json?: unknown; text?: string }>,
): Promise<string> {
  const server = createServer((request, response) => {
    const {
      status = 200,
      json,
      text,
    } = answers[request.url ?? ''] ?? { status: 404, text: '<h1>Not found</h1>' };
    response.writeHead(status, { 'content-type': json === undefined ? 'text/html' : 'application/json' });
    response.end(json === undefined ? text : JSON.stringify(json));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  return `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
}

/** Runs and returns what was printed, the exit code, and the report that was written all the same. */
async function attempt(config: ConfigInput) {
  const out = await folder();
  const printed: string[] = [];
  const parsed = configSchema.parse({ ...config, out, browser: 'none' });
  const exitCode = await run(
    { config: parsed, origins: {}, folder: out },
    { print: (line) => printed.push(line), quiet: true },
  );
  const report: Report = JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'));
  return { exitCode, text: printed.join('\n'), report, out };
}

const lines = (text: string, code: string) => {
  const from = text.indexOf(code);
  return {
    what: from >= 0,
    expected: text.indexOf('Expected:', from) > from,
    remedy: text.indexOf('Do:', from) > from,
  };
};
const three = { what: true, expected: true, remedy: true };

describe('bad input', () => {
  it('an unknown config key is named, with the key it looks like', async () => {
    const place = await folder();
    await writeFile(
      path.join(place, 'conformance.config.json'),
      JSON.stringify({ target: { comand: 'node x.js' } }),
    );
    await expect(loadConfig({ folder: place, environment: {} })).rejects.toThrow(
      /"comand" looks like "command"/,
    );
  });

  it('a config file that is not there is named', async () => {
    await expect(loadConfig({ file: 'nope.ts', environment: {} })).rejects.toThrow(
      /CONF_CONFIG_MISSING[\s\S]*Expected[\s\S]*Do:/,
    );
  });

  it('a config that names no app is refused', async () => {
    await expect(loadConfig({ folder: await folder(), environment: {} })).rejects.toThrow(
      /CONF_TARGET_MISSING/,
    );
  });

  it('flags win over the environment, and the environment over the file', async () => {
    const place = await folder();
    const file = { target: { command: 'from file', name: 'file', basePath: '/file' } };
    await writeFile(path.join(place, 'conformance.config.json'), JSON.stringify(file));
    const { config, origins } = await loadConfig({
      folder: place,
      environment: { CONFORMANCE_TARGET_NAME: 'environment', CONFORMANCE_TARGET_BASE_PATH: '/environment' },
      flags: { 'target.basePath': '/flag' },
    });
    expect(config.target).toMatchObject({ command: 'from file', name: 'environment', basePath: '/flag' });
    expect(origins).toMatchObject({
      'target.command': 'file',
      'target.name': 'environment',
      'target.basePath': 'flag',
      strict: 'default',
    });
  });

  it('an app that ends at once is told with its last lines, and exit code 2', async () => {
    const { exitCode, text, report } = await attempt({
      target: { command: `node -e "console.log('no database here'); process.exit(3)"` },
    });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_TARGET_EXITED')).toEqual(three);
    expect(text).toContain('no database here');
    expect(report).toMatchObject({
      result: 'not judged',
      exitCode: 2,
      findings: [{ code: 'CONF_TARGET_EXITED' }],
    });
  });

  it('an app that never answers is told after its time limit', async () => {
    const { exitCode, text } = await attempt({
      target: { command: 'node -e "setInterval(() => {}, 1000)"', readyTimeout: 0.5 },
    });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_START_TIMEOUT')).toEqual(three);
  });

  it('a URL that nobody answers at is told', async () => {
    const { exitCode, text } = await attempt({ target: { url: 'http://localhost:9', readyTimeout: 0.3 } });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_TARGET_UNREACHABLE')).toEqual(three);
  });

  it('a port that is taken is told', async () => {
    const origin = await fakeApp({});
    const { exitCode, text } = await attempt({
      target: { command: 'node x.js', port: Number(new URL(origin).port) },
    });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_PORT_TAKEN')).toEqual(three);
  });

  it('an app without the provider is told which ones it has', async () => {
    const url = await fakeApp({
      '/api/auth/providers': { json: { github: { id: 'github' }, google: { id: 'google' } } },
    });
    const { exitCode, text } = await attempt({ target: { url } });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_PROVIDER_MISSING')).toEqual(three);
    expect(text).toContain('lists "github", "google"');
  });

  it('an app whose endpoints are elsewhere is told which places were tried', async () => {
    const { exitCode, text } = await attempt({ target: { url: await fakeApp({ '/': { text: 'hello' } }) } });
    expect(exitCode).toBe(2);
    expect(text).toContain('tried /api/auth and /auth');
  });

  it('an app that says that it is not set up right is told so', async () => {
    const message =
      'There was a problem with the server configuration. Check the server logs for more information.';
    const { text } = await attempt({
      target: { url: await fakeApp({ '/api/auth/providers': { status: 500, json: { message } } }) },
    });
    expect(lines(text, 'CONF_TARGET_MISCONFIGURED')).toEqual(three);
  });

  it('an app that names a callback on another origin is told both', async () => {
    const logto = { id: 'logto', callbackUrl: 'https://app.example/api/auth/callback/logto', signinUrl: 'x' };
    const url = await fakeApp({
      '/api/auth/providers': { json: { logto } },
      '/api/auth/session': { json: null },
    });
    const { text } = await attempt({ target: { url } });
    expect(lines(text, 'CONF_ORIGIN_MISMATCH')).toEqual(three);
    expect(text).toContain('https://app.example/api/auth/callback/logto');
  });

  it('a connector config that the guard refuses is told by key path', async () => {
    const { exitCode, text } = await attempt({
      target: { command: 'node x.js' },
      connector: { config: { accountSID: 5, authToken: 'x', fromMessagingServiceSID: 'y', templates: [] } },
    });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_CONNECTOR_INVALID')).toEqual(three);
    expect(text).toContain('accountSID');
    expect(text).toContain('templates');
  });

  it('a connector of another carrier is told where it sends, and how it is certified', async () => {
    const { exitCode, text } = await attempt({
      target: { url: await fakeApp({}) },
      connector: {
        package: '@logto/connector-vonage-sms',
        config: path.join(import.meta.dirname, '../../fixtures/connectors/other/vonage-sms.json'),
      },
    });
    expect(exitCode).toBe(2);
    expect(lines(text, 'CONF_CONNECTOR_CARRIER')).toEqual(three);
    expect(text).toContain('rest.nexmo.com');
  });

  it('a connector that is not installed is told', async () => {
    const { exitCode, text } = await attempt({
      target: { command: 'node x.js' },
      connector: { package: '@acme/no-such-connector' },
    });
    expect(exitCode).toBe(2);
    expect(text).toContain('"@acme/no-such-connector" is not installed');
  });
});

it('a report that does not exist is refused before anything starts', async () => {
  const out = await folder();
  const printed: string[] = [];
  const config = configSchema.parse({ target: { url: 'http://localhost:1' }, out, reporters: ['junti'] });
  const exitCode = await run({ config, origins: {}, folder: out }, { print: (line) => printed.push(line) });
  expect(exitCode).toBe(2);
  expect(printed.join('\n')).toContain('there is no report "junti"');
});

it('files of the app are named relative to the root of their repository', async () => {
  const root = await folder();
  mkdirSync(path.join(root, '.git'));
  expect(fromRepository(path.join(root, 'apps/web'), 'src/auth.ts')).toBe('apps/web/src/auth.ts');
});
