import { describe, expect, it } from 'vitest';
import { givesNothing, keepsOut } from './gives-nothing.ts';

const json = (value: unknown, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  text: typeof value === 'string' ? value : JSON.stringify(value),
});

describe('an answer with 200 that gives nothing', () => {
  it.each([
    ['null', 'null'],
    ['an empty object', {}],
    ['nobody', { user: null }],
    ['nobody, and how to get in', { user: null, authenticated: false, signInUrl: '/login' }],
    ['nobody, by his name', { user: { name: '', role: 'guest' }, items: [] }],
    [
      'an error of GraphQL',
      {
        data: null,
        errors: [
          {
            message: 'UNAUTHENTICATED',
            path: ['me'],
            locations: [{ line: 1, column: 2 }],
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      },
    ],
    [
      'an error of a procedure',
      [
        {
          error: {
            message: 'Not authenticated',
            code: -32001,
            data: { code: 'UNAUTHORIZED', httpStatus: 401, path: 'me' },
          },
        },
      ],
    ],
    [
      'two errors of a batch',
      [
        {
          error: {
            json: {
              message: 'No procedure found on path "User.me"',
              code: -32004,
              data: { code: 'NOT_FOUND', httpStatus: 404, path: 'User.me' },
            },
          },
        },
        { error: { message: 'UNAUTHORIZED', code: -32001, data: { code: 'UNAUTHORIZED', httpStatus: 401 } } },
      ],
    ],
    ['a status of its own', { ok: false, status: 401, message: 'Please sign in' }],
    ['the word in Japanese', { error: 'ログインしてください' }],
  ])('%s', (_what, value) => {
    expect(givesNothing(json(value))).toBe(true);
    expect(keepsOut(json(value))).toBe(true);
  });
  it('nothing at all', () => {
    expect(givesNothing({ status: 204, headers: {}, text: '' })).toBe(true);
  });
});

describe('an answer that gives something', () => {
  it.each([
    ['a secret in its message', { message: 'The chair resigns in May' }],
    ['figures', { salaries: [4711, 1200] }],
    [
      'data beside an error',
      { errors: [{ message: 'Unauthorized' }], data: { me: { phone: '+12015550100' } } },
    ],
    ['records beside nobody', { user: null, orders: [{ id: 7, item: 'Roses' }] }],
    ['a record with a code', { code: 'AB-4711', path: '/vouchers', name: 'Voucher' }],
    ['yes', true],
    ['a text about signing in', { notes: ['Log in to the vault with hunter2'] }],
    ['a list of such texts', ['Log in to the vault with hunter2']],
    ['a member without fields', { user: {} }],
    ['a name', { user: { name: 'Ottilie' } }],
  ])('%s', (_what, value) => {
    expect(givesNothing(json(value))).toBe(false);
    expect(keepsOut(json(value))).toBe(false);
  });
  it('a page, or a text', () => {
    expect(keepsOut({ status: 200, headers: { 'content-type': 'text/html' }, text: '<p>Sign in</p>' })).toBe(
      false,
    );
    expect(keepsOut({ status: 200, headers: { 'content-type': 'text/plain' }, text: 'null' })).toBe(false);
  });
  it('is judged by its status where it has another', () => {
    expect(keepsOut(json({ salaries: [1] }, 401))).toBe(true);
    expect(givesNothing(json('null', 404))).toBe(false);
  });
});
