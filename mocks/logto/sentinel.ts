/**
 * Who tried too often: the lockout after failed attempts, and the cap on messages to one recipient.
 *
 * Source: packages/core/src/sentinel (basic-sentinel.ts, message-rate-guard.ts); recordings 318 to 322.
 */
import type { Clock } from '../clock.ts';
import { LogtoError } from './errors.ts';
import { canonicalNumber } from './phones.ts';
import { errorLanguage } from './phrases.ts';
import type { Tenant } from './tenant.ts';

/** Failed attempts in the last hour that lock an identifier, and for how many minutes. */
export const DEFAULT_SENTINEL = { maxAttempts: 100, lockoutDuration: 60 };
/** Messages that one recipient may get within a window of seconds. */
export const DEFAULT_MESSAGE_RATE = { maxSends: 10, windowSeconds: 600 };

const HOUR = 3_600_000;
const MINUTE = 60_000;
const TARGETS_MAX = 10_000;

interface Attempts {
  failed: number[];
  blockedUntil: number;
}

export interface Sentinel {
  /**
   * Reports one attempt of somebody to prove an identifier.
   *
   * @returns when the lockout ends (ms), or undefined when the identifier is not locked
   */
  report(identifier: string, failed: boolean, scope: string | undefined): number | undefined;
  /** @throws LogtoError request.message_rate_limited (429) when the recipient got too many messages */
  guardSend(recipient: string, scope: string | undefined): void;
  recordSend(recipient: string, scope: string | undefined): void;
  /** Identifiers and recipients of whom something is remembered. */
  readonly size: number;
}

/** The oldest entry leaves when the table is full, so that hostile traffic cannot grow it. */
function keep<Value>(table: Map<string, Value>, key: string, value: Value): void {
  table.delete(key);
  table.set(key, value);
  if (table.size > TARGETS_MAX) table.delete(table.keys().next().value as string);
}

export function createSentinel(tenant: Pick<Tenant, 'signInExperience'>, clock: Clock): Sentinel {
  const attempts = new Map<string, Attempts>();
  const sends = new Map<string, number[]>();
  const recipientKey = (recipient: string) => {
    const trimmed = recipient.trim();
    return trimmed.includes('@') ? trimmed.toLowerCase() : canonicalNumber(trimmed);
  };
  const recentSends = (recipient: string, now: number) =>
    (sends.get(recipientKey(recipient)) ?? []).filter(
      (at) => at > now - DEFAULT_MESSAGE_RATE.windowSeconds * 1000,
    );

  return {
    report(identifier, failed, scope) {
      const now = clock.now(scope);
      const state = attempts.get(identifier) ?? { failed: [], blockedUntil: 0 };
      if (state.blockedUntil > now) return state.blockedUntil;
      const { maxAttempts, lockoutDuration } = {
        ...DEFAULT_SENTINEL,
        ...tenant.signInExperience.sentinelPolicy,
      };
      const recent = state.failed.filter((at) => at > now - HOUR);
      const blocked = recent.length + (failed ? 1 : 0) >= maxAttempts;
      const blockedUntil = blocked ? now + lockoutDuration * MINUTE : 0;
      // An attempt that was answered with a lockout does not count as failed itself.
      const counted = failed && !blocked ? [...recent, now] : recent;
      if (counted.length || blocked) keep(attempts, identifier, { failed: counted, blockedUntil });
      else attempts.delete(identifier);
      return blocked ? blockedUntil : undefined;
    },
    guardSend(recipient, scope) {
      if (recentSends(recipient, clock.now(scope)).length >= DEFAULT_MESSAGE_RATE.maxSends) {
        const more = { action: 'VerificationCodeSend', recipient };
        throw new LogtoError('request.message_rate_limited', {
          status: 429,
          limit: { event: 'Message.RateLimited', more },
        });
      }
    },
    recordSend(recipient, scope) {
      const now = clock.now(scope);
      keep(sends, recipientKey(recipient), [...recentSends(recipient, now), now]);
      // The oldest stand first; no scope's clock is behind the one of all.
      for (const [oldest, times] of sends) {
        if ((times.at(-1) ?? 0) > clock.now() - DEFAULT_MESSAGE_RATE.windowSeconds * 1000) break;
        sends.delete(oldest);
      }
    },
    get size() {
      return attempts.size + sends.size;
    },
  };
}

/**
 * Runs a check of a secret under the sentinel: it always runs, but a locked identifier hears only of the lockout.
 *
 * @param languages of the answer, best first
 * @throws LogtoError session.verification_blocked_too_many_attempts, or what the check threw
 */
export async function withSentinel<Result>(
  {
    sentinel,
    clock,
    identifier: { type, value },
    scope,
    languages,
  }: {
    sentinel: Sentinel;
    clock: Clock;
    identifier: { type: string; value: string };
    scope: string | undefined;
    languages: readonly string[];
  },
  check: () => Promise<Result>,
): Promise<Result> {
  const outcome = await check().then(
    (result) => ({ result, error: undefined }),
    (error: unknown) => ({ result: undefined, error }),
  );
  const until = sentinel.report(value, outcome.error !== undefined, scope);
  if (until !== undefined) {
    const minutes = Math.round((until - clock.now(scope)) / MINUTE);
    const relativeTime = new Intl.RelativeTimeFormat([errorLanguage(languages), 'en']).format(
      minutes,
      'minute',
    );
    throw new LogtoError('session.verification_blocked_too_many_attempts', {
      values: { relativeTime },
      limit: { event: 'Identifier.Lockout', more: { type, value } },
    });
  }
  if (outcome.error !== undefined) throw outcome.error;
  return outcome.result as Result;
}
