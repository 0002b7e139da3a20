import { describe, expect, it } from 'vitest';
import type { Visitor } from '../../visitor/visitor.ts';
import { forgeryHeaders } from './forgery-tokens.ts';

const lab = { app: { origin: 'http://localhost:3000' }, routes: { headers: ['x-shop-csrf', 'x-user'] } };
/** A browser that gets cookies with its first answer. */
const browserWith = (cookies: { key: string; value: string; httpOnly?: boolean }[], text = '{}') => {
  let asked = 0;
  const browser = {
    get: async () => {
      asked += 1;
      return { text };
    },
    agent: { cookies: async () => (asked ? cookies : []) },
  };
  return browser as unknown as Pick<Visitor, 'get' | 'agent'>;
};
const headersOf = (
  browser: Pick<Visitor, 'get' | 'agent'>,
  pages: [string, string][] = [['/api/notes', '{}']],
) => forgeryHeaders(browser, new Map(pages), lab as unknown as Parameters<typeof forgeryHeaders>[2]);

describe('tokens against forged requests', () => {
  it('are read from the cookie that scripts send along, whatever the app calls it', async () => {
    const headers = await headersOf(browserWith([{ key: 'shop-csrf', value: 't0k' }]));
    expect(headers).toMatchObject({ 'x-shop-csrf': 't0k', 'x-csrf-token': 't0k' });
    expect(headers).not.toHaveProperty('x-user');
  });
  it('are none that scripts cannot read, nor that of Auth.js', async () => {
    const kept = [
      { key: '__Host-authjs.csrf-token', value: 'a' },
      { key: '_csrf', value: 'b', httpOnly: true },
      { key: 'theme', value: 'c' },
    ];
    expect(await headersOf(browserWith(kept))).toEqual({});
  });
  it('are read from a page before they are looked for in cookies', async () => {
    const page = '<meta name="csrf-token" content="shown">';
    const browser = browserWith([{ key: 'csrf', value: 'kept' }], page);
    expect(await headersOf(browser, [['/notes', page]])).toMatchObject({ 'x-csrf-token': 'shown' });
  });
});
