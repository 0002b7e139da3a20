import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { discoverEndpoints, familyOf } from './discover.ts';

const nextAuthCookie = ['__Host-next-auth.csrf-token=a%7Cb; Path=/; HttpOnly'];

describe('the family of the library', () => {
  it.each([
    ['next-auth v4 by the session of nobody', { session: '{}', cookies: [] }, 'v4'],
    ['next-auth v4 with cookies named by the app', { session: '{}', cookies: ['shop.csrf=a'] }, 'v4'],
    ['old @auth/core, whose cookies are named next-auth', { session: 'null', cookies: nextAuthCookie }, 'v5'],
    [
      'old @auth/core, whatever its wire looks like, when it is what is installed',
      { session: '{}', cookies: nextAuthCookie, versions: { '@auth/core': '0.5.1', express: '4.18.2' } },
      'v5',
    ],
    [
      'next-auth v4, though @auth/core is resolved for an adapter',
      { session: 'null', cookies: [], versions: { 'next-auth': '4.24.11', '@auth/core': '0.34.2' } },
      'v4',
    ],
    [
      'next-auth v5',
      {
        session: '{}',
        cookies: nextAuthCookie,
        versions: { 'next-auth': '5.0.0-beta.32', '@auth/core': '0.41.3' },
      },
      'v5',
    ],
    ['neither by its session, then by its cookies', { session: '', cookies: nextAuthCookie }, 'v4'],
  ] as const)('is told: %s', (_title, seen, family) => {
    expect(familyOf(seen)).toBe(family);
  });
});

it('an app that fails at one usual path, and has none at the other, is told with its own error', async () => {
  const app = fastify();
  app.get('/api/auth/providers', (_request, reply) => reply.status(500).send('Internal Server Error'));
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    await expect(
      discoverEndpoints({
        origin,
        provider: 'logto',
        log: () => ['Error: The Proxy file must export a function named `proxy`'],
      }),
    ).rejects.toThrow(
      /CONF_TARGET_CRASHES.*where its Auth.js endpoints are asked for: \/api\/auth\/providers answered 500\n.*The Proxy file/s,
    );
  } finally {
    await app.close();
  }
});
