/** The page behind a one-time link: it proves the address, then signs in whoever has it or registers them. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import type { Call } from '../experience/call.ts';
import { switchEvent } from '../experience/identification.ts';
import { verifyOneTimeToken } from '../experience/verification.ts';
import { answerElsewhere, errorPage, identifyAndSubmit } from './outcomes.ts';
import { startOver, type Visit } from './visit.ts';

/** Signs in, or registers when nobody has the address, as Logto's page does (packages/experience pages/OneTimeToken). */
async function signInOrRegister(visit: Visit, call: Call, verificationId: string): Promise<FastifyReply> {
  try {
    return await identifyAndSubmit(visit, call, verificationId);
  } catch (error) {
    if (!(error instanceof LogtoError && error.code === 'user.user_not_exist')) throw error;
    await switchEvent(call, 'Register');
    return identifyAndSubmit(visit, call, verificationId);
  }
}

export async function getOneTimeToken(visit: Visit): Promise<FastifyReply> {
  const { one_time_token: token = '', login_hint: email = '' } = visit.query;
  const call = await startOver(visit, 'SignIn').catch(() => undefined);
  try {
    if (!call) throw new LogtoError('session.not_found');
    return await signInOrRegister(
      visit,
      call,
      await verifyOneTimeToken(call, { type: 'email', value: email }, token),
    );
  } catch (error) {
    const elsewhere = answerElsewhere(visit, error, call);
    return (
      elsewhere ??
      errorPage(visit, 'error.invalid_link', 'error.invalid_link_description', (error as LogtoError).status)
    );
  }
}
