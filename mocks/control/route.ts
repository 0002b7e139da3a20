/** What a route of the control server is, and what routes answer with when they cannot do what they were asked for. */
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { isFaultName } from '../faults.ts';
import type { Journal } from '../journal.ts';
import type { LogtoMock } from '../logto/server.ts';
import type { Scopes } from '../scope.ts';
import type { TwilioMock } from '../twilio/server.ts';

export interface ControlContext {
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  issuer: LogtoMock;
  /** The second issuer, where there is one. */
  second?: LogtoMock;
  carrier: TwilioMock;
}

export interface ControlRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` parameters. */
  path: string;
  summary: string;
  body?: z.ZodType;
  query?: z.ZodObject;
  /** @returns the answer, sent as JSON */
  run(input: { params: Record<string, string>; body: never; query: never }): Promise<unknown> | unknown;
}

export const faultName = z
  .string()
  .refine(isFaultName, { error: (issue) => `there is no fault "${issue.input}"` })
  .describe('name of a fault, such as id-token/expired');

/** A route whose body and query have the types of its schemas. */
export const route = <Body = unknown, Query = unknown>(
  definition: Omit<ControlRoute, 'run'> & {
    run(input: { params: Record<string, string>; body: Body; query: Query }): Promise<unknown> | unknown;
  },
): ControlRoute => definition as ControlRoute;

/** The parameter `:id` of a path. */
export const id = (params: Record<string, string>) => params.id as string;

/** What was asked for cannot be done: 422 (RFC 9110 §15.5.21). */
export const refused = (message: string) => Object.assign(new Error(message), { statusCode: 422 });
/** What is not whole is not handed out as if it were: 410 Gone (RFC 9110 §15.5.11). */
export const gone = (message: string) => Object.assign(new Error(message), { statusCode: 410 });
