/**
 * The control server: how tests, the harness and people steer the mocks and read what they saw.
 *
 * Its own port, so that no path of Logto or Twilio is ever shadowed. It answers loopback hosts only.
 */
import { readFileSync } from 'node:fs';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type ControlContext, type ControlRoute, controlRoutes } from './control-routes.ts';
import { LOOPBACK } from './loopback.ts';
import { openApi } from './openapi.ts';

export interface ControlOptions extends ControlContext {
  host: string;
  port: number;
  /** Adds routes of the harness, before the server listens. */
  extend?(app: FastifyInstance): void;
  /** Puts other routes in the place of those with the same method and path, or beside them. */
  replace?: readonly ControlRoute[];
}

const page = (name: string) => readFileSync(new URL(`dashboard/${name}`, import.meta.url), 'utf8');

/** @returns the server, listening, and its origin */
export async function startControl(
  options: ControlOptions,
): Promise<{ origin: string; app: FastifyInstance }> {
  const { journal } = options;
  const app = Fastify({ forceCloseConnections: true });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-conformance-mock', 'control');
    if (!LOOPBACK.test(request.headers.host ?? ''))
      return reply.code(421).send({ message: 'the control server answers loopback hosts only' });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const wrongInput = error instanceof z.ZodError;
    return reply
      .code(wrongInput ? 400 : (error.statusCode ?? 500))
      .send({ message: wrongInput ? z.prettifyError(error) : error.message });
  });

  const replaced = options.replace ?? [];
  const routes = [
    ...controlRoutes(options).filter(
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
  const description = openApi(routes);
  app.get('/openapi.json', async () => description);
  app.get('/journal/stream', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const write = (entry: { seq: number }) =>
      reply.raw.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`);
    for (const entry of journal.query({ since: Math.max(0, journal.position - 100) })) write(entry);
    const stop = journal.subscribe(write);
    request.raw.on('close', stop);
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
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'",
        )
        .send(page(file)),
    );
  }
  options.extend?.(app);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return { origin: `http://${options.host}:${port}`, app };
}
