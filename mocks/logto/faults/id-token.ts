/** Faults of the ID token (OpenID Connect Core 1.0 §2 and §3.1.3.7). */
import type { Fault, IdTokenDraft } from '../../faults.ts';

type Claims = Record<string, unknown>;
const claim = (draft: Readonly<IdTokenDraft>, changes: Claims): IdTokenDraft => ({
  ...draft,
  payload: { ...draft.payload, ...changes },
});

export const idTokenFaults = {
  'id-token/iss-wrong': {
    title: 'puts another issuer into the ID token',
    distort: (healthy) => claim(healthy, { iss: 'https://evil.example/oidc' }),
  },
  'id-token/aud-other-client': {
    title: 'issues the ID token to another client',
    distort: (healthy) => claim(healthy, { aud: 'another-client' }),
  },
  'id-token/expired': {
    title: 'sends an ID token that expired five minutes ago',
    distort: (healthy, { now }) => claim(healthy, { iat: now - 3900, exp: now - 300 }),
  },
  'id-token/nonce-wrong': {
    title: 'puts a nonce of another request into the ID token',
    distort: (healthy) => claim(healthy, { nonce: 'a-nonce-of-somebody-else' }),
  },
} satisfies Record<`id-token/${string}`, Fault<IdTokenDraft>>;
