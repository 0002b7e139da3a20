/** Session cookies that whoever holds them can read: signed or plain instead of sealed; and what may be written into them. */
import { createHmac } from 'node:crypto';

/** What a cookie says, in one of the forms in which it can be read without a key. */
export interface ReadableCookie {
  /** `JWS` (RFC 7515 §7.1) · `signed` JSON in base64 with something behind a dot · `plain` JSON, as it is or in base64 */
  form: 'JWS' | 'signed' | 'plain';
  payload: Record<string, unknown>;
  /** Of a JWS. */
  header?: Record<string, unknown>;
  /** Of a JWS or a signed value, as it stands behind the last dot. */
  signature?: string;
  /** How a plain value was written. */
  encoding?: 'base64' | 'percent' | 'none';
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const objectInBase64 = (text: string) =>
  /^[\w+/=-]{8,}$/.test(text) ? objectIn(Buffer.from(text, 'base64').toString('utf8')) : undefined;

const unquoted = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

/**
 * Reads a cookie that is not sealed.
 *
 * @param value as it stands in the cookie, chunks put together
 * @returns undefined for a sealed cookie (JWE, five parts), an id, or anything else that says nothing
 */
export function readCookie(value: string): ReadableCookie | undefined {
  const text = unquoted(value);
  const json = objectIn(text);
  if (json) return { form: 'plain', payload: json, encoding: text === value ? 'none' : 'percent' };
  const parts = text.replace(/^s:/, '').split('.');
  if (parts.length === 1) {
    const payload = objectInBase64(text);
    return payload && { form: 'plain', payload, encoding: 'base64' };
  }
  const [first = '', second = '', signature = ''] = parts;
  if (parts.length === 2) {
    const payload = objectInBase64(first);
    return payload && { form: 'signed', payload, signature: second };
  }
  if (parts.length !== 3) return undefined;
  const [header, payload] = [objectInBase64(first), objectInBase64(second)];
  return header && payload && 'alg' in header ? { form: 'JWS', header, payload, signature } : undefined;
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const HASHES: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** Members that say who somebody is, with those of another person; the others stay. */
export function rewritten(
  payload: Record<string, unknown>,
  wishes: Record<string, unknown>,
): Record<string, unknown> {
  const changed = Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      if (name in wishes) return [name, wishes[name]];
      const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [name, isNested ? rewritten(value as Record<string, unknown>, wishes) : value];
    }),
  );
  return JSON.stringify(changed) === JSON.stringify(payload) ? { ...payload, ...wishes } : changed;
}

/**
 * Cookies for another person, made from one that can be read, without its key.
 *
 * @param wishes members of the other person: sub, id, email …
 * @param secrets that anybody guesses
 */
export function forgedFrom(
  cookie: ReadableCookie,
  wishes: Record<string, unknown>,
  secrets: readonly string[],
): { told: string; value: string }[] {
  const payload = rewritten(cookie.payload, wishes);
  if (cookie.form === 'plain') {
    const json = JSON.stringify(payload);
    const value =
      cookie.encoding === 'base64' ? Buffer.from(json).toString('base64') : encodeURIComponent(json);
    return [{ told: 'written anew', value }];
  }
  if (cookie.form === 'signed')
    return [
      { told: 'written anew, with the signature it had', value: `${part(payload)}.${cookie.signature}` },
      { told: 'written anew, without a signature', value: part(payload) },
    ];
  const { header = {}, signature = '' } = cookie;
  const hash = HASHES[String(header.alg)];
  const unsigned = { ...header, alg: 'none' };
  return [
    {
      told: 'written anew, with the signature it had',
      value: `${part(header)}.${part(payload)}.${signature}`,
    },
    { told: 'written anew, without a signature', value: `${part(header)}.${part(payload)}.` },
    { told: 'written anew with alg "none"', value: `${part(unsigned)}.${part(payload)}.` },
    { told: 'written anew with alg "None"', value: `${part({ ...header, alg: 'None' })}.${part(payload)}.` },
    ...(hash
      ? secrets.map((secret) => {
          const input = `${part(header)}.${part(payload)}`;
          return {
            told: `signed anew with the secret "${secret}"`,
            value: `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`,
          };
        })
      : []),
  ];
}
