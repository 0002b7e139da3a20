/** Requests of our own to a real tenant, or to Twilio: each is written down, redacted, before anybody reads its answer. */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { request as send } from 'undici';
import type { Exchange, Lane, NewExchange } from '../../mocks/journal.ts';
import { createJournal } from '../../mocks/journal.ts';
import { redactText } from '../../mocks/redact.ts';
import { ConformanceError } from '../errors.ts';
import { agentFor } from '../user-agents/certificates.ts';
import { clip } from '../user-agents/clip.ts';

export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json(): unknown;
}

export interface WireRequest {
  method?: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  /** The scope that it is made in, if any. */
  scope?: string;
  /** What it is about, for the journal. */
  facts?: Exchange['facts'];
  /** Milliseconds until the answer must be there (default 20 000). */
  limitMs?: number;
}

export interface Wire {
  /** @throws ConformanceError CONF_ISSUER_SILENT when nobody answers */
  ask(url: string | URL, request?: WireRequest): Promise<WireAnswer>;
}

/** Milliseconds that a tenant on the net may take. */
const LIMIT_MS = 20_000;

/**
 * @param options.to who is asked
 * @param options.add takes each exchange (default: a journal of its own)
 * @param options.file file that each exchange is appended to, one JSON object a line
 */
export function createWire(
  options: { to?: Lane; add?(exchange: NewExchange): Exchange; file?: string; ca?: string } = {},
): Wire {
  const { to = 'issuer', add = createJournal(2_000).add, file, ca } = options;
  if (file) mkdirSync(path.dirname(file), { recursive: true });
  return {
    async ask(
      target,
      { method = 'GET', headers = {}, form, json, scope, facts = {}, limitMs = LIMIT_MS } = {},
    ) {
      const url = new URL(target);
      const body = form
        ? new URLSearchParams(form).toString()
        : json === undefined
          ? undefined
          : JSON.stringify(json);
      const sent: Record<string, string> = {
        accept: 'application/json',
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      };
      const begun = Date.now();
      const note = (status: number | null, answered: Exchange['response']) => {
        const entry = add({
          scope: scope ?? null,
          from: 'harness',
          to,
          at: new Date(begun).toISOString(),
          durationMs: Date.now() - begun,
          method,
          url: url.href,
          status,
          request: { headers: sent, body: form ?? json ?? null },
          response: answered,
          facts,
        });
        if (file) appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      };
      try {
        const response = await send(url, {
          method: method as 'GET',
          headers: sent,
          body,
          dispatcher: agentFor(url, ca),
          signal: AbortSignal.timeout(limitMs),
        });
        const text = await response.body.text();
        const answered = response.headers as Record<string, string | string[]>;
        const parsed = parse(text);
        note(response.statusCode, { headers: answered, body: parsed === undefined ? clip(text) : parsed });
        return { status: response.statusCode, headers: answered, text, json: () => parsed };
      } catch (error) {
        const { code, cause, message, name } = error as Error & { code?: string; cause?: { code?: string } };
        const reason =
          name === 'TimeoutError'
            ? `did not answer within ${limitMs / 1000} s`
            : (code ?? cause?.code ?? message);
        note(null, { headers: {}, body: reason });
        throw silent(method, url, reason, to);
      }
    },
  };
}

const silent = (method: string, url: URL, reason: string, to: Lane) =>
  new ConformanceError({
    code: to === 'carrier' ? 'CONF_CARRIER_SILENT' : 'CONF_ISSUER_SILENT',
    what: `${method} ${redactText(url.origin + url.pathname)} got no answer: ${reason}`,
    expected: `${to === 'carrier' ? 'Twilio' : 'the tenant'} within reach of this machine`,
    remedy:
      'look at the network, the name and the certificate, and run again; what was learned until then is kept.',
  });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
