/**
 * The webhooks of a tenant, and what was sent to them (packages/core libraries/hook).
 *
 * A delivery is one POST of JSON with the header `logto-signature-sha-256`, the HMAC-SHA256 of the body under the hook's
 * signing key, in hexadecimal. It is tried once: Logto hands `retries` to ky, which retries no POST (measured with ky 1.14.3).
 * Nothing is sent to other machines: a hook for one is logged as failed.
 */
import { createHmac } from 'node:crypto';
import type { Journal } from '../../journal.ts';
import { LOOPBACK } from '../../loopback.ts';
import { registerSecret } from '../../redact.ts';
import { newId, type Tenant } from '../tenant.ts';
import type { HookEvent } from './events.ts';

export interface HookConfig {
  url: string;
  headers?: Record<string, string>;
  retries?: number;
}

export interface Hook {
  id: string;
  name: string;
  /** The one event of hooks that were made before there was a list; counts while the list is empty. */
  event: HookEvent | null;
  events: HookEvent[];
  config: HookConfig;
  signingKey: string;
  enabled: boolean;
  createdAt: number;
}

export interface HookLog {
  id: string;
  key: string;
  payload: { result: 'Success' | 'Error'; hookId: string } & Record<string, unknown>;
  createdAt: number;
}

/** What an event says; members that are undefined are not sent. */
export type HookPayload = { event: HookEvent; createdAt: string } & Record<string, unknown>;

interface Webhooks {
  hooks: Hook[];
  /** Newest last, bounded. */
  logs: HookLog[];
}

const LOGS_MAX = 5000;
const TIMEOUT_MS = 10_000;
const kept = new WeakMap<Tenant, Webhooks>();

/** Webhooks of a tenant; the arrays may be changed. */
export function webhooksOf(tenant: Tenant): Webhooks {
  const known = kept.get(tenant) ?? { hooks: [], logs: [] };
  kept.set(tenant, known);
  return known;
}

export function newSigningKey(): string {
  const key = newId.secret();
  registerSecret('webhook signing key', key);
  return key;
}

const listens = ({ enabled, event, events }: Hook, wanted: HookEvent) =>
  enabled && (events.length > 0 ? events.includes(wanted) : event === wanted);

/** An endpoint that answered with an error. */
export class EndpointError extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, statusText: string, body: string, url: string) {
    super(`Request failed with status code ${status} ${statusText}: POST ${url}`);
    this.name = 'HTTPError';
    this.status = status;
    this.body = body;
  }
}

/**
 * Sends one delivery.
 *
 * @returns status and body of the endpoint
 * @throws EndpointError for a status that is no success; TypeError for an address that is none, or of another machine
 */
export async function send(
  { url, headers }: HookConfig,
  payload: object,
  signingKey: string,
): Promise<{ status: number; body: string }> {
  if (!URL.canParse(url)) throw new TypeError(`Failed to parse URL from ${url}`);
  if (!LOOPBACK.test(new URL(url).host))
    throw new TypeError(`the mock sends webhooks to this machine only, not to ${new URL(url).host}`);
  const body = JSON.stringify(payload);
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'user-agent': 'Logto (https://logto.io/)',
      'content-type': 'application/json',
      accept: 'application/json, text/*, */*',
      ...headers,
      ...(signingKey && {
        'logto-signature-sha-256': createHmac('sha256', signingKey).update(body).digest('hex'),
      }),
    },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new EndpointError(answer.status, answer.statusText, text, url);
  return { status: answer.status, body: text };
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};
const responseOf = ({ status, body }: { status: number; body: string }) => ({
  statusCode: status,
  body: parsed(body),
});

async function deliver(tenant: Tenant, journal: Journal, hook: Hook, payload: HookPayload): Promise<void> {
  const json = { ...payload, hookId: hook.id };
  const began = performance.now();
  const at = new Date();
  const outcome = await send(hook.config, json, hook.signingKey).catch((error: Error) => error);
  const failed = outcome instanceof Error;
  const answered = outcome instanceof EndpointError || !failed ? responseOf(outcome) : undefined;
  const { logs } = webhooksOf(tenant);
  const key = `TriggerHook.${payload.event}`;
  logs.push({
    id: newId.entity(),
    key,
    payload: {
      key,
      result: failed ? 'Error' : 'Success',
      hookId: hook.id,
      hookRequest: { body: json },
      ...(answered && { response: answered }),
      ...(failed && { error: String(outcome) }),
    },
    createdAt: Date.now(),
  });
  if (logs.length > LOGS_MAX) logs.shift();
  journal.add({
    at: at.toISOString(),
    durationMs: performance.now() - began,
    scope: null,
    from: 'issuer',
    to: 'app',
    method: 'POST',
    url: hook.config.url,
    status: answered?.statusCode ?? null,
    request: { headers: { 'content-type': 'application/json' }, body: json },
    response: { headers: {}, body: null },
    facts: { endpoint: 'webhook', event: payload.event },
  });
}

const going = new WeakMap<Tenant, Set<Promise<void>>>();

/** Sends an event to every hook that listens to it; nobody waits for it, and no failure comes back. */
export function trigger(tenant: Tenant, journal: Journal, payload: HookPayload): void {
  const open = going.get(tenant) ?? new Set();
  going.set(tenant, open);
  for (const hook of webhooksOf(tenant).hooks.filter((one) => listens(one, payload.event))) {
    const sent = deliver(tenant, journal, hook, payload).finally(() => open.delete(sent));
    open.add(sent);
  }
}

/** Waits until everything that was triggered so far is delivered or given up. */
export const delivered = async (tenant: Tenant): Promise<void> =>
  void (await Promise.allSettled([...(going.get(tenant) ?? [])]));
