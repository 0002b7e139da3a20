/** Steps that prove something: one-time codes, passwords, one-time tokens. */
import { findApplication } from '../claims.ts';
import { guardEmail } from '../email-blocklist.ts';
import { assertThat, LogtoError } from '../errors.ts';
import type { Recipient } from '../passcodes.ts';
import { checkPassword, fitsPassword, hashPassword } from '../passwords.ts';
import { pageLanguage } from '../phrases.ts';
import { sendCode } from '../send-code.ts';
import { withSentinel } from '../sentinel.ts';
import { servicesOf } from '../services.ts';
import { newId } from '../tenant.ts';
import { findById, findByIdentifier, guardUnique } from '../users.ts';
import { type Call, save } from './call.ts';
import {
  codeRecordTypes,
  type Identifier,
  type InteractionEvent,
  recordById,
  type VerificationRecord,
  withRecord,
} from './state.ts';

/** Whether a code goes to this kind of identifier to bind it, though people do not sign up with it. */
function bindsSecondFactor({ context, state }: Call, type: Recipient['type']): boolean {
  const { identifiers, secondaryIdentifiers = [] } = context.tenant.signInExperience.signUp;
  const signsUp =
    (identifiers as string[]).includes(type) ||
    (secondaryIdentifiers as { identifier: string }[]).some(
      ({ identifier }) => identifier === type || identifier === 'emailOrPhone',
    );
  return state.userId !== undefined && !signsUp;
}

/** A message to somebody who could do nothing with it would only tell who has an account (verification-code-helpers.ts). */
function mustWithhold(
  { context, state }: Call,
  recipient: Recipient,
  event: InteractionEvent | undefined,
): boolean {
  const unknown = () => findByIdentifier(context.tenant, recipient) === undefined;
  if (event === 'ForgotPassword') return unknown();
  if (event !== 'SignIn' || state.userId !== undefined) return false;
  return context.tenant.signInExperience.signInMode === 'SignIn' && unknown();
}

async function send(
  call: Call,
  record: VerificationRecord,
  event: InteractionEvent | undefined,
): Promise<string> {
  const recipient = record.identifier as Recipient;
  const uiLocales = call.interaction.params.ui_locales;
  const application = findApplication(call.context.tenant, String(call.interaction.params.client_id));
  await sendCode(call.context, {
    owner: record.id,
    template: record.templateType as string,
    recipient,
    scope: call.scope,
    payload: {
      locale: localeOf(call),
      ...(typeof uiLocales === 'string' && uiLocales !== '' && { uiLocales }),
    },
    withhold: mustWithhold(call, recipient, event),
    ip: call.state.signInContext.ip,
    email: application && { application: { id: application.id, name: application.name } },
  });
  call.state = withRecord(call.state, record);
  await save(call);
  return record.id;
}

/** Sends a code to a phone number or email address; the template follows the event in the request (recording 278). */
export async function sendVerificationCode(
  call: Call,
  recipient: Recipient,
  event: InteractionEvent,
): Promise<string> {
  if (event === 'Register' && recipient.type === 'email')
    await guardEmail(call.context.tenant, recipient.value);
  const record: VerificationRecord = {
    id: newId.entity(),
    templateType: bindsSecondFactor(call, recipient.type) ? 'BindMfa' : event,
    verified: false,
    type: codeRecordTypes[recipient.type].plain,
    identifier: recipient,
  };
  return send(call, record, event);
}

/** Sends a code to the number or address of the person who is identified already, as a second factor. */
export async function sendMfaCode(call: Call, type: Recipient['type']): Promise<string> {
  const user = findById(call.context.tenant, call.state.userId);
  assertThat(call.state.userId && user, 'session.identifier_not_found');
  const value = type === 'phone' ? user.primaryPhone : user.primaryEmail;
  assertThat(value, 'session.mfa.mfa_factor_not_enabled');
  const record: VerificationRecord = {
    id: newId.entity(),
    templateType: 'MfaVerification',
    verified: false,
    type: codeRecordTypes[type].mfa,
    identifier: { type, value },
  };
  return send(call, record, undefined);
}

/** Checks a code; an unknown verification id is not counted by the sentinel, everything after it is. */
export async function verifyCode(
  call: Call,
  type: VerificationRecord['type'],
  id: string,
  code: string,
  recipient?: Recipient,
): Promise<string> {
  const { passcodes, sentinel } = servicesOf(call.context);
  const record = recordById(call.state, id, type);
  const claimed = recipient ?? (record.identifier as Recipient);
  await withSentinel(
    {
      sentinel,
      clock: call.context.clock,
      identifier: claimed,
      scope: call.scope,
      languages: call.languages,
    },
    async () => {
      assertThat(code, 'verification_code.not_found');
      passcodes.verify(record.id, record.templateType as string, claimed, code, call.scope);
    },
  );
  call.state = withRecord(call.state, { ...record, verified: true });
  await save(call);
  return record.id;
}

/** @throws LogtoError session.invalid_credentials (422), user.suspended (401) */
export async function verifyPassword(call: Call, identifier: Identifier, password: string): Promise<string> {
  const { sentinel } = servicesOf(call.context);
  await withSentinel(
    {
      sentinel,
      clock: call.context.clock,
      identifier,
      scope: call.scope,
      languages: call.languages,
    },
    async () => {
      const user = findByIdentifier(call.context.tenant, identifier);
      const fits = await fitsPassword(password, user?.passwordHash);
      if (!user || !fits) throw new LogtoError('session.invalid_credentials', { status: 422 });
      assertThat(!user.isSuspended, 'user.suspended', { status: 401 });
    },
  );
  const id = newId.entity();
  call.state = withRecord(call.state, { id, type: 'Password', identifier, verified: true });
  await save(call);
  return id;
}

/** Username and password of somebody new, kept until they are registered with it. */
export async function newPasswordIdentity(
  call: Call,
  identifier: Identifier,
  password: string,
): Promise<string> {
  guardUnique(call.context.tenant, { username: identifier.value });
  await checkPassword(password, call.context.tenant.signInExperience.passwordPolicy, {
    username: identifier.value,
  });
  const id = newId.entity();
  call.state = withRecord(call.state, {
    id,
    type: 'NewPasswordIdentity',
    identifier,
    passwordHash: await hashPassword(password),
  });
  await save(call);
  return id;
}

export async function verifyOneTimeToken(call: Call, identifier: Identifier, token: string): Promise<string> {
  const { oneTimeTokens, sentinel } = servicesOf(call.context);
  const id = newId.entity();
  const { context } = await withSentinel(
    {
      sentinel,
      clock: call.context.clock,
      identifier,
      scope: call.scope,
      languages: call.languages,
    },
    async () => oneTimeTokens.verify(token, identifier.value, call.state.interactionEvent, call.scope),
  );
  call.state = {
    ...withRecord(call.state, {
      id,
      type: 'OneTimeToken',
      identifier,
      verified: true,
      ...(context.jitOrganizationIds && { jitOrganizationIds: context.jitOrganizationIds }),
    }),
    captcha: { ...call.state.captcha, skipped: true },
  };
  await save(call);
  return id;
}

/** The language of messages: `ui_locales`, then Accept-Language, then the tenant's (koa-email-i18n.ts). */
function localeOf({ context, interaction, languages }: Call): string {
  const { autoDetect = true, fallbackLanguage = 'en' } = (context.tenant.signInExperience.languageInfo ??
    {}) as {
    autoDetect?: boolean;
    fallbackLanguage?: string;
  };
  const asked =
    typeof interaction.params.ui_locales === 'string'
      ? interaction.params.ui_locales.split(/\s+/).filter(Boolean)
      : [];
  return pageLanguage([...asked, ...(autoDetect ? languages : [])], fallbackLanguage);
}
