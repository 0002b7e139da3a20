/** Faults of the claims about the person: absent, odd, huge or hostile values (OpenID Connect Core 1.0 §5.1). */
import type { Fault, IdTokenDraft } from '../../fault.ts';
import { FAULT_MARK, MARKUP } from './markup.ts';

type Claims = Record<string, unknown>;

const claim =
  (changes: Claims) =>
  (draft: Readonly<IdTokenDraft>): IdTokenDraft => ({ ...draft, payload: { ...draft.payload, ...changes } });
const without =
  (...names: string[]) =>
  (draft: Readonly<IdTokenDraft>): IdTokenDraft => ({
    ...draft,
    payload: Object.fromEntries(Object.entries(draft.payload).filter(([name]) => !names.includes(name))),
  });

/** An address of their own for each person: apps with a database take no two accounts with one address. */
const addressOf = ({ payload }: Readonly<IdTokenDraft>): string => `ann.${payload.sub}@example.test`;

export const idTokenProfileFaults = {
  'id-token/claims-null': {
    title: 'sends null for every claim about the person',
    distort: claim({
      name: null,
      picture: null,
      username: null,
      email: null,
      phone_number: null,
      updated_at: null,
    }),
  },
  'id-token/claims-missing': {
    title: 'sends no claims about the person',
    distort: without(
      'name',
      'picture',
      'username',
      'email',
      'email_verified',
      'phone_number',
      'phone_number_verified',
      'updated_at',
      'created_at',
    ),
  },
  'id-token/claims-huge': {
    title: 'sends a name of 6000 characters',
    distort: claim({ name: 'N'.repeat(6000) }),
  },
  'id-token/claims-unicode': {
    title: 'sends a name in several scripts, with joiners and right-to-left marks',
    distort: claim({ name: 'Zoë 🧑‍🚀 李小龍 \u202eעברית\u202c \u0000 ffi' }),
  },
  'id-token/claims-html': {
    title: 'sends a name and a picture with HTML and script in them',
    distort: claim({ name: MARKUP, username: MARKUP, picture: `javascript:${FAULT_MARK}()` }),
  },
  'id-token/claims-wrong-types': {
    title: 'sends a name, an e-mail and a picture of the wrong type',
    distort: claim({ name: { first: 'Ann' }, email: 42, picture: ['a.png'] }),
  },
  'id-token/claims-prototype': {
    title: 'sends claims named like members of every object',
    distort: (draft) => ({
      ...draft,
      payload: { ...draft.payload, constructor: 'evil', toString: 'evil', hasOwnProperty: 'evil' },
    }),
  },
  'id-token/email-missing': { title: 'sends no e-mail', distort: without('email', 'email_verified') },
  'id-token/email-empty': { title: 'sends an empty e-mail', distort: claim({ email: '' }) },
  'id-token/email-unverified': {
    title: 'sends an e-mail that nobody verified',
    distort: (draft) =>
      claim({ email: draft.payload.email ?? addressOf(draft), email_verified: false })(draft),
  },
  'id-token/email-verified-string': {
    title: 'writes email_verified as a string',
    distort: (draft) => claim({ email: addressOf(draft), email_verified: 'false' })(draft),
  },
  'id-token/email-upper-case': {
    title: 'sends an e-mail in upper case',
    distort: (draft) => claim({ email: addressOf(draft).toUpperCase(), email_verified: true })(draft),
  },
  'id-token/name-missing': { title: 'sends no name', distort: without('name') },
  'id-token/name-empty': { title: 'sends an empty name', distort: claim({ name: '' }) },
  'id-token/username-missing': {
    title: 'sends neither name nor user name',
    distort: without('name', 'username'),
  },
  'id-token/phone-missing': {
    title: 'sends no phone number',
    distort: without('phone_number', 'phone_number_verified'),
  },
  'id-token/phone-unverified': {
    title: 'says that the phone number is not verified',
    distort: claim({ phone_number: '12015550199', phone_number_verified: false }),
  },
  'id-token/extra-claims': {
    title: 'adds claims that carry power in other systems',
    distort: claim({ role: 'admin', roles: ['admin'], isAdmin: true, admin: true, permissions: ['*'] }),
  },
} satisfies Record<`id-token/${string}`, Fault<IdTokenDraft>>;
