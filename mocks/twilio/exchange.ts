/** Sends an answer as Twilio would (headers, JSON, XML or CSV), lets it hang, reset or drip, and notes it in the journal. */
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpAnswer } from '../fault.ts';
import type { FaultName } from '../faults.ts';
import { digitsOf } from '../issued.ts';
import type { Journal } from '../journal.ts';
import { fingerprint, registerSecret } from '../redact.ts';
import { SCOPE_HEADER, USAGE_TYPE_HEADER } from '../scope.ts';
import { type Form, one } from './message.ts';
import { type Format, MEDIA_TYPES, represent } from './representations.ts';
import { type Recognised, recognise, type SmsTemplate } from './templates.ts';

export interface SendOptions {
  scope: string | undefined;
  armed?: readonly FaultName[];
  /** Name of the resource, for the journal. */
  resource: string;
  /** How the answer is written (default JSON). */
  format?: Format;
  /** Name of one item in XML. */
  element?: string;
  /** Origin that the caller meant (default https://api.twilio.com). */
  origin?: string;
  /** Which of Twilio's APIs it is, for the journal (default `messages`). */
  endpoint?: 'messages' | 'verify';
  /** Parameters that hold a one-time code. */
  codes?: readonly string[];
}

export type SendAnswer = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: HttpAnswer,
  options: SendOptions,
) => Promise<FastifyReply>;

/** Headers between our own processes; no sender would have written them. */
const OWN_HEADERS = new Set<string>([SCOPE_HEADER, USAGE_TYPE_HEADER]);
/** A header that says what Logto asked the connector for, when the request came from one. */
export const usageTypeOf = (request: FastifyRequest): string | undefined => {
  const header = request.headers[USAGE_TYPE_HEADER];
  return Array.isArray(header) ? header[0] : header;
};

/**
 * A value with the code of its message hidden. The redaction of the journal finds what was registered, which are six
 * characters and more without a blank: not `482 913`, and not `4829`.
 */
function withoutCode<Value>(value: Value, { code, written }: Recognised): Value {
  if (!code || !written || (code === written && code.length >= 6)) return value;
  const mark = `‹one-time code #${fingerprint(code)}›`;
  const hide = (part: unknown, name?: string): unknown => {
    if (typeof part === 'string')
      return name === undefined || /^body$/i.test(name) ? part.replaceAll(written, mark) : part;
    if (Array.isArray(part)) return part.map((item) => hide(item, name));
    if (!part || typeof part !== 'object') return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, hide(item, key)]));
  };
  return hide(value) as Value;
}

/** A form whose codes are hidden by the name of their parameter, however short they are. */
const hideCodes = (form: Form, names: readonly string[]): Form =>
  names.length === 0
    ? form
    : Object.fromEntries(
        Object.entries(form).map(([name, value]) => [
          name,
          names.includes(name) && one(value) ? `‹one-time code #${fingerprint(one(value))}›` : value,
        ]),
      );

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Headers on every answer of the 2010-04-01 API, also on errors (recorded in 2020 and 2023). */
const twilioHeaders = (milliseconds: number, concurrent: number, domain: string): Record<string, string> => ({
  'twilio-concurrent-requests': String(concurrent),
  'twilio-request-id': `RQ${randomBytes(16).toString('hex')}`,
  'twilio-request-duration': (milliseconds / 1000).toFixed(3),
  'x-home-region': 'us1',
  'x-api-domain': domain,
  'x-powered-by': 'AT-5000',
  'x-shenanigans': 'none',
  'strict-transport-security': 'max-age=31536000',
  'access-control-allow-origin': '*',
  'access-control-allow-headers':
    'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Idempotency-Key',
  'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
  'access-control-expose-headers': 'ETag',
  'access-control-allow-credentials': 'true',
});

export function createSender(options: {
  journal: Journal;
  templates: () => readonly SmsTemplate[];
  /** Requests being answered now. */
  concurrent: () => number;
}): SendAnswer {
  const { journal, templates, concurrent } = options;
  return async (request, reply, answer, how) => {
    const { scope, armed = [], resource, format = 'json', element = 'Resource' } = how;
    const { origin = 'https://api.twilio.com', endpoint = 'messages', codes = [] } = how;
    const form = (request.body ?? {}) as Form;
    // Registered before anything is kept: a refused or lost message holds a good code, too.
    const known = recognise(one(form.Body), templates(), usageTypeOf(request));
    registerSecret('one-time code', known.code);
    if (known.code)
      journal.issued.add({
        kind: 'one-time code',
        value: known.code,
        owner: digitsOf(one(form.To) ?? ''),
        scope: scope ?? null,
      });
    const body =
      typeof answer.body === 'string' || answer.body === null
        ? answer.body
        : represent(answer.body as Record<string, unknown>, format, element);
    const connector = /^got /.test(request.headers['user-agent'] ?? '') || SCOPE_HEADER in request.headers;
    const lost = answer.wire === 'hang' || answer.wire === 'reset';
    const error = (answer.body as { code?: number } | null)?.code;
    const headers = {
      ...(body !== null && { 'content-type': MEDIA_TYPES[format] }),
      ...twilioHeaders(reply.elapsedTime, concurrent(), new URL(origin).host),
      ...answer.headers,
    };
    journal.add({
      durationMs: Math.round(reply.elapsedTime),
      scope: scope ?? null,
      from: connector ? 'issuer' : 'app',
      to: 'carrier',
      method: request.method,
      url: `${origin}${request.url}`,
      status: lost ? null : answer.status,
      request: {
        headers: Object.fromEntries(
          Object.entries(request.headers as Record<string, string>).filter(
            ([name]) => !OWN_HEADERS.has(name),
          ),
        ),
        body: withoutCode(hideCodes(form, codes), known),
      },
      response: {
        headers,
        body: lost ? null : withoutCode(format === 'json' ? answer.body : body, known),
      },
      faults: [...armed],
      facts: {
        endpoint,
        resource,
        template: known.template,
        ...(error !== undefined && { error }),
      },
    });
    if (answer.wire === 'hang') return reply.hijack();
    if (answer.wire === 'reset') {
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    }
    reply.code(answer.status).headers(headers);
    // As bytes, for Fastify adds a charset to JSON texts, and Twilio names none (recorded).
    if (answer.wire !== 'slow') return reply.send(body === null ? undefined : Buffer.from(body));
    return drip(reply, body ?? '', answer.slowMs ?? 400);
  };
}

/** Headers at once, then the body in ten pieces over about `totalMs`. */
async function drip(reply: FastifyReply, body: string, totalMs: number): Promise<FastifyReply> {
  const bytes = Buffer.from(body);
  const size = Math.max(1, Math.ceil(bytes.length / 10));
  reply.hijack();
  reply.raw.writeHead(reply.statusCode, { ...reply.getHeaders(), 'content-length': bytes.length } as never);
  for (let at = 0; at < bytes.length && !reply.raw.destroyed; at += size) {
    reply.raw.write(bytes.subarray(at, at + size));
    await sleep(totalMs / 10);
  }
  reply.raw.end();
  return reply;
}
