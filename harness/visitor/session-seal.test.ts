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

it('makes stamps earlier, and nothing else', () => {
  expect(earlier({ iat: 1000, exp: 2000, nbf: 1000, age: 30, name: 'Ada' }, 100)).toEqual({
    iat: 900,
    exp: 1900,
    nbf: 900,
    age: 30,
    name: 'Ada',
  });
});
