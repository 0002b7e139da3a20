/**
 * A part of Logto's API as a Fastify scope: bodies read late, Logto's error envelope, koa-router's answers to
 * OPTIONS and to methods that a path does not know.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { errorBody, isZodError, LogtoError, zodFailure } from './errors.ts';
import { keepBodiesRaw, MalformedBody } from './guard.ts';
import { acceptedLanguages } from './phrases.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Routes that answer anybody, whatever the scope asks of callers. */
    anonymous?: boolean;
  }
}

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** ConnectorError codes that are not answered 400 (packages/core koa-connector-error-handler.ts). */
const CONNECTOR_STATUS: Record<string, number> = {
  social_auth_code_invalid: 401,
  social_invalid_access_token: 401,
  social_invalid_id_token: 401,
  authorization_failed: 401,
  not_implemented: 501,
  rate_limit_exceeded: 429,
  usage_limit_exceeded: 429,
};

/** What a connector threw as an API error; anything that is no ConnectorError comes back as it was (recordings 313, 317). */
export function connectorError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('data' in error) || typeof error.code !== 'string')
    return error;
  const { code, data } = error as unknown as {
    code: string;
    data: { errorDescription?: unknown } | undefined;
  };
  if (isZodError(data)) return zodFailure(`connector.${code}`, data);
  const described = typeof data?.errorDescription === 'string' ? data.errorDescription : JSON.stringify(data);
  return new LogtoError(`connector.${code}`, {
    status: CONNECTOR_STATUS[code] ?? 400,
    data,
    values: { errorDescription: described },
  });
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof LogtoError)
    return reply.code(error.status).send(errorBody(error, acceptedLanguages(request)));
  if (error instanceof MalformedBody) return reply.code(400).send({ message: error.message });
  const status = (error as { statusCode?: number }).statusCode;
  if (status && status < 500)
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status === 413 ? 'request entity too large' : (error as Error).message);
  request.log.error(error);
  return reply.code(500).send({ message: 'Internal server error.' });
}

export interface ApiOptions {
  /** Whether pages of other origins may call (the account API and its verifications: recordings 641 to 645). */
  crossOrigin?: boolean;
}

/**
 * Adds API routes to the server.
 *
 * @param define adds the routes to the scope it is given
 */
export async function apiRoutes(
  app: FastifyInstance,
  { crossOrigin = false }: ApiOptions,
  define: (scope: FastifyInstance) => void | Promise<void>,
): Promise<void> {
  await app.register(async (scope) => {
    const known = new Map<string, HTTPMethods[]>();
    keepBodiesRaw(scope);
    scope.setErrorHandler(answerError);
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('vary', 'Accept-Encoding, Origin');
      if (crossOrigin)
        reply.headers({
          'access-control-allow-origin': request.headers.origin ?? '*',
          'access-control-expose-headers': '*',
        });
    });
    scope.addHook('onRoute', ({ url, method }) => {
      known.set(url, [...(known.get(url) ?? []), ...([method].flat() as HTTPMethods[])]);
    });
    await define(scope);

    for (const [url, methods] of [...known]) {
      // koa-router names HEAD before each GET and says only what the path knows (recording 623).
      const allow = methods
        .filter((method) => method !== 'HEAD')
        .flatMap((method) => (method === 'GET' ? ['HEAD', 'GET'] : [method]));
      const say = (reply: FastifyReply, status: number, text: string) =>
        reply.code(status).header('allow', allow.join(', ')).type('text/plain; charset=utf-8').send(text);
      scope.options(url, { config: { anonymous: true } }, async (request, reply) =>
        crossOrigin && request.headers.origin && request.headers['access-control-request-method']
          ? reply
              .code(204)
              .headers({
                'access-control-allow-methods': 'GET,HEAD,PUT,POST,DELETE,PATCH',
                'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '',
              })
              .send()
          : say(reply, 200, ''),
      );
      const others = METHODS.filter((method) => !methods.includes(method));
      if (others.length > 0)
        scope.route({
          method: others,
          url,
          config: { anonymous: true },
          handler: async (_request, reply) => say(reply, 405, 'Method Not Allowed'),
        });
    }
  });
}
