import { expect, it } from 'vitest';
import { extendSession, sessionExtension } from './session-extensions.ts';

it('knows how the last three thousand sessions began', () => {
  const tenant = {} as never;
  const lastSubmission = { interactionEvent: 'SignIn', userId: 'u', left: undefined };
  for (let number = 0; number < 5_000; number += 1)
    extendSession(tenant, {
      session: { uid: `s${number}`, accountId: 'u' },
      lastSubmission,
      params: { client_id: 'app' },
    } as never);
  expect(sessionExtension(tenant, 's1999')).toBeUndefined();
  expect(sessionExtension(tenant, 's2000')).toEqual({
    lastSubmission: { interactionEvent: 'SignIn', userId: 'u' },
    clientId: 'app',
    accountId: 'u',
  });
});
