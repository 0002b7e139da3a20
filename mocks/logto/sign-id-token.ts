/** Takes an ID token apart, lets faults change it, and signs what is left of it. */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  X509Certificate,
} from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { FaultContext, IdTokenDraft } from '../fault.ts';
import { distort, type FaultName } from '../faults.ts';
import { createSigningKey, type SigningKey } from './keys.ts';

/** @returns the ID token with the faults applied */
export type IdTokenSigner = (
  idToken: string,
  names: readonly FaultName[],
  context: FaultContext,
) => Promise<string>;

export interface SignerOptions {
  /** The key that signs at this moment. */
  currentKey(): SigningKey;
  /** The key that signs at the other issuer of the lab, where there is one. */
  otherKey?(): SigningKey | undefined;
  clientSecret(clientId: string): string | undefined;
  /** Told what a fault says of a person beside what is true: it is then theirs, too. */
  told?(sub: string, claims: Record<string, unknown>): void;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The payload; JSON.stringify cannot name a member twice, so that one is put in front. */
function payloadOf({ payload, twice }: IdTokenDraft): string {
  if (!twice) return encode(payload);
  const [name, value] = twice;
  const text = `{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(payload).slice(1)}`;
  return Buffer.from(text).toString('base64url');
}

/** Signature over the JWS input; the algorithm follows the key, whatever the header claims. */
function signWith(key: KeyObject, input: string): string {
  const ec = key.asymmetricKeyType === 'ec';
  return signBytes(
    ec ? 'sha384' : 'sha256',
    Buffer.from(input),
    ec ? { key, dsaEncoding: 'ieee-p1363' } : key,
  ).toString('base64url');
}

/** A key for the header: as it is, or in a certificate that vouches for itself. */
async function embedded(as: 'jwk' | 'x5c', key: KeyObject): Promise<Record<string, unknown>> {
  const publicKey = createPublicKey(key);
  if (as === 'jwk') return { jwk: publicKey.export({ format: 'jwk' }) };
  const isEc = key.asymmetricKeyType === 'ec';
  // Loaded where a certificate is made: a tenth of what the mocks take to start.
  const { generate } = await import('selfsigned');
  const { cert } = await generate([{ name: 'commonName', value: 'evil.example' }], {
    keyPair: {
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    },
    ...(isEc ? { keyType: 'ec' as const, curve: 'P-384' as const } : {}),
    algorithm: isEc ? 'sha384' : 'sha256',
  });
  return { x5c: [new X509Certificate(cert).raw.toString('base64')] };
}

function damaged(token: string, damage: IdTokenDraft['damage']): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  switch (damage) {
    case 'corrupt-signature': {
      const bytes = Buffer.from(signature, 'base64url');
      for (const at of [0, Math.floor(bytes.length / 2)])
        if (bytes.length) bytes[at] = (bytes[at] as number) ^ 0xff;
      return `${header}.${payload}.${bytes.toString('base64url')}`;
    }
    case 'empty-signature':
      return `${header}.${payload}.`;
    case 'tampered-payload': {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
      return `${header}.${encode({ ...claims, name: 'Tampered With' })}.${signature}`;
    }
    case 'garbage':
      return 'this.is-not.a-token';
    default:
      return token;
  }
}

export function createIdTokenSigner({
  currentKey,
  otherKey,
  clientSecret,
  told,
}: SignerOptions): IdTokenSigner {
  const made = new Map<string, Promise<KeyObject>>();
  const extraKey = (type: 'EC' | 'RSA') => {
    const key =
      made.get(type) ??
      createSigningKey(type).then(({ jwk }) => createPrivateKey({ key: jwk as never, format: 'jwk' }));
    made.set(type, key);
    return key;
  };
  const privateKey = ({ jwk }: SigningKey) => createPrivateKey({ key: jwk as never, format: 'jwk' });

  async function signature(draft: IdTokenDraft, input: string, clientId: string): Promise<string> {
    switch (draft.signer) {
      case 'none':
        return '';
      case 'client-secret':
        return createHmac('sha256', clientSecret(clientId) ?? '')
          .update(input)
          .digest('base64url');
      // The text that everybody can fetch, taken for a secret (RFC 8725 §2.1).
      case 'public-key':
        return createHmac(
          'sha256',
          createPublicKey(privateKey(currentKey())).export({ type: 'spki', format: 'pem' }),
        )
          .update(input)
          .digest('base64url');
      case 'rs256':
        return signWith(await extraKey('RSA'), input);
      case 'rogue-key':
        return signWith(await extraKey(currentKey().alg === 'ES384' ? 'EC' : 'RSA'), input);
      case 'other-issuer':
        return signWith(privateKey(otherKey?.() ?? currentKey()), input);
      default:
        return signWith(privateKey(currentKey()), input);
    }
  }

  return async (idToken, names, context) => {
    const healthy: IdTokenDraft = {
      header: { ...decodeProtectedHeader(idToken) },
      payload: { ...decodeJwt(idToken) },
      signer: 'issuer',
    };
    const draft = distort(names, healthy, context);
    if (names.length) told?.(String(healthy.payload.sub), draft.payload);
    const header = draft.embedsKey
      ? {
          ...draft.header,
          ...(await embedded(draft.embedsKey, await extraKey(currentKey().alg === 'ES384' ? 'EC' : 'RSA'))),
        }
      : draft.header;
    const input = `${encode(header)}.${payloadOf(draft)}`;
    return damaged(`${input}.${await signature(draft, input, context.clientId)}`, draft.damage);
  };
}
