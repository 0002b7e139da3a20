/** An app that refuses its own sign-in form, because the CSRF cookie was not sent, not kept, or not its own. */
import type { ConformanceErrorParts } from '../errors.ts';
import type { AuthEndpoints } from '../targets/discover.ts';
import type { Visitor } from '../visitor/visitor.ts';

/** How Auth.js says it: `?csrf=true` (next-auth v4, old @auth/core), or MissingCSRF (facts: authjs.md §1). */
export const isCsrfRefusal = (url: URL | undefined): url is URL =>
  url?.searchParams.get('csrf') === 'true' || url?.searchParams.get('error') === 'MissingCSRF';

const nameOf = (setCookie: string) => setCookie.split('=')[0] ?? '';

/**
 * Looks at the cookie that comes with a CSRF token.
 *
 * @param fresh a visitor who has no cookie of the app yet
 * @param url where the app sent the browser that posted the sign-in form
 */
export async function csrfRefused(
  fresh: Visitor,
  url: URL,
  { basePath, origin }: AuthEndpoints,
): Promise<ConformanceErrorParts> {
  const answer = await fresh.agent.hop(fresh.at('/csrf'), { headers: { accept: 'application/json' } });
  const sent = answer.setCookies.filter((line) => /csrf/i.test(nameOf(line)));
  const lines = sent.length ? sent : answer.setCookies;
  const kept = new Set((await fresh.agent.cookies(fresh.at('/signin/x'))).map(({ key }) => key));
  const dropped = lines.find((line) => !kept.has(nameOf(line)));
  const refusal = `the app refused its own sign-in form for want of its CSRF cookie (redirect to ${url.pathname}${url.search})`;
  const common = { code: 'CONF_CSRF_COOKIE', key: 'cookies.csrfToken' };
  if (lines.length === 0) {
    return {
      ...common,
      what: `${refusal}: ${basePath}/csrf gives a token and sets no cookie`,
      expected: `a Set-Cookie header with the answer of ${basePath}/csrf, which binds the token to the browser`,
      remedy:
        'let what stands in front of Auth.js (middleware, adapter, proxy) pass its Set-Cookie headers on.',
    };
  }
  if (dropped) {
    return {
      ...common,
      what: `${refusal}: a browser at ${origin} does not keep, or not send, ${nameOf(dropped)}: ${attributes(dropped)}`,
      expected: `a CSRF cookie that browsers send to ${origin}${basePath}/signin: its Path, Domain and Secure fit that address`,
      remedy:
        'correct path, domain and secure in cookies.csrfToken.options of the Auth.js config (and useSecureCookies), or leave them to Auth.js.',
    };
  }
  return {
    ...common,
    what: `${refusal}, though ${lines.map(nameOf).join(', ')} was set and sent with it`,
    expected:
      'one secret and one name of the CSRF cookie for all routes of Auth.js, and a form that reaches it whole',
    remedy:
      'look for a second Auth.js config with another secret or cookie name, a secret that is made anew at each request, and a body parser in front of Auth.js.',
  };
}

/** The attributes of a Set-Cookie line, without the value. */
const attributes = (line: string) => line.split(';').slice(1).join(';').trim() || 'no attributes';
