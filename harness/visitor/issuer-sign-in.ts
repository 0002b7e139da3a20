/** Signs a person in at Logto by phone one-time code, through the Experience API (facts: logto.md §2, §3). */
import type { ControlClient, InboxMessage } from '../../mocks/index.ts';
import type { Person } from '../../mocks/people.ts';
import { ConformanceError, ConformanceFailure } from '../errors.ts';
import type { Answer, HttpAgent } from '../user-agents/http.ts';
import { patiently } from '../user-agents/pace.ts';

export type InteractionEvent = 'SignIn' | 'Register' | 'ForgotPassword';

/** Milliseconds within which a message that was asked for must arrive; more on a slow machine. */
const MESSAGE_MS = 5_000;

/**
 * The next message to a number.
 *
 * @param misdeed what the app, or its connector, did when none came; any other trouble is ours
 */
export const awaitMessage = (
  control: Pick<ControlClient, 'waitForMessage'>,
  { to, since }: { to: string; since: string },
  misdeed: string,
): Promise<InboxMessage> =>
  patiently(MESSAGE_MS, (waitMs) => control.waitForMessage(to, { since, waitMs })).catch((error: Error) => {
    if (!error.message.startsWith('no message reached')) throw error;
    throw new ConformanceFailure(`${misdeed}: ${error.message}`);
  });

/** The Experience API, one call a method; `phone` is E.164, Logto takes its digits only. */
export interface Experience {
  begin(event: InteractionEvent): Promise<Answer>;
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

export function createExperience(options: {
  agent: HttpAgent;
  issuerOrigin: string;
  control: ControlClient;
  person: Person;
}): Experience {
  const { agent, issuerOrigin, control, person } = options;
  const identifier = { type: 'phone', value: person.phone.replace(/\D/g, '') };
  let verificationId: string | undefined;
  let since = new Date(0).toISOString();

  const call: Experience['call'] = (method, path, json) =>
    agent.hop(`${issuerOrigin}/api/experience${path}`, {
      method,
      json,
      headers: { accept: 'application/json' },
    });

  return {
    call,
    begin: (event) => call('PUT', '', { interactionEvent: event }),
    async sendCode(event) {
      since = new Date().toISOString();
      const answer = await call('POST', '/verification/verification-code', {
        identifier,
        interactionEvent: event,
      });
      verificationId =
        (answer.json() as { verificationId?: string } | undefined)?.verificationId ?? verificationId;
      return { ...answer, verificationId };
    },
    message: () =>
      awaitMessage(
        control,
        { to: person.phone, since },
        'Has a connector that sent no message, though Logto had asked for one',
      ),
    verify: (code) =>
      call('POST', '/verification/verification-code/verify', { identifier, verificationId, code }),
    identify: () => call('POST', '/identification', { verificationId }),
    async submit() {
      const answer = await call('POST', '/submit');
      const { redirectTo } = (answer.json() ?? {}) as { redirectTo?: string };
      return redirectTo ? new URL(redirectTo) : undefined;
    },
  };
}

/** Signs the person in (or registers them at their first time) and returns where Logto sends the browser. */
export async function signInAtIssuer(experience: Experience, person: Person): Promise<URL> {
  const event: InteractionEvent = person.userId ? 'SignIn' : 'Register';
  expectStatus(await experience.begin(event), 204);
  expectStatus(await experience.sendCode(event), 200);
  const { code } = await experience.message();
  if (!code)
    throw mockFault(
      'no code was found in the text message',
      'a message that holds the code, as the template says',
    );
  expectStatus(await experience.verify(code), 200);
  expectStatus(await experience.identify(), event === 'Register' ? 201 : 204);
  const next = await experience.submit();
  if (!next) throw mockFault('POST /api/experience/submit gave no redirectTo', 'a redirectTo');
  person.userId ??= 'registered';
  return next;
}

function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) {
    throw mockFault(
      `${answer.method} ${answer.url.pathname} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
      `status ${status}`,
    );
  }
}

const mockFault = (what: string, expected: string) =>
  new ConformanceError({
    code: 'CONF_ISSUER_SIGN_IN',
    what: `the sign-in at the Logto mock failed: ${what}`,
    expected,
    remedy:
      'check the connector config with `authjs-conformance connector`; if it is good, report this as a defect of the mock.',
  });
