import { expect, it } from 'vitest';
import { crossedBy } from './crossed.ts';

const swaps = new Map([
  ['team-a', 'team-b'],
  ['note-a', 'note-b'],
]);

it('a thing of the first stands below one of the other', () => {
  expect(crossedBy('/api/teams/team-a/notes/note-a', swaps)).toBe('/api/teams/team-b/notes/note-a');
  expect(crossedBy('/api/teams/team-a/notes/9f31b2', swaps)).toBe('/api/teams/team-b/notes/9f31b2');
});
it('an address that names one thing, or things that are the same for both, has none', () => {
  expect(crossedBy('/api/notes/note-a', swaps)).toBeUndefined();
  expect(crossedBy('/api/teams/team-a/members', swaps)).toBeUndefined();
  expect(crossedBy('/api/teams/all/notes/note-a', swaps)).toBeUndefined();
});
