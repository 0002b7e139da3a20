import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Person } from '../../../mocks/people.ts';
import { mayPass, seenAt, takenFor } from './identity.ts';
import { type Look, SESSION } from './look.ts';

const ada: Person = {
  phone: '+12025550101',
  userId: 'adaadaada001',
  name: 'Ada Proof 1',
  email: 'ada.1@people.example',
};
/** Somebody who has Ada's old number and name. */
const eve: Person = { ...ada, userId: 'eveeveeve002', email: 'eve.2@people.example' };
const grace: Person = {
  phone: '+12025550103',
  userId: 'gracegrace03',
  name: 'Grace Proof 3',
  email: 'grace.3@people.example',
};
const look = (person: Person, page: string, ids: Record<string, string> = {}): Look => ({
  person,
  ids: new Map(Object.entries(ids)),
  busy: new Set(),
  bodies: new Map([
    [SESSION, JSON.stringify({ user: { name: person.name } })],
    ['/account', `<main>${page}</main>`],
  ]),
});
const account = (number: string) => `<p>Customer number</p><p>${number}</p>`;

describe('a second person is taken for the first', () => {
  it('who has the same id, in the session or in the sealed cookie', () => {
    const [first, second] = [look(ada, '', { 'cookie.sub': '7' }), look(eve, '', { 'cookie.sub': '7' })];
    expect(takenFor(first, second, look(grace, '', { 'cookie.sub': '8' }))).toContain(
      'the id of the first one',
    );
  });

  it('who is shown personal data that only the first has', () => {
    const second = look(eve, `<p>${ada.email}</p>`);
    expect(takenFor(look(ada, ''), second, look(grace, ''))).toContain(
      'email address of the first one at /account',
    );
  });

  it('who is shown a number, hidden in part, that is not their own', () => {
    const [first, second] = [look(ada, '<p>77•••4710</p>'), look(eve, '<p>77•••4710</p>')];
    expect(takenFor(first, second, look(grace, ''))).toContain('77•••4710');
    // People who have nothing are alike to the app, as nobody with a name is to it.
    expect(takenFor(first, second, look(grace, ''), { texts: false })).toBeUndefined();
  });

  it('who is shown a number that only the first had', () => {
    expect(
      takenFor(
        look(ada, account('K-1a2b3c4d')),
        look(eve, account('K-1a2b3c4d')),
        look(grace, account('K-99999999')),
      ),
    ).toContain('K-1a2b3c4d');
  });
});

it('a name or a text may pass; an id or an address was told', () => {
  expect(mayPass('was shown what only the first one had at /chat: "@otter-17"')).toBe(true);
  expect(mayPass('was shown the name of the first one at /chat')).toBe(true);
  expect(mayPass('was shown the email address of the first one at /chat')).toBe(false);
  expect(mayPass('has the id of the first one (session.user.id)')).toBe(false);
});

describe('a second person is kept apart', () => {
  it.each([
    [
      'ids that everybody has',
      look(ada, '', { 'session.user.id': 'user' }),
      look(eve, '', { 'session.user.id': 'user' }),
      look(grace, '', { 'session.user.id': 'user' }),
    ],
    [
      'what both have',
      look(ada, `<p>${ada.phone} ${ada.name}</p>`),
      look(eve, `<p>${ada.phone} ${ada.name}</p>`),
      look(grace, ''),
    ],
    [
      'a number written in another way',
      look(ada, '<p>+1 (202) 555-0101</p>'),
      look(eve, '<p>+1 (202) 555-0101</p>'),
      look(grace, ''),
    ],
    [
      'the end of a number',
      look(ada, '<p>ends with 550101</p>'),
      look(eve, '<p>ends with 550101</p>'),
      look(grace, ''),
    ],
    ...['+120 *** 101', '12•••01', 'xxxxxxxxx01', '…0101'].map((masked): [string, Look, Look, Look] => [
      `a number that is hidden in part (${masked})`,
      look(ada, `<p>${masked}</p>`),
      look(eve, `<p>${masked}</p>`),
      look(grace, '<p>12•••03</p>'),
    ]),
    [
      'a hash of what both have',
      look(ada, `<p>${createHash('sha256').update('ada proof 1').digest('hex').slice(0, 8)}</p>`),
      look(eve, `<p>${createHash('sha256').update('ada proof 1').digest('hex').slice(0, 8)}</p>`),
      look(grace, ''),
    ],
    [
      'a figure that everybody sees',
      look(ada, account('2026-11-28')),
      look(eve, account('2026-11-28')),
      look(grace, account('2026-11-28')),
    ],
    [
      'figures of their own',
      look(ada, account('K-1a2b3c4d')),
      look(eve, account('K-5e6f7a8b')),
      look(grace, account('K-99999999')),
    ],
    [
      'a list of members',
      look(ada, '<p>Ada1x99 Eve2x99</p>'),
      look(eve, `<p>${ada.email}</p>`),
      look(grace, `<p>${ada.email}</p>`),
    ],
    [
      'words',
      look(ada, '<p>Silver member</p>'),
      look(eve, '<p>Silver member</p>'),
      look(grace, '<p>Gold member</p>'),
    ],
  ])('by %s', (_what, first, second, control) => {
    expect(takenFor(first, second, control)).toBeUndefined();
  });
});

it('where it was seen is what its words say', () => {
  const account = look(eve, `<p>${ada.userId}</p>`);
  const same = takenFor(look(ada, ''), account, look(grace, '')) ?? '';
  expect([same, seenAt(`Linked two people: the second ${same}.`)]).toEqual([
    'was shown the user id of the first one at /account',
    '/account',
  ]);
  expect(seenAt('Mixed: the second has the id of the first one (session.user.id).')).toBe('session.user.id');
  expect(seenAt('was shown what only the first one had at /a/b: "Plot 7 at /x: y"')).toBe('/a/b');
  expect(seenAt('Something is missing at /account.')).toBeUndefined();
});
