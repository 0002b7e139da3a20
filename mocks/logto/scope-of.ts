import { SCOPE_COOKIE, SCOPE_HEADER } from '../scope.ts';
import type { HasHeaders } from './context.ts';

/** Scope of a request: a header between our own processes, else the browser's cookie. */
export function scopeOf({ headers }: HasHeaders): string | undefined {
  const header = headers[SCOPE_HEADER];
  if (header) return Array.isArray(header) ? header[0] : header;
  const cookies = Array.isArray(headers.cookie) ? headers.cookie.join('; ') : (headers.cookie ?? '');
  const named = new RegExp(`(?:^|;\\s*)${SCOPE_COOKIE}=([^;]+)`).exec(cookies)?.[1];
  // A part of a text holds the whole of it in memory: what is remembered by its scope must not keep the cookies.
  return named === undefined ? undefined : Buffer.from(named, 'latin1').toString('latin1');
}
