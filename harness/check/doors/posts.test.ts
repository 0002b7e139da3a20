import { expect, it } from 'vitest';
import { isKeptInBrowser } from './posts.ts';

const answer = (...setCookies: string[]) => ({ setCookies });

it('a theme that is kept in the browser is done for nobody in particular', () => {
  const ask = { body: 'csrf=0a1b&theme=dark' };
  const kept = answer('id=1; Path=/', 'theme=dark; Path=/; Max-Age=31536000');
  expect(isKeptInBrowser(ask, [kept, kept])).toBe(true);
  expect(isKeptInBrowser({ body: 'zone=Europe%2FBerlin' }, [answer('zone=Europe%2FBerlin')])).toBe(true);
});

it('what is kept elsewhere, or for members alone, is no such thing', () => {
  const ask = { body: 'theme=dark&empty=' };
  expect(isKeptInBrowser(ask, [answer('theme=dark'), answer()])).toBe(false);
  expect(isKeptInBrowser(ask, [answer('visits=3'), answer('visits=1', 'old=; Max-Age=0')])).toBe(false);
});
