import { expect, it } from 'vitest';
import { mintSession, signSession } from './mint-session.ts';
import { earlier, openSession, secretOf } from './session-seal.ts';

const cookie = 'authjs.session-token';
const secret = 'a-secret-of-this-test-000000000001';
const claims = { name: 'Ada', sub: '1' };
const make = (family: 'v4' | 'v5') => mintSession({ secret, cookie, family, claims });

it.each(['v4', 'v5'] as const)('opens a session of %s, and seals it anew', async (family) => {
  const opened = await openSession(await make(family), cookie, ['another', secret]);
  expect(opened?.claims).toMatchObject(claims);
  const again = await opened?.seal({ ...opened.claims, name: 'Eve' });
  expect((await openSession(again ?? '', cookie, [secret]))?.claims).toMatchObject({ name: 'Eve' });
});

it('opens a session that is signed only', async () => {
  const opened = await openSession(await signSession({ secret, claims }), 'sid', [secret]);
  expect(opened?.claims).toMatchObject(claims);
  const again = await opened?.seal(claims);
  expect((await openSession(again ?? '', 'sid', [secret]))?.claims).toEqual(claims);
});

it('opens nothing with another secret, and nothing of another kind', async () => {
  for (const token of [await make('v4'), await make('v5'), await signSession({ secret, claims })])
    expect(await openSession(token, cookie, ['another', ''])).toBeUndefined();
  for (const token of ['', 'a.b.c', 'a.b.c.d.e', crypto.randomUUID(), `${'e30'}.e30.`])
    expect(secretOf(token, cookie, [{ value: secret }])).toBeUndefined();
});

it('opens a session of version 5 by the name of its cookie only', async () => {
  expect(await openSession(await make('v5'), 'another-name', [secret])).toBeUndefined();
  expect(await openSession(await make('v4'), 'another-name', [secret])).toBeDefined();
});

it('makes everything earlier that is a time, and nothing else', () => {
  const now = Date.parse('2026-06-01T12:00:00Z');
  const seconds = now / 1000;
  const claims = {
    iat: seconds,
    exp: 4_102_444_800,
    until: now + 5000,
    expires: '2026-07-01T12:00:00.000Z',
    tokens: { expires_at: seconds + 3600 },
    age: 30,
    phone: 12_015_550_123,
    name: 'Ada',
    roles: ['member'],
  };
  expect(earlier(claims, 86_400, now)).toEqual({
    ...claims,
    iat: seconds - 86_400,
    exp: 4_102_444_800 - 86_400,
    until: now + 5000 - 86_400_000,
    expires: '2026-06-30T12:00:00.000Z',
    tokens: { expires_at: seconds + 3600 - 86_400 },
  });
});
