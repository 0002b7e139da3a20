/**
 * The sign-in experience pages of the Logto mock: our own, at Logto's addresses.
 *
 * Addresses, input names and button names: packages/experience/src (App.tsx, components, containers);
 * which pages need a session: packages/core koa-spa-session-guard.ts; recordings 113 to 115, 182, 619.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LogtoContext } from '../context.ts';
import { keepBodiesRaw } from '../guard.ts';
import { triggerWebhooks } from '../webhooks/notes.ts';
import { registerAssets } from './assets.ts';
import { type Flow, getCodePage, getMfaPage, postCodePage, postResend, postSwitch } from './code-pages.ts';
import {
  continuePage,
  type Missing,
  mfaBindingPage,
  postContinue,
  postMfaBinding,
  postSkipMfa,
} from './continue-pages.ts';
import { devicePage, deviceSuccessPage } from './device-pages.ts';
import {
  forgotPasswordPage,
  postForgotPassword,
  postPasswordPage,
  postRegister,
  postSignIn,
  registerPage,
  signInPage,
} from './first-pages.ts';
import { getOneTimeToken } from './one-time-token.ts';
import { invalidSession, notFoundPage } from './outcomes.ts';
import { getPasswordPage, newPasswordPage, postNewPassword } from './password-pages.ts';
import { koaRedirect, openVisit, seeOther, type Visit } from './visit.ts';

/** Addresses that Logto shows only to browsers with an interaction; the rest explain themselves. */
const GUARDED = ['/sign-in', '/register', '/single-sign-on', '/social/register', '/forgot-password'];
const needsSession = (path: string) => path === '/' || GUARDED.some((guarded) => path.startsWith(guarded));

/** First path segments that are other apps of Logto: what they do not know is a plain 404 (koa-spa-proxy.ts). */
const OTHER_APPS = [
  'api',
  'oidc',
  '.well-known',
  'console',
  'demo-app',
  'account',
  'me',
  'assets',
  'mock-assets',
];

type Handler = (visit: Visit) => FastifyReply | Promise<FastifyReply>;

/** Adds the routes of the sign-in experience pages. */
export async function registerPages(app: FastifyInstance, context: LogtoContext): Promise<void> {
  keepBodiesRaw(app);
  triggerWebhooks(app, context);
  registerAssets(app, context);

  const unknownSession = (request: FastifyRequest, reply: FastifyReply) =>
    koaRedirect(
      request,
      reply,
      context.tenant.signInExperience.unknownSessionRedirectUrl ?? `${context.endpoint}/unknown-session`,
    );
  const page = (path: string, handlers: { get?: Handler; post?: Handler }) => {
    for (const [method, handler] of [
      ['GET', handlers.get],
      ['POST', handlers.post],
    ] as const) {
      if (!handler) continue;
      app.route({
        method,
        url: path,
        async handler(request, reply) {
          const interaction = await context.interactionOf(request.raw, reply.raw);
          if (!interaction && needsSession(path)) {
            return unknownSession(request, reply);
          }
          return handler(openVisit(context, request, reply, interaction));
        },
      });
    }
  };
  const mode = (visit: Visit) => visit.settings.signInMode;
  /** First screens hand a one-time link on to its own page. */
  const byLink = (visit: Visit) =>
    visit.query.one_time_token ? seeOther(visit, visit.at('/one-time-token')) : undefined;

  page('/', { get: (visit) => seeOther(visit, visit.at('/sign-in')) });
  page('/unknown-session', { get: invalidSession });
  for (const path of ['/sign-in', '/identifier-sign-in']) {
    page(path, {
      get: (visit) =>
        byLink(visit) ??
        (mode(visit) === 'Register' ? seeOther(visit, visit.at('/register')) : signInPage(visit)),
      post: postSignIn,
    });
  }
  for (const path of ['/register', '/identifier-register']) {
    page(path, {
      get: (visit) =>
        byLink(visit) ??
        (mode(visit) === 'SignIn' ? seeOther(visit, visit.at('/sign-in')) : registerPage(visit)),
      post: postRegister,
    });
  }
  for (const path of ['/forgot-password', '/reset-password']) {
    page(path, { get: (visit) => forgotPasswordPage(visit), post: postForgotPassword });
  }
  page('/sign-in/password', { get: getPasswordPage, post: postPasswordPage });
  for (const path of ['/register/password', '/continue/password', '/forgot-password/reset']) {
    page(path, { get: (visit) => newPasswordPage(visit), post: postNewPassword });
  }
  for (const flow of ['sign-in', 'register', 'forgot-password', 'continue', 'mfa-binding'] as Flow[]) {
    page(`/${flow}/verification-code`, {
      get: (visit) => getCodePage(visit, flow),
      post: (visit) => postCodePage(visit, flow),
    });
    page(`/${flow}/verification-code/resend`, { post: (visit) => postResend(visit, flow) });
    page(`/${flow}/verification-code/switch`, { post: (visit) => postSwitch(visit, flow) });
  }
  for (const missing of ['username', 'phone', 'email', 'email-or-phone'] as Missing[]) {
    page(`/continue/${missing}`, {
      get: (visit) => continuePage(visit, missing),
      post: (visit) => postContinue(visit, missing),
    });
  }
  page('/mfa-binding', { get: (visit) => mfaBindingPage(visit), post: postMfaBinding });
  page('/mfa-binding/skip', { post: postSkipMfa });
  for (const [factor, type] of [
    ['PhoneVerificationCode', 'phone'],
    ['EmailVerificationCode', 'email'],
  ] as const) {
    page(`/mfa-verification/${factor}`, {
      get: (visit) => getMfaPage(visit, type),
      post: (visit) => postCodePage(visit, 'mfa-verification'),
    });
    page(`/mfa-verification/${factor}/resend`, { post: (visit) => postResend(visit, 'mfa-verification') });
  }
  page('/one-time-token', { get: getOneTimeToken });
  page('/device', { get: devicePage });
  page('/device/success', { get: deviceSuccessPage });
  // Single sign-on, social sign-in and the like are offered by no tenant of this mock.
  for (const path of ['/single-sign-on', '/direct/:method/:target'])
    page(path, { get: (visit) => seeOther(visit, visit.at('/sign-in')) });
  // Every other address is the pages' own "not found", answered 200 as Logto's single-page app is.
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0] as string;
    if (OTHER_APPS.includes(path.split('/')[1] as string)) return reply.callNotFound();
    const interaction = await context.interactionOf(request.raw, reply.raw);
    if (!interaction && needsSession(path)) return unknownSession(request, reply);
    return notFoundPage(openVisit(context, request, reply, interaction));
  });
}
