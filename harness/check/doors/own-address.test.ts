import { expect, it } from 'vitest';
import { addressFor, ownTexts } from './own-address.ts';

it.each([
  ['/exports/7k2x9q.csv', '/exports/p4m8zt.csv'],
  ['/api/people/7k2x9q/orders?of=7k2x9q', '/api/people/p4m8zt/orders?of=p4m8zt'],
  ['/api/orders', undefined],
  ['/files/a7k2x9q', undefined],
])('%s is %s of the other member', (path, theirs) => {
  expect(addressFor(path, '7k2x9q', 'p4m8zt')).toBe(theirs);
});

it('a short id stands in many addresses', () => {
  expect(addressFor('/pages/7', '7', '8')).toBeUndefined();
});

it('figures and sentences that the other member gets nowhere are the own ones', () => {
  const mine = '{"title":"Everything you ordered","item":"Parcel 10347"}';
  expect(ownTexts([mine, mine], ['{"title":"Everything you ordered","item":"Parcel 10452"}'])).toEqual([
    'Parcel 10347',
  ]);
  expect(ownTexts([mine, '{}'], [])).toEqual([]);
});
