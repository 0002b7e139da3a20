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
export class MalformedBody extends Error {}

/** The request's JSON or form body as a value; `{}` when there is none. */
export function bodyOf(request: FastifyRequest): unknown {
  const text = typeof request.body === 'string' ? request.body : '';
  const type = request.headers['content-type'] ?? '';
  if (text.trim() === '') return {};
  if (type.includes('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  if (!type.includes('json')) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null)
      throw new SyntaxError('invalid JSON, only supports object and array');
    return value;
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
