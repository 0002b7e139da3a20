/** Names of this machine mean both of its loopback addresses (RFC 6761 §6.3), whatever the hosts file has of them. */
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

const ADDRESSES = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Whether a host name is one of this machine's. */
export const isLocalhost = (hostname: string): boolean => /^(.+\.)?localhost\.?$/i.test(hostname);

/** For `net.connect`, which tries all that it is given, one after the other. */
export const lookup: LookupFunction = (hostname, options, callback) => {
  if (!isLocalhost(hostname)) return systemLookup(hostname, options, callback as never);
  const { all, family } = options;
  const found = ADDRESSES.filter(
    (each) => !family || family === each.family || family === `IPv${each.family}`,
  );
  if (all) callback(null, found);
  else callback(null, found[0]?.address ?? '::1', found[0]?.family ?? 6);
};
