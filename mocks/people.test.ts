import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Mocks, startMocks } from './index.ts';
import { NAMED_BY_FAULTS } from './people.ts';

let mocks: Mocks;
beforeAll(async () => {
  mocks = await startMocks();
});
afterAll(() => mocks.close());

const userWith = (phone: string) =>
  mocks.issuer.context.tenant.users.findFirst((q) => q.where({ primaryPhone: phone.replace(/\D/g, '') }));

it('a person may have an id that tells them from another by case alone, or that is as long as a subject may be', async () => {
  const ids = ['aBcDeFgHiJkL', 'abcdefghijkl', 's'.repeat(255)];
  for (const id of ids) {
    const person = await mocks.client.addPerson({ id });
    expect(person.userId).toBe(id);
    expect(userWith(person.phone)?.id).toBe(id);
  }
  await expect(mocks.client.addPerson({ id: 's'.repeat(256) })).rejects.toThrow();
  await expect(mocks.client.addPerson({ id: 'ünicode' })).rejects.toThrow();
});

it('a number that somebody gave up belongs to somebody else, and the account is gone', async () => {
  const former = await mocks.client.addPerson({ signedIn: true, name: 'Ada 1' });
  const next = await mocks.client.addPerson({ phone: former.phone, signedIn: true, name: 'Eve 2' });
  expect(next.phone).toBe(former.phone);
  expect(next.userId).not.toBe(former.userId);
  expect(userWith(former.phone)?.name).toBe('Eve 2');
  await mocks.client.removePerson(former.phone);
  expect(userWith(former.phone)).toBeUndefined();
});

it('the number that faults tell of is given to nobody who did not ask for it', async () => {
  const phones = new Set<string>();
  for (let count = 0; count < 110; count += 1) phones.add((await mocks.client.addPerson()).phone);
  expect(phones.size).toBe(110);
  expect(phones).not.toContain(NAMED_BY_FAULTS);
});
