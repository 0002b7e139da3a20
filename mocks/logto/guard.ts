/**
 * Logto's request guards: zod 3 schemas whose complaints become `guard.invalid_input` (recordings 203 to 211).
 *
 * The wording of the complaints is part of the API, so the guards use `zod/v3` while everything else uses zod 4.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeAny, z } from 'zod/v3';
import { zodFailure } from './errors.ts';

/** Keeps bodies as text in this part of the server, because Logto reads them only after it looked at the session. */
export function keepBodiesRaw(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
}

/** A malformed JSON body: answered 400 with the parser's message only (recording 624). */
export class MalformedBody extends Error {
  /** Pages have no error handler of their own. */
  readonly statusCode = 400;
}

/** Content types that koa-body reads as JSON. */
const JSON_TYPES = /^application\/(json|json-patch\+json|vnd\.api\+json|csp-report)\s*(;|$)/i;

/** The request's body as koa-body gives it: JSON, form or text; `{}` when there is none or its type is unknown. */
export function bodyOf(request: FastifyRequest): unknown {
  const text = typeof request.body === 'string' ? request.body : '';
  const type = request.headers['content-type'] ?? '';
  if (text === '') return {};
  if (type.includes('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  if (/^text\//i.test(type)) return text;
  if (!JSON_TYPES.test(type)) return {};
  if (!/^[\x20\t\n\r]*[[{]/.test(text))
    throw new MalformedBody('invalid JSON, only supports object and array');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedBody((error as Error).message);
  }
}

/**
 * Checks one part of a request.
 *
 * @throws LogtoError guard.invalid_input
 */
export function guard<Schema extends ZodTypeAny>(
  type: 'body' | 'query' | 'params',
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw zodFailure('guard.invalid_input', result.error, { type });
  return result.data;
}

export const guardBody = <Schema extends ZodTypeAny>(
  schema: Schema,
  request: FastifyRequest,
): z.infer<Schema> => guard('body', schema, bodyOf(request));
