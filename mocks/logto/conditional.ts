/**
 * ETag, 304 and compression as Logto's middleware does it: koa-body-etag on everything it answers to GET, and
 * koa-compress from 1024 bytes on (recordings 836 to 847).
 */
import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';

const COMPRESSED_FROM = 1024;
const COMPRESSIBLE = /^(text\/|application\/([\w.-]+\+)?(json|javascript|xml)|image\/svg\+xml)/;

/** A validator like that of the package `etag`, over the JSON text of a body. */
export function etagOf(body: unknown): string {
  const text = JSON.stringify(body);
  const hash = createHash('sha1').update(text).digest('base64').slice(0, 27);
  return `"${Buffer.byteLength(text).toString(16)}-${hash}"`;
}

/** Whether somebody has what a validator stands for, and does not insist on hearing it again. */
export function isFresh(headers: Record<string, string | string[] | undefined>, etag: string): boolean {
  const known = String(headers['if-none-match'] ?? '');
  if (!known || /(?:^|,)\s*no-cache\s*(?:,|$)/.test(String(headers['cache-control'] ?? ''))) return false;
  const weak = (value: string) => value.trim().replace(/^W\//, '');
  return known === '*' || known.split(',').some((one) => weak(one) === weak(etag));
}

/** Encodings in the order in which they are preferred when a client takes several equally. */
const ENCODERS = {
  // Level 4 is what koa-compress takes: a higher one costs more time than it saves.
  br: (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text: string) => gzipSync(text),
  deflate: (text: string) => deflateSync(text),
};

function encodingFor(accepted: string): keyof typeof ENCODERS | undefined {
  const weights = new Map(
    accepted.split(',').map((one) => {
      const [name = '', ...parameters] = one.trim().split(/\s*;\s*/);
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [name.toLowerCase(), weight ? Number(weight.slice(2)) : 1] as const;
    }),
  );
  const names = Object.keys(ENCODERS) as (keyof typeof ENCODERS)[];
  const weightOf = (name: string) => weights.get(name) ?? weights.get('*') ?? 0;
  const best = Math.max(...names.map(weightOf));
  return best > 0 ? names.find((name) => weightOf(name) === best) : undefined;
}

/** Documents are the same for everybody: what was compressed of late is sent again. */
const KEPT_MAX = 50;
const kept = new Map<string, Buffer>();

function encoded(encoding: keyof typeof ENCODERS, text: string): Buffer {
  const key = `${encoding} ${text}`;
  const bytes = kept.get(key) ?? ENCODERS[encoding](text);
  kept.delete(key);
  kept.set(key, bytes);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return bytes;
}

/** The text compressed, when its type, its length and the client allow it. */
export function compressed(
  text: string,
  type: string | undefined,
  acceptEncoding: string | string[] | undefined,
): { encoding: string; bytes: Buffer } | undefined {
  if (Buffer.byteLength(text) < COMPRESSED_FROM || !COMPRESSIBLE.test(type ?? '')) return undefined;
  const encoding = encodingFor(String(acceptEncoding ?? ''));
  return encoding && { encoding, bytes: encoded(encoding, text) };
}
