/**
 * Verifications of Verify v2: one pending for each service and recipient, with one code as long as it is pending.
 *
 * Sources: twilio-oai `twilio_verify_v2.json`; https://www.twilio.com/docs/verify/api/rate-limits-and-timeouts ("Tokens
 * are valid for a default period of 10 minutes once generated. The token remains the same during its validity period");
 * error dictionary 60202 (five checks, then "wait until the current verification expires") and 60203 (five sends);
 * https://www.twilio.com/blog/test-verify-no-rate-limits (what is approved or expired is deleted: 404).
 */
import { randomInt } from 'node:crypto';
import { type Form, newSid, one } from '../message.ts';
import { isoDate, VERIFY_ORIGIN, type VerifyService } from './services.ts';

export const LIMITS = {
  /** Milliseconds that a verification lives. */
  lifetimeMs: 600_000,
  sends: 5,
  checks: 5,
};
/** "You may request the status of a verification no more than" so often in so many seconds. */
const STATUS_LIMITS = [
  { count: 60, seconds: 60 },
  { count: 180, seconds: 3600 },
  { count: 250, seconds: 86_400 },
];
const KEPT_MAX = 20_000;

export interface Attempt {
  sid: string;
  verification: Verification;
  channel: 'sms' | 'whatsapp';
  /** Milliseconds since the epoch, on the mock's clock. */
  at: number;
  converted: boolean;
  /** SID of the text message that it sent. */
  message: string;
}

export interface Verification {
  sid: string;
  service: string;
  account: string;
  to: string;
  channel: 'sms' | 'whatsapp';
  status: 'pending' | 'approved' | 'canceled' | 'max_attempts_reached';
  code: string;
  scope: string | undefined;
  checks: number;
  attempts: Attempt[];
  /** Times at which its status was asked for. */
  asked: number[];
  /** Milliseconds since the epoch, on the mock's clock. */
  created: number;
  updated: number;
}

export interface Verifications {
  /** The verification that a code to this recipient belongs to, as long as it lives. */
  current(service: VerifyService, to: string): Verification | undefined;
  /** One by its SID; what is approved or has expired is gone. */
  get(service: VerifyService, sid: string): Verification | undefined;
  /** The code of a message to send: of the verification that is pending, or of a new one. */
  start(options: {
    service: VerifyService;
    to: string;
    channel: 'sms' | 'whatsapp';
    scope: string | undefined;
    form: Form;
  }): Verification;
  addAttempt(verification: Verification, message: string): Attempt;
  /** Takes one check of a code; nothing is taken any more after the fifth. */
  check(verification: Verification, code: string): 'approved' | 'pending' | 'too-many';
  end(verification: Verification, status: 'approved' | 'canceled'): void;
  /** Whether the status may be asked for once more. */
  mayAsk(verification: Verification): boolean;
  attempts(account: string): Attempt[];
  /** Scope that a verification was started in. */
  scopeOf(sid: string): string | undefined;
  clear(): void;
}

/** @param now milliseconds since the epoch, as a scope sees them */
export function createVerifications(now: (scope: string | undefined) => number): Verifications {
  const bySid = new Map<string, Verification>();
  const byRecipient = new Map<string, Verification>();
  const key = (service: string, to: string) => `${service}\n${to}`;
  const lives = ({ created, scope, status }: Verification) =>
    status !== 'approved' && now(scope) < created + LIMITS.lifetimeMs;
  const alive = (found: Verification | undefined) => (found && lives(found) ? found : undefined);

  return {
    current(service, to) {
      const found = alive(byRecipient.get(key(service.sid, to)));
      return found?.status === 'canceled' ? undefined : found;
    },
    get(service, sid) {
      const found = alive(bySid.get(sid));
      return found?.service === service.sid ? found : undefined;
    },
    start({ service, to, channel, scope, form }) {
      const custom = service.customCode ? one(form.CustomCode) : '';
      const pending = this.current(service, to);
      if (pending) {
        Object.assign(pending, { channel, updated: now(scope), ...(custom && { code: custom }) });
        return pending;
      }
      const time = now(scope);
      const verification: Verification = {
        sid: newSid('VE'),
        service: service.sid,
        account: service.account,
        to,
        channel,
        status: 'pending',
        code: custom || String(randomInt(10 ** service.codeLength)).padStart(service.codeLength, '0'),
        scope,
        checks: 0,
        attempts: [],
        asked: [],
        created: time,
        updated: time,
      };
      bySid.set(verification.sid, verification);
      byRecipient.set(key(service.sid, to), verification);
      if (bySid.size > KEPT_MAX) {
        const oldest = bySid.values().next().value as Verification;
        bySid.delete(oldest.sid);
        const place = key(oldest.service, oldest.to);
        if (byRecipient.get(place) === oldest) byRecipient.delete(place);
      }
      return verification;
    },
    addAttempt(verification, message) {
      const attempt: Attempt = {
        sid: newSid('VL'),
        verification,
        channel: verification.channel,
        at: now(verification.scope),
        converted: false,
        message,
      };
      verification.attempts.push(attempt);
      return attempt;
    },
    check(verification, code) {
      verification.updated = now(verification.scope);
      if (verification.checks >= LIMITS.checks) {
        verification.status = 'max_attempts_reached';
        return 'too-many';
      }
      verification.checks += 1;
      if (verification.code !== code) return 'pending';
      this.end(verification, 'approved');
      return 'approved';
    },
    end(verification, status) {
      Object.assign(verification, { status, updated: now(verification.scope) });
      const last = verification.attempts.at(-1);
      if (last && status === 'approved') last.converted = true;
    },
    mayAsk(verification) {
      const time = now(verification.scope);
      const fits = STATUS_LIMITS.every(
        ({ count, seconds }) => verification.asked.filter((at) => at > time - seconds * 1000).length < count,
      );
      if (fits) verification.asked.push(time);
      return fits;
    },
    attempts: (account) =>
      [...bySid.values()]
        .filter((verification) => verification.account === account)
        .flatMap(({ attempts }) => attempts)
        .sort((a, b) => b.at - a.at),
    scopeOf: (sid) => bySid.get(sid)?.scope,
    clear() {
      bySid.clear();
      byRecipient.clear();
    },
  };
}

/** OpenAPI `verify.v2.service.verification`. */
export const showVerification = (verification: Verification): object => ({
  ...common(verification),
  lookup: {},
  send_code_attempts: verification.attempts.map(({ sid, channel, at }) => ({
    time: isoDate(at),
    channel: channel === 'sms' ? 'SMS' : channel,
    attempt_sid: sid,
  })),
  sna: null,
  url: `${VERIFY_ORIGIN}/v2/Services/${verification.service}/Verifications/${verification.sid}`,
});

/** OpenAPI `verify.v2.service.verification_check`. */
export const showCheck = (verification: Verification): object => ({
  ...common(verification),
  sna_attempts_error_codes: [],
});

const common = (verification: Verification) => ({
  sid: verification.sid,
  service_sid: verification.service,
  account_sid: verification.account,
  to: verification.to,
  channel: verification.channel,
  status: verification.status,
  valid: verification.status === 'approved',
  date_created: isoDate(verification.created),
  date_updated: isoDate(verification.updated),
  amount: null,
  payee: null,
});

/** The text of a message, as the API description has it (`do_not_share_warning_enabled`, `AppHash`). */
export function textOf(service: VerifyService, code: string, form: Form): string {
  const name = one(form.CustomFriendlyName) || service.friendlyName;
  const hash = one(form.AppHash);
  const text = `Your ${name} verification code is: ${code}`;
  const warned = service.doNotShare
    ? `${text}. Don’t share this code with anyone; our employees will never ask for the code`
    : text;
  return hash ? `<#> ${warned} ${hash}` : warned;
}
