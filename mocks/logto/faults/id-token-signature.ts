/** Faults of the ID token's header and signature (RFC 7515; OpenID Connect Core 1.0 §3.1.3.7 #6–#8). */
import type { Fault, IdTokenDraft } from '../../fault.ts';

type Draft = Readonly<IdTokenDraft>;

const header =
  (changes: Record<string, unknown>, more: Partial<IdTokenDraft> = {}) =>
  (draft: Draft): IdTokenDraft => ({ ...draft, ...more, header: { ...draft.header, ...changes } });
const withoutKid = (draft: Draft): IdTokenDraft => ({
  ...draft,
  header: Object.fromEntries(Object.entries(draft.header).filter(([name]) => name !== 'kid')),
});
const damage =
  (kind: NonNullable<IdTokenDraft['damage']>) =>
  (draft: Draft): IdTokenDraft => ({ ...draft, damage: kind });

export const idTokenSignatureFaults = {
  'id-token/alg-none': {
    title: 'sends an unsigned ID token',
    distort: (draft) => header({ alg: 'none' }, { signer: 'none' })(withoutKid(draft)),
  },
  'id-token/alg-none-mixed-case': {
    title: 'sends an unsigned ID token with alg written nOnE',
    distort: (draft) => header({ alg: 'nOnE' }, { signer: 'none' })(withoutKid(draft)),
  },
  'id-token/alg-hs256-client-secret': {
    title: 'signs the ID token with the client secret',
    distort: (draft) => header({ alg: 'HS256' }, { signer: 'client-secret' })(withoutKid(draft)),
  },
  'id-token/alg-rs256': {
    title: 'signs the ID token with RS256 where ES384 is announced',
    distort: header({ alg: 'RS256', kid: 'an-rsa-key' }, { signer: 'rs256' }),
  },
  'id-token/alg-missing': {
    title: 'names no algorithm in the ID token',
    distort: (draft) => ({
      ...draft,
      header: Object.fromEntries(Object.entries(draft.header).filter(([name]) => name !== 'alg')),
    }),
  },
  'id-token/alg-swapped': {
    title: 'names ES256 in an ID token signed with ES384',
    distort: header({ alg: 'ES256' }),
  },
  'id-token/crit-unknown': {
    title: 'marks a header as critical that nobody knows',
    distort: header({ crit: ['x-conformance'], 'x-conformance': true }),
  },
  'id-token/signature-corrupt': {
    title: 'breaks the signature of the ID token',
    distort: damage('corrupt-signature'),
  },
  'id-token/signature-empty': {
    title: 'cuts off the signature of the ID token',
    distort: damage('empty-signature'),
  },
  'id-token/signature-rogue-key': {
    title: 'signs the ID token with a key that is not its own',
    distort: (draft) => ({ ...draft, signer: 'rogue-key' }),
  },
  'id-token/signature-rogue-key-embedded': {
    title: 'signs the ID token with a foreign key and carries that key in the header',
    distort: header(
      { jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u' },
      { signer: 'rogue-key' },
    ),
  },
  'id-token/header-claims': {
    title: 'names somebody else in the header of the ID token',
    distort: header({ sub: 'somebody-else', name: 'Somebody Else', email: 'somebody.else@example.test' }),
  },
  'id-token/key-by-jwk': {
    title: 'signs the ID token with a foreign key and puts its public part into the header',
    distort: (draft) => ({ ...draft, signer: 'rogue-key', embedsKey: 'jwk' }),
  },
  'id-token/key-by-x5c': {
    title: 'signs the ID token with a foreign key and puts a certificate of that key into the header',
    distort: (draft) => ({ ...draft, signer: 'rogue-key', embedsKey: 'x5c' }),
  },
  'id-token/key-by-kid-url': {
    title: 'signs the ID token with a foreign key and names a foreign key set as its key id',
    distort: header({ kid: 'https://evil.example/jwks#1' }, { signer: 'rogue-key' }),
  },
  'id-token/alg-hs256-public-key': {
    title: 'signs the ID token with its public key as a secret',
    distort: (draft) => header({ alg: 'HS256' }, { signer: 'public-key' })(draft),
  },
  'id-token/payload-tampered': {
    title: 'changes the ID token after signing it',
    distort: damage('tampered-payload'),
  },
  'id-token/garbage': { title: 'sends something that is no JWT as the ID token', distort: damage('garbage') },
  'id-token/kid-missing': { title: 'leaves kid out of the ID token', distort: withoutKid },
  'id-token/kid-unknown': {
    title: 'names a key that the key set does not list',
    distort: header({ kid: 'a-key-that-is-not-listed' }),
  },
  'id-token/kid-hostile': {
    title: 'names a path and a query as its key',
    distort: header({ kid: "../../../etc/passwd' OR '1'='1" }),
  },
  'id-token/typ-at-jwt': {
    title: 'marks the ID token as an access token',
    distort: header({ typ: 'at+jwt' }),
  },
  'id-token/typ-logout-jwt': {
    title: 'marks the ID token as a logout token',
    distort: header({ typ: 'logout+jwt' }),
  },
} satisfies Record<`id-token/${string}`, Fault<IdTokenDraft>>;
