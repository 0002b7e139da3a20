import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startMocks } from '../../mocks/index.ts';
import { findTenant, obstacles } from './tenant.ts';
import { createWire } from './wire.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** Somebody who answers every request alike. */
async function answering(status: number, body: string): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/oidc`;
}

describe('an issuer', () => {
  it('is told by what its discovery lacks when it is no Logto', async () => {
    const issuer = await answering(
      200,
      JSON.stringify({
        issuer: 'x',
        authorization_endpoint: 'https://idp.example/authorize',
        jwks_uri: 'https://idp.example/oidc/jwks',
      }),
    );
    const refusal = await findTenant(createWire(), issuer).catch((error: Error) => error.message);
    expect(refusal).toContain('CONF_ISSUER_NO_LOGTO');
    expect(refusal).toContain("its authorization_endpoint is /authorize, and Logto's is /oidc/auth");
    expect(refusal).toContain('it has no token_endpoint');
    expect(refusal).toContain('urn:logto:scope:organizations');
  });

  it.each([
    [404, 'Not Found', 'answers 404'],
    [200, '<html>', 'no JSON'],
  ])('that answers %s is told', async (status, body, words) => {
    await expect(findTenant(createWire(), await answering(status, body))).rejects.toThrow(words);
  });

  it('that nobody answers at is told', async () => {
    await expect(findTenant(createWire(), 'http://127.0.0.1:9/oidc')).rejects.toThrow('CONF_ISSUER_SILENT');
  });

  it('is a Logto when it is one, also as it is typed with a slash or the whole document', async () => {
    const mocks = await startMocks();
    try {
      for (const typed of ['', '/', '/.well-known/openid-configuration'])
        expect((await findTenant(createWire(), `${mocks.issuer.issuer}${typed}`)).issuer).toBe(
          mocks.issuer.issuer,
        );
      const tenant = await findTenant(createWire(), mocks.issuer.issuer);
      expect(obstacles(tenant, true)).toEqual([]);
      await mocks.client.changeSignInExperience({
        signInMode: 'SignIn',
        signIn: {
          methods: [
            { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
          ],
        },
      });
      const changed = await findTenant(createWire(), mocks.issuer.issuer);
      expect(obstacles(changed, true).join()).toMatch(/no sign-in by phone.*nobody can register/s);
    } finally {
      await mocks.close();
    }
  });

  it('that calls itself otherwise is told, as apps compare it letter by letter', async () => {
    const mocks = await startMocks();
    try {
      const other = mocks.issuer.issuer.replace('127.0.0.1', 'localhost');
      await expect(findTenant(createWire(), other)).rejects.toThrow('CONF_ISSUER_NAME');
    } finally {
      await mocks.close();
    }
  });
});
