/** Faults of the ID token's claims that the specification names (OpenID Connect Core 1.0 §2 and §3.1.3.7). */
import type { Fault, FaultContext, IdTokenDraft } from '../../fault.ts';

type Claims = Record<string, unknown>;
type Change = (healthy: Readonly<IdTokenDraft>, context: FaultContext) => IdTokenDraft;

/** Sets claims; the others stay. */
const claim =
  (changes: Claims | ((context: FaultContext, payload: Claims) => Claims)): Change =>
  (draft, context) => ({
    ...draft,
    payload: {
      ...draft.payload,
      ...(typeof changes === 'function' ? changes(context, draft.payload) : changes),
    },
  });
const without =
  (...names: string[]): Change =>
  (draft) => ({
    ...draft,
    payload: Object.fromEntries(Object.entries(draft.payload).filter(([name]) => !names.includes(name))),
  });
/** Expired by so many seconds. */
const expired = (seconds: number): Change =>
  claim(({ now }) => ({ iat: now - seconds - 3600, exp: now - seconds }));

export const idTokenFaults = {
  'id-token/iss-wrong': {
    title: 'puts another issuer into the ID token',
    distort: claim({ iss: 'https://evil.example/oidc' }),
  },
  'id-token/iss-trailing-slash': {
    title: 'puts its issuer with a trailing slash into the ID token',
    distort: claim(({ issuer }) => ({ iss: `${issuer}/` })),
  },
  'id-token/iss-missing': { title: 'leaves iss out of the ID token', distort: without('iss') },
  'id-token/aud-other-client': {
    title: 'issues the ID token to another client',
    distort: claim({ aud: 'another-client' }),
  },
  'id-token/aud-missing': { title: 'leaves aud out of the ID token', distort: without('aud') },
  'id-token/aud-empty-array': { title: 'issues the ID token to nobody', distort: claim({ aud: [] }) },
  'id-token/aud-array-one': {
    title: 'writes aud as an array with the client alone',
    distort: claim(({ clientId }) => ({ aud: [clientId] })),
  },
  'id-token/aud-array-two-with-azp': {
    title: 'issues the ID token to two clients, with azp naming this one',
    distort: claim(({ clientId }) => ({ aud: [clientId, 'another-client'], azp: clientId })),
  },
  'id-token/aud-array-two-no-azp': {
    title: 'issues the ID token to two clients without azp',
    distort: claim(({ clientId }) => ({ aud: [clientId, 'another-client'] })),
  },
  'id-token/aud-array-two-azp-wrong': {
    title: 'issues the ID token to two clients, with azp naming the other one',
    distort: claim(({ clientId }) => ({ aud: [clientId, 'another-client'], azp: 'another-client' })),
  },
  'id-token/azp-wrong': {
    title: 'names another authorized party in azp',
    distort: claim({ azp: 'another-client' }),
  },
  'id-token/azp-added': {
    title: 'names the client in azp without need',
    distort: claim(({ clientId }) => ({ azp: clientId })),
  },
  'id-token/exp-missing': { title: 'leaves exp out of the ID token', distort: without('exp') },
  'id-token/expired': { title: 'sends an ID token that expired five minutes ago', distort: expired(300) },
  'id-token/expired-60s': { title: 'sends an ID token that expired a minute ago', distort: expired(60) },
  'id-token/expired-5s': { title: 'sends an ID token that expired 5 seconds ago', distort: expired(5) },
  'id-token/exp-string': {
    title: 'writes exp as a string',
    distort: claim((_, { exp }) => ({ exp: String(exp) })),
  },
  'id-token/exp-far': {
    title: 'sends an ID token that is valid for a hundred years',
    distort: claim(({ now }) => ({ exp: now + 3_155_760_000 })),
  },
  'id-token/iat-missing': { title: 'leaves iat out of the ID token', distort: without('iat') },
  'id-token/iat-future': {
    title: 'issues the ID token an hour in the future',
    distort: claim(({ now }) => ({ iat: now + 3600, exp: now + 7200 })),
  },
  'id-token/iat-old': {
    title: 'sends an ID token that was issued a week ago',
    distort: claim(({ now }) => ({ iat: now - 604_800 })),
  },
  'id-token/iat-string': {
    title: 'writes iat as a string',
    distort: claim((_, { iat }) => ({ iat: String(iat) })),
  },
  'id-token/nbf-future-300s': {
    title: 'sends an ID token that is not valid for another five minutes',
    distort: claim(({ now }) => ({ nbf: now + 300 })),
  },
  'id-token/nbf-future-60s': {
    title: 'sends an ID token that is not valid for another minute',
    distort: claim(({ now }) => ({ nbf: now + 60 })),
  },
  'id-token/nbf-future-5s': {
    title: 'sends an ID token that is not valid for another 5 seconds',
    distort: claim(({ now }) => ({ nbf: now + 5 })),
  },
  'id-token/nonce-wrong': {
    title: 'puts a nonce of another request into the ID token',
    distort: claim({ nonce: 'a-nonce-of-somebody-else' }),
  },
  'id-token/nonce-missing': {
    title: 'leaves the nonce out of the ID token',
    distort: without('nonce'),
  },
  'id-token/nonce-unsolicited': {
    title: 'puts a nonce into the ID token that nobody sent',
    distort: claim((_, { nonce }) => ({
      nonce: nonce === undefined ? 'an-unasked-nonce' : `${nonce}-and-more`,
    })),
  },
  'id-token/sub-missing': { title: 'leaves sub out of the ID token', distort: without('sub') },
  'id-token/sub-empty': { title: 'sends an empty sub', distort: claim({ sub: '' }) },
  'id-token/sub-number': { title: 'sends sub as a number', distort: claim({ sub: 1234567890 }) },
  'id-token/sub-null': { title: 'sends null as sub', distort: claim({ sub: null }) },
  'id-token/sub-long': { title: 'sends a sub of 300 characters', distort: claim({ sub: 's'.repeat(300) }) },
  'id-token/sub-list': {
    title: 'sends a list of subjects',
    distort: claim((_, { sub }) => ({ sub: [sub, 'somebody-else'] })),
  },
  'id-token/sub-twice': {
    title: 'names a subject twice',
    distort: (draft) => ({ ...draft, twice: ['sub', 'somebody-else'] }),
  },
  'id-token/of-somebody-else': {
    title: 'sends an ID token of somebody else',
    distort: claim({ sub: 'somebody-else', name: 'Somebody Else', username: 'somebody_else' }),
  },
  'id-token/sub-changed': {
    title: 'tells of another person in the ID token',
    distort: claim((_, { sub }) => ({ sub: `${sub}-other` })),
  },
  'id-token/at-hash-wrong': {
    title: 'sends an at_hash of another access token',
    distort: claim({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
  },
  'id-token/at-hash-number': { title: 'sends a number as at_hash', distort: claim({ at_hash: 42 }) },
  'id-token/auth-time-string': {
    title: 'writes auth_time as a string',
    distort: claim(({ now }) => ({ auth_time: String(now) })),
  },
  'id-token/auth-time-old': {
    title: 'says that the person signed in a year ago',
    distort: claim(({ now }) => ({ auth_time: now - 31_536_000 })),
  },
} satisfies Record<`id-token/${string}`, Fault<IdTokenDraft>>;
