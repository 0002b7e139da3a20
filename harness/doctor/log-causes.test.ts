import { expect, it } from 'vitest';
import { configSchema } from '../config/config.ts';
import { causeIn } from './log-causes.ts';

const loaded = {
  config: configSchema.parse({ target: { command: 'npm start' } }),
  origins: {},
  folder: import.meta.dirname,
};

it('quotes of a line that a log goes on after what it says, and not how it goes on', () => {
  const cause = causeIn({
    loaded,
    log: [
      '[next-auth][error][OAUTH_CALLBACK_ERROR]',
      'id_token detected in the response, you must use client.callback() instead of client.oauthCallback() {',
      '  error: RPError: id_token detected',
    ],
  });
  expect(cause?.code).toBe('CONF_ID_TOKEN_OFF');
  expect(cause?.what).toMatch(/client\.oauthCallback\(\)$/);
});
