/** Defects that any HTTP answer can have, shared by the tables of discovery, jwks, token, userinfo and transport. */
import type { HttpAnswer } from '../../fault.ts';

type Distort = (healthy: Readonly<HttpAnswer>) => HttpAnswer;
type Body = Record<string, unknown>;

/** The answer with its JSON members changed. */
export const withBody = (healthy: Readonly<HttpAnswer>, change: (body: Body) => unknown): HttpAnswer => ({
  ...healthy,
  body: change(typeof healthy.body === 'object' && healthy.body !== null ? (healthy.body as Body) : {}),
});

const typed = (healthy: Readonly<HttpAnswer>, contentType: string): HttpAnswer => ({
  ...healthy,
  headers: { ...healthy.headers, 'content-type': contentType },
});

/** Another status with a JSON body. */
export const status =
  (code: number, body: unknown): Distort =>
  (healthy) => ({ ...typed(healthy, 'application/json; charset=utf-8'), status: code, body });

/** The same status with another JSON body. */
export const json =
  (body: unknown): Distort =>
  (healthy) => ({ ...healthy, body: JSON.stringify(body) });

const PAGE =
  '<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We will be right back</h1></body></html>';

/** A 200 with a page where JSON is due. */
export const htmlPage: Distort = (healthy) => ({
  ...typed(healthy, 'text/html; charset=utf-8'),
  status: 200,
  body: PAGE,
});

/** The healthy body under the content type text/plain. */
export const plainText: Distort = (healthy) => typed(healthy, 'text/plain; charset=utf-8');

export const redirected: Distort = (healthy) => ({
  status: 302,
  headers: { ...healthy.headers, location: 'https://evil.example/' },
  body: '',
});

export const emptied: Distort = (healthy) => ({ ...healthy, body: '' });

export const hanging: Distort = (healthy) => ({ ...healthy, wire: 'hang' });

export const resetting: Distort = (healthy) => ({ ...healthy, wire: 'reset' });

/** The healthy answer in pieces over about `slowMs` milliseconds. */
export const dripped =
  (slowMs: number): Distort =>
  (healthy) => ({ ...healthy, wire: 'slow', slowMs });
