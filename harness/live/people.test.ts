import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLivePeople } from './people.ts';
import { readPeople } from './people-file.ts';

const file = (text: string) => {
  const name = path.join(mkdtempSync(path.join(os.tmpdir(), 'people-')), 'people');
  writeFileSync(name, text);
  return name;
};

describe('the file of people', () => {
  it('is one number a line, or JSON', () => {
    expect(readPeople(file('# ours\n+1 415 555 0101\n+49 171 39200 01 new\n'))).toEqual([
      { phone: '+14155550101' },
      { phone: '+491713920001', new: true },
    ]);
    expect(readPeople(file('[{"phone":"+14155550101","name":"Ada"}]'))).toEqual([
      { phone: '+14155550101', name: 'Ada' },
    ]);
  });

  it.each([
    ['0171 3920001', 'no phone number'],
    ['+14155550101\n+1 415 5550101', 'twice'],
    ['[{"phon":"+14155550101"}]', 'phone'],
    ['[', 'no JSON'],
    ['', 'nobody'],
  ])('%s is refused with the entry', (text, words) => {
    expect(() => readPeople(file(text))).toThrow(words);
    expect(() => readPeople(file(text))).toThrow('CONF_PEOPLE_FILE');
  });
});

const opened: string[] = [];
const options = {
  accounts: {
    openSession: async ({ phone }: { phone: string }) => {
      opened.push(phone);
      return [`_session=${phone}; Path=/`];
    },
  },
  allowSignUp: false,
  fiction: false,
};

describe('people of a tenant', () => {
  it('nobody is signed up, and nobody without an account is there, unless that is allowed', async () => {
    const people = createLivePeople({ ...options, entries: [{ phone: '+14155550101' }] });
    await expect(people.acquire('a', {})).rejects.toThrow('it would create an account');
    await expect(people.acquire('a', { registered: true, name: 'Ada' })).rejects.toThrow(
      'people with a profile',
    );
  });

  it('two people of one check are two, and another check waits until one is free', async () => {
    const people = createLivePeople({
      ...options,
      entries: [{ phone: '+14155550101' }, { phone: '+14155550102' }],
    });
    const one = await people.acquire('a', { registered: true });
    const two = await people.acquire('a', { registered: true });
    expect(one.phone).not.toBe(two.phone);
    await expect(people.acquire('a', { registered: true })).rejects.toThrow('too few');
    const waits = people.acquire('b', { registered: true });
    await people.release('a');
    expect([one.phone, two.phone]).toContain((await waits).phone);
  });

  it('whom the tenant lets in no more for now is there for the next check', async () => {
    let limited = true;
    const people = createLivePeople({
      ...options,
      entries: [{ phone: '+14155550105' }],
      accounts: {
        openSession: async () => {
          if (limited) throw new Error('no more codes');
          return [];
        },
      },
    });
    await expect(people.acquire('a', { signedIn: true })).rejects.toThrow('no more codes');
    limited = false;
    expect((await people.acquire('b', { signedIn: true })).phone).toBe('+14155550105');
  });

  it('cookies of an earlier visit to Logto go to those alone who shall have made one', async () => {
    const people = createLivePeople({ ...options, entries: [{ phone: '+14155550103' }] });
    expect((await people.acquire('a', { signedIn: true })).cookies).toEqual([
      '_session=+14155550103; Path=/',
    ]);
    people.keepSession('+14155550103', ['_session=newer; Path=/']);
    await people.release('a');
    expect((await people.acquire('b', { registered: true })).cookies).toBeUndefined();
    await people.release('b');
    expect((await people.acquire('c', { signedIn: true })).cookies).toEqual(['_session=newer; Path=/']);
    expect(opened.filter((phone) => phone === '+14155550103')).toHaveLength(1);
  });

  it('numbers that nobody has come from the file where messages go over a real carrier', async () => {
    const people = createLivePeople({
      ...options,
      allowSignUp: true,
      entries: [{ phone: '+14155550104', new: true }],
    });
    expect((await people.acquire('a', {})).phone).toBe('+14155550104');
    await expect(people.acquire('a', {})).rejects.toThrow('no number is left');
  });

  it('accounts that were made are removed at the end, and told where they cannot be', async () => {
    const removed: string[] = [];
    const people = createLivePeople({
      ...options,
      allowSignUp: true,
      fiction: true,
      entries: [],
      accounts: {
        ...options.accounts,
        create: async () => ({ id: 'abc' }),
        remove: async (phone) => {
          if (removed.length) throw new Error('gone wrong');
          removed.push(phone);
        },
      },
    });
    await people.acquire('a', {});
    await people.acquire('a', { registered: true, name: 'Ada' });
    const { made, removed: count, left } = await people.close();
    expect([made, count, left.length]).toEqual([2, 1, 1]);
  });

  it('a tenant that does not answer is not asked for each account that was made', async () => {
    let asked = 0;
    const people = createLivePeople({
      ...options,
      allowSignUp: true,
      fiction: true,
      entries: [],
      accounts: {
        ...options.accounts,
        remove: async () => {
          asked += 1;
          throw new Error('CONF_ISSUER_SILENT: GET http://tenant.example/api/users got no answer');
        },
      },
    });
    for (let count = 0; count < 3; count += 1) await people.acquire('a', {});
    expect([(await people.close()).left.length, asked]).toEqual([3, 1]);
  });

  /** A tenant whose accounts may be made and removed. */
  const furnished = () => {
    const log: string[] = [];
    const people = createLivePeople({
      ...options,
      allowSignUp: true,
      fiction: true,
      entries: [{ phone: '+14155550101' }],
      accounts: {
        ...options.accounts,
        create: async ({ phone }) => ({ id: `id-of-${phone}-${log.push(`made ${phone}`)}` }),
        change: async (id, change) => void log.push(`${id} ${JSON.stringify(change)}`),
        remove: async (phone) => void log.push(`removed ${phone}`),
        idOf: async (phone) => `id-of-${phone}`,
      },
    });
    return { people, log };
  };

  it('a number that the run gave to somebody is given out again: the first account goes, and both are counted once', async () => {
    const { people, log } = furnished();
    const first = await people.acquire('a', { registered: true, name: 'Ada' });
    const second = await people.acquire('a', { registered: true, name: 'Eve', phone: first.phone });
    expect(second.userId).not.toBe(first.userId);
    expect(log).toEqual([`made ${first.phone}`, `removed ${first.phone}`, `made ${first.phone}`]);
    expect(await people.close()).toEqual({ made: 1, removed: 1, left: [] });
  });

  it('a number of the own choice is one of fiction, and never one that may be somebody’s', async () => {
    const { people } = furnished();
    expect((await people.acquire('a', { registered: true, name: 'Eve', phone: '+19075550142' })).phone).toBe(
      '+19075550142',
    );
    await expect(people.acquire('a', { name: 'Eve', phone: '+14155551234' })).rejects.toThrow(
      'only numbers of fiction',
    );
  });

  it('nobody is changed or removed whom the run did not make', async () => {
    const { people, log } = furnished();
    const known = await people.acquire('a', { registered: true });
    expect(known.phone).toBe('+14155550101');
    await expect(people.change(known.phone, { name: 'Other' })).rejects.toThrow();
    await expect(people.remove(known.phone)).rejects.toThrow('made-accounts');
    expect(log).toEqual([]);
  });

  it('somebody who signed up by themselves is changed by the id that the tenant gave', async () => {
    const { people, log } = furnished();
    const { phone } = await people.acquire('a', {});
    people.keepSession(phone, []);
    await people.change(phone, { suspended: true });
    expect(log).toEqual([`id-of-${phone} {"suspended":true}`]);
  });
});
