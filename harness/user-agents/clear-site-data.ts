/** Clear-Site-Data (W3C Working Draft, https://www.w3.org/TR/clear-site-data/), as far as a user agent without a browser has data. */
import type { CookieJar } from 'tough-cookie';

/** Browsers take it from origins alone that are trustworthy (§4.1); `localhost` is one (W3C Secure Contexts §3.1). */
const isTrustworthy = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' ||
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  /^127\.|^\[::1\]$/.test(hostname);

/** Whether an answer asks for the cookies of its site to be forgotten. */
export const clearsCookies = (url: URL, headers: Record<string, string | string[]>): boolean =>
  isTrustworthy(url) && /"(?:cookies|\*)"/.test([headers['clear-site-data'] ?? ''].flat().join());

/** Forgets the cookies that a request to this address would be sent with, whatever their path. */
export async function forgetCookies(jar: CookieJar, { hostname }: URL): Promise<void> {
  for (const { domain, path, key } of await jar.store.getAllCookies())
    if (domain && (hostname === domain || hostname.endsWith(`.${domain}`)))
      await jar.store.removeCookie(domain, path ?? '/', key);
}
