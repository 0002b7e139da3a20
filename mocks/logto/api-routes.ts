/**
 * A part of Logto's API as a Fastify scope: bodies read late, Logto's error envelope. What a path answers
 * to methods that it does not have stands in other-methods.ts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { errorBody, isZodError, LogtoError, zodFailure } from './errors.ts';
import { keepBodiesRaw, MalformedBody } from './guard.ts';
import { apiHeaders } from './other-methods.ts';
import { acceptedLanguages } from './phrases.ts';
import { noteError } from './webhooks/notes.ts';

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
  if (error instanceof LogtoError) {
    noteError(request, error);
    return reply.code(error.status).send(errorBody(error, acceptedLanguages(request)));
  }
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
    keepBodiesRaw(scope);
    scope.setErrorHandler(answerError);
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers(apiHeaders(request.headers.origin, crossOrigin));
    });
    scope.addHook('onRoute', ({ url, method }) => {
      const known = scope.knownPaths.get(url) ?? { crossOrigin, methods: [] };
      known.methods.push(...([method].flat() as HTTPMethods[]));
      scope.knownPaths.set(url, known);
    });
    await define(scope);
  });
}
