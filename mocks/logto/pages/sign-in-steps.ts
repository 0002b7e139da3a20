/** What several pages do when a person goes on: send a code, or take a password. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import type { Identifier, InteractionEvent } from '../experience/state.ts';
import { sendVerificationCode, verifyPassword } from '../experience/verification.ts';
import type { Recipient } from '../passcodes.ts';
import { answerElsewhere, identifyAndSubmit, messageOf } from './outcomes.ts';
import { seeOther, startOver, type Visit } from './visit.ts';

export interface Problem {
  message: string;
  status: number;
}

export const problemOf = (visit: Visit, error: LogtoError): Problem => ({
  message: messageOf(visit, error),
  status: error.status,
});

/** Sends a code for a new interaction and goes to the page that asks for it. */
export async function startWithCode(
  visit: Visit,
  event: InteractionEvent,
  identifier: Identifier,
  page: (visit: Visit, problem: Problem) => FastifyReply,
): Promise<FastifyReply> {
  try {
    await sendVerificationCode(await startOver(visit, event), identifier as Recipient, event);
  } catch (error) {
    // A carrier that cannot be reached is no LogtoError: Logto's page shows a general message for it.
    if (!(error instanceof LogtoError))
      return page(visit, { message: visit.t('error.send_verification_code_failed'), status: 500 });
    return answerElsewhere(visit, error, undefined) ?? page(visit, problemOf(visit, error));
  }
  const flow = { SignIn: 'sign-in', Register: 'register', ForgotPassword: 'forgot-password' }[event];
  return seeOther(visit, visit.at(`/${flow}/verification-code`));
}

export async function signInWithPassword(
  visit: Visit,
  identifier: Identifier,
  page: (visit: Visit, problem: Problem) => FastifyReply,
): Promise<FastifyReply> {
  const call = await startOver(visit, 'SignIn').catch(() => undefined);
  try {
    if (!call) throw new LogtoError('session.not_found');
    if (!visit.fields.password)
      return page(visit, { message: visit.t('error.password_required'), status: 422 });
    return await identifyAndSubmit(
      visit,
      call,
      await verifyPassword(call, identifier, visit.fields.password),
    );
  } catch (error) {
    return answerElsewhere(visit, error, call) ?? page(visit, problemOf(visit, error as LogtoError));
  }
}
