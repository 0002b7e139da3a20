import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClock } from '../clock.ts';
import { createScopes } from '../scope.ts';
import { createArtifacts } from './artifacts.ts';

const make = (max?: number) => {
  const scopes = createScopes();
  const artifacts = createArtifacts({
    clock: createClock(scopes),
    scopes,
    currentScope: () => undefined,
    adoptScope: () => undefined,
    findClient: () => undefined,
    max,
  });
  const put = (model: string, id: string, seconds: number) =>
    artifacts
      .adapter(model)
      .upsert(id, { kind: model, exp: Math.floor(Date.now() / 1000) + seconds, accountId: 'a' }, seconds);
  return { artifacts, put };
};
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

it('lets go what is over, though nobody asks for it any more, and keeps what is not', async () => {
  const { artifacts, put } = make();
  await put('Session', 'long', 3_600);
  for (let number = 0; number < 500; number += 1) await put('AuthorizationCode', `code-${number}`, 60);
  // Refused by its name for a while, as "expired" and not as "unknown".
  vi.setSystemTime(Date.now() + 100_000);
  expect(await artifacts.adapter('AuthorizationCode').find('code-0')).toBeDefined();
  vi.setSystemTime(Date.now() + 30_000);
  await put('Session', 'new', 3_600);
  expect(artifacts.size).toBe(2);
  expect(await artifacts.adapter('Session').find('long')).toBeDefined();
});

it('keeps no more than its number, the newest', async () => {
  const { artifacts, put } = make(10);
  for (let number = 0; number < 100; number += 1) await put('AccessToken', `token-${number}`, 60);
  expect(artifacts.size).toBe(10);
  expect(await artifacts.adapter('AccessToken').find('token-90')).toBeDefined();
  expect(await artifacts.adapter('AccessToken').find('token-89')).toBeUndefined();
});
