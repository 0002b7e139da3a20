import { describe, expect, it } from 'vitest';
import { alikeIn } from './prefixes.ts';

const told = (open: string[], doors: string[]) =>
  alikeIn(
    open.map((path) => ({ path, isPage: false })),
    doors,
  ).map(({ path, folder }) => [path, folder]);

describe('a path that begins like a folder of public ones', () => {
  it('is told, when it does not stand in it', () => {
    expect(told(['/api/public/news', '/api/publications', '/about?x=1'], ['/api/me'])).toEqual([
      ['/api/publications', '/api/public'],
    ]);
  });
  it('is none within the folder, nor the folder itself, nor below a folder that holds doors', () => {
    expect(told(['/blog', '/blog/first', '/blog/second?page=2'], [])).toEqual([]);
    expect(told(['/shop/news', '/shopping'], ['/shop/orders'])).toEqual([]);
    expect(told(['/', '/about', '/about-us'], [])).toEqual([]);
  });
});
