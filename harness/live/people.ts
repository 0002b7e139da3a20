/** Who signs in at a real tenant: people of a file, accounts that may be made, each held by one check at a time. */
import { randomInt } from 'node:crypto';
import { digitsOf } from '../../mocks/issued.ts';
import { fictionalPhone, type Person, type PersonInput } from '../../mocks/people.ts';
import { type Ability, NotAble } from './abilities.ts';
import type { PersonEntry } from './people-file.ts';

/** What a tenant can do with accounts. */
export interface Accounts {
  /** Makes an account with a profile; there when the Management API may be used and accounts may be made. */
  create?(person: Person): Promise<{ id: string }>;
  change?(id: string, change: PersonInput): Promise<void>;
  /** Removes an account by its number, when it is younger than `at` (milliseconds of the epoch). */
  remove?(phone: string, at: number): Promise<void>;
  /** Id of whoever has a number. */
  idOf?(phone: string): Promise<string | undefined>;
  /** Signs somebody in at Logto, who registers where that is allowed and needed; returns the cookies of the browser. */
  openSession(person: Person): Promise<string[]>;
}

export interface PeopleOptions {
  entries: readonly PersonEntry[];
  accounts: Accounts;
  allowSignUp: boolean;
  /** Messages come to us and to nobody else, so that numbers of fiction will do. */
  fiction: boolean;
  /** Told everybody who is met, to be looked for where they do not belong. */
  register?(person: Person): void;
  /** Told each account that was made, before it is. */
  making?(phone: string, at: number): void;
}

interface Held {
  person: Person;
  /** Made for one check, with a profile of its own: gone when the check ends. */
  own: boolean;
  /** Session cookies at Logto. */
  cookies?: string[];
  entry?: PersonEntry;
}

export interface LivePeople {
  /** @throws NotAble when the tenant or the config does not let such a person be had */
  acquire(scope: string, input: PersonInput): Promise<Person>;
  change(phone: string, input: PersonInput): Promise<Person>;
  /** Removes an account that this run made. @throws NotAble */
  remove(phone: string): Promise<void>;
  /** Logto gave the browser of a person other cookies: who was new is known from now on. */
  keepSession(phone: string, cookies: string[]): void;
  /** When the person with a number was given to the check that holds them (ISO 8601). */
  heldSince(phone: string): string | undefined;
  /** The check has ended: its people are free again. */
  release(scope: string): Promise<void>;
  /** Removes every account that was made, where that can be done. */
  close(): Promise<{ made: number; removed: number; left: string[] }>;
}

/** Numbers of fiction, which reach nobody: 555-0100 to 555-0199 (North American Numbering Plan Administrator). */
const FICTION = /^\+1\d{3}55501\d{2}$/;

const PROFILE = ['name', 'username', 'email', 'picture', 'customData'] as const;
const profileOf = (input: PersonInput) => PROFILE.filter((key) => input[key] !== undefined);

export function createLivePeople(options: PeopleOptions): LivePeople {
  const { entries, accounts, allowSignUp, fiction, register = () => {}, making = () => {} } = options;
  const idle: Held[] = entries
    .filter((entry) => !entry.new)
    .map((entry) => ({ person: personOf(entry), own: false, entry }));
  const fresh = entries.filter((entry) => entry.new).map(({ phone }) => phone);
  const held = new Map<string, { scope: string; since: string; held: Held }>();
  /** Numbers that accounts were made for, and when. */
  const made = new Map<string, number>();
  const make = (phone: string) => {
    const at = Date.now();
    making(phone, at);
    made.set(phone, at);
  };
  const waiting: (() => void)[] = [];
  let next = randomInt(0, 8_000);

  const freshPhone = (input: PersonInput): string => {
    if (fiction) {
      next += 1;
      return fictionalPhone(next, input.country);
    }
    if (input.country && input.country !== 'US') throw new NotAble('numbers-abroad');
    const phone = fresh.shift();
    if (phone) return phone;
    throw new NotAble('sign-up', 'no number is left that nobody has yet: add some with "new" to --people');
  };

  /** Cookies are for those alone who shall have been at Logto before. */
  const hold = (scope: string, one: Held, signedIn = false): Person => {
    held.set(digitsOf(one.person.phone), { scope, since: new Date().toISOString(), held: one });
    register(one.person);
    return { ...one.person, ...(signedIn && one.cookies && { cookies: one.cookies }) };
  };

  const remove = async (phone: string) => {
    const at = made.get(phone);
    if (at === undefined || !accounts.remove) throw new NotAble('made-accounts');
    await accounts.remove(phone, at);
    made.delete(phone);
  };

  /** A number that the check wants: whoever this run made has it no longer; else it must be nobody's. */
  const takeOver = async (phone: string) => {
    if (!fiction || !accounts.create) throw new NotAble('made-accounts');
    if (made.has(phone)) return remove(phone);
    if (!FICTION.test(phone))
      throw new NotAble(
        'made-accounts',
        `${phone} may be somebody's: only numbers of fiction are given to people`,
      );
  };

  /** Somebody whom nobody has signed up yet. */
  const stranger = (scope: string, input: PersonInput): Person => {
    if (!allowSignUp) throw new NotAble('sign-up');
    const phone = input.phone ?? freshPhone(input);
    make(phone);
    return hold(scope, { person: { ...input, phone, userId: null }, own: true });
  };

  const withAccount = async (input: PersonInput): Promise<Held> => {
    const phone = input.phone ?? freshPhone(input);
    const person: Person = { ...input, phone, userId: null };
    make(phone);
    if (accounts.create) {
      person.userId = (await accounts.create(person)).id;
      return { person, own: profileOf(input).length > 0 || input.phone !== undefined };
    }
    // Whoever is to be known is signed up by their first sign-in.
    const cookies = await accounts.openSession(person);
    person.userId = 'registered';
    return { person, own: false, cookies };
  };

  const fits = ({ entry, own }: Held, wanted: readonly (typeof PROFILE)[number][]) =>
    !own && (wanted.length === 0 || (entry && wanted.every((key) => key in entry)));

  const acquireKnown = async (scope: string, input: PersonInput): Promise<Person> => {
    const wanted = profileOf(input);
    for (;;) {
      if ((wanted.length > 0 || input.phone !== undefined) && accounts.create) break;
      const index = idle.findIndex((one) => fits(one, wanted));
      if (index >= 0) {
        const [one] = idle.splice(index, 1) as [Held];
        if (input.signedIn)
          await openFor(one).catch((error: unknown) => {
            // Whom the tenant signs in no more for now is there all the same.
            idle.push(one);
            throw error;
          });
        return hold(scope, one, input.signedIn);
      }
      const busy = [...held.values()].some((each) => fits(each.held, wanted));
      const mine = [...held.values()].filter((each) => each.scope === scope).length;
      if (busy && mine === 0 && !allowSignUp) {
        await new Promise<void>((resolve) => waiting.push(resolve));
        continue;
      }
      break;
    }
    if (!allowSignUp)
      throw wanted.length > 0
        ? new NotAble('profiles')
        : new NotAble('people', 'the file of people names too few for this check (--people)');
    if (wanted.length > 0 && !accounts.create) throw new NotAble('profiles');
    const one = await withAccount(input);
    if (input.signedIn) await openFor(one);
    return hold(scope, one, input.signedIn);
  };

  const openFor = async (one: Held) => {
    one.cookies ??= await accounts.openSession(one.person);
    one.person.userId ??= 'registered';
  };

  return {
    async acquire(scope, input) {
      if (input.phone !== undefined) await takeOver(input.phone);
      if (input.registered || input.signedIn || profileOf(input).length > 0)
        return acquireKnown(scope, input);
      return stranger(scope, input);
    },
    async change(phone, input) {
      const found = held.get(digitsOf(phone))?.held;
      if (!found || !accounts.change || !made.has(found.person.phone)) throw new NotAble('profiles');
      const { userId } = found.person;
      const id = userId === 'registered' ? await accounts.idOf?.(found.person.phone) : userId;
      if (!id) throw new NotAble('profiles', 'the id of the account is not known');
      await accounts.change(id, input);
      Object.assign(found.person, input);
      // Nobody else meets a person who is changed.
      found.own = true;
      register(found.person);
      return { ...found.person };
    },
    remove,
    keepSession(phone, cookies) {
      const found = held.get(digitsOf(phone))?.held;
      if (!found) return;
      found.cookies = cookies;
      found.person.userId ??= 'registered';
      if (profileOf(found.person).length === 0) found.own = false;
    },
    heldSince: (phone) => held.get(digitsOf(phone))?.since,
    async release(scope) {
      for (const [phone, { scope: of, held: one }] of [...held]) {
        if (of !== scope) continue;
        held.delete(phone);
        if (!one.own) idle.push(one);
      }
      for (const resolve of waiting.splice(0)) resolve();
    },
    async close() {
      const left: string[] = [];
      let removed = 0;
      let isSilent = false;
      for (const [phone, at] of made) {
        const gone =
          accounts.remove !== undefined &&
          !isSilent &&
          (await accounts.remove(phone, at).then(
            () => true,
            (error: Error) => {
              // Who does not answer once is not asked for each of a hundred accounts: teardown removes them later.
              isSilent = error.message.includes('CONF_ISSUER_SILENT');
              return false;
            },
          ));
        if (gone) removed += 1;
        else left.push(phone);
      }
      return { made: made.size, removed, left };
    },
  };
}

const personOf = ({ phone, userId, new: _new, ...profile }: PersonEntry): Person => ({
  ...profile,
  phone,
  userId: userId ?? 'registered',
});

/** Names of the abilities that people need, for those who declare what a run can do. */
export const PEOPLE_ABILITIES: readonly Ability[] = ['people', 'profiles', 'sign-up', 'numbers-abroad'];
