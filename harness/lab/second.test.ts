import { expect, it } from 'vitest';
import type { LogtoMock } from '../../mocks/logto/server.ts';
import { configSchema } from '../config/config.ts';
import { secondEnvironment } from '../targets/second-environment.ts';
import { secondOptions, secondProvider } from './second.ts';

const configOf = (second: object | undefined, target: object = { command: 'npm start' }) =>
  configSchema.parse({ target, ...(second && { providers: { second } }) });
const mock = { issuer: 'http://127.0.0.1:4001/oidc', origin: 'http://127.0.0.1:4001' } as LogtoMock;
const app = {
  origin: 'http://localhost:3000',
  basePath: '/auth',
  provider: 'logto',
  providers: ['logto', 'github'],
  others: [
    {
      id: 'github',
      name: 'GitHub',
      type: 'oauth',
      callbackUrl: 'http://localhost:3000/auth/callback/github',
    },
  ],
} as never;

it('a config that names no second provider gets none', () => {
  const { providers, ...rest } = configOf(undefined);
  expect(secondOptions({ providers, ...rest } as never)).toBeUndefined();
  expect(secondEnvironment(providers, mock.issuer)).toEqual({});
  expect(secondProvider(providers, mock, app)).toBeUndefined();
});

it("the app learns of it by Auth.js' own names", () => {
  const { providers } = configOf({ id: 'my-partner', clientId: 'c', clientSecret: 's' });
  expect(secondEnvironment(providers, mock.issuer)).toEqual({
    AUTH_MY_PARTNER_ISSUER: mock.issuer,
    AUTH_MY_PARTNER_ID: 'c',
    AUTH_MY_PARTNER_SECRET: 's',
  });
});

it('a provider that the app has not is named, with those that it has', () => {
  const { providers } = configOf({ id: 'partner' });
  expect(() => secondProvider(providers, mock, app)).toThrow(
    expect.objectContaining({
      parts: expect.objectContaining({
        code: 'CONF_SECOND_MISSING',
        what: expect.stringContaining('"logto", "github"'),
      }),
    }),
  );
});

it.each([
  ['stands in Auth.js', { id: 'google' }],
  ['stands in the app', { id: 'partner', issuer: 'https://login.partner.example' }],
])('an issuer that %s cannot be re-routed in an app that we do not start', (_, second) => {
  expect(() => secondOptions(configOf(second, { url: 'http://localhost:3000' }))).toThrow(
    expect.objectContaining({ parts: expect.objectContaining({ code: 'CONF_SECOND_ISSUER' }) }),
  );
  expect(secondOptions(configOf(second))?.publicIssuer).toMatch(/^https:/);
});
