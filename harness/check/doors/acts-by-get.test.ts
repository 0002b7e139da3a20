import { expect, it } from 'vitest';
import { linkFor } from './acts-by-get.ts';

const form = { action: '/posts/17/like', fields: {}, multipart: false, texts: [] };

it('a form is said by a link with all its fields', () => {
  expect(linkFor(form, 'word')).toBe('/posts/17/like');
  expect(linkFor({ ...form, fields: { title: 'x', kind: 'note' }, texts: ['title'] }, 'word')).toBe(
    '/posts/17/like?title=word&kind=note',
  );
});
it('a server action, and what no other site knows, is said by none', () => {
  expect(linkFor({ ...form, fields: { $ACTION_ID_40f1: '' } }, 'word')).toBeUndefined();
  expect(linkFor({ ...form, action: '/posts/c9f8a7b6c5d4/like' }, 'word')).toBeUndefined();
  expect(linkFor({ ...form, fields: { token: '9f8a7b6c5d4e3f2a' } }, 'word')).toBe(
    '/posts/17/like?token=conformance',
  );
});
