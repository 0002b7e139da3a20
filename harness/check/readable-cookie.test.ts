import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { forgedFrom, readCookie } from './readable-cookie.ts';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'ada', name: 'Ada', user: { email: 'ada@people.example' }, exp: 4_102_444_800 };
const jws = `${part({ alg: 'HS256' })}.${part(claims)}.c2ln`;

it.each([
  ['a JWS', jws, 'JWS'],
  ['JSON in base64', Buffer.from(JSON.stringify(claims)).toString('base64'), 'plain'],
  ['JSON in percent signs', encodeURIComponent(JSON.stringify(claims)), 'plain'],
  ['JSON with a signature behind it', `${part(claims)}.3q2-7w`, 'signed'],
  ['JSON that express signed', encodeURIComponent(`s:${part(claims)}.3q2+7w`), 'signed'],
])('reads %s', (_what, value, form) => {
  expect(readCookie(value)).toMatchObject({ form, payload: claims });
});

it.each([
  ['a sealed session (JWE)', `${part({ alg: 'dir', enc: 'A256GCM' })}..aXY.Y2lwaGVy.dGFn`],
  ['an id', 'b0e7c1c2-6f2a-4b7e-9d55-0f1f3d2f9f10'],
  ['a word', 'dark'],
  ['a number', '12345678'],
  ['a list', encodeURIComponent('[1,2]')],
  ['three words', 'one.two.three'],
])('reads nothing in %s', (_what, value) => {
  expect(readCookie(value)).toBeUndefined();
});

it('writes another person into it, and leaves the rest', () => {
  const read = readCookie(jws);
  const wishes = { sub: 'eve', email: 'eve@people.example', role: 'admin' };
  const forged = read ? forgedFrom(read, wishes, ['secret']) : [];
  const values = forged.map(({ value }) => readCookie(value)?.payload);
  expect(values).toHaveLength(5);
  for (const payload of values)
    expect(payload).toEqual({ ...claims, sub: 'eve', user: { email: 'eve@people.example' } });
  const input = forged[4]?.value.split('.').slice(0, 2).join('.') ?? '';
  expect(forged[4]?.value).toBe(
    `${input}.${createHmac('sha256', 'secret').update(input).digest('base64url')}`,
  );
});
