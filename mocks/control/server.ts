/**
 * The control server: how tests, the harness and people steer the mocks and read what they saw.
 *
 * Its own port, so that no path of Logto or Twilio is ever shadowed. It answers loopback hosts only, nothing that a page of
 * another site sent, and changes nothing, nor gives a true value away, without the token of its run.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LOOPBACK } from '../loopback.ts';
import { registerSecret } from '../redact.ts';
import { openApi } from './openapi.ts';
import type { ControlContext, ControlRoute } from './route.ts';
import { controlRoutes } from './routes.ts';
import { secondRoutes } from './second-routes.ts';

export interface ControlOptions extends ControlContext {
  host: string;
  port: number;
  /** Adds routes of the harness, before the server listens. */
  extend?(app: FastifyInstance): void;
  /** Puts other routes in the place of those with the same method and path, or beside them. */
  replace?: readonly ControlRoute[];
}

/** Header with the token of the run. */
export const TOKEN_HEADER = 'x-conformance-token';

/** Routes that change nothing, and yet are for the harness alone: they tell what nobody else may know. */
const SECRET_PATHS = /^\/(issued|target\/raw-log)(\?|$)/;

/** Bytes that may wait for the reader of a stream; a hundred exchanges with long bodies are less. */
const STREAM_MAX = 16 * 1_048_576;
const BODY_LIMIT = 1_048_576;

interface Refusal {
  status: 401 | 403 | 415 | 421;
  message: string;
}

/** Why a request is not answered; undefined when it is. */
function refusalOf({ method, url, headers }: FastifyRequest, token: Buffer): Refusal | undefined {
  if (!LOOPBACK.test(headers.host ?? ''))
    return { status: 421, message: 'the control server answers loopback hosts only' };
  // Fetch Metadata §2.3: a browser says where a request comes from; others say nothing.
  const site = headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  const looks = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  const other = headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
  if (other || (foreign && !looks))
    return { status: 403, message: 'the control server answers no page of another site' };
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && !SECRET_PATHS.test(url)) return undefined;
  const given = Buffer.from(String(headers[TOKEN_HEADER] ?? ''));
  if (given.length !== token.length || !timingSafeEqual(given, token))
    return {
      status: 401,
      message: `this needs the token of the run in the header ${TOKEN_HEADER}: use mocks.client, or what \`npx authjs-conformance mocks\` prints`,
    };
  const type = headers['content-type'];
  if (type !== undefined && !/^application\/json\s*(;|$)/i.test(type))
    return { status: 415, message: 'the control server reads JSON only' };
  return undefined;
}

/** Paths of this server; a stream has no end. */
const severalSchema = z
  .array(
    z
      .string()
      .regex(/^\/(?!\/|journal\/stream)/, 'a path of the control server that ends')
      .max(2_000),
  )
  .min(1)
  .max(1_000);

/**
 * `POST /several` with a list of paths answers what `GET` of each would, in their order: `[{ "status": 200, "body": … }]`.
 * What a check leaves behind is asked for in one request, where it took four.
 */
function answerSeveral(app: FastifyInstance): void {
  app.post('/several', async ({ body, headers }, reply) => {
    const { host, [TOKEN_HEADER]: token } = headers;
    const answers = await Promise.all(
      severalSchema
        .parse(body)
        .map((url) =>
          app.inject({ method: 'GET', url, headers: { host, ...(token && { [TOKEN_HEADER]: token }) } }),
        ),
    );
    // What a route wrote is put in as it stands: it is JSON, unless it is a page.
    const parts = answers.map(
      ({ statusCode, payload, headers: sent }) =>
        `{"status":${statusCode},"body":${/json/.test(String(sent['content-type'])) ? payload : JSON.stringify(payload)}}`,
    );
    return reply.type('application/json; charset=utf-8').send(`[${parts.join()}]`);
  });
}

const page = (name: string) => readFileSync(new URL(`../dashboard/${name}`, import.meta.url), 'utf8');

export interface ControlServer {
  origin: string;
  token: string;
  app: FastifyInstance;
  /** Every route that it answers, for those who ask all of them. */
  routes: readonly { method: string; url: string }[];
}

/** @returns the server, listening, its origin, and the token that it wants for what changes something */
export async function startControl(options: ControlOptions): Promise<ControlServer> {
  const { journal } = options;
  const token = randomBytes(24).toString('base64url');
  registerSecret('control token', token);
  const wanted = Buffer.from(token);
  const app = Fastify({ forceCloseConnections: true, bodyLimit: BODY_LIMIT });
  const served: { method: string; url: string }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) served.push({ method: each, url });
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-conformance-mock', 'control');
    const refusal = refusalOf(request, wanted);
    if (refusal) return reply.code(refusal.status).send({ message: refusal.message });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const wrongInput = error instanceof z.ZodError;
    // A row that its table refuses (@msw/data): its message holds the whole row, which is not to be told.
    if (/^Failed to (create|update)\b.*\brecord\b/.test(error.message))
      return reply.code(400).send({ message: 'a member has a type that Logto has not for it' });
    return reply
      .code(wrongInput ? 400 : (error.statusCode ?? 500))
      .send({ message: wrongInput ? z.prettifyError(error) : error.message });
  });

  const replaced = options.replace ?? [];
  const routes = [
    ...[...controlRoutes(options), ...secondRoutes(options)].filter(
      ({ method, path }) => !replaced.some((other) => other.method === method && other.path === path),
    ),
    ...replaced,
  ];
  for (const { method, path, body, query, run } of routes) {
    app.route({
      method,
      url: path,
      handler: async (request) =>
        run({
          params: request.params as Record<string, string>,
          body: (body ? body.parse(request.body ?? {}) : request.body) as never,
          query: (query ? query.parse(request.query) : request.query) as never,
        }),
    });
  }
  answerSeveral(app);
  const description = openApi(routes);
  app.get('/openapi.json', async () => description);
  app.get('/journal/stream', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    reply.raw.flushHeaders();
    // A reader that is too slow is let go, rather than kept in memory; it connects again.
    const write = (entry: { seq: number }) =>
      reply.raw.writableLength > STREAM_MAX
        ? reply.raw.destroy()
        : reply.raw.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
    for (const entry of journal.query({ since: Math.max(0, journal.position - 100) })) write(entry);
    const stop = journal.subscribe(write);
    request.raw.once('close', stop);
    reply.raw.once('close', stop);
  });
  for (const [path, file, type] of [
    ['/', 'index.html', 'text/html'],
    ['/dashboard.css', 'dashboard.css', 'text/css'],
    ['/dashboard.js', 'dashboard.js', 'text/javascript'],
  ] as const) {
    app.get(path, (_request, reply) =>
      reply
        .type(`${type}; charset=utf-8`)
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:",
        )
        .send(page(file)),
    );
  }
  options.extend?.(app);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return { origin: `http://${options.host}:${port}`, token, app, routes: served };
}
