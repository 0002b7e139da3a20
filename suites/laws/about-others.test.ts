/** Names of others on pages that are about them: linked side by side, or beside whoever looks. */
import { expect, it } from 'vitest';
import { APP, history, named, outcomeOf, seen } from '../../fixtures/told-by-laws.ts';
import type { HistoryExchange } from '../../harness/check/law.ts';

const told = (...parts: Partial<HistoryExchange>[]) =>
  (outcomeOf('laws/people-apart', history(...parts)) as { what: string }[]).length;

it('whoever is linked among several, or to a public profile, was meant to be named; whoever is greeted was not', () => {
  const linked = (path: string, owner: string, at: string, of: number, entitled = ['ada']) => ({
    ...seen('name', { owner, print: `name of ${owner}`, entry: { at, of } }),
    url: `${APP}${path}`,
    entitled,
  });
  const board = linked('/best', 'eve', 'main ol li /u/', 5);
  expect(told(board)).toBe(0);
  expect(told(linked('/best', 'eve', 'main ol li /u/', 2))).toBe(1);
  // The first two of the same list.
  expect(told(board, linked('/best', 'grace', 'main ol li /u/', 2))).toBe(0);
  expect(told(board, linked('/worst', 'grace', 'main ol li /u/', 2))).toBe(1);
  // Strangers whom the same path refused have got past a guard.
  expect(told(linked('/best', 'eve', 'main ol li /u/', 5, []))).toBe(0);
  expect(
    told(linked('/best', 'eve', 'main ol li /u/', 5, []), { url: `${APP}/best`, entitled: [], status: 302 }),
  ).toBe(1);

  const profile = (owner: string, entitled: string[] = []) => ({
    ...seen('name', { owner, print: `name of ${owner}` }),
    url: `${APP}/u/${owner}-51`,
    entitled,
  });
  const profiles = [profile('eve'), profile('grace')];
  const post = linked('/posts/13', 'hedy', 'main p /u/', 1);
  expect(told(post)).toBe(1);
  expect(told(post, ...profiles)).toBe(0);
  // Its author is shown it as well.
  expect(told(post, ...profiles, linked('/posts/13', 'hedy', 'main p /u/', 1, ['hedy']))).toBe(0);
  // The header links everybody to their own.
  const greeted = linked('/home', 'ada', 'header /u/', 1);
  expect(told(...profiles, greeted, linked('/home', 'hedy', 'header /u/', 1))).toBe(1);
  expect(told(...profiles, greeted, linked('/posts/14', 'hedy', 'header /u/', 1))).toBe(1);
});

it('whoever stands beside what a page says of whoever looks is what it is about', () => {
  let seconds = 0;
  const at = () => new Date(Date.UTC(2026, 10, 29, 10, 0, seconds++)).toISOString();
  const board = (viewer: string, times: number, ...others: string[]) => ({
    url: `${APP}/board`,
    at: at(),
    entitled: [viewer],
    check: `session/${viewer}`,
    sightings: [
      ...(times > 0
        ? (seen('name', { owner: viewer, print: `name of ${viewer}`, ...(times > 1 && { times }) })
            .sightings ?? [])
        : []),
      ...others.flatMap((owner) => seen('name', { owner, print: `name of ${owner}` }).sightings ?? []),
    ],
  });
  const empty = () => [board('ada', 1), board('grace', 1)];
  expect(told(...empty(), board('ada', 1, 'eve'))).toBe(0);
  expect(told(...empty(), board('eve', 3), board('ada', 1, 'eve'), board('hedy', 1, 'eve'))).toBe(0);
  // Who takes another name is named by that.
  const posts = (who: string) => ({ method: 'POST', url: `${APP}/account`, at: at(), entitled: [who] });
  expect(told(...empty(), board('ada', 1, 'eve'), posts('eve'), board('ada', 1), board('hedy', 1))).toBe(0);
  expect(told(...empty(), board('ada', 1, 'eve'), posts('hedy'), board('ada', 1), board('hedy', 1))).toBe(1);
  // A thief holds the session of one, and is another.
  const thief = () => ({ ...board('ada', 1, 'eve'), entitled: ['grace', 'ada'] });
  expect(told(...empty(), thief())).toBe(0);
  expect(told(thief())).toBe(1);
  // Everybody was shown somebody from the first; the other stands where the own name stood; or came and went.
  expect(told(board('ada', 1, 'eve'))).toBe(1);
  expect(told(board('eve', 2), board('ada', 1, 'eve'), board('grace', 1, 'eve'))).toBe(2);
  expect(told(board('ada', 2), board('grace', 2), board('hedy', 1, 'eve'))).toBe(1);
  expect(told(...empty(), board('ada', 1, 'eve'), board('ada', 1, 'ivy'), board('hedy', 1, 'ivy'))).toBe(1);
  // A member who is called by no name has none that somebody else could take the place of; one who is named elsewhere has.
  const session = {
    ...board('hedy', 0),
    url: `${APP}/auth/session`,
    facts: { userMembers: 'id name' },
  };
  expect(told(...empty(), session, board('hedy', 0, 'eve'))).toBe(0);
  expect(told(...empty(), board('hedy', 0, 'eve'))).toBe(1);
  const renamed = () => [board('hedy', 1), { ...posts('hedy'), check: 'session/hedy' }];
  expect(told(...empty(), ...renamed(), board('hedy', 0, 'eve'))).toBe(0);
  expect(told(...empty(), ...renamed(), board('hedy', 0, 'eve'), board('hedy', 1))).toBe(1);
  const elsewhere = { ...board('hedy', 1), url: `${APP}/home` };
  expect(told(...empty(), session, elsewhere, board('hedy', 0, 'eve'))).toBe(1);
  // Everybody is told what members are, where no stranger is refused.
  const stranger = { ...board('', 0, 'eve'), entitled: [] };
  expect(told(stranger)).toBe(1);
  expect(told(...empty(), board('ada', 1, 'eve'), stranger)).toBe(0);
  // Another spelling of the address is another address for some routers.
  const refused = (path: string) => ({ url: `${APP}${path}`, entitled: [], status: 404 });
  expect(told(...empty(), board('ada', 1, 'eve'), stranger, refused('/board/'))).toBe(0);
  expect(told(...empty(), board('ada', 1, 'eve'), stranger, refused('/board'))).toBe(1);
  const ended = () => board('hedy', 0, 'eve');
  expect(told(...empty(), board('ada', 1, 'eve'), ended())).toBe(1);
  expect(told(...empty(), board('ada', 1, 'eve'), ended(), stranger)).toBe(0);
});

it('what was written is read beside the name of whoever wrote it, where the kept body ends before', () => {
  const asked = {
    method: 'POST',
    url: `${APP}/things/3/questions`,
    entitled: ['eve'],
    request: { headers: {}, body: 'text=Is+the+rope+dry%3F' },
  };
  const shown = (around?: string) => ({
    ...seen('name', { owner: 'eve', print: 'name of eve', ...(around && { around }) }),
    url: `${APP}/things/3`,
    entitled: [],
  });
  expect(told(asked, shown())).toBe(1);
  expect(told(asked, shown('<li>Is the rope dry? <small>Eve'))).toBe(0);
  // Members are told there what everybody is, strangers with a session that has ended among them.
  const ended = { ...shown(), entitled: ['ada', 'grace'] };
  expect(told(asked, ended)).toBe(1);
  expect(told(asked, ended, shown('<li>Is the rope dry? <small>Eve'))).toBe(0);
});

it('what the pages of others lead to may name somebody whom a list of members names', () => {
  const shown = (viewer: string, own = true) => ({
    ...seen('name', { owner: 'eve', print: 'name of eve' }),
    ...(own && {
      sightings: ['eve', viewer].flatMap(
        (owner) => seen('name', { owner, print: `name of ${owner}` }).sightings ?? [],
      ),
    }),
    url: `${APP}/events/3`,
    entitled: [viewer],
  });
  const members = named('/members', ['eve', 'grace']);
  const page = (viewer: string) => ({
    url: `${APP}/events`,
    entitled: [viewer],
    response: { headers: {}, body: '<a href="/events/3">Regatta</a>' },
  });
  expect(told(members, shown('ada'))).toBe(1);
  expect(told(members, shown('ada'), page('ada'), page('hedy'))).toBe(0);
  expect(told(shown('ada'), page('ada'), page('hedy'))).toBe(1);
  // One of them may have been shown the list of somebody else; its owner is led there anyway.
  expect(told(members, shown('ada'), page('ada'), page('eve'))).toBe(1);
  // Its owner is shown their own name there; somebody who is called otherwise is shown none.
  const host = {
    ...seen('name', { owner: 'eve', print: 'name of eve' }),
    url: `${APP}/events/3`,
    entitled: ['eve'],
  };
  expect(told(members, shown('ada', false), page('ada'), page('hedy'), host)).toBe(0);
  const greeted = {
    ...seen('name', { owner: 'hedy', print: 'name of hedy' }),
    url: `${APP}/events/3`,
    entitled: ['hedy'],
  };
  expect(told(members, shown('ada', false), page('ada'), page('hedy'), greeted)).toBe(1);
});
