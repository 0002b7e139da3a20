/** Signed results: a JWS over the digest of report.json, so that a certificate can be trusted by another team. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  exportJWK,
  type JWK,
} from 'jose';
import type { Scope } from './model.ts';
import { parseReport } from './parse-report.ts';
import { ReportError } from './report-error.ts';
import { hasEnded, scopeText } from './scope.ts';

/** What is signed: enough to read the verdict without the report, and the digest that ties it to it. */
export interface SignedResult {
  /** SHA-256 of the bytes of report.json, in hex. */
  sha256: string;
  /** Never `conformant` for a part of a run. */
  result: string;
  /** Which part of the catalogue the result is about. */
  scope: Scope;
  /** The same in words, such as `12 of 386 checks: not a certification (selection: session)`. */
  covers: string;
  target: string;
  tool: string;
  startedAt: string;
}

const TYPE = 'authjs-conformance-result+jws';
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Algorithm by the key's kind; one each, so that nobody has to choose. */
function algorithmOf(key: KeyObject): string {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'ec' && curve === 'prime256v1') return 'ES256';
  if (key.asymmetricKeyType === 'ec' && curve === 'secp384r1') return 'ES384';
  if (key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'rsa-pss') return 'PS256';
  throw keyError(`holds a key of kind ${key.asymmetricKeyType}${curve ? ` (${curve})` : ''}`);
}

const keyError = (what: string) =>
  new ReportError({
    code: 'CONF_KEY_UNUSABLE',
    what: `the key ${what}`,
    expected: 'an Ed25519, EC P-256, EC P-384 or RSA key, as PEM or JWK',
    remedy: 'make one: `openssl genpkey -algorithm ed25519 -out conformance.pem`.',
  });

function read(text: string, make: typeof createPrivateKey | typeof createPublicKey): KeyObject {
  try {
    return text.trimStart().startsWith('{') ? make({ key: JSON.parse(text), format: 'jwk' }) : make(text);
  } catch (error) {
    throw keyError(`could not be read: ${(error as Error).message}`);
  }
}

/**
 * Signs the text of a report.json.
 *
 * @param text the bytes of the file, exactly
 * @param key private key, PEM or JWK
 * @returns a compact JWS, to be kept beside it as report.json.jws; its header holds the public key
 * @throws ReportError CONF_KEY_UNUSABLE, CONF_REPORT_UNREADABLE, CONF_REPORT_UNFINISHED
 */
export async function signReport(text: string, key: string): Promise<string> {
  const privateKey = read(key, createPrivateKey);
  const alg = algorithmOf(privateKey);
  const jwk = await exportJWK(createPublicKey(privateKey));
  const report = parseReport(text);
  if (!hasEnded(report))
    throw new ReportError({
      code: 'CONF_REPORT_UNFINISHED',
      what: `the report of ${report.target.name} says that its run has not ended`,
      expected: 'the report of a run that came to its end',
      remedy: 'run it again, and sign what it writes at its end.',
    });
  const { result, scope, target, tool, startedAt } = report;
  const payload: SignedResult = {
    sha256: digestOf(text),
    result,
    scope,
    covers: scopeText(report),
    target: target.name,
    tool: `${tool.name} ${tool.version}`,
    startedAt,
  };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg, typ: TYPE, kid: await calculateJwkThumbprint(jwk), jwk })
    .sign(privateKey);
}

export interface Verification extends SignedResult {
  /** RFC 7638 thumbprint of the key that signed. */
  thumbprint: string;
  /** The key was given by the reader; otherwise it is the one in the signature, and only its thumbprint can be trusted. */
  trusted: boolean;
}

/**
 * Checks a signature against the text of a report.json.
 *
 * @param key public (or private) key that the reader trusts; without it, the thumbprint must be compared by hand
 * @throws ReportError CONF_SIGNATURE_INVALID when the report was changed, the key is another one, or it is no signature of ours
 */
export async function verifyReport(text: string, jws: string, key?: string): Promise<Verification> {
  const invalid = (
    what: string,
    remedy = 'do not rely on this report; ask its author for the original files.',
  ) =>
    new ReportError({
      code: 'CONF_SIGNATURE_INVALID',
      what,
      expected: 'a report.json and the report.json.jws that was made from it',
      remedy,
    });
  let header: { typ?: string; jwk?: JWK; alg?: string };
  try {
    header = decodeProtectedHeader(jws.trim()) as typeof header;
  } catch {
    throw invalid('the signature is no JWS');
  }
  if (header.typ !== TYPE || !header.jwk)
    throw invalid(`the signature is of type ${header.typ ?? 'none'}, not ${TYPE}`);
  const publicKey = key ? publicOf(key) : read(JSON.stringify(header.jwk), createPublicKey);
  let payload: Partial<SignedResult>;
  try {
    const verified = await compactVerify(jws.trim(), publicKey, { algorithms: [algorithmOf(publicKey)] });
    payload = JSON.parse(new TextDecoder().decode(verified.payload));
  } catch (error) {
    if (error instanceof ReportError) throw error;
    throw invalid(
      key ? 'the signature was not made with this key, or was changed' : 'the signature was changed',
    );
  }
  if (payload.sha256 !== digestOf(text))
    throw invalid('the report was changed after it was signed: its digest is another one');
  return {
    ...(payload as SignedResult),
    thumbprint: await calculateJwkThumbprint(await exportJWK(publicKey)),
    trusted: Boolean(key),
  };
}

const publicOf = (key: string) =>
  key.includes('PRIVATE KEY') || /"d"\s*:/.test(key)
    ? createPublicKey(read(key, createPrivateKey))
    : read(key, createPublicKey);
