/**
 * Who may ask the mocks, and whom they may ask: this machine, a container its machine, and what was named.
 *
 * A page of another site reaches a server of this machine by a host name that its owner points here (DNS rebinding). Such a
 * name has a dot in it; addresses, and names without one, cannot be pointed anywhere from outside.
 */
import { isIP } from 'node:net';

const CONTAINER_HOSTS = /^host\.(containers|docker|testcontainers)\.internal$/;

/** Hosts by which a machine reaches itself, or a container its machine: pages that show secrets answer no others. */
export const LOOPBACK =
  /^(localhost|127\.0\.0\.1|\[::1\]|host\.containers\.internal|host\.docker\.internal|host\.testcontainers\.internal)(:\d+)?$/;

/** The host of a Host header or URL without its port, brackets and last dot. */
const nameIn = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

/** Host names as they are compared, from names, hosts with ports, or URLs. */
export const hostsIn = (given: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(
    given.flatMap((text) =>
      text ? [nameIn(text.includes('://') && URL.canParse(text) ? new URL(text).host : text)] : [],
    ),
  );

/**
 * Whether a mock answers a request with this Host header.
 *
 * @param allowed names besides; see {@link hostsIn}
 */
export function mayAsk(header: string | undefined, allowed: ReadonlySet<string>): boolean {
  const name = nameIn(header ?? '');
  return (
    !name.includes('.') ||
    isIP(name) !== 0 ||
    name.endsWith('.localhost') ||
    CONTAINER_HOSTS.test(name) ||
    allowed.has(name)
  );
}

/**
 * Whether a mock sends a request of its own there: an app can name any address for status callbacks and logout tokens, and
 * what is asked from here may be a neighbour that trusts this machine (OWASP, Server-Side Request Forgery).
 *
 * @param allowed names besides; see {@link hostsIn}
 */
export function mayBeAsked(url: URL | string, allowed: ReadonlySet<string>): boolean {
  const { protocol, host } = new URL(url);
  const name = nameIn(host);
  return (
    /^https?:$/.test(protocol) &&
    (name === 'localhost' ||
      name.endsWith('.localhost') ||
      /^127(\.\d+){3}$|^::1$/.test(name) ||
      CONTAINER_HOSTS.test(name) ||
      allowed.has(name))
  );
}
