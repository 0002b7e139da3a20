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
  ['what was asked of newcomers', { id: 'a', onboarded: false }, { id: 'a', onboarded: true }],
  ['a flag, of people without an id', { onboarded: undefined }, { onboarded: true }],
  ['a plan', { plan: { name: 'free' }, roles: [] }, { plan: { name: 'paid' }, roles: ['owner'] }],
  ['a team', { id: 'a', teamId: null, orgId: 'o1' }, { id: 'a', teamId: 't1', orgId: 'o2' }],
  ['a nickname that was filled in', { id: 'a', nickname: null }, { id: 'a', nickname: 'Grace' }],
])('%s is no other person', (_what, before, now) => {
  expect(differsIn({ name: 'Ada', ...now }, { name: 'Ada', ...before })).toEqual([]);
});

it.each([
  ['id', { id: 'a' }, { id: 'b' }],
  ['id', { id: Date.now() - 5 }, { id: Date.now() }],
  ['name', { name: 'Ada' }, { name: null }],
  ['memberNo', { memberNo: 1001 }, { memberNo: 1002 }],
  ['email', {}, { email: 'ada@people.example' }],
  ['username', { id: 'a', username: 'ada' }, { id: 'a' }],
  ['profile.sub', { profile: { sub: 'a' } }, { profile: { sub: 'b' } }],
  ['who', { who: 'k3v9x2m4p7qa' }, { who: 'p7qak3v9x2m4' }],
  ['customerId', { customerId: 'c1' }, { customerId: 'c2' }],
])('another %s is', (name, before, now) => {
  expect(differsIn(now, before)).toEqual([name]);
});

it('what the run said of the person itself is shown rightly', () => {
  expect(differsIn({ name: 'Grace' }, { name: 'Ada' }, ['Grace'])).toEqual([]);
  expect(differsIn({ id: 'b', name: 'Grace' }, { id: 'a', name: 'Ada' }, ['Grace'])).toEqual(['id']);
});
