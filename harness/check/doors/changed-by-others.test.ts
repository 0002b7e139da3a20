import { expect, it } from 'vitest';
import { changesOf, rewritten } from './changed-by-others.ts';
import { tokenIn } from './forgery-tokens.ts';

const thing = (data: unknown, headers: Record<string, string> = {}) =>
  ({
    path: '/api/notes/7',
    first: {
      status: 200,
      text: JSON.stringify(data),
      headers: { 'content-type': 'application/json', ...headers },
    },
  }) as never;

it('a thing is rewritten in its texts alone, so that its version stays what it was', () => {
  expect(rewritten(thing({ id: '7', title: 'Old', version: 3, meta: { note: 'x' } }), 'New')).toEqual({
    id: '7',
    title: 'New',
    version: 3,
    meta: { note: 'New' },
  });
  expect(rewritten(thing({ data: { id: '7', name: 'Old' } }), 'New')).toEqual({ id: '7', name: 'New' });
  expect(rewritten(thing({ id: '7', total: 3 }), 'New')).toBeUndefined();
});
it('its version is said as its member was shown it', () => {
  const asks = changesOf(thing({ title: 'Old' }, { etag: '"v3"' }), 'New', { 'x-csrf-token': 't' });
  expect(asks.map(({ method }) => method)).toEqual(['PATCH', 'PUT', 'DELETE']);
  expect(asks[2]?.headers).toEqual({ 'x-csrf-token': 't', 'if-match': '"v3"' });
});
it('tokens against forged requests are read from data, and from the head of a page', () => {
  expect(tokenIn('{"user":null,"csrf":"abc"}')).toBe('abc');
  expect(tokenIn('<meta name="csrf-token" content="abc">')).toBe('abc');
  expect(tokenIn('<input type="hidden" name="_csrf" value="abc">')).toBe('abc');
  expect(tokenIn('<script type="application/json">{"props":{"csrf":"abc"}}</script>')).toBe('abc');
  // The token of Auth.js is for its own routes.
  expect(tokenIn('<input type="hidden" name="csrfToken" value="abc">')).toBeUndefined();
  expect(tokenIn('<p>csrf</p>')).toBeUndefined();
});
