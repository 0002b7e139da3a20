/** A carrier that takes whatever a connector sends, remembers it, and answers as it is told. */
import Fastify, { type FastifyReply } from 'fastify';
import type { HttpAnswer } from '../fault.ts';
import { ORIGIN_HEADER } from '../logto/connector.ts';
import { type Field, fieldsOf } from './fields.ts';

/** A request as the connector made it, with the address that it asked. */
export interface CapturedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  fields: Field[];
}

export interface CarrierMock {
  origin: string;
  /** What was sent, oldest first. */
  requests: CapturedRequest[];
  /** Says how the next requests are answered; `position` counts them from 1. */
  answerWith(answer: (request: CapturedRequest, position: number) => HttpAnswer): void;
  close(): Promise<void>;
}

const BODY_LIMIT = 1_048_576;
const KEPT = 1_000;
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Starts a generic carrier.
 *
 * @param options.answer how requests are answered until `answerWith` is called (default: 200 with `{}`)
 */
export async function startCarrier(
  options: { host?: string; port?: number; answer?: (request: CapturedRequest) => HttpAnswer } = {},
): Promise<CarrierMock> {
  const { host = '127.0.0.1', port = 0 } = options;
  let answer: Parameters<CarrierMock['answerWith']>[0] =
    options.answer ?? (() => ({ status: 200, headers: {}, body: {} }));
  let position = 0;
  const requests: CapturedRequest[] = [];
  const app = Fastify({ forceCloseConnections: true, bodyLimit: BODY_LIMIT });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('*', async (incoming, reply) => {
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        value === undefined || name === ORIGIN_HEADER ? [] : [[name, String(value)]],
      ),
    );
    const asked = String(incoming.headers[ORIGIN_HEADER] ?? `http://${incoming.headers.host}`);
    const url = new URL(incoming.url, asked).href;
    const body = typeof incoming.body === 'string' ? incoming.body : '';
    const request = { method: incoming.method, url, headers, body, fields: fieldsOf({ url, headers, body }) };
    requests.push(request);
    if (requests.length > KEPT) requests.shift();
    position += 1;
    return send(reply, answer(request, position));
  });
  await app.listen({ host, port });
  const address = app.server.address();
  return {
    origin: `http://${host}:${typeof address === 'object' && address ? address.port : port}`,
    requests,
    answerWith(next) {
      answer = next;
      position = 0;
    },
    close: () => app.close(),
  };
}

async function send(reply: FastifyReply, answer: HttpAnswer): Promise<FastifyReply> {
  if (answer.wire === 'hang') return reply.hijack();
  if (answer.wire === 'reset') {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
    return reply;
  }
  if (answer.wire === 'slow') await sleep(answer.slowMs ?? 400);
  const json = answer.body !== null && typeof answer.body === 'object';
  return reply
    .code(answer.status)
    .headers({ ...(json && { 'content-type': 'application/json' }), ...answer.headers })
    .send(json ? JSON.stringify(answer.body) : (answer.body as string | null));
}
