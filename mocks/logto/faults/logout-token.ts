/** Faults of the logout token that the issuer posts to apps (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6). */
import type { Fault, IdTokenDraft } from '../../fault.ts';

type Draft = Readonly<IdTokenDraft>;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const claim =
  (changes: Record<string, unknown>) =>
  (draft: Draft): IdTokenDraft => ({ ...draft, payload: { ...draft.payload, ...changes } });
const without =
  (...names: string[]) =>
  (draft: Draft): IdTokenDraft => ({
    ...draft,
    payload: Object.fromEntries(Object.entries(draft.payload).filter(([name]) => !names.includes(name))),
  });

export const logoutTokenFaults = {
  'logout-token/alg-none': {
    title: 'sends an unsigned logout token',
    distort: (draft) => ({ ...draft, header: { typ: draft.header.typ, alg: 'none' }, signer: 'none' }),
  },
  'logout-token/alg-wrong': {
    title: 'signs the logout token with RS256 where ES384 is announced',
    distort: (draft) => ({
      ...draft,
      header: { ...draft.header, alg: 'RS256', kid: 'an-rsa-key' },
      signer: 'rs256',
    }),
  },
  'logout-token/signature-rogue-key': {
    title: 'signs the logout token with a key that is not its own',
    distort: (draft) => ({ ...draft, signer: 'rogue-key' }),
  },
  'logout-token/iss-wrong': {
    title: 'puts another issuer into the logout token',
    distort: claim({ iss: 'https://evil.example/oidc' }),
  },
  'logout-token/aud-wrong': {
    title: 'issues the logout token to another client',
    distort: claim({ aud: 'another-client' }),
  },
  'logout-token/event-missing': { title: 'names no event in the logout token', distort: without('events') },
  'logout-token/event-wrong': {
    title: 'names another event in the logout token',
    distort: claim({ events: { [`${EVENT}-not`]: {} } }),
  },
  'logout-token/nonce-added': {
    title: 'puts a nonce into the logout token',
    distort: claim({ nonce: 'a-nonce-in-a-logout-token' }),
  },
  'logout-token/sub-and-sid-missing': {
    title: 'names neither person nor session in the logout token',
    distort: without('sub', 'sid'),
  },
  'logout-token/expired': {
    title: 'sends a logout token that expired five minutes ago',
    distort: (draft, { now }) => claim({ iat: now - 420, exp: now - 300 })(draft),
  },
  'logout-token/typ-jwt': {
    title: 'gives the logout token the type of an ID token',
    distort: (draft) => ({ ...draft, header: { ...draft.header, typ: 'JWT' } }),
  },
  'logout-token/iat-old': {
    title: 'sends a logout token that was issued a week ago and is good for a day',
    distort: (draft, { now }) => claim({ iat: now - 604_800, exp: now + 86_400 })(draft),
  },
  'logout-token/garbage': {
    title: 'sends something that is no JWT as the logout token',
    distort: (draft) => ({ ...draft, damage: 'garbage' }),
  },
} satisfies Record<`logout-token/${string}`, Fault<IdTokenDraft>>;
