/** Logto's API errors: one class, one body shape `{code, data?, details?, message}` (packages/core RequestError). */
import { type ZodError, ZodError as ZodErrorClass } from 'zod/v3';
import { errorLanguage, phrase } from './phrases.ts';

export interface LogtoErrorOptions {
  /** HTTP status, 400 unless told. */
  status?: number;
  data?: unknown;
  details?: string;
  /** Values for the `{{…}}` of the message. */
  values?: Record<string, unknown>;
  /** Members that stand after the message, such as `error` and `error_description`. */
  more?: Record<string, unknown>;
  /** The limit that somebody ran into, for webhooks. */
  limit?: { event: 'Identifier.Lockout' | 'Message.RateLimited'; more: Record<string, unknown> };
}

export class LogtoError extends Error {
  readonly code: string;
  readonly status: number;
  readonly options: LogtoErrorOptions;

  constructor(code: string, options: LogtoErrorOptions = {}) {
    super(phrase('errors', 'en', code, options.values));
    this.name = 'LogtoError';
    this.code = code;
    this.status = options.status ?? 400;
    this.options = options;
  }
}

/**
 * What Logto has and this mock does not: answered 501, with its name, so that nobody takes it for a fault of their own.
 *
 * @param what is missing, such as `SAML applications`
 */
export const notServed = (what: string): LogtoError =>
  new LogtoError('request.feature_not_supported', { status: 501, data: { notServedByMock: what } });

/** @throws LogtoError when the condition does not hold */
export function assertThat(condition: unknown, code: string, options?: LogtoErrorOptions): asserts condition {
  if (!condition) throw new LogtoError(code, options);
}

/** One line for each issue, as Logto's formatZodError writes them (recordings 004, 203). */
export const zodDetails = ({ issues }: ZodError): string =>
  issues
    .map((issue) => {
      const text =
        issue.code === 'invalid_type'
          ? `Expected ${issue.expected} but received ${issue.received}.`
          : issue.message;
      return `Error in key path "${issue.path.map(String).join('.')}": (${issue.code}) ${text}`;
    })
    .join('\n');

/** Wraps what zod found, so that `data` and `details` come out as in recordings 203 and 204. */
export const zodFailure = (code: string, error: unknown, values?: Record<string, unknown>): LogtoError => {
  const found = error as ZodError;
  return new LogtoError(code, {
    data: { issues: found.issues, name: 'ZodError' },
    details: zodDetails(found),
    values,
  });
};

export const isZodError = (error: unknown): error is ZodError =>
  error instanceof ZodErrorClass ||
  (error instanceof Error && error.name === 'ZodError' && 'issues' in error);

/** @param languages wanted languages, best first */
export function errorBody(error: LogtoError, languages: readonly string[]): Record<string, unknown> {
  const { data, details, values, more } = error.options;
  return {
    code: error.code,
    ...(data !== undefined && { data }),
    ...(details !== undefined && { details }),
    message: phrase('errors', errorLanguage(languages), error.code, values),
    ...more,
  };
}
