/**
 * The capture endpoint: what Logto's http-sms connector posts to in the place of a carrier.
 *
 * The connector (@logto/connector-http-sms 0.2.1) posts `{to, type, payload, ip?}` with the `authorization` of its config;
 * any 2xx will do (facts: live.md).
 */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readGivenBytes } from '../../../reports/given-file.ts';
import { ConformanceError } from '../../errors.ts';
import { codeIn, type Deliver, type Received } from './source.ts';

export interface CaptureOptions {
  port: number;
  host: string;
  token: string;
  /** PEM files of a certificate and its key: the endpoint is served by https then. */
  cert?: string;
  key?: string;
  deliver: Deliver;
  /** Answers `GET /code`, for a run in another process. */
  waitFor?(to: string, since: string, waitMs: number): Promise<Received | undefined>;
  /** Told what was refused. */
  refused?(reason: string): void;
}

export interface Capture {
  origin: string;
  close(): Promise<void>;
}

/** Says who listens here. */
export const CAPTURE_SERVICE = 'authjs-conformance capture';

const BODY_MAX = 64 * 1024;
const posted = z.looseObject({
  to: z.string().regex(/^\+?\d{3,20}$/),
  type: z.string().max(64),
  payload: z.looseObject({ code: z.string().max(64).optional(), link: z.string().optional() }),
});
const asked = z.object({
  to: z.string().regex(/^\+?\d{3,20}$/),
  since: z.iso.datetime().default(new Date(0).toISOString()),
  waitMs: z.coerce.number().min(0).max(600_000).default(0),
});

const same = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const isAllowed = ({ headers }: FastifyRequest, token: string) => {
  const given = headers.authorization ?? '';
  return same(given, token) || same(given, `Bearer ${token}`);
};

function tlsOf({ cert, key }: CaptureOptions) {
  if (!cert && !key) return undefined;
  try {
    const pair = { cert: readGivenBytes(String(cert)), key: readGivenBytes(String(key)) };
    createSecureContext(pair);
    return pair;
  } catch (error) {
    throw new ConformanceError({
      code: 'CONF_CAPTURE_TLS',
      what: `the certificate of the capture endpoint could not be read: ${(error as Error).message}`,
      expected: 'two PEM files (live.capture.cert, live.capture.key)',
      remedy: 'correct the paths, or leave both out and put a tunnel with TLS in front.',
    });
  }
}

/**
 * Serves the endpoint.
 *
 * @throws ConformanceError CONF_PORT_TAKEN, CONF_CAPTURE_TLS
 */
export async function startCapture(options: CaptureOptions): Promise<Capture> {
  const { port, host, token, deliver, waitFor, refused = () => {} } = options;
  const https = tlsOf(options);
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: BODY_MAX,
    ...(https && { https }),
  }) as unknown as FastifyInstance<Server>;
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    refused(`${status}: ${message.split('\n')[0]}`);
    return reply.code(status).send({ message });
  });
  app.get('/health', async () => ({ service: CAPTURE_SERVICE }));
  await app.register(async (guarded) => {
    guarded.addHook('onRequest', async (request, reply) => {
      if (isAllowed(request, token)) return;
      refused(
        `401: a request with ${request.headers.authorization ? 'another token' : 'no token'} from ${request.ip}`,
      );
      return reply.code(401).send({ message: 'wrong token' });
    });
    // The operator chooses the path; tunnels add their own.
    guarded.post('/*', async (request) => {
      const { to, type, payload } = posted.parse(request.body);
      deliver({
        id: `CP${randomUUID().replaceAll('-', '')}`,
        to: `+${to.replace(/\D/g, '')}`,
        body: JSON.stringify(payload),
        code: payload.code ?? codeIn(String(payload.link ?? '')),
        usageType: type,
        at: new Date().toISOString(),
      });
      return {};
    });
    guarded.get('/code', async (request, reply) => {
      const { to, since, waitMs } = asked.parse(request.query);
      const found = await waitFor?.(`+${to.replace(/\D/g, '')}`, since, waitMs);
      return (
        found ?? reply.code(408).send({ message: `no message to ${to.slice(0, 4)}… within ${waitMs} ms` })
      );
    });
  });
  await app.listen({ port, host }).catch((error: NodeJS.ErrnoException) => {
    throw new ConformanceError({
      code: error.code === 'EADDRINUSE' ? 'CONF_PORT_TAKEN' : 'CONF_CAPTURE_FAILED',
      what: `the capture endpoint could not be served at ${host}:${port}: ${error.message}`,
      expected: 'a free port that Logto can reach (live.capture.port, --capture-port)',
      remedy:
        'end what listens there; when that is `capture serve` of yours, name it: --capture http://127.0.0.1:3390.',
      key: 'live.capture.port',
    });
  });
  const address = app.server.address();
  const real = typeof address === 'object' && address ? address.port : port;
  return {
    origin: `${https ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${real}`,
    close: () => app.close(),
  };
}
