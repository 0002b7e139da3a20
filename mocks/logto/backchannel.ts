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

/** A logout token on its way. */
interface Sending {
  url: URL | string;
  options: RequestInit;
  form: URLSearchParams;
  names: FaultName[];
  clientId: string;
}

/** As many scopes are remembered; a long run has thousands. */
const REMEMBERED_MAX = 200;

export interface Backchannel {
  /** The fetch that the engine uses for its own requests. */
  fetch: Fetch;
  /**
   * Sends the last logout token of a scope once more, as it was: what came to a log, or was caught on the way.
   *
   * @returns the status of the app; undefined when the scope had none
   */
  again(scope: string): Promise<number | undefined>;
}

/** What the issuer sends by itself. */
export function createBackchannel({
  issuer,
  journal,
  scopes,
  sign,
  allowed,
}: BackchannelOptions): Backchannel {
  const last = new Map<string, Sending>();
  const remember = (scope: string | undefined, sending: Sending) => {
    if (!scope) return;
    last.delete(scope);
    last.set(scope, sending);
    for (const oldest of last.keys()) {
      if (last.size <= REMEMBERED_MAX) break;
      last.delete(oldest);
    }
  };
  async function send({ url, options, form, names, clientId }: Sending, scope: string | undefined) {
    const refused = mayBeAsked(url, allowed) ? undefined : notAsked(url);
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
  }
  return {
    async fetch(url, options) {
      const form = new URLSearchParams(String(options.body ?? ''));
      const token = form.get('logout_token');
      if (!token) {
        if (!mayBeAsked(url, allowed)) throw notAsked(url);
        return fetch(url, { ...options, redirect: 'manual' });
      }
      const scope = asking.getStore()?.scope;
      const clientId = clientIn(token);
      const names: FaultName[] = scopes.armed('logout-token', scope);
      if (names.length) {
        const now = Math.floor(Date.now() / 1000);
        form.set('logout_token', await sign(token, names, { issuer, clientId, redirectUri: '', now }));
      }
      const sending = { url, options: { ...options, signal: undefined }, form, names, clientId };
      remember(scope, sending);
      return send({ ...sending, options }, scope);
    },
    async again(scope) {
      const sending = last.get(scope);
      return sending && (await send(sending, scope)).status;
    },
  };
}

const notAsked = (url: URL | string) =>
  new Error(`the mock asks this machine only, not ${new URL(url).host}; allow it with allowHosts`);
