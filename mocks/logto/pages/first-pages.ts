/** The pages that ask who it is: sign in, create account, forgot password. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import { save } from '../experience/call.ts';
import { addToProfile } from '../experience/profile.ts';
import {
  errorLine,
  identifierField,
  kindNames,
  mainButton,
  passwordField,
  showPassword,
  terms,
} from './forms.ts';
import { type Html, html } from './html.ts';
import { type IdentifierKind, readIdentifier } from './identifiers.ts';
import { sendPage } from './layout.ts';
import { answerElsewhere, identifyAndSubmit, invalidSession } from './outcomes.ts';
import { passwordPage } from './password-pages.ts';
import { forgotPasswordKinds, isPasswordOnly, methodFor, signInKinds, signUpKinds } from './settings.ts';
import { type Problem, problemOf, signInWithPassword, startWithCode } from './sign-in-steps.ts';
import { startOver, type Visit } from './visit.ts';

/** Kinds that `identifier=phone email` of the authorization request leaves over, for the identifier pages. */
const narrowed = ({ query }: Visit, kinds: IdentifierKind[]): IdentifierKind[] => {
  const wanted = kinds.filter((kind) => query.identifier?.split(/\s+/).includes(kind));
  return wanted.length > 0 ? wanted : kinds;
};

const typedIn = ({ fields, query }: Visit) => fields.identifier ?? query.login_hint ?? '';
const link = (visit: Visit, before: string, path: string, text: string): Html =>
  html`<p class="below">${visit.t(before)} <a href="${visit.at(path)}">${visit.t(text)}</a></p>`;

const SHOWN_MAX = 20;

/** Ours, not Logto's: the people of a file, each with a button that signs in with what they have. */
function knownPeople(visit: Visit, kinds: readonly IdentifierKind[]): Html | undefined {
  if (!visit.context.shownPeople || isPasswordOnly(visit.settings)) return undefined;
  const path = visit.request.url.split('?')[0] as string;
  const people = visit.context.tenant.users.findMany(undefined, { take: SHOWN_MAX }).flatMap((user) => {
    const identifier = {
      phone: user.primaryPhone && `+${user.primaryPhone}`,
      email: user.primaryEmail,
      username: user.username,
    };
    const kind = kinds.find((one) => identifier[one]);
    return kind ? [{ value: identifier[kind], name: user.name ?? user.username ?? identifier[kind] }] : [];
  });
  return html`<form class="below" method="post" action="${visit.at(path)}">
${people.map(({ value, name }) => html`<button class="link" type="submit" name="identifier" value="${value}">${name}</button> `)}
</form>`;
}

export function signInPage(visit: Visit, problem?: Problem): FastifyReply {
  const { t, settings, query } = visit;
  const kinds = narrowed(visit, signInKinds(settings));
  const path = visit.request.url.split('?')[0] as string;
  const form = html`<form method="post" action="${visit.at(path)}">
${identifierField(visit, kinds, typedIn(visit), problem !== undefined)}
${isPasswordOnly(settings) && html`${passwordField(visit, { invalid: problem !== undefined })}${showPassword(visit)}`}
${errorLine(problem?.message)}
${mainButton(visit, 'action.sign_in')}
</form>`;
  return sendPage(
    visit.reply,
    t,
    {
      title: t('description.sign_in_to_your_account'),
      body: html`${query.notice === 'password_changed' && html`<p class="note below" role="status">${t('description.password_changed')}</p>`}
${kinds.length > 0 ? form : errorLine(t('error.something_went_wrong'))}
${knownPeople(visit, kinds)}
${isPasswordOnly(settings) && forgotPasswordKinds(settings).length > 0 && html`<p class="below"><a href="${visit.at('/forgot-password')}">${t('action.forgot_password')}</a></p>`}
${settings.signInMode === 'SignInAndRegister' && signUpKinds(settings).length > 0 && link(visit, 'description.no_account', '/register', 'action.create_account')}
${terms(visit)}`,
    },
    problem?.status,
  );
}

export function registerPage(visit: Visit, problem?: Problem): FastifyReply {
  const { t, settings } = visit;
  const kinds = narrowed(visit, signUpKinds(settings));
  const path = visit.request.url.split('?')[0] as string;
  return sendPage(
    visit.reply,
    t,
    {
      title: t('description.create_your_account'),
      body: html`<form method="post" action="${visit.at(path)}">
${identifierField(visit, kinds, typedIn(visit), problem !== undefined)}
${errorLine(problem?.message)}
${mainButton(visit, 'action.create_account')}
</form>
${settings.signInMode === 'SignInAndRegister' && signInKinds(settings).length > 0 && link(visit, 'description.have_account', '/sign-in', 'action.sign_in')}
${terms(visit)}`,
    },
    problem?.status,
  );
}

export function forgotPasswordPage(visit: Visit, problem?: Problem): FastifyReply {
  const { t, settings } = visit;
  const kinds = forgotPasswordKinds(settings);
  const path = visit.request.url.split('?')[0] as string;
  return sendPage(
    visit.reply,
    t,
    {
      title: t('description.reset_password'),
      lead: t('description.reset_password_description').replace(
        /\{\{types[^}]*\}\}/,
        kindNames(visit, kinds),
      ),
      back: visit.at('/sign-in'),
      body: html`<form method="post" action="${visit.at(path)}">
${identifierField(visit, kinds, typedIn(visit), problem !== undefined)}
${errorLine(problem?.message)}
${mainButton(visit, 'action.continue')}
</form>`,
    },
    problem?.status,
  );
}

/** The message for a field that cannot be read, as Logto's forms word it. */
function unreadable(visit: Visit, kinds: IdentifierKind[]): Problem {
  const key = typedIn(visit).trim() === '' ? 'error.general_required' : 'error.general_invalid';
  return { message: visit.t(key).replace(/\{\{types[^}]*\}\}/, kindNames(visit, kinds)), status: 422 };
}

export async function postSignIn(visit: Visit): Promise<FastifyReply> {
  const { settings, fields } = visit;
  const kinds = narrowed(visit, signInKinds(settings));
  const identifier = readIdentifier(fields.identifier ?? '', kinds, fields.countryCode);
  const method = identifier && methodFor(settings, identifier.type);
  if (!identifier || !method) return signInPage(visit, unreadable(visit, kinds));
  if (isPasswordOnly(settings)) return signInWithPassword(visit, identifier, signInPage);
  if (
    identifier.type === 'username' ||
    (method.password && (method.isPasswordPrimary || !method.verificationCode))
  )
    return passwordPage(visit, identifier);
  return startWithCode(visit, 'SignIn', identifier, signInPage);
}

export async function postPasswordPage(visit: Visit): Promise<FastifyReply> {
  const identifier = readIdentifier(visit.fields.identifier ?? '', signInKinds(visit.settings), undefined);
  if (!identifier) return invalidSession(visit);
  if (visit.fields.use === 'code') return startWithCode(visit, 'SignIn', identifier, signInPage);
  return signInWithPassword(visit, identifier, (again, problem) => passwordPage(again, identifier, problem));
}

export async function postRegister(visit: Visit): Promise<FastifyReply> {
  const { settings, fields } = visit;
  const kinds = narrowed(visit, signUpKinds(settings));
  const identifier = readIdentifier(fields.identifier ?? '', kinds, fields.countryCode);
  if (!identifier) return registerPage(visit, unreadable(visit, kinds));
  if (identifier.type !== 'username') return startWithCode(visit, 'Register', identifier, registerPage);
  const call = await startOver(visit, 'Register').catch(() => undefined);
  try {
    if (!call) throw new LogtoError('session.not_found');
    await addToProfile(call, { username: identifier.value });
    await save(call);
    return await identifyAndSubmit(visit, call, undefined);
  } catch (error) {
    return answerElsewhere(visit, error, call) ?? registerPage(visit, problemOf(visit, error as LogtoError));
  }
}

export async function postForgotPassword(visit: Visit): Promise<FastifyReply> {
  const kinds = forgotPasswordKinds(visit.settings);
  const identifier = readIdentifier(visit.fields.identifier ?? '', kinds, visit.fields.countryCode);
  if (!identifier) return forgotPasswordPage(visit, unreadable(visit, kinds));
  return startWithCode(visit, 'ForgotPassword', identifier, forgotPasswordPage);
}
