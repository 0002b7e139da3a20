/** Logto's Experience API, as its sign-in page calls it (facts: logto.md §2, §3). */
import { randomBytes } from 'node:crypto';
import type { ControlClient, InboxMessage } from '../../mocks/index.ts';
import type { WayIn } from '../../mocks/logto/sign-in/way-in.ts';
import type { Person } from '../../mocks/people.ts';
import { ConformanceFailure } from '../errors.ts';
import type { Answer, HttpAgent } from '../user-agents/http.ts';
import { patiently } from '../user-agents/pace.ts';
import { demandNoLimit, noMessage, refusal, saidBy } from './answers.ts';

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

/** Things that a tenant may ask for beside the identifier, one after another. */
const ASKED_MAX = 4;

/** A password that Logto's default policy takes. */
export const newPassword = (): string => `Aa1!${randomBytes(12).toString('base64url')}`;

/** By phone and code: the way in of a real tenant that `live setup` prepared, and of the mock unless it is told otherwise. */
export const BY_PHONE: WayIn = {
  identifier: 'phone',
  byCode: true,
  takesPassword: true,
  signsUp: true,
  needs: new Set(['phone']),
  recovery: 'phone',
};

/** The Experience API, one call a method; `phone` is E.164, Logto takes its digits only. */
export interface Experience {
  /** How this person gets in. */
  way(): WayIn;
  begin(event: InteractionEvent): Promise<Answer>;
  /** Goes on with what was verified, as somebody new or somebody known. */
  switchTo(event: InteractionEvent): Promise<Answer>;
  /** Asks Logto to send a code; the verification id is in the answer when it did. */
  sendCode(event: InteractionEvent): Promise<Answer & { verificationId?: string }>;
  /** The message with the code that was asked for last. */
  message(): Promise<InboxMessage>;
  verify(code: string): Promise<Answer>;
  /** Proves the person by their password. */
  enterPassword(): Promise<Answer>;
  /** A new person without phone and address begins with a username. */
  chooseUsername(): Promise<Answer>;
  /** Says who it is; what the tenant asks for besides (a password, a username) is given. */
  identify(): Promise<Answer>;
  /** Asks for the code of the second factor by SMS; `message` waits for it. */
  askSecondFactor(): Promise<Answer>;
  /** Enters it. */
  enterSecondFactor(code: string): Promise<Answer>;
  /**
   * Ends the visit; a second factor that the tenant asks for is given by SMS, or bound by one.
   *
   * @returns the URL that goes on with the authorization request
   */
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
  /** How the person gets in (default: by phone and code). */
  way?(): WayIn;
}

export function createExperience(options: ExperienceOptions): Experience {
  const {
    agent,
    issuerOrigin,
    control,
    person,
    claim = async () => {},
    real,
    way = () => BY_PHONE,
  } = options;
  let verificationId: string | undefined;
  let secondFactorId: string | undefined;
  let since = new Date(0).toISOString();
  /** Where the last code went. */
  let to = '';
  const digits = () => person.phone.replace(/\D/g, '');
  const identifierOf = (type: string) => ({
    type,
    value: type === 'phone' ? digits() : ((type === 'email' ? person.email : person.username) ?? ''),
  });
  const recipientOf = (event: InteractionEvent) => {
    const { identifier, recovery } = way();
    return (event === 'ForgotPassword' && recovery) || (identifier === 'email' ? 'email' : 'phone');
  };

  const call: Experience['call'] = (method, path, json) =>
    agent.hop(`${issuerOrigin}/api/experience${path}`, {
      method,
      json,
      headers: { accept: 'application/json' },
    });
  const idIn = (answer: Answer) => (answer.json() as { verificationId?: string } | undefined)?.verificationId;

  const send = async (type: string, event: InteractionEvent) => {
    since = new Date().toISOString();
    to = type === 'phone' ? person.phone : (person.email ?? '');
    return call('POST', '/verification/verification-code', {
      identifier: identifierOf(type),
      interactionEvent: event,
    });
  };
  const message = () =>
    awaitMessage(
      control,
      { to, since },
      'Has a connector that sent no message, though Logto had asked for one',
      real?.messageMs,
    ).catch((error: Error) => {
      // With a real carrier in between, a message that is not there says nothing of the app.
      throw real && error instanceof ConformanceFailure ? noMessage(error.message) : error;
    });
  /** Proves a phone number or an address beside the one that was entered first. */
  const prove = async (type: string) => {
    const id = idIn(await send(type, 'Register'));
    const { code } = await message();
    await call('POST', '/verification/verification-code/verify', {
      identifier: identifierOf(type),
      verificationId: id,
      code,
    });
    return id;
  };
  const password = () => {
    person.password ??= newPassword();
    return person.password;
  };
  const addMissing = async (missing: string) => {
    if (missing === 'password') return call('POST', '/profile', { type: 'password', value: password() });
    if (missing === 'username')
      return call('POST', '/profile', { type: 'username', value: person.username ?? `u_${digits()}` });
    const type = missing === 'email' ? 'email' : 'phone';
    return call('POST', '/profile', { type, verificationId: await prove(type) });
  };
  const secondFactor = async (code: string) => {
    if (code === 'user.missing_mfa')
      return call('POST', '/profile/mfa', {
        type: 'PhoneVerificationCode',
        verificationId: await prove('phone'),
      });
    await self.askSecondFactor();
    return self.enterSecondFactor((await message()).code ?? '');
  };

  const self: Experience = {
    way,
    call,
    message,
    begin: (event) => call('PUT', '', { interactionEvent: event }),
    switchTo: (event) => call('PUT', '/interaction-event', { interactionEvent: event }),
    async sendCode(event) {
      await claim();
      const answer = await send(recipientOf(event), event);
      if (real) demandNoLimit(answer, person.phone);
      verificationId = idIn(answer) ?? verificationId;
      return { ...answer, verificationId };
    },
    verify: (code) =>
      call('POST', '/verification/verification-code/verify', {
        identifier: identifierOf(to === person.phone ? 'phone' : 'email'),
        verificationId,
        code,
      }),
    async enterPassword() {
      const answer = await call('POST', '/verification/password', {
        identifier: identifierOf(way().identifier),
        password: password(),
      });
      verificationId = idIn(answer);
      return answer;
    },
    chooseUsername: () => {
      verificationId = undefined;
      return call('POST', '/profile', { type: 'username', value: person.username });
    },
    async identify() {
      let answer = await call('POST', '/identification', verificationId ? { verificationId } : {});
      for (let turn = 0; turn < ASKED_MAX && !real; turn += 1) {
        const { code, data } = saidBy(answer);
        const [missing] = (data as { missingProfile?: string[] } | undefined)?.missingProfile ?? [];
        if (code !== 'user.missing_profile' || missing === undefined) break;
        await addMissing(missing);
        answer = await call('POST', '/identification', {});
      }
      return answer;
    },
    async askSecondFactor() {
      since = new Date().toISOString();
      to = person.phone;
      const answer = await call('POST', '/verification/mfa-verification-code', { identifierType: 'phone' });
      secondFactorId = idIn(answer);
      return answer;
    },
    enterSecondFactor: (code) =>
      call('POST', '/verification/mfa-verification-code/verify', {
        verificationId: secondFactorId,
        code,
        identifierType: 'phone',
      }),
    async submit() {
      let answer = await call('POST', '/submit');
      const { code } = saidBy(answer);
      if (!real && (code === 'session.mfa.require_mfa_verification' || code === 'user.missing_mfa')) {
        await secondFactor(code);
        answer = await call('POST', '/submit');
      }
      const { redirectTo } = (answer.json() ?? {}) as { redirectTo?: string };
      if (real && !redirectTo) throw refusal(answer, 'the sign-in could not be completed');
      return redirectTo ? new URL(redirectTo) : undefined;
    },
  };
  return self;
}
