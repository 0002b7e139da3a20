import { expect, it } from 'vitest';
import type { Person } from '../../../mocks/people.ts';
import type { Look } from './look.ts';
import { missingIn, sharedIdIn, strangersIn } from './own-data.ts';

const person = (mark: string, phone: string): Person => ({
  phone,
  userId: `${mark}user0001`,
  name: `${mark}Person1`,
  email: `${mark}@people.example`,
});
const ada = person('ada1', '+12025550101');
const eve = person('eve2', '+12025550102');
const grace = person('grace3', '+12025550103');
const look = (who: Person, body?: string, busy: string[] = []): Look => ({
  person: who,
  ids: new Map(),
  bodies: new Map(body === undefined ? [] : [['/page', body]]),
  busy: new Set(busy),
});

it('somebody else is seen in what a person is shown', () => {
  expect(strangersIn(look(ada, `<p>${eve.name}</p>`), [ada, eve])).toContain('the name of another at /page');
  expect(strangersIn(look(ada, `<p>${ada.email} ${eve.email}</p>`), [eve])).toContain('email address');
});

it('a list of members is no mix-up, as long as it holds names alone', () => {
  expect(strangersIn(look(ada, `<p>${ada.name} ${eve.name}</p>`), [eve])).toBeUndefined();
  expect(strangersIn(look(ada, `<p>${grace.name} ${eve.name}</p>`), [eve, grace])).toBeUndefined();
  expect(strangersIn(look(ada, `<p>${grace.name} ${eve.name} ${eve.email}</p>`), [eve, grace])).toContain(
    'email',
  );
});

it('one of several who are linked side by side is no mix-up, and whoever is greeted is', () => {
  const entries = [eve.name, 'Driftwood', 'Tern'].map(
    (name, at) => `<li><a href="/u/m${at}">${name}</a></li>`,
  );
  const page = (header: string, list = entries) =>
    `<!doctype html><html><body><header>${header}</header><ol>${list.join('')}</ol></body></html>`;
  expect(strangersIn(look(ada, page('')), [eve])).toBeUndefined();
  expect(strangersIn(look(ada, page(`<a href="/u/m0">${eve.name}</a>`)), [eve])).toContain(
    'the name of another',
  );
  expect(strangersIn(look(ada, page('', entries.slice(0, 2))), [eve])).toContain('the name of another');
});

it('a row of a list that grows while people join is no mix-up', () => {
  const rows = (...names: string[]) => names.map((name) => `<li>${name} <i>12 plots</i></li>`).join('');
  const page = (list: string, header = '<b>Plots</b>') =>
    `<!doctype html><html><body><ul><li>Home</li><li>About</li><li>Help</li></ul><header>${header}</header><ul>${list}</ul></body></html>`;
  const of = (before: string, after: string) =>
    strangersIn(look(ada, after), [eve], [look(grace, before), look(eve, page(rows('Rosa', 'Karl')))]);
  const early = page(rows('Rosa', eve.name ?? '', 'Karl', 'Ada'));
  const late = page(rows('Rosa', eve.name ?? '', 'Karl', 'Ada', 'Ada'));
  expect(of(early, late)).toBeUndefined();
  expect(of(late, early)).toBeUndefined();
  // What was cached stays as it is; who is greeted is named elsewhere, too; who comes new into a list may have been taken for somebody.
  const mixed = 'Showed one person the name of another at /page.';
  expect(of(early, early)).toBe(mixed);
  expect(of(early, page(rows('Rosa', eve.name ?? '', 'Karl', 'Ada', 'Ada'), `<b>${eve.name}</b>`))).toBe(
    mixed,
  );
  expect(of(page(rows('Rosa', 'Karl', 'Ada')), page(rows('Rosa', 'Karl', 'Ada', eve.name ?? '')))).toBe(
    mixed,
  );
  // One list grows, and the name stands in another one.
  const menu = (name = '') => `<ul><li>${name}</li><li>Home</li><li>Help</li></ul>`;
  const beside = (...names: string[]) => page(rows(...names), menu(eve.name ?? ''));
  expect(of(beside('Rosa', 'Karl', 'Ada'), beside('Rosa', 'Karl', 'Ada', 'Ada'))).toBe(mixed);
});

it('data may list people, too', () => {
  const data = (...names: string[]) =>
    JSON.stringify({ members: names.map((nick) => ({ nick })), next: null });
  const [early, late] = [data('Rosa', eve.name ?? '', 'Karl'), data('Rosa', eve.name ?? '', 'Karl', 'Ada')];
  expect(strangersIn(look(ada, late), [eve], [look(grace, early)])).toBeUndefined();
  expect(strangersIn(look(ada, early), [eve], [look(grace, early)])).toContain('the name of another');
});

it('people miss what somebody alone is shown, unless the app is busy', () => {
  const alone = look(grace, `<p>${grace.name}</p>`);
  expect(missingIn(look(ada, `<p>${ada.name}</p>`), alone)).toBeUndefined();
  expect(missingIn(look(ada, '<p>you</p>'), alone)).toContain('their own name at /page');
  expect(missingIn(look(ada), alone)).toContain('their own name');
  expect(missingIn(look(ada, undefined, ['/page']), alone)).toBeUndefined();
});

it('two people have no id in common, teams aside', () => {
  const known = (who: Person, ids: Record<string, string>) => ({
    ...look(who),
    ids: new Map(Object.entries(ids)),
  });
  const team = { 'session.user.accountId': 'team-1' };
  expect(sharedIdIn([known(ada, { 'session.user.id': 'a', ...team }), known(eve, team)])).toBeUndefined();
  const twice = known(ada, { 'session.user.id': 'a' });
  expect(sharedIdIn([twice, twice])).toBeUndefined();
  expect(sharedIdIn([twice, known(eve, { 'session.user.id': 'a' })])).toBe(
    'Has one id for two people (session.user.id).',
  );
});
