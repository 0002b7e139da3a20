/** Tokens against forged requests, as the scripts of an app send them with what they write. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { FORGERY_FIELD, FORGERY_TOKEN } from './marks.ts';

/** Headers in which frameworks look for them. */
const USUAL = ['x-csrf-token', 'x-xsrf-token', 'csrf-token', 'x-csrf'];

/**
 * Cookies that scripts read and send along ("double submit", OWASP Cross-Site Request Forgery Prevention): whatever their name says
 * of the app beside it. That of Auth.js is for its own routes, and no script reads it.
 */
const KEPT = /csrf|xsrf/i;
const OF_AUTHJS = /(?:authjs|next-auth)\.csrf-token$/;

/** Hidden fields of an app's own forms; that of Auth.js is for its own routes. */
const HIDDEN = /<input\b[^>]*\btype=["']?hidden\b[^>]*>/gi;
const fieldTokensIn = (body: string): string[] =>
  [...body.matchAll(HIDDEN)].flatMap(([field]) => {
    const name = /\bname=["']?([\w-]+)/i.exec(field)?.[1] ?? '';
    const value = /\bvalue=["']([^"']+)["']/i.exec(field)?.[1];
    return value && name !== 'csrfToken' && FORGERY_FIELD.test(name) ? [value] : [];
  });
const DATA = /<script[^>]+type="application\/json"[^>]*>([\s\S]*?)<\/script>/gi;

/** The first token in data, however deep, in the head of a page, in its data, or in a form of it. */
export function tokenIn(body: string): string | undefined {
  const find = (value: unknown): string | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [name, inner] of Object.entries(value)) {
      const token = typeof inner === 'string' && FORGERY_TOKEN.test(name) ? inner : find(inner);
      if (token) return token;
    }
    return undefined;
  };
  try {
    return find(JSON.parse(body));
  } catch {
    const data = [...body.matchAll(DATA)].flatMap(([, json = '']) => tokenIn(json.trim()) ?? []);
    const fields = fieldTokensIn(body);
    const meta = /<meta\b[^>]*\bname=["']?[\w-]*(?:csrf|xsrf)[\w-]*["']?[^>]*>/i.exec(body)?.[0];
    return (meta && /\bcontent=["']([^"']+)["']/i.exec(meta)?.[1]) ?? data[0] ?? fields[0];
  }
}

/**
 * Headers that bring the token of this browser along, wherever the app has shown one.
 *
 * @param pages bodies that members saw, by path
 */
export async function forgeryHeaders(
  browser: Pick<Visitor, 'get' | 'agent'>,
  pages: ReadonlyMap<string, string>,
  { app, routes }: Pick<LabDescription, 'app' | 'routes'>,
): Promise<Record<string, string>> {
  const place = [...pages].find(([, body]) => tokenIn(body))?.[0];
  const shown = place && tokenIn((await browser.get(place)).text);
  const keptIn = async () =>
    (await browser.agent.cookies(app.origin)).find(
      ({ key, httpOnly }) => !httpOnly && KEPT.test(key) && !OF_AUTHJS.test(key),
    )?.value;
  const [first] = pages.keys();
  let token = shown ?? (await keptIn());
  if (!token && first !== undefined) {
    // The cookie comes with the first answer.
    await browser.get(first);
    token = await keptIn();
  }
  const names = [...USUAL, ...(routes?.headers ?? []).filter((name) => /csrf|xsrf/i.test(name))];
  return token ? Object.fromEntries(names.map((name) => [name, token])) : {};
}
