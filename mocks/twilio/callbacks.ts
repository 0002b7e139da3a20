/**
 * Status callbacks: signed, one after the other for each message, tried again as Twilio documents it
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Journal } from '../journal.ts';
import { mayBeAsked } from '../loopback.ts';
import { one, type StoredMessage } from './message.ts';
import { signCallback } from './signature.ts';

export interface Callbacks {
  /** Queues the callback of the message's present status, when anybody wants it. */
  notify(message: StoredMessage): void;
  /** Resolves when every queued callback was sent or given up. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What may be set in the fragment of a callback's address, with Twilio's defaults; times in milliseconds. */
export interface ConnectionSettings {
  retries: number;
  /** When it is tried again: no connection, no answer in time, a 4xx or a 5xx. */
  policies: Set<string>;
  connectMs: number;
  readMs: number;
  totalMs: number;
}

/** @param url address with a fragment such as `#rc=2&rp=5xx,ct`; values out of range are the defaults */
export function connectionSettings(url: string): ConnectionSettings {
  const given = new URLSearchParams(new URL(url).hash.slice(1));
  const within = (name: string, usual: number, least: number, most: number) => {
    const value = given.get(name);
    const number = Number(value);
    return value !== null && Number.isInteger(number) && number >= least && number <= most ? number : usual;
  };
  return {
    retries: within('rc', 1, 0, 5),
    policies: new Set((given.get('rp') ?? 'ct').split(',')),
    connectMs: within('ct', 5000, 100, 10_000),
    readMs: within('rt', 15_000, 100, 15_000),
    totalMs: within('tt', 15_000, 100, 15_000),
  };
}

/** The parameters of a callback, all of them strings. */
export function callbackParameters({ resource }: StoredMessage): Record<string, string> {
  const ended = resource.status === 'delivered' || resource.status === 'undelivered';
  return {
    MessageSid: resource.sid,
    SmsSid: resource.sid,
    AccountSid: resource.account_sid,
    From: resource.from ?? '',
    To: resource.to,
    MessageStatus: resource.status,
    SmsStatus: resource.status,
    ApiVersion: resource.api_version,
    ...(resource.messaging_service_sid && { MessagingServiceSid: resource.messaging_service_sid }),
    ...(resource.error_code !== null && { ErrorCode: String(resource.error_code) }),
    ...(ended && {
      RawDlrDoneDate: new Date(resource.date_updated).toISOString().replace(/\D/g, '').slice(2, 12),
    }),
  };
}

const CONNECT_ERRORS = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Agents kept, one for each limit to connect that an address asked for. */
const AGENTS_MAX = 16;

/** @param options.allowed hosts beside this machine that may be asked (mocks/loopback.ts) */
export function createCallbacks({
  journal,
  allowed = new Set(),
}: {
  journal: Journal;
  allowed?: ReadonlySet<string>;
}): Callbacks {
  const agents = new Map<number, Agent>();
  const agentFor = (connectMs: number) => {
    const agent = agents.get(connectMs) ?? new Agent({ connections: 20, connect: { timeout: connectMs } });
    agents.set(connectMs, agent);
    if (agents.size > AGENTS_MAX) {
      const [oldest, idle] = agents.entries().next().value as [number, Agent];
      agents.delete(oldest);
      // What it still carries ends first.
      void idle.close();
    }
    return agent;
  };
  /** The end of each message's queue, so that its callbacks arrive in order. */
  const queues = new Map<string, Promise<void>>();
  const closing = new AbortController();

  async function attempt(
    url: string,
    body: string,
    headers: Record<string, string>,
    set: ConnectionSettings,
  ) {
    if (!mayBeAsked(url, allowed)) {
      const text = 'not sent: the mock asks this machine only; allow the host with allowHosts';
      return { status: null, headers: {}, text, again: undefined };
    }
    try {
      const answer = await request(url, {
        method: 'POST',
        headers,
        body,
        dispatcher: agentFor(set.connectMs),
        headersTimeout: set.readMs,
        bodyTimeout: set.readMs,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(set.totalMs)]),
      });
      const text = await answer.body.text();
      const again = answer.statusCode >= 500 ? '5xx' : answer.statusCode >= 400 ? '4xx' : undefined;
      return { status: answer.statusCode, headers: answer.headers, text, again };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
      return { status: null, headers: {}, text: code, again: CONNECT_ERRORS.has(code) ? 'ct' : 'rt' };
    }
  }

  async function send(configured: string, message: StoredMessage, parameters: Record<string, string>) {
    const set = connectionSettings(configured);
    const url = configured.split('#')[0] as string;
    const headers = {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'user-agent': 'TwilioProxy/1.1',
      accept: '*/*',
      'i-twilio-idempotency-token': randomUUID(),
      'x-twilio-signature': signCallback(message.account.authToken, url, parameters),
    };
    const body = new URLSearchParams(parameters).toString();
    for (let tries = 0; tries <= set.retries && !closing.signal.aborted; tries++) {
      const begun = Date.now();
      const answer = await attempt(url, body, headers, set);
      journal.add({
        at: new Date(begun).toISOString(),
        durationMs: Date.now() - begun,
        scope: message.scope ?? null,
        from: 'carrier',
        to: 'app',
        method: 'POST',
        url,
        status: answer.status,
        request: { headers, body: parameters },
        response: { headers: answer.headers as Record<string, string | string[]>, body: answer.text },
        facts: {
          endpoint: 'status-callback',
          messageStatus: parameters.MessageStatus ?? null,
          attempt: tries + 1,
          ...(answer.status === null && { error: answer.text }),
        },
      });
      if (!answer.again || !(set.policies.has(answer.again) || set.policies.has('all'))) return;
    }
  }

  return {
    notify(message) {
      const url = one(message.form.StatusCallback) || message.account.statusCallback;
      if (!url || !URL.canParse(url)) return;
      const { sid } = message.resource;
      const parameters = callbackParameters(message);
      const sent = (queues.get(sid) ?? Promise.resolve()).then(() => send(url, message, parameters));
      const settled = sent.finally(() => {
        if (queues.get(sid) === settled) queues.delete(sid);
      });
      queues.set(sid, settled);
    },
    async settled() {
      while (queues.size) await Promise.all(queues.values());
    },
    async close() {
      closing.abort();
      await Promise.all(queues.values());
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}
