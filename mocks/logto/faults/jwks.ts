/** Faults of the key set (RFC 7517 §5; OpenID Connect Core 1.0 §10.1). */
import type { Fault, HttpAnswer } from '../../fault.ts';
import { dripped, emptied, hanging, htmlPage, json, status, withBody } from './answers.ts';

type Jwk = Record<string, unknown>;

/** The public key of RFC 7515 appendix A.3; this issuer never signs with it. */
const STRANGER: Jwk = {
  kty: 'EC',
  use: 'sig',
  kid: 'a-key-of-somebody-else',
  alg: 'ES256',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

const keysOf = (body: Record<string, unknown>) => (body.keys as Jwk[] | undefined) ?? [];
const changeKeys = (change: (keys: Jwk[]) => Jwk[]) => (healthy: Readonly<HttpAnswer>) =>
  withBody(healthy, (body) => ({ ...body, keys: change(keysOf(body)) }));
const without = (key: Jwk, member: string) =>
  Object.fromEntries(Object.entries(key).filter(([name]) => name !== member));

export const jwksFaults = {
  'jwks/status-500': {
    title: 'answers the key set with 500',
    distort: status(500, { message: 'Internal server error.' }),
  },
  'jwks/status-404': {
    title: 'answers the key set with 404',
    distort: status(404, { message: 'Not Found' }),
  },
  'jwks/no-keys': { title: 'lists no keys', distort: changeKeys(() => []) },
  'jwks/unknown-keys-only': {
    title: 'lists only keys that it does not sign with',
    distort: changeKeys(() => [STRANGER]),
  },
  'jwks/unknown-key-first': {
    title: 'lists a key of an unknown type before its own',
    distort: changeKeys((keys) => [{ kty: 'XXX', kid: 'unknown-type', use: 'sig' }, ...keys]),
  },
  'jwks/several-keys-without-kid': {
    title: 'lists several keys without kid',
    distort: changeKeys((keys) => [STRANGER, ...keys].map((key) => without(key, 'kid'))),
  },
  'jwks/kid-missing': {
    title: 'lists its key without kid',
    distort: changeKeys((keys) => keys.map((key) => without(key, 'kid'))),
  },
  'jwks/same-kid-twice': {
    title: 'lists two keys under one kid',
    distort: changeKeys((keys) => [{ ...STRANGER, kid: keys[0]?.kid ?? 'same' }, ...keys]),
  },
  'jwks/use-enc': {
    title: 'marks its signing key as an encryption key',
    distort: changeKeys((keys) => keys.map((key) => ({ ...key, use: 'enc' }))),
  },
  'jwks/html': { title: 'answers the key set with an HTML page', distort: htmlPage },
  'jwks/empty': { title: 'answers the key set with an empty body', distort: emptied },
  'jwks/json-array': { title: 'answers the key set with a JSON array', distort: json([]) },
  'jwks/hang': { title: 'never answers the key set', distort: hanging },
  'jwks/slow': { title: 'takes more than a second for the key set', distort: dripped(1300) },
} satisfies Record<`jwks/${string}`, Fault<HttpAnswer>>;
