/** What comes after a step: the next page, the way back to the app, or the same page with a message. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import type { Call } from '../experience/call.ts';
import { identifyUser, registerUser, submit } from '../experience/identification.ts';
import type { VerificationRecord } from '../experience/state.ts';
import { phrase } from '../phrases.ts';
import { noteError } from '../webhooks/notes.ts';
import { dialog, shown } from './forms.ts';
import { html } from './html.ts';
import { sendPage } from './layout.ts';
import { maySignInWithCode, maySignUpWith } from './settings.ts';
import { oneOf } from './texts.ts';
import { seeOther, type Visit } from './visit.ts';

/** The words for an error: Logto's page rewrites rejected passwords and shows the API's message for the rest. */
export function messageOf({ t }: Visit, error: LogtoError): string {
  if (error.code !== 'password.rejected')
    return phrase('errors', t.language, error.code, error.options.values);
  const issues = error.options.data as { code: string; interpolation?: Record<string, unknown> }[];
  const restricted = issues.filter(({ code }) => code.startsWith('password_rejected.restricted.'));
  const first = issues.find(({ code }) => !code.startsWith('password_rejected.restricted.'));
  if (first) return t(`error.${first.code}`, first.interpolation);
  const names = restricted.map(({ code }) => t(`error.${code}`));
  return t('error.password_rejected.restricted_found', { list: oneOf(t, names) });
}

export const errorPage = (visit: Visit, title: string, text: string, status: number): FastifyReply =>
  sendPage(
    visit.reply,
    visit.t,
    {
      title: visit.t(title),
      lead: visit.t(text),
      body: html`<p class="below"><a href="${visit.at('/sign-in')}">${visit.t('description.back_to_sign_in')}</a></p>`,
    },
    status,
  );

export const notFoundPage = (visit: Visit): FastifyReply =>
  sendPage(visit.reply, visit.t, { title: visit.t('description.not_found'), body: html`` });

export const invalidSession = (visit: Visit): FastifyReply =>
  sendPage(
    visit.reply,
    visit.t,
    { title: visit.t('error.something_went_wrong'), lead: visit.t('error.invalid_session'), body: html`` },
    visit.request.method === 'GET' ? 200 : 400,
  );

/** Identifies or registers whoever was proven, then ends the interaction. */
export async function identifyAndSubmit(
  visit: Visit,
  call: Call,
  verificationId: string | undefined,
): Promise<FastifyReply> {
  if (call.state.interactionEvent === 'Register') {
    if (!call.state.userId) await registerUser(call, verificationId);
  } else if (verificationId) await identifyUser(call, verificationId);
  return finish(visit, call);
}

/** Ends the interaction: back to the app, or to the sign-in page once a forgotten password is changed. */
export async function finish(visit: Visit, call: Call): Promise<FastifyReply> {
  const next = await submit(call);
  const signIn = visit.at('/sign-in');
  return seeOther(visit, next ?? `${signIn}${signIn.includes('?') ? '&' : '?'}notice=password_changed`);
}

const CONTINUE: Record<string, string> = {
  password: 'password',
  username: 'username',
  phone: 'phone',
  email: 'email',
  emailOrPhone: 'email-or-phone',
};

/**
 * Answers an error that has a page of its own.
 *
 * @param proven the record that was just proven, for the questions about new and taken identifiers
 * @returns undefined when the message belongs on the page that was sent
 */
export function answerElsewhere(
  visit: Visit,
  error: unknown,
  call: Call | undefined,
  proven?: VerificationRecord,
): FastifyReply | undefined {
  if (!(error instanceof LogtoError)) throw error;
  noteError(visit.request, error);
  const { t, settings } = visit;
  const data = error.options.data as { missingProfile?: string[]; availableFactors?: string[] } | undefined;
  if (
    ['session.not_found', 'session.interaction_not_found', 'session.identifier_not_found'].includes(
      error.code,
    )
  )
    return invalidSession(visit);
  if (error.code === 'user.suspended')
    return errorPage(visit, 'error.account_suspended', 'error.account_suspended_description', 401);
  if (error.code === 'user.missing_profile')
    return seeOther(visit, visit.at(`/continue/${CONTINUE[data?.missingProfile?.[0] ?? ''] ?? 'password'}`));
  if (error.code === 'user.new_password_required_in_profile')
    return seeOther(visit, visit.at('/forgot-password/reset'));
  if (error.code === 'session.mfa.require_mfa_verification')
    return seeOther(visit, visit.at(`/mfa-verification/${data?.availableFactors?.[0]}`));
  if (['user.missing_mfa', 'user.suggest_mfa', 'session.mfa.suggest_additional_mfa'].includes(error.code))
    return seeOther(visit, visit.at('/mfa-binding'));
  if (!proven) return undefined;

  const { type } = proven.identifier;
  const value = shown(visit, proven.identifier);
  const kind = t(type === 'phone' ? 'description.phone_number' : 'description.email');
  const ask = (
    event: 'SignIn' | 'Register',
    allowed: boolean,
    question: string,
    refusal: string,
    cancel: string,
  ) =>
    sendPage(
      visit.reply,
      t,
      {
        title: t(type === 'phone' ? 'description.verify_phone' : 'description.verify_email'),
        body: dialog(visit, {
          text: allowed ? t(question, { value }) : t(refusal, { type: kind, value }),
          cancel,
          ...(allowed && {
            confirm: { action: `/${event === 'Register' ? 'sign-in' : 'register'}/verification-code/switch` },
          }),
        }),
      },
      error.status,
    );
  if (error.code === 'user.user_not_exist' && call?.state.interactionEvent === 'SignIn') {
    return ask(
      'Register',
      maySignUpWith(settings, type),
      'description.sign_in_id_does_not_exist',
      'description.sign_in_id_does_not_exist_alert',
      '/sign-in',
    );
  }
  if (
    /^user\.(phone|email)_already_in_use$/.test(error.code) &&
    call?.state.interactionEvent === 'Register'
  ) {
    return ask(
      'SignIn',
      maySignInWithCode(settings, type),
      'description.create_account_id_exists',
      'description.create_account_id_exists_alert',
      '/register',
    );
  }
  return undefined;
}
