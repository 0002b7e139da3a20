import { describe, expect, it } from 'vitest';
import type { Door } from './door.ts';
import { isTaken, writesTo } from './writes.ts';

const door = (path: string, refuses: boolean): Door => ({
  path,
  source: 'pages.api',
  isPage: false,
  texts: [],
  leaked: [],
  open: false,
  refuses,
});
const answer = (status: number, text = '', type = 'application/json') => ({
  status,
  text,
  headers: { 'content-type': type },
});

describe('a write of nobody', () => {
  it('is sent where nobody may read, by the methods that take nothing away', () => {
    const writes = writesTo([
      door('/api/notes', true),
      door('/news', false),
      door('/api/notes/delete', true),
    ]);
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/notes',
      'PUT /api/notes',
      'PATCH /api/notes',
    ]);
  });
  it('is sent to what the config declares, whatever a new member finds there', () => {
    expect(writesTo([], ['/api/tickets']).map(({ method }) => method)).toEqual(['POST', 'PUT', 'PATCH']);
  });
  it.each([
    ['made', answer(201), true],
    ['done without an answer', answer(204, '', ''), true],
    ['answered with data', answer(200, '{"id":3,"title":""}'), true],
    ['answered with a page', answer(200, '<h1>Sign in</h1>', 'text/html'), false],
    ['refused', answer(401, '{"id":3}'), false],
    ['sent elsewhere', answer(303), false],
    ['refused by GraphQL', answer(200, '{"data":null,"errors":[{"message":"Not signed in"}]}'), false],
    ['refused by RPC', answer(200, '{"success": false}'), false],
  ])('counts as taken when it was %s: %o', (_, got, taken) => expect(isTaken(got)).toBe(taken));
});
