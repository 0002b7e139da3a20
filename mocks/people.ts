/** Made-up people: each has a phone number of their own, so that no two checks ever share an inbox. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { issuedOf } from './issued.ts';
import type { LogtoContext } from './logto/context.ts';
import { join, membershipSchema } from './logto/furnish.ts';
import { hashPassword } from './logto/passwords.ts';
import { neededFor } from './logto/sign-in/way-in.ts';
import { newId, type User } from './logto/tenant.ts';

export const personSchema = z.strictObject({
  /** Whether Logto knows the person already; otherwise the first sign-in registers them. */
  registered: z.boolean().optional(),
  /** Whether the person has signed in at Logto before, in the browser that gets `cookies`; they are registered, then. */
  signedIn: z.boolean().optional(),
  name: z.string().nullable().optional(),
  username: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  picture: z.string().nullable().optional(),
  customData: z.record(z.string(), z.unknown()).optional(),
  suspended: z.boolean().optional(),
  /** Names of roles of the tenant; only for somebody Logto knows. */
  roles: z.array(z.string()).optional(),
  /** Organizations that the person is a member of, all of them; only for somebody Logto knows. */
  organizations: z.array(membershipSchema).optional(),
  /** Where the phone number is from (default: United States). */
  country: z.enum(['US', 'DE', 'SE']).optional(),
  /**
   * User id at Logto, which becomes `sub`; the person is registered, then. Logto's own have 12 of [0-9a-z]; a subject may
   * be any 255 ASCII characters, and case counts (OpenID Connect Core §2).
   */
  id: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional(),
  /** E.164; a number that somebody gave up, or that nobody has yet: the account it belonged to is gone. */
  phone: z
    .string()
    .regex(/^\+\d{7,15}$/)
    .optional(),
});
export type PersonInput = z.input<typeof personSchema>;

let marks = 0;

/** Letters and digits that nobody else's names have. */
const newMark = (): string => {
  marks += 1;
  return `${process.pid}${marks}${Math.random().toString(36).slice(2, 6)}`;
};

/** The same person with a name and an e-mail address of their own, where none are given. */
export function withProfile(input: PersonInput): PersonInput {
  const mark = newMark();
  return { registered: true, name: `Person${mark}`, email: `person.${mark}@people.example`, ...input };
}

/** What Logto may say otherwise of a person who is there: number and id stay. */
export const personChangeSchema = personSchema.omit({ id: true, phone: true });
export type PersonChange = z.input<typeof personChangeSchema>;

export interface Person extends Omit<PersonInput, 'id'> {
  /** E.164; from the ranges that a country keeps for fiction (in North America 555-0100 to 555-0199). */
  phone: string;
  /** Logto's user id, once there is one. */
  userId: string | null;
  /** What the person signs in with, or chooses when they sign up, where the tenant asks for a password. */
  password?: string;
  /** Set-Cookie lines of Logto's origin, for somebody who has signed in there before. */
  cookies?: string[];
}

/** Area codes of the United States, without toll-free and personal ones; each has one hundred fictional numbers. */
const AREA_CODES = [
  201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229,
  231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304,
  305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 334, 336, 337,
  339, 347, 351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409, 410, 412, 413, 414, 415, 417,
  419, 423, 424, 425, 220, 223, 227, 235, 272, 274, 279, 283, 324, 326, 327, 329, 331, 332, 341, 346, 350,
  353, 363, 364, 369, 380, 385, 430, 432, 434, 435, 440, 442, 443, 445, 447, 448, 458, 463, 464, 469, 470,
  472, 475, 478, 479, 480, 484, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512, 513, 515, 516, 517, 518,
  520, 530, 531, 534, 539, 540, 541, 551, 557, 559, 561, 562, 563, 564, 567, 570, 571, 572, 573, 574, 575,
  580, 582, 585, 586, 601, 602, 603, 605, 606, 607, 608, 609, 610, 612, 614, 615, 616, 617, 618, 619, 620,
  623, 626, 628, 629, 630, 631, 636, 640, 641, 645, 646, 650, 651, 656, 657, 659, 660, 661, 662, 667, 669,
  678, 680, 681, 682, 686, 689, 701, 702, 703, 704, 706, 707, 708, 712, 713, 714, 715, 716, 717, 718, 719,
  720, 724, 725, 726, 727, 728, 730, 731, 732, 734, 737, 738, 740, 743, 747, 748, 754, 757, 760, 762, 763,
  765, 769, 770, 771, 772, 773, 774, 775, 779, 781, 785, 786, 801, 802, 803, 804, 805, 806, 808, 810, 812,
  813, 814, 815, 816, 817, 818, 820, 821, 826, 828, 830, 831, 832, 835, 838, 839, 840, 843, 845, 847, 848,
  850, 854, 856, 857, 858, 859, 860, 862, 863, 864, 865, 870, 872, 878, 901, 903, 904, 906, 907, 908, 909,
  910, 912, 913, 914, 915, 916, 917, 918, 919, 920, 925, 928, 929, 930, 931, 934, 936, 937, 938, 940, 941,
  943, 945, 947, 948, 949, 951, 952, 954, 956, 959, 970, 971, 972, 973, 975, 978, 979, 980, 983, 984, 985,
  986, 989,
];

/**
 * Numbers of other countries, by the position of the person: mobile ranges that the Bundesnetzagentur (0171 39200 xx) and
 * the Post- och telestyrelsen (070-174 06 05 to 06 99) keep for fiction. libphonenumber calls those of other countries wrong.
 */
const ABROAD = {
  DE: (position: number) => `+4917139200${String(position % 100).padStart(2, '0')}`,
  SE: (position: number) => `+4670174${String(605 + (position % 95)).padStart(4, '0')}`,
};

/** How many numbers there are in the United States; whoever comes after that takes the place of the first. */
export const FICTIONAL_PHONES = AREA_CODES.length * 100;

/** Faults of the ID token tell of this number; only who asks for it has it. */
export const NAMED_BY_FAULTS = '+12015550199';
/**
 * A number that nobody has.
 *
 * @param position of the person; numbers repeat after {@link FICTIONAL_PHONES}, those of other countries after a hundred
 */
export const fictionalPhone = (position: number, country: 'US' | 'DE' | 'SE' = 'US'): string =>
  country === 'US'
    ? `+1${AREA_CODES[Math.floor(position / 100) % AREA_CODES.length]}55501${String(position % 100).padStart(2, '0')}`
    : ABROAD[country](position);

export interface People {
  /**
   * Makes somebody up, with what the sign-in experience asks of people beside a phone number: an address, a username, a
   * password. Whoever is there already has their number in any case; where nobody can sign up, everybody is.
   *
   * @param scope whose sign-in experience counts (default: the tenant's)
   */
  add(input: PersonInput, scope?: string): Promise<Person>;
  /** Changes what Logto will say about the person from the next sign-in on. */
  change(phone: string, input: PersonChange): Promise<Person>;
  /**
   * Gives a person another phone number, as the Account API does: they stay who they are.
   *
   * @param to E.164 (default: one that nobody has)
   */
  changePhone(phone: string, to?: string): Promise<Person>;
  /** A number that nobody has. */
  spare(): string;
  /** Id at Logto of whoever has a number. */
  idOf(phone: string): string | undefined;
  /** Deletes the account at Logto; the next sign-in with the number registers somebody new. */
  remove(phone: string): Promise<void>;
}

const digits = (phone: string) => phone.replace(/\D/g, '');

/** What a sign-in experience asks of somebody beside their phone number. */
function needsOf(
  needs: ReadonlySet<string>,
  { email, username }: PersonInput,
): { email?: string; username?: string; password?: string } {
  const mark = newMark();
  return {
    ...(needs.has('email') && email === undefined && { email: `person.${mark}@people.example` }),
    ...(needs.has('username') && username === undefined && { username: `person_${mark}` }),
    ...(needs.has('password') && { password: `Aa1!${randomBytes(12).toString('base64url')}` }),
  };
}

const columns = (input: PersonInput): Partial<User> => ({
  ...(input.name !== undefined && { name: input.name }),
  ...(input.username !== undefined && { username: input.username }),
  ...(input.email !== undefined && { primaryEmail: input.email }),
  ...(input.picture !== undefined && { avatar: input.picture }),
  ...(input.customData !== undefined && { customData: input.customData }),
  ...(input.suspended !== undefined && { isSuspended: input.suspended }),
  ...(input.roles !== undefined && { roles: input.roles }),
});

const nobody = (phone: string) =>
  Object.assign(new Error(`Logto knows nobody with the number ${phone}`), { statusCode: 404 });

/** @param first position of the first phone number, where several tenants share the numbers */
export function createPeople(
  {
    tenant,
    openSession,
    journal,
    experience,
  }: Pick<LogtoContext, 'tenant' | 'openSession' | 'journal' | 'experience'>,
  first = 0,
): People {
  const register = (person: Person) => {
    for (const each of issuedOf(person)) journal.issued.add(each);
    return person;
  };
  let next = first;
  const abroad = { DE: 0, SE: 0 };
  const newPhone = (country: 'US' | 'DE' | 'SE' = 'US'): string => {
    if (country !== 'US') return fictionalPhone(abroad[country]++, country);
    const phone = fictionalPhone(next);
    next += 1;
    return phone === NAMED_BY_FAULTS ? newPhone(country) : phone;
  };
  const known = new Map<string, PersonInput>();
  /** By number; who signed up without one is known by what they signed up with. */
  const find = (phone: string) => {
    const { email, username } = known.get(phone) ?? {};
    const number = digits(phone);
    return (
      tenant.users.all().find((user) => user.primaryPhone === number) ??
      tenant.users
        .all()
        .find((user) => (email ? user.primaryEmail === email : username ? user.username === username : false))
    );
  };

  const remove = async (phone: string) => {
    const user = find(phone);
    if (user) await tenant.users.delete(user);
  };

  return {
    remove,
    spare: () => newPhone(),
    idOf: (phone) => find(phone)?.id,
    async changePhone(phone, to = newPhone()) {
      const user = find(phone);
      if (!user) throw nobody(phone);
      await tenant.users.update(user, {
        data(row) {
          Object.assign(row, { primaryPhone: digits(to), updatedAt: Date.now() });
        },
      });
      const before = { ...known.get(phone), phone, userId: user.id };
      const after = { ...before, phone: to };
      known.set(to, after);
      // Whatever is known of the person by one number is theirs by the other, too.
      for (const [facts, owner] of [
        [before, digits(to)],
        [after, digits(phone)],
      ] as const)
        for (const each of issuedOf(facts)) journal.issued.add({ ...each, owner });
      return register(after);
    },
    async add({ id, ...given }, scope) {
      const phone = given.phone ?? newPhone(given.country);
      await remove(phone);
      const settings = experience.of(scope);
      const isThere = given.registered || given.signedIn || id || settings.signInMode === 'SignIn';
      // Whoever has signed in before is asked for nothing.
      const { password, ...needed } = given.signedIn ? {} : needsOf(neededFor(settings), given);
      const input = { ...needed, ...given };
      known.set(phone, input);
      const now = Date.now();
      const user = isThere
        ? await tenant.users.create({
            id: id ?? newId.user(),
            primaryPhone: digits(phone),
            createdAt: now,
            updatedAt: now,
            ...columns(input),
            ...(password && { passwordHash: await hashPassword(password) }),
          })
        : undefined;
      if (user && input.organizations) join(tenant, user, input.organizations);
      const cookies = user && input.signedIn ? await openSession(user.id) : undefined;
      return register({
        ...input,
        phone,
        userId: user?.id ?? null,
        ...(password && { password }),
        ...(cookies && { cookies }),
      });
    },
    async change(phone, input) {
      const user = find(phone);
      if (!user) throw nobody(phone);
      await tenant.users.update(user, {
        data(row) {
          Object.assign(row, columns(input), { updatedAt: Date.now() });
        },
      });
      if (input.organizations) join(tenant, user, input.organizations);
      return register({ ...known.get(phone), ...input, phone, userId: user.id });
    },
  };
}
