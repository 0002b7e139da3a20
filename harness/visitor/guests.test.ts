import { expect, it } from 'vitest';
import { guestsOf, isGuest } from './guests.ts';

const guest = (number: number) => ({
  user: { id: `c${'abcdefgh'[number % 8]}x${number}`, email: `guest-${number}`, type: 'guest', image: null },
  expires: '2027-01-01T00:00:00.000Z',
});

it('guests are told by what two of them have in common', () => {
  const guests = guestsOf(guest(17), guest(18));
  expect(guests).toEqual({ email: '"guest-#"', type: '"guest"' });
  expect(isGuest(guest(3999), guests)).toBe(true);
  expect(isGuest({ user: { id: 'u7', email: 'ada@people.example', type: 'regular' } }, guests)).toBe(false);
  expect(isGuest({ user: { id: 'u7', type: 'regular' } }, guests)).toBe(false);
});

it('guests that have nothing in common cannot be told, and nobody counts as one', () => {
  expect(guestsOf({ user: { id: 'abc' } }, { user: { id: 'xyz' } })).toBeUndefined();
  expect(isGuest({ user: { id: 'abc' } }, undefined)).toBe(false);
});
