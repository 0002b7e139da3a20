/** Who has what in common with whom: each row is two people whom an app must tell apart by `sub`. */
import { NAMED_BY_FAULTS } from '../../../mocks/people.ts';
import type { Cast } from './keeps-apart.ts';

/** Letters and digits that are no other person's id. */
const random = (length: number) =>
  Array.from({ length }, () => Math.floor(Math.random() * 36).toString(36)).join('');

/** Mexico, whose numbers have ten digits as those of the United States: the last seven are the same, and the last ten. */
const ELSEWHERE = '+52';
/** Area code of Alaska, which made-up people have not by themselves: at a real tenant, numbers must be kept for fiction. */
const ALASKA = '+1907';

export const casts = {
  'recycled-number': {
    second: ({ phone }) => ({ phone }),
    told: 'the phone number before, which was given up and given out again',
  },
  'number-alike': {
    second: ({ phone }, isLive) => ({
      phone: isLive ? `${ALASKA}${phone.slice(-7)}` : `${ELSEWHERE}${phone.slice(-10)}`,
    }),
    told: 'a phone number that ends alike',
  },
  'same-name': {
    second: ({ name }) => ({ name }),
    told: 'the same name',
  },
  // What an app has of neither it compares as null, or leaves out of its query: findFirst({ where: { email: undefined } }).
  'nothing-else': {
    first: { name: null, email: null, picture: null },
    second: () => ({ name: null, email: null, picture: null }),
    nameless: true,
    told: 'a phone number and nothing else, too',
  },
  'unverified-email': {
    get first() {
      return { email: `victim.${random(12)}@example.test` };
    },
    second: ({ email }) => ({ email }),
    meanwhile: ({ phone }, control) => control.changePerson(phone, { email: null }),
    faults: { first: ['id-token/email-unverified'] },
    told: 'the e-mail address of the second, unverified, before the second came',
  },
  'unverified-number': {
    second: () => ({ phone: NAMED_BY_FAULTS }),
    faults: { first: ['id-token/phone-unverified'] },
    told: 'the phone number of the second, unverified, before the second came',
  },
  'subject-case': {
    get first() {
      return { id: `aBcDeF${random(6)}` };
    },
    second: ({ userId }) => ({ id: String(userId).replace(/^aBcDeF/, 'AbCdEf') }),
    told: 'a sub that differs by case alone',
  },
  'subjects-of-logto-alike': {
    get first() {
      return { id: `${random(11)}1` };
    },
    second: ({ userId }) => ({ id: `${String(userId).slice(0, -1)}2` }),
    told: 'a sub that differs in its last character alone',
  },
  'subjects-alike': {
    get first() {
      return { id: `${random(254)}1` };
    },
    second: ({ userId }) => ({ id: `${String(userId).slice(0, -1)}2` }),
    told: 'a sub of 255 characters that differs in the last of them alone',
  },
} satisfies Record<string, Cast>;
