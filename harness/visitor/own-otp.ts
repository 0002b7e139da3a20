/** Drives the codes that an app sends by itself (feature own-otp), at the paths its config names. */
import type { ControlClient } from '../../mocks/index.ts';
import type { InboxMessage } from '../../mocks/twilio/server.ts';
import { ConformanceError, ConformanceFailure, demand } from '../errors.ts';
import type { LabDescription } from '../lab/lab-description.ts';
import { awaitMessage } from '../logto/experience.ts';
import type { Answer } from '../user-agents/http.ts';
import type { Surroundings } from './surroundings.ts';
import type { Visitor } from './visitor.ts';

/** Header by which the preload of the target answers one request as if seconds had passed. */
export const CLOCK_HEADER = 'x-conformance-clock';

export interface OwnOtp {
  /** Asks the app for a code, as if `later` seconds had passed; to the person's own number, unless another one is given. */
  send(options?: { phone?: string; later?: number }): Promise<Answer>;
  /** The message that answers the last `send`. */
  message(): Promise<InboxMessage>;
  /** Asks for a code and reads it from the phone; a pause that the app demands between codes is skipped over.
   * `later` as in `send`. */
  code(options?: { later?: number }): Promise<string>;
  /** Gives a code to the app, as if `later` seconds had passed. */
  verify(code: string, options?: { phone?: string; later?: number; csrf?: boolean }): Promise<Answer>;
}

/** What the config says about codes of the app's own. Throws CONF_OWN_OTP_PATHS when it says nothing. */
export function ownOtpOf({ config }: LabDescription) {
  if (config.pages.ownOtp) return config.pages.ownOtp;
  throw new ConformanceError({
    code: 'CONF_OWN_OTP_PATHS',
    what: 'the app claims the feature own-otp, but the config does not say where it sends and takes codes',
    expected: "pages.ownOtp: { send: '/otp/send', verify: '/auth/callback/phone' }",
    remedy: 'add the two paths, and the names of the fields when they are not "phone" and "code".',
  });
}

/** @param options.visitor whose browser asks, and whose phone gets the messages */
export function createOwnOtp(options: {
  lab: LabDescription;
  control: ControlClient;
  scope: string;
  visitor: Visitor;
}): OwnOtp {
  const { lab, control, scope, visitor } = options;
  const paths = ownOtpOf(lab);
  let since = new Date(0).toISOString();
  let bound: Promise<unknown> | undefined;

  const post = async (
    path: string,
    fields: Record<string, string>,
    { csrf = true, headers = {} }: { csrf?: boolean; headers?: Record<string, string> } = {},
  ) => {
    const token = csrf ? await visitor.csrfToken() : undefined;
    const body = { ...fields, ...(token && { csrfToken: token }), callbackUrl: `${lab.app.origin}/` };
    return visitor.get(path, {
      method: 'POST',
      headers,
      ...(paths.type === 'json' ? { json: body } : { form: body }),
    });
  };

  const send: OwnOtp['send'] = async ({ phone = visitor.person.phone, later = 0 } = {}) => {
    bound ??= control.call('PUT', `/scopes/${scope}/phone`, { phone: visitor.person.phone });
    await bound;
    since = new Date().toISOString();
    return post(paths.send, { [paths.phoneField]: phone }, { headers: clockHeader(later) });
  };
  const message = () =>
    awaitMessage(control, { to: visitor.person.phone, since }, 'Said that a code was sent, but none arrived');

  return {
    send,
    message,
    async code({ later = 0 } = {}) {
      let answer = await send({ later });
      if (answer.status === 429) answer = await send({ later: later + PAUSE });
      if (answer.status >= 400)
        throw new ConformanceFailure(`Refused to send a code: ${answer.status} at ${answer.url.pathname}.`);
      const { code, body } = await message();
      if (!code) throw new ConformanceFailure(`Sent a message without a code in it: "${body}".`);
      return code;
    },
    verify: (code, { phone = visitor.person.phone, later = 0, csrf = true } = {}) =>
      post(
        paths.verify,
        { [paths.phoneField]: phone, [paths.codeField]: code },
        { csrf, headers: clockHeader(later) },
      ),
  };
}

/** A new browser with a phone of its own, and the app's codes for it. */
export async function somebodyWithPhone({
  visitor,
  ...where
}: Pick<Surroundings, 'lab' | 'control' | 'scope' | 'visitor'>) {
  const browser = await visitor();
  return { browser, otp: createOwnOtp({ ...where, visitor: browser }) };
}

/** Seconds after which an app that makes people wait between two codes sends the next one. */
export const PAUSE = 61;

/**
 * Messages that an app had sent in a scope: requests to Twilio's Messages API, however it answered, and verifications of
 * Twilio Verify that it started. What Verify refuses to send costs nothing: it holds limits of its own for each number.
 */
export async function messagesSent(control: ControlClient, scope: string): Promise<number> {
  const messages = await control.journal({ scope, endpoint: 'messages' });
  const verifications = await control.journal({ scope, endpoint: 'verify' });
  const started = verifications.filter(
    ({ facts, status }) => facts.resource === 'verifications' && status === 201,
  );
  return messages.length + started.length;
}

/** Whether the app leaves its codes to Twilio Verify, as its requests in a scope show. */
export const usesVerify = async (control: ControlClient, scope: string): Promise<boolean> =>
  (await control.journal({ scope, endpoint: 'verify' })).length > 0;

const clockHeader = (seconds: number): Record<string, string> =>
  seconds ? { [CLOCK_HEADER]: String(seconds) } : {};

/** A code of the same length that is certainly another one. */
export const otherCode = (code: string, step = 1): string =>
  String((Number(code) + step) % 10 ** code.length).padStart(code.length, '0');

/** Demands a session; `what` is what the person signed in with. */
export const demandIn = async (browser: Visitor, what: string) =>
  demand(await browser.session(), `Did not sign the person in with ${what}.`);
