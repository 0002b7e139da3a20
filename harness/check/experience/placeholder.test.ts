import { expect, it } from 'vitest';
import { isPlaceholder } from './placeholder.ts';

const person = { phone: '+12015550123', userId: 'k3v9x2m4p7qa', email: undefined, username: undefined };

it.each([
  ['name', 'Member'],
  ['name', 'guest-7a3f'],
  ['name', '•••• 0123'],
  ['name', 'Ny medlem'],
  ['image', '/avatars/default.svg'],
])('%s %s stands for nobody', (field, shown) => expect(isPlaceholder(field, shown, person)).toBe(true));

it.each([
  ['name', 'null'],
  ['name', 'undefined undefined'],
  ['name', ''],
  ['name', 12015550123],
  ['name', '12015550123'],
  ['name', '+1 (201) 555-0123'],
  ['name', 'User 5550123'],
  ['name', 'k3v9x2m4p7qa'],
  ['image', 'https://avatars.example/k3v9x2m4p7qa.png'],
  ['email', 'member@users.example'],
  ['username', 'member'],
])('%s %s is none', (field, shown) => expect(isPlaceholder(field, shown, person)).toBe(false));

it('an address is not made a name of', () =>
  expect(isPlaceholder('name', 'ada', { ...person, email: 'ada@people.example' })).toBe(false));
