/**
 * One-time codes: 6 random digits, good for 600 s and 10 tries, replaced by the next one, gone once used.
 *
 * Source: packages/core/src/libraries/passcode.ts; recordings 212 to 220 and 302 to 311. The tenant's
 * `verificationCodePolicy` changes the times and tries (recording 324).
 */
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { assertThat, LogtoError } from './errors.ts';
import { customAlphabet } from './ids.ts';
import type { SignInExperience, Tenant } from './tenant.ts';

/** Default verification code policy (packages/schemas/src/consts/verification-code.ts). */
export const DEFAULT_CODE_POLICY = { expirationDuration: 600, maxRetryAttempts: 10 };
const CODE_LENGTH = 6;
const CODES_MAX = 20_000;
const randomCode = customAlphabet('1234567890', CODE_LENGTH);

interface Passcode {
  recipient: string;
  code: string;
  tries: number;
  createdAt: number;
}

/** Whom a code was sent to. */
export interface Recipient {
  type: 'phone' | 'email';
  value: string;
}

export interface Passcodes {
  /** Makes a new code; an unused one for the same owner (or recipient) and template goes. */
  create(owner: string | null, template: string, recipient: Recipient, scope: string | undefined): string;
  /**
   * Uses up a code.
   *
   * @throws LogtoError verification_code.not_found, phone_mismatch, email_mismatch, expired, exceed_max_try or code_mismatch, looked at in that order
   */
  verify(
    owner: string | null,
    template: string,
    recipient: Recipient,
    code: string,
    scope: string | undefined,
  ): void;
}

/** Equal texts, found out in a time that says nothing about where they differ. */
function sameCode(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export const codePolicyOf = ({
  verificationCodePolicy,
}: Pick<SignInExperience, 'verificationCodePolicy'>): typeof DEFAULT_CODE_POLICY => ({
  ...DEFAULT_CODE_POLICY,
  ...(verificationCodePolicy as Partial<typeof DEFAULT_CODE_POLICY>),
});

export function createPasscodes(tenant: Pick<Tenant, 'signInExperience'>, clock: Clock): Passcodes {
  // A map, not a collection: finding, counting a try and using up must be one step, or parallel guesses get more than ten tries.
  const codes = new Map<string, Passcode>();
  const keyOf = (owner: string | null, type: string, { value }: Recipient) =>
    JSON.stringify([type, owner === null ? { value } : owner]);

  return {
    create(owner, type, recipient, scope) {
      const key = keyOf(owner, type, recipient);
      const code = randomCode();
      codes.delete(key);
      codes.set(key, { recipient: recipient.value, code, tries: 0, createdAt: clock.now(scope) });
      if (codes.size > CODES_MAX) codes.delete(codes.keys().next().value as string);
      return code;
    },
    verify(owner, type, recipient, code, scope) {
      const key = keyOf(owner, type, recipient);
      const found = codes.get(key);
      assertThat(found, 'verification_code.not_found');
      assertThat(found.recipient === recipient.value, `verification_code.${recipient.type}_mismatch`);
      const { expirationDuration, maxRetryAttempts } = codePolicyOf(tenant.signInExperience);
      assertThat(
        found.createdAt + expirationDuration * 1000 >= clock.now(scope),
        'verification_code.expired',
      );
      assertThat(found.tries < maxRetryAttempts, 'verification_code.exceed_max_try');
      if (!sameCode(code, found.code)) {
        found.tries += 1;
        throw new LogtoError('verification_code.code_mismatch');
      }
      codes.delete(key);
    },
  };
}
