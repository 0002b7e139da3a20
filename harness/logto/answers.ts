/** What Logto's answers to a sign-in say, and whose fault it is when they say no. */
import { Blocked, ConformanceError } from '../errors.ts';
import type { Answer } from '../user-agents/http.ts';

/** What Logto answers a sign-in with: `code`, `data` and `message` of its error envelope. */
export const saidBy = (answer: Answer) => {
  const { code, data, message } = (answer.json() ?? {}) as {
    code?: string;
    data?: unknown;
    message?: string;
  };
  return {
    code: code ?? '',
    data,
    text: `${answer.status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`,
  };
};

/** Ten codes a recipient in ten minutes (logto.md §3): whoever meets that has asked too often, which is no fault of the app. */
export function demandNoLimit(answer: Answer, phone: string): void {
  if (answer.status !== 429) return;
  throw new Blocked(
    `Logto sends no more codes to ${phone.slice(0, 4)}… for now (${saidBy(answer).text}): wait ten minutes, or give more numbers (--people).`,
  );
}

export function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) {
    throw mockFault(
      `${answer.method} ${answer.url.pathname} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
      `status ${status}`,
    );
  }
}

export function demandStatus(answer: Answer, status: number): void {
  if (answer.status !== status) throw refusal(answer, `${answer.method} ${answer.url.pathname} was refused`);
}

/** A real tenant asks for something that the suite does not do, or has a fault of its own: nothing is said of the app. */
export const refusal = (answer: Answer, what: string) =>
  new Blocked(`At the tenant ${what}: ${saidBy(answer).text}.${HINTS[saidBy(answer).code] ?? ''}`);

/** What to change, by the code of Logto's error (logto.md §3). */
const HINTS: Record<string, string> = {
  'connector.not_found': ' It has no SMS connector: `live setup` adds one.',
  'connector.general':
    ' Its connector could not send: read what it says, and look at its endpoint and token.',
  'user.missing_profile': ' Its sign-up asks for more than a phone number (sign-in experience, sign-up).',
  'user.missing_mfa': ' It asks for a second factor: switch MFA off for the tenant of the tests.',
  'session.mfa.require_mfa_verification': ' It asks for a second factor: switch MFA off for these people.',
  'user.sign_in_method_not_enabled': ' Its sign-in experience has no sign-in by phone and code.',
  'user.suspended': ' The account is suspended.',
  'session.captcha_required': ' It asks for a captcha: switch it off for the tenant of the tests.',
  'auth.forbidden': ' Its sign-in mode allows no registration.',
};

export const noMessage = (text: string) =>
  new Blocked(text.replace(/^Has a connector that sent no message/, 'No message came'));

export const mockFault = (what: string, expected: string) =>
  new ConformanceError({
    code: 'CONF_ISSUER_SIGN_IN',
    what: `the sign-in at the Logto mock failed: ${what}`,
    expected,
    remedy:
      'check the connector config with `npx authjs-conformance connector`; if it is good, report this as a defect of the mock.',
  });
