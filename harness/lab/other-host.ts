/** Two apps on this machine, each by a host of its own, as one real browser must see them. */
import type { AuthEndpoints } from '../targets/discover.ts';
import { postLogoutAddresses } from '../targets/post-logout.ts';
import { isLoopback } from '../user-agents/certificates.ts';

/** A name below localhost is this machine (RFC 6761 §6.3). */
const OTHER_HOST = 'also.localhost';

/**
 * The address of an app by another name of this machine. A browser keeps one cookie jar for a host, whatever the port
 * (RFC 6265 §8.5): two apps on localhost would overwrite each other's cookies, as two hosts never do.
 *
 * @returns the same address where the app is on another machine
 */
export function otherHostOf(address: string): string {
  const url = new URL(address);
  if (!isLoopback(url.hostname)) return address;
  url.hostname = OTHER_HOST;
  return address.endsWith('/') ? url.href : url.href.replace(/\/$/, '');
}

/**
 * What an app is registered with at the tenant.
 *
 * @param isOneOfTwo it is visited by its other name, too
 * @param signedOut paths of `pages.signedOut`
 */
export function addressesOf(
  { origin, callbackUrl }: Pick<AuthEndpoints, 'origin' | 'callbackUrl'>,
  isOneOfTwo: boolean,
  signedOut?: readonly string[],
): { redirectUris: string[]; postLogoutRedirectUris: string[] } {
  const named = (addresses: string[]) =>
    isOneOfTwo ? [...new Set([...addresses, ...addresses.map(otherHostOf)])] : addresses;
  return {
    redirectUris: named([callbackUrl]),
    postLogoutRedirectUris: named(postLogoutAddresses(origin, signedOut)),
  };
}
