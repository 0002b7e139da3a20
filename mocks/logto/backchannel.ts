/** What the issuer sends to apps by itself: back-channel logout, written to the journal, with its faults applied. */
import type { FaultName } from '../faults.ts';
import type { Journal } from '../journal.ts';
import { mayBeAsked } from '../loopback.ts';
import type { Scopes } from '../scope.ts';
import { asking } from './provider.ts';
import type { IdTokenSigner } from './sign-id-token.ts';

export interface BackchannelOptions {
  issuer: string;
  journal: Journal;
  scopes: Scopes;
  sign: IdTokenSigner;
  /** Hosts beside this machine that may be asked (mocks/loopback.ts). */
  allowed: ReadonlySet<string>;
}

type Fetch = (url: URL | string, options: RequestInit) => Promise<Response>;

const clientIn = (token: string): string => {
  try {
    return String(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')).aud);
  } catch {
    return '';
  }
};

/** The fetch that the engine uses for its own requests. */
export function backchannelFetch({ issuer, journal, scopes, sign, allowed }: BackchannelOptions): Fetch {
  return async (url, options) => {
    const form = new URLSearchParams(String(options.body ?? ''));
    const token = form.get('logout_token');
    const refused = mayBeAsked(url, allowed)
      ? undefined
      : new Error(`the mock asks this machine only, not ${new URL(url).host}; allow it with allowHosts`);
    if (!token) {
      if (refused) throw refused;
      return fetch(url, { ...options, redirect: 'manual' });
    }
    const scope = asking.getStore()?.scope;
    const clientId = clientIn(token);
    const names: FaultName[] = scopes.armed('logout-token', scope);
    if (names.length) {
      const now = Math.floor(Date.now() / 1000);
      form.set('logout_token', await sign(token, names, { issuer, clientId, redirectUri: '', now }));
    }
    const began = performance.now();
    const at = new Date().toISOString();
    // The engine's dispatcher bars loopback addresses, where the apps under test live.
    const sent = { ...options, dispatcher: undefined, redirect: 'manual' as const, body: form.toString() };
    const answer = refused ?? (await fetch(url, sent).catch((error: Error) => error));
    const failed = answer instanceof Error;
    journal.add({
      at,
      durationMs: performance.now() - began,
      scope: scope ?? null,
      from: 'issuer',
      to: 'app',
      method: 'POST',
      url: String(url),
      status: failed ? null : answer.status,
      request: {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Object.fromEntries(form),
      },
      response: { headers: failed ? {} : Object.fromEntries(answer.headers), body: null },
      faults: names,
      facts: { endpoint: 'backchannel-logout', clientId },
    });
    if (failed) throw answer;
    return answer;
  };
}
