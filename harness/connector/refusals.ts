/** What the connector makes of a carrier that refuses, and what it does with its secrets meanwhile. */
import { inspect } from 'node:util';
import { type CarrierAnswers, carrierAnswers, type Refusal } from '../../mocks/carrier/answers.ts';
import { startCarrier } from '../../mocks/carrier/server.ts';
import {
  type Attempt,
  type Attempts,
  attempt,
  connectorErrorCode,
  holdsSecret,
  nameOf,
  secondsOf,
  toldBy,
} from './attempt.ts';
import type { DynamicResult, Misreport } from './report.ts';

export interface RefusalOptions extends Attempts {
  answers: CarrierAnswers;
  secrets: readonly string[];
  /** A number that the connector sends to. */
  to: string;
}

export const NOTHING_ASKED = 'It asked the carrier nothing, so nothing can be said.';

/** Codes with which a connector may report that the carrier did not take a message. */
const RIGHT_CODES = [
  'general',
  'invalid_response',
  'authorization_failed',
  'rate_limit_exceeded',
  'usage_limit_exceeded',
];

/**
 * Judges one refusal.
 *
 * @param options.reason part of the carrier's answer that whoever operates Logto must get to see
 * @param options.lenient the connection failed rather than the carrier: anything that ends is let pass with a warning
 */
export function judgeRefusal(
  tried: Attempt,
  options: {
    id: string;
    title: string;
    secrets: readonly string[];
    reason?: string;
    lenient?: boolean;
  },
): DynamicResult {
  const { id, title, secrets, reason, lenient = false } = options;
  const told = (
    verdict: DynamicResult['verdict'],
    message: string,
    because?: Misreport,
    expected?: string,
    fix?: string,
  ): DynamicResult => ({
    id,
    title,
    verdict,
    message,
    ...(because && { because }),
    ...(expected && { expected }),
    ...(fix && { fix }),
    durationMs: tried.durationMs,
  });
  const error = 'ConnectorError general, with what the carrier said';
  if (tried.requests.length === 0) {
    return told('not judged', NOTHING_ASKED);
  }
  if (tried.ended === 'sent') {
    return told(
      'fail',
      'It took the refusal for success: Logto tells the person that a code was sent.',
      'taken for success',
      error,
      'Look at the answer of the carrier, and throw.',
    );
  }
  if (tried.ended === 'hung') {
    return told(
      'warn',
      `It still waited after ${secondsOf(tried)} seconds; the page of the person waits as long.`,
      'never ended',
      'an end within some seconds',
      'Set a time limit on the request to the carrier (got: timeout: { request: 10_000 }).',
    );
  }
  if (holdsSecret(toldBy(tried.error), secrets)) {
    return told(
      'fail',
      `The message or data of its ${nameOf(tried.error).split(' (')[0]} holds a secret of the config; Logto answers the browser with them.`,
      'holds a secret',
      'an error without credentials',
      'Keep the request out of the error.',
    );
  }
  if (tried.requests.length > 1) {
    return told(
      'warn',
      `It asked ${tried.requests.length} times; a message that had been taken is then sent twice.`,
      'asked again',
      'one request for each message',
      'Do not retry a POST that is no idempotent one.',
    );
  }
  const code = connectorErrorCode(tried.error);
  if (!code) {
    return told(
      lenient ? 'warn' : 'fail',
      `It raised ${nameOf(tried.error)}, which Logto answers with 500 and "Internal server error."`,
      'no ConnectorError',
      error,
      'Wrap what the HTTP client throws into new ConnectorError(ConnectorErrorCodes.General, …).',
    );
  }
  if (!RIGHT_CODES.includes(code)) {
    return told(
      'warn',
      `It raised ConnectorError ${code}.`,
      'another code',
      `one of ${RIGHT_CODES.join(', ')}`,
      'Raise the code that says what happened.',
    );
  }
  const heard = toldBy(tried.error);
  const escaped = reason === undefined ? '' : JSON.stringify(reason).slice(1, -1);
  if (reason !== undefined && !heard.includes(reason) && !heard.includes(escaped)) {
    return told(
      'warn',
      `It raised ConnectorError ${code} and kept the carrier's reason (${reason}) to itself.`,
      'reason kept',
      'the reason in the message or data of the error',
      'Hand the answer of the carrier on.',
    );
  }
  return told(
    'pass',
    `It raised ConnectorError ${code}${reason === undefined ? '' : ` with the carrier's reason`}.`,
  );
}

/** Worded as most carriers do; Twilio's SDK reads `code` and `message`, whichever connector it is in. */
const body = (reason: string, status: number): Refusal => ({
  status,
  headers: {},
  body: { error: reason, code: Number(reason.replace(/\D/g, '')), message: reason, status },
  reason,
});

/** Refusals that any carrier may answer, and the ones that this carrier words itself. */
function refusalsOf(answers: CarrierAnswers): [id: string, title: string, answer: Refusal][] {
  const own: [string, string, Refusal][] = [];
  if (answers.error) own.push(['error/own', "reports the carrier's own error", answers.error]);
  if (answers.refusal)
    own.push(['error/own-200', 'reports a refusal that came with status 200', answers.refusal]);
  return [
    ...own,
    ['error/400', 'reports 400', body('bad request 4711', 400)],
    ['error/401', 'reports 401', body('unauthorized 4712', 401)],
    ['error/403', 'reports 403', body('forbidden 4713', 403)],
    ['error/429', 'reports 429', body('too many requests 4714', 429)],
    ['error/500', 'reports 500', body('internal error 4715', 500)],
    ['error/503', 'reports 503', body('unavailable 4716', 503)],
  ];
}

/** Refusals of any carrier: status codes, and the carrier's own words. */
export async function judgeRefusals(options: RefusalOptions): Promise<DynamicResult[]> {
  const { answers, secrets, to } = options;
  const carrier = await startCarrier();
  try {
    const results: DynamicResult[] = [];
    for (const [id, title, { reason, ...answer }] of refusalsOf(answers)) {
      carrier.answerWith(() => answer);
      const tried = await attempt(options, carrier.origin, message(to));
      // What this carrier really answers must be understood; of made-up answers it is enough that they are refused.
      const certain = id.startsWith('error/own') || !(options.connector.metadata.id in carrierAnswers);
      results.push(
        judgeRefusal(tried, { id, title, secrets, lenient: !certain, ...(certain && { reason }) }),
      );
    }
    return results;
  } finally {
    await carrier.close();
  }
}

/** The message that is refused. */
export const message = (to: string) => ({ to, type: 'SignIn', payload: { code: '591204', locale: 'en' } });

/** Whether secrets stand in what the connector prints, or anywhere in its errors (Logto logs them whole). */
export function judgeLeaks(attempts: readonly Attempt[], secrets: readonly string[]): DynamicResult[] {
  const printed = attempts.some(({ printed: text }) => holdsSecret(text, secrets));
  const printedCode = attempts.some(({ printed: text, code }) =>
    new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text),
  );
  const inside = attempts.find(
    ({ error }) => error !== undefined && holdsSecret(inspect(error, { depth: 6 }), secrets),
  );
  const result = (id: string, title: string, bad: boolean, message: string, fix: string): DynamicResult => ({
    id,
    title,
    verdict: bad ? 'warn' : 'pass',
    message: bad ? message : 'None was found.',
    ...(bad && { expected: 'no credentials, and no codes', fix }),
    durationMs: 0,
  });
  return [
    result(
      'secrets/console',
      'prints no secret',
      printed || printedCode,
      printed
        ? "It prints a secret of the config on Logto's console."
        : "It prints the code on Logto's console: whoever reads the log may sign in as the person.",
      'Print no requests, no messages and no codes.',
    ),
    result(
      'secrets/error-object',
      'raises no error that carries a secret',
      Boolean(inside),
      'An error that it raises holds the request with its credentials; whoever logs the error logs them.',
      'Raise a ConnectorError without the error of the HTTP client.',
    ),
  ];
}
