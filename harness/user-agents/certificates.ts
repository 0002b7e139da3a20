/** Whose certificates are taken: on this machine any, elsewhere those of known authorities and of `target.ca`. */
import { X509Certificate } from 'node:crypto';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { Agent } from 'undici';
import { readGiven } from '../../reports/given-file.ts';
import type { Config } from '../config/config.ts';
import { ConformanceError, type ConformanceErrorParts } from '../errors.ts';
import { isLocalhost, lookup } from './loopback.ts';

/** Whether a host is this machine, by its name alone (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export const isLoopback = (hostname: string): boolean =>
  isLocalhost(hostname) || /^127(\.\d+){3}$|^\[::1\]$/.test(hostname);

/** Nobody sits between us and an app of this machine; with an authority given, even that one is held to it. */
export const takesAnyCertificate = (url: URL | string, ca: string | undefined): boolean =>
  !ca && isLoopback(new URL(url).hostname);

const agents = new Map<string, Agent>();

/**
 * The connections of the user agent without a browser.
 *
 * @param ca PEM text of an authority that is trusted next to the known ones
 */
export function agentFor(url: URL | string, ca?: string): Agent {
  const any = takesAnyCertificate(url, ca);
  const key = any ? 'any' : (ca ?? '');
  const agent =
    agents.get(key) ??
    new Agent({
      // Large sessions come in more than 16 KB of headers.
      maxHeaderSize: 1_048_576,
      connections: 64,
      bodyTimeout: 0,
      headersTimeout: 0,
      connect: {
        lookup,
        ...(any ? { rejectUnauthorized: false } : ca ? { ca: [...rootCertificates, ca] } : {}),
      },
    });
  agents.set(key, agent);
  return agent;
}

/** Reads `target.ca`; throws CONF_CA_UNREADABLE. */
export function readCa({ target }: Config, folder: string): string | undefined {
  if (!target.ca) return undefined;
  const file = path.resolve(folder, target.ca);
  try {
    const text = readGiven(file);
    new X509Certificate(text);
    return text;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_CA_UNREADABLE',
      key: 'target.ca',
      what: `the certificate authority ${target.ca} could not be read: ${(error as Error).message}`,
      expected: 'a PEM file (-----BEGIN CERTIFICATE-----) (target.ca)',
      remedy: 'correct the path, or convert the certificate: openssl x509 -inform der -in FILE -out ca.pem',
    });
  }
}

/** What to say of a connection that failed because of the certificate; undefined for all other reasons. */
export function certificateTrouble(url: string, code: string | undefined): ConformanceErrorParts | undefined {
  if (!code || !/^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code)) return undefined;
  return {
    code: 'CONF_TARGET_CERTIFICATE',
    key: 'target.ca',
    what: `the certificate of ${url} is not to be trusted (${code})`,
    expected:
      'a certificate for that host by a known authority, or by the one in target.ca; only localhost may have any',
    remedy:
      'set target.ca to the PEM file of the authority that signed it, or call the app by a name that the certificate is for.',
  };
}
