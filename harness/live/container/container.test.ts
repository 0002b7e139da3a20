import { describe, expect, it } from 'vitest';
import { type Stranger, startStranger } from '../../../fixtures/live/stranger.ts';
import { loadConfig } from '../../config/load-config.ts';
import { createWire } from '../wire.ts';
import { type ContainerSpec, LOGTO_IMAGE, logtoContainers, secretQuery } from './settings.ts';
import { type Engine, startLogtoContainer } from './start.ts';

const ports = { user: 4001, admin: 4002, database: 4003 };

describe('the containers of a real Logto', () => {
  const { database, logto, issuer, adminIssuer } = logtoContainers(ports, 'pw');

  it('have pinned images, one network, and ports of their own', () => {
    expect(LOGTO_IMAGE).toMatch(/^svhd\/logto:\d+\.\d+\.\d+$/);
    expect(database.image).toMatch(/^postgres:\d+/);
    expect(logto.env).toMatchObject({
      DB_URL: 'postgres://logto:pw@127.0.0.1:4003/logto',
      PORT: '4001',
      ADMIN_PORT: '4002',
      ENDPOINT: 'http://127.0.0.1:4001',
    });
    expect([issuer, adminIssuer]).toEqual(['http://127.0.0.1:4001/oidc', 'http://127.0.0.1:4002/oidc']);
    // Cookies do not know ports: the app is on localhost.
    expect(new URL(issuer).hostname).not.toBe('localhost');
  });

  it('the database is seeded before Logto starts, and both are asked whether they are healthy', () => {
    expect(logto.command?.[0]).toMatch(/db seed .*&& npm start/);
    expect(logto.healthy).toEqual({ url: 'http://127.0.0.1:4001/api/status' });
    expect(database.healthy).toEqual({ command: expect.arrayContaining(['pg_isready', '4003']) });
    expect(secretQuery(4003).at(-1)).toContain("id = 'm-default'");
  });
});

const load = () =>
  loadConfig({
    flags: { 'target.url': 'http://localhost:3999', 'target.basePath': '/auth', 'live.issuer': 'container' },
    environment: {},
  });

it('what is started is ended when the next does not start', async () => {
  const events: string[] = [];
  const engine: Engine = {
    async start({ image }: ContainerSpec) {
      if (image === LOGTO_IMAGE) throw new Error('no such image');
      events.push(`start ${image}`);
      return { run: async () => ({ exitCode: 0, output: '' }), stop: async () => void events.push('stop') };
    },
  };
  await expect(
    startLogtoContainer(await load(), { progress: () => {}, engine, environment: {} }),
  ).rejects.toThrow('no such image');
  expect(events).toEqual([expect.stringContaining('start postgres'), 'stop']);
});

it('prepares the tenant and hands its credentials to the run', async () => {
  // A stranger answers in the place of the container.
  const stranger: Stranger = await startStranger({ redirectUri: 'http://localhost:3999/cb' });
  const plain = createWire();
  const environment: NodeJS.ProcessEnv = {};
  const engine: Engine = {
    start: async () => ({
      run: async (command) => ({
        exitCode: 0,
        output: command[0] === 'psql' ? `${stranger.m2m.secret}\n` : '',
      }),
      stop: async () => {},
    }),
  };
  try {
    const { loaded } = await startLogtoContainer(await load(), {
      progress: () => {},
      engine,
      environment,
      wire: {
        ask(url, request) {
          const { pathname, search } = new URL(url);
          if (pathname === '/api/status') return plain.ask(`${stranger.issuer}/jwks`);
          const authorization = request?.headers?.authorization?.startsWith('Basic ')
            ? `Basic ${Buffer.from(`${stranger.m2m.id}:${stranger.m2m.secret}`).toString('base64')}`
            : request?.headers?.authorization;
          return plain.ask(`${stranger.origin}${pathname}${search}`, {
            ...request,
            headers: { ...request?.headers, ...(authorization && { authorization }) },
          });
        },
      },
    });
    expect(environment).toMatchObject({
      CONFORMANCE_M2M_ID: 'm-default',
      CONFORMANCE_M2M_SECRET: stranger.m2m.secret,
      CONFORMANCE_CAPTURE_TOKEN: expect.stringMatching(/^[0-9a-f]{36}$/),
    });
    expect(loaded.config.target.clientId).toMatch(/^[a-z0-9]{21}$/);
    expect(loaded.config.live.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oidc$/);
  } finally {
    await stranger.stop();
  }
}, 60_000);
