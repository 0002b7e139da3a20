/** The pages that ask for what is missing: username, phone number, email address, a second factor. */
import type { FastifyReply } from 'fastify';
import { LogtoError } from '../errors.ts';
import { save } from '../experience/call.ts';
import { markMfa } from '../experience/mfa.ts';
import { addToProfile } from '../experience/profile.ts';
import { sendVerificationCode } from '../experience/verification.ts';
import type { Recipient } from '../passcodes.ts';
import { errorLine, identifierField, mainButton } from './forms.ts';
import { type Html, html } from './html.ts';
import { type IdentifierKind, readIdentifier } from './identifiers.ts';
import { sendPage } from './layout.ts';
import { answerElsewhere, finish, identifyAndSubmit, messageOf } from './outcomes.ts';
import type { Problem } from './sign-in-steps.ts';
import { goOn, seeOther, type Visit } from './visit.ts';

export type Missing = 'username' | 'phone' | 'email' | 'email-or-phone';

const PAGES: Record<Missing, { kinds: IdentifierKind[]; title: string; lead: string }> = {
  username: {
    kinds: ['username'],
    title: 'description.enter_username',
    lead: 'description.enter_username_description',
  },
  phone: { kinds: ['phone'], title: 'description.link_phone', lead: 'description.link_phone_description' },
  email: { kinds: ['email'], title: 'description.link_email', lead: 'description.link_email_description' },
  'email-or-phone': {
    kinds: ['email', 'phone'],
    title: 'description.link_email_or_phone',
    lead: 'description.link_email_or_phone_description',
  },
};

function askPage(
  visit: Visit,
  kinds: IdentifierKind[],
  title: string,
  lead: string,
  problem?: Problem,
  more?: Html,
): FastifyReply {
  const path = visit.request.url.split('?')[0] as string;
  return sendPage(
    visit.reply,
    visit.t,
    {
      title: visit.t(title),
      lead: visit.t(lead),
      body: html`<form method="post" action="${visit.at(path)}">
${identifierField(visit, kinds, visit.fields.identifier ?? '', problem !== undefined)}
${errorLine(problem?.message)}
${mainButton(visit, 'action.continue')}
</form>${more}`,
    },
    problem?.status,
  );
}

export const continuePage = (visit: Visit, missing: Missing, problem?: Problem): FastifyReply =>
  askPage(visit, PAGES[missing].kinds, PAGES[missing].title, PAGES[missing].lead, problem);

/** The way out of an offered second factor. */
export const mfaBindingPage = (visit: Visit, problem?: Problem): FastifyReply =>
  askPage(
    visit,
    ['phone'],
    'mfa.onboarding',
    'mfa.link_phone_2fa_description',
    problem,
    html`<form class="below" method="post" action="${visit.at('/mfa-binding/skip')}"><p class="lead"><button class="link" type="submit">${visit.t('action.nav_skip')}</button></p></form>`,
  );

/** Takes an identifier that goes with the interaction, proves it by code when it is not a username. */
async function takeIdentifier(
  visit: Visit,
  kinds: IdentifierKind[],
  next: string,
  page: (problem: Problem) => FastifyReply,
): Promise<FastifyReply> {
  const identifier = readIdentifier(visit.fields.identifier ?? '', kinds, visit.fields.countryCode);
  if (!identifier) {
    const key = {
      phone: 'error.invalid_phone',
      email: 'error.invalid_email',
      username: 'error.username_required',
    }[kinds[0] as IdentifierKind];
    return page({ message: visit.t(key), status: 422 });
  }
  const call = await goOn(visit).catch(() => undefined);
  try {
    if (!call) throw new LogtoError('session.not_found');
    if (identifier.type === 'username') {
      await addToProfile(call, { username: identifier.value });
      await save(call);
      return await identifyAndSubmit(visit, call, undefined);
    }
    await sendVerificationCode(call, identifier as Recipient, call.state.interactionEvent);
    return seeOther(visit, visit.at(next));
  } catch (error) {
    return (
      answerElsewhere(visit, error, call) ??
      page({ message: messageOf(visit, error as LogtoError), status: (error as LogtoError).status })
    );
  }
}

export const postContinue = (visit: Visit, missing: Missing): Promise<FastifyReply> =>
  takeIdentifier(visit, PAGES[missing].kinds, '/continue/verification-code', (problem) =>
    continuePage(visit, missing, problem),
  );

export const postMfaBinding = (visit: Visit): Promise<FastifyReply> =>
  takeIdentifier(visit, ['phone'], '/mfa-binding/verification-code', (problem) =>
    mfaBindingPage(visit, problem),
  );

export async function postSkipMfa(visit: Visit): Promise<FastifyReply> {
  const call = await goOn(visit).catch(() => undefined);
  try {
    if (!call) throw new LogtoError('session.not_found');
    await markMfa(call, { mfaSkipped: true, additionalBindingSuggestionSkipped: true });
    return await finish(visit, call);
  } catch (error) {
    // Skipping that is not allowed leads back to the page that asked, with the reason.
    const { code, status } = error as LogtoError;
    if (code === 'session.mfa.mfa_policy_not_user_controlled')
      return mfaBindingPage(visit, { message: messageOf(visit, error as LogtoError), status });
    return (
      answerElsewhere(visit, error, call) ??
      mfaBindingPage(visit, { message: messageOf(visit, error as LogtoError), status })
    );
  }
}
