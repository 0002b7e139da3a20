/** Signs a person in at Logto by phone one-time code, through the Experience API (facts: logto.md §2, §3). */
import type { ControlClient, InboxMessage } from '../../mocks/index.ts';
import type { Person } from '../../mocks/people.ts';
import { Blocked, ConformanceError, ConformanceFailure } from '../errors.ts';
import type { Answer, HttpAgent } from '../user-agents/http.ts';
import { patiently } from '../user-agents/pace.ts';

export type InteractionEvent = 'SignIn' | 'Register' | 'ForgotPassword';

/** Milliseconds within which a message that was asked for must arrive; more on a slow machine. */
const MESSAGE_MS = 5_000;

/**
 * The next message to a number.
 *
 * @param misdeed what the app, or its connector, did when none came; any other trouble is ours
 * @param limitMs more where it comes over a real carrier
 */
export const awaitMessage = (
  control: Pick<ControlClient, 'waitForMessage'>,
  { to, since }: { to: string; since: string },
  misdeed: string,
  limitMs = MESSAGE_MS,
): Promise<InboxMessage> =>
  patiently(limitMs, (waitMs) => control.waitForMessage(to, { since, waitMs })).catch((error: Error) => {
    if (!error.message.startsWith('no message reached')) throw error;
    throw new ConformanceFailure(`${misdeed}: ${error.message}`);
  });

/** What differs where the issuer is a real Logto, whose people and settings are not ours. */
export interface RealLogto {
  /** Whether an account may be created for somebody whom the tenant does not know. */
  signUp: boolean;
  /** Milliseconds until a message is there. */
  messageMs: number;
}

/** The Experience API, one call a method; `phone` is E.164, Logto takes its digits only. */
export interface Experience {
  begin(event: InteractionEvent): Promise<Answer>;
  /** Goes on with what was verified, as somebody new or somebody known. */
  switchTo(event: InteractionEvent): Promise<Answer>;
  /** Asks Logto to send a code; the verification id is in the answer when it did. */
  sendCode(event: InteractionEvent): Promise<Answer & { verificationId?: string }>;
  /** The message with the code that was asked for last. */
  message(): Promise<InboxMessage>;
  verify(code: string): Promise<Answer>;
  identify(): Promise<Answer>;
  /** @returns the URL that goes on with the authorization request */
  submit(): Promise<URL | undefined>;
  call(method: string, path: string, json?: unknown): Promise<Answer>;
}

export interface ExperienceOptions {
  agent: Pick<HttpAgent, 'hop'>;
  issuerOrigin: string;
  control: Pick<ControlClient, 'waitForMessage'>;
  person: Person;
  /** Told before the person is named: who has no number yet is given one. */
  claim?(): Promise<void>;
  real?: RealLogto;
}

export function createExperience(options: ExperienceOptions): Experience {
  const { agent, issuerOrigin, control, person, claim = async () => {}, real } = options;
  let verificationId: string | undefined;
  let since = new Date(0).toISOString();
  const identifier = () => ({ type: 'phone', value: person.phone.replace(/\D/g, '') });

  const call: Experience['call'] = (method, path, json) =>
    agent.hop(`${issuerOrigin}/api/experience${path}`, {
      method,
      json,
      headers: { accept: 'application/json' },
    });

  return {
    call,
    begin: (event) => call('PUT', '', { interactionEvent: event }),
    switchTo: (event) => call('PUT', '/interaction-event', { interactionEvent: event }),
    async sendCode(event) {
      await claim();
      since = new Date().toISOString();
      const answer = await call('POST', '/verification/verification-code', {
        identifier: identifier(),
        interactionEvent: event,
      });
      if (real) demandNoLimit(answer, person.phone);
      verificationId =
        (answer.json() as { verificationId?: string } | undefined)?.verificationId ?? verificationId;
      return { ...answer, verificationId };
    },
    message: () =>
      awaitMessage(
        control,
        { to: person.phone, since },
        'Has a connector that sent no message, though Logto had asked for one',
        real?.messageMs,
      ).catch((error: Error) => {
        // With a real carrier in between, a message that is not there says nothing of the app.
        throw real && error instanceof ConformanceFailure ? noMessage(error.message) : error;
      }),
    verify: (code) =>
      call('POST', '/verification/verification-code/verify', {
        identifier: identifier(),
        verificationId,
        code,
      }),
    identify: () => call('POST', '/identification', { verificationId }),
    async submit() {
      const answer = await call('POST', '/submit');
      const { redirectTo } = (answer.json() ?? {}) as { redirectTo?: string };
      if (real && !redirectTo) throw refusal(answer, 'the sign-in could not be completed');
      return redirectTo ? new URL(redirectTo) : undefined;
    },
  };
}

/** What Logto answers a sign-in with: `code` and `message` of its error envelope. */
const saidBy = (answer: Answer) => {
  const { code, message } = (answer.json() ?? {}) as { code?: string; message?: string };
  return {
    code: code ?? '',
    text: `${answer.status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`,
  };
};

/** Ten codes a recipient in ten minutes (logto.md §3): whoever meets that has asked too often, which is no fault of the app. */
function demandNoLimit(answer: Answer, phone: string): void {
  if (answer.status !== 429) return;
  throw new Blocked(
    `Logto sends no more codes to ${phone.slice(0, 4)}… for now (${saidBy(answer).text}): wait ten minutes, or give more numbers (--people).`,
  );
}

/**
 * Signs the person in (or registers them at their first time) and returns where Logto sends the browser.
 *
 * @throws ConformanceError CONF_ISSUER_SIGN_IN; at a real tenant also {@link Blocked}, with what it said
 */
export async function signInAtIssuer(experience: Experience, person: Person, real?: RealLogto): Promise<URL> {
  const event: InteractionEvent = person.userId ? 'SignIn' : 'Register';
  const expect = real ? demandStatus : expectStatus;
  expect(await experience.begin(event), 204);
  expect(await experience.sendCode(event), 200);
  const { code } = await experience.message();
  if (!code)
    throw mockFault(
      'no code was found in the text message',
      'a message that holds the code, as the template says',
    );
  expect(await experience.verify(code), 200);
  await identify(experience, event, real);
  const next = await experience.submit();
  if (!next) throw mockFault('POST /api/experience/submit gave no redirectTo', 'a redirectTo');
  person.userId ??= 'registered';
  return next;
}

/** Who is new and who is known is decided by Logto: what was verified counts for both. */
async function identify(experience: Experience, event: InteractionEvent, real?: RealLogto): Promise<void> {
  const first = await experience.identify();
  const wanted = event === 'Register' ? 201 : 204;
  if (!real) return expectStatus(first, wanted);
  const { code } = saidBy(first);
  if (code === 'user.user_not_exist') {
    if (!real.signUp)
      throw new Blocked(
        'The tenant knows nobody with this number, and no account may be created (--allow-sign-up): name a number whose owner has one (--people).',
      );
    demandStatus(await experience.switchTo('Register'), 204);
    return demandStatus(await experience.identify(), 201);
  }
  if (code === 'user.phone_already_in_use') {
    demandStatus(await experience.switchTo('SignIn'), 204);
    return demandStatus(await experience.identify(), 204);
  }
  demandStatus(first, wanted);
}

function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) {
    throw mockFault(
      `${answer.method} ${answer.url.pathname} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
      `status ${status}`,
    );
  }
}

function demandStatus(answer: Answer, status: number): void {
  if (answer.status !== status) throw refusal(answer, `${answer.method} ${answer.url.pathname} was refused`);
}

/** A real tenant asks for something that the suite does not do, or has a fault of its own: nothing is said of the app. */
const refusal = (answer: Answer, what: string) =>
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

const noMessage = (text: string) =>
  new Blocked(text.replace(/^Has a connector that sent no message/, 'No message came'));

const mockFault = (what: string, expected: string) =>
  new ConformanceError({
    code: 'CONF_ISSUER_SIGN_IN',
    what: `the sign-in at the Logto mock failed: ${what}`,
    expected,
    remedy:
      'check the connector config with `authjs-conformance connector`; if it is good, report this as a defect of the mock.',
  });
