import { describe, expect, it } from 'vitest';
import { postedLists } from './posted-lists.ts';

const survey = {
  pages: new Map([
    ['/api/notes', '[]'],
    ['/api/keys', '{"keys":[]}'],
    ['/api/logout', '[]'],
    ['/api/payments', '[]'],
    ['/notes', '<h1>Notes</h1>'],
    ['/api/stats', '{"visits":3}'],
  ]),
};
const posts = [
  '/api/notes',
  '/api/notes/:id',
  '/api/keys/create',
  '/api/stats/refresh',
  '/api/logout',
  '/api/payments',
  '/notes',
].map((path) => ({ path, source: 'a test' }));

describe('lists that take posts', () => {
  it('take them at their own address, or at one below it that says so', () => {
    expect(postedLists(survey, posts, { most: 9 })).toEqual([
      { path: '/api/notes', to: '/api/notes' },
      { path: '/api/keys', to: '/api/keys/create' },
      { path: '/notes', to: '/notes' },
    ]);
  });
  it('are those that hold what is asked for, and no more than so many', () => {
    const holds = (body: string) => body.startsWith('[');
    expect(postedLists(survey, posts, { holds, most: 9 }).map(({ path }) => path)).toEqual(['/api/notes']);
    expect(postedLists(survey, posts, { most: 1 })).toHaveLength(1);
    expect(postedLists(survey, undefined, { most: 9 })).toEqual([]);
  });
});
