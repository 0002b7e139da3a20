import { expect, it } from 'vitest';
import { differsIn } from './of-one-sign-in.ts';

it.each([
  ['an id of the session', { sid: 'a', sessionId: 1 }, { sid: 'b', sessionId: 2 }],
  [
    'a moment',
    { signedInAt: 5, since: '2026-11-29T04:00:00Z' },
    { signedInAt: 6, since: '2026-11-29T04:01:00Z' },
  ],
  ['how often', { loginCount: 1, lastLogin: 'a' }, { loginCount: 2, lastLogin: 'b' }],
  ['a token', { accessToken: 'x' }, { accessToken: 'y' }],
])('%s is no other person', (_what, before, now) => {
  expect(differsIn({ name: 'Ada', ...now }, { name: 'Ada', ...before })).toEqual([]);
});

it.each([
  ['id', { id: 'a' }, { id: 'b' }],
  ['id', { id: Date.now() - 5 }, { id: Date.now() }],
  ['name', { name: 'Ada' }, { name: null }],
  ['memberNo', { memberNo: 1001 }, { memberNo: 1002 }],
  ['email', {}, { email: 'ada@people.example' }],
  ['plan', { plan: { name: 'free' } }, { plan: { name: 'paid' } }],
])('another %s is', (name, before, now) => {
  expect(differsIn(now, before)).toEqual([name]);
});
