/** Keeps a report at a size that mail, CI artifacts and browsers take: evidence of what passed shrinks first. */
import type { Exchange } from '../mocks/journal.ts';
import type { CheckResult } from './model.ts';
import { isQuiet } from './packed.ts';
import { clipped } from './words.ts';

/** Characters of a body: of checks that passed, and of those that a person will look into. */
const BODY_OF_PASS = 2_000;
const BODY_OF_REST = 12_000;
/** Messages of one check; a loop in an app must not fill the disk. */
const MESSAGES_MAX = 400;
/** Characters of all evidence together; beyond that, bodies of checks that passed go. */
const EVIDENCE_MAX = 24_000_000;
const LOG_MAX = 200;
const LINE_MAX = 2_000;
const TEXT_MAX = 20_000;

const sizeOf = (body: unknown) =>
  body === null || body === undefined
    ? 0
    : typeof body === 'string'
      ? body.length
      : JSON.stringify(body).length;

function cut(body: unknown, max: number): unknown {
  if (sizeOf(body) <= max) return body;
  return clipped(typeof body === 'string' ? body : JSON.stringify(body), max);
}

const trimExchange = (exchange: Exchange, max: number): Exchange => ({
  ...exchange,
  url: exchange.url.length > 4_000 ? `${exchange.url.slice(0, 4_000)}…` : exchange.url,
  request: { ...exchange.request, body: cut(exchange.request.body, max) },
  response: { ...exchange.response, body: cut(exchange.response.body, max) },
});

const weigh = (checks: readonly CheckResult[]) =>
  checks.reduce(
    (sum, { exchanges }) =>
      sum +
      exchanges.reduce(
        (all, { url, request, response }) =>
          all + url.length + sizeOf(request.body) + sizeOf(response.body) + 600,
        0,
      ),
    0,
  );

function trimCheck(check: CheckResult, bodyMax: number): CheckResult {
  const left = check.exchanges.length - MESSAGES_MAX;
  return {
    ...check,
    ...(check.message && { message: clipped(check.message, TEXT_MAX) }),
    ...(check.detail && { detail: clipped(check.detail, TEXT_MAX) }),
    exchanges: check.exchanges
      .slice(0, MESSAGES_MAX)
      .map((exchange) =>
        trimExchange(exchange, isQuiet(check) ? Math.min(bodyMax, BODY_OF_PASS) : BODY_OF_REST),
      ),
    log: [
      ...check.log.slice(-LOG_MAX).map((line) => clipped(line, LINE_MAX)),
      ...(left > 0 ? [`(${left} more messages were left out of the time line)`] : []),
    ],
  };
}

/** Cuts what is too long; what was cut says so. */
export function trim(checks: readonly CheckResult[]): CheckResult[] {
  const trimmed = checks.map((check) => trimCheck(check, BODY_OF_PASS));
  return weigh(trimmed) > EVIDENCE_MAX ? trimmed.map((check) => trimCheck(check, 0)) : trimmed;
}
