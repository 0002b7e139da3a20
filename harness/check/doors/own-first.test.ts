import { expect, it } from 'vitest';
import { idsIn } from './crawl.ts';
import { ownFirst } from './own-first.ts';

const body = JSON.stringify({
  users: ['Eve', 'Grace', 'Joan', 'Ada'].map((name, at) => ({ id: `u${at}`, name })),
});

it('the ids of a list are those of the member, wherever they stand', () => {
  expect(idsIn(body)).toEqual(['u0', 'u1']);
  expect(idsIn(ownFirst(body, (text) => text.includes('Ada')))).toEqual(['u3', 'u0']);
});
it('what is no data stays as it is', () => {
  expect(ownFirst('<p>Ada</p>', () => true)).toBe('<p>Ada</p>');
});
