/** The pages that ask for a password: the one to sign in with, and a new one. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import { setPassword } from '../experience/profile.ts';
import type { Identifier } from '../experience/state.ts';
import { errorLine, mainButton, passwordField, shown, showPassword } from './forms.ts';
import { html } from './html.ts';
import { sendPage } from './layout.ts';
import { answerElsewhere, finish, identifyAndSubmit, invalidSession, messageOf } from './outcomes.ts';
import { forgotPasswordKinds, methodFor } from './settings.ts';
import type { Problem } from './sign-in-steps.ts';
import { goOn, type Visit } from './visit.ts';

export function passwordPage(visit: Visit, identifier: Identifier, problem?: Problem): FastifyReply {
  const { t, settings } = visit;
  const typed = identifier.type === 'phone' ? `+${identifier.value}` : identifier.value;
  const method = {
    phone: 'description.phone_number',
    email: 'description.email',
    username: 'description.username',
  }[identifier.type as 'phone'];
  const canSendCode =
    identifier.type !== 'username' && methodFor(settings, identifier.type)?.verificationCode;
  return sendPage(
    visit.reply,
    t,
    {
      title: t('description.enter_password'),
      lead: t('description.enter_password_for', { method: t(method), value: shown(visit, identifier) }),
      back: visit.at('/sign-in'),
      body: html`<form method="post" action="${visit.at('/sign-in/password')}">
<input type="text" name="identifier" value="${typed}" readonly hidden autocomplete="username">
${passwordField(visit, { invalid: problem !== undefined, autofocus: true })}
${showPassword(visit)}
${errorLine(problem?.message)}
${mainButton(visit, 'action.continue')}
</form>
${forgotPasswordKinds(settings).length > 0 && html`<p class="below"><a href="${visit.at('/forgot-password')}">${t('action.forgot_password')}</a></p>`}
${canSendCode && html`<form class="below" method="post" action="${visit.at('/sign-in/password')}"><p class="lead"><input type="hidden" name="identifier" value="${typed}"><button class="link" type="submit" name="use" value="code">${t('action.sign_in_via_passcode')}</button></p></form>`}`,
    },
    problem?.status,
  );
}

/** GET: the identifier comes from the code that was just sent. */
export async function getPasswordPage(visit: Visit): Promise<FastifyReply> {
  try {
    const { state } = await goOn(visit);
    const identifier = state.verificationRecords.at(-1)?.identifier;
    return identifier && methodFor(visit.settings, identifier.type)?.password
      ? passwordPage(visit, identifier)
      : invalidSession(visit);
  } catch (error) {
    return answerElsewhere(visit, error, undefined) ?? invalidSession(visit);
  }
}

/** A new password: for a new account, a forgotten one, or one that the tenant asks for. */
export function newPasswordPage(visit: Visit, problem?: Problem): FastifyReply {
  const { t } = visit;
  const path = visit.request.url.split('?')[0] as string;
  return sendPage(
    visit.reply,
    t,
    {
      title: t(path.startsWith('/forgot-password') ? 'description.new_password' : 'description.set_password'),
      back: visit.at('/sign-in'),
      body: html`<form method="post" action="${visit.at(path)}">
${passwordField(visit, { name: 'newPassword', autocomplete: 'new-password', invalid: problem !== undefined, autofocus: true })}
${passwordField(visit, { name: 'confirmPassword', label: 'input.confirm_password', autocomplete: 'new-password' })}
${errorLine(problem?.message)}
${showPassword(visit)}
${mainButton(visit, 'action.save_password')}
</form>`,
    },
    problem?.status,
  );
}

export async function postNewPassword(visit: Visit): Promise<FastifyReply> {
  const { newPassword = '', confirmPassword } = visit.fields;
  if (newPassword === '')
    return newPasswordPage(visit, { message: visit.t('error.password_required'), status: 422 });
  // Logto's short form has one field only, so a missing second one is no mistake.
  if (confirmPassword !== undefined && confirmPassword !== newPassword) {
    return newPasswordPage(visit, { message: visit.t('error.passwords_do_not_match'), status: 422 });
  }
  const call = await goOn(visit).catch(() => undefined);
  try {
    if (!call) throw new LogtoError('session.not_found');
    const forgotten = call.state.interactionEvent === 'ForgotPassword';
    await setPassword(call, newPassword, forgotten);
    return forgotten ? await finish(visit, call) : await identifyAndSubmit(visit, call, undefined);
  } catch (error) {
    return (
      answerElsewhere(visit, error, call) ??
      newPasswordPage(visit, {
        message: messageOf(visit, error as LogtoError),
        status: (error as LogtoError).status,
      })
    );
  }
}
