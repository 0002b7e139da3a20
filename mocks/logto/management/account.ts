/** What users change of their own account: /api/verifications and /api/my-account (recordings 641 to 645). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { guardEmail } from '../email-blocklist.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { checkPassword, fitsPassword, hashPassword } from '../passwords.ts';
import { EMAIL, PHONE, USERNAME } from '../phones.ts';
import { acceptedLanguages, pageLanguage } from '../phrases.ts';
import { profileGuard } from '../profile-guard.ts';
import { sendCode } from '../send-code.ts';
import { withSentinel } from '../sentinel.ts';
import { servicesOf } from '../services.ts';
import { newId, type User } from '../tenant.ts';
import { findById, updateUser } from '../users.ts';
import { noteUser } from '../webhooks/notes.ts';
import { requireFirstParty, requireUser, type UserAccess } from './access.ts';
import { enterAccount, recordOf, requireProof } from './account-access.ts';
import { type AccountRecord, accountStateOf } from './account-center.ts';
import { accountView, canProve, requireRemaining } from './account-view.ts';

/** A verification record is good for ten minutes (packages/core libraries/verification.ts). */
const RECORD_TTL_MS = 600_000;
const RECORDS_MAX = 10_000;

export function registerAccount(scope: FastifyInstance, context: LogtoContext): void {
  const identifier = z.discriminatedUnion('type', [
    z.object({ type: z.literal('email'), value: z.string().max(256).regex(EMAIL) }),
    z.object({ type: z.literal('phone'), value: z.string().regex(PHONE) }),
  ]);
  const bodies = {
    password: z.object({ password: z.string().min(1) }),
    send: z.object({
      identifier,
      templateType: z.union([z.literal('BindMfa'), z.literal('UserPermissionValidation')]).optional(),
    }),
    verify: z.object({ identifier, verificationId: z.string(), code: z.string() }),
    phone: z.object({ phone: z.string().regex(PHONE), newIdentifierVerificationRecordId: z.string() }),
    email: z.object({ email: z.string().regex(EMAIL), newIdentifierVerificationRecordId: z.string() }),
    profile: z.object({
      name: z.string().nullable().optional(),
      avatar: z.string().url().nullable().optional(),
      username: z.string().regex(USERNAME).nullable().optional(),
      customData: z.record(z.string(), z.unknown()).optional(),
    }),
  };

  const userOf = ({ userId }: UserAccess): User => {
    const user = findById(context.tenant, userId);
    assertThat(user, 'entity.not_found', { status: 404 });
    return user;
  };
  const keep = (record: Omit<AccountRecord, 'expiresAt'>, request: FastifyRequest) => {
    const { records } = accountStateOf(context.tenant);
    const expiresAt = context.clock.now(context.scopeOf(request)) + RECORD_TTL_MS;
    records.set(record.id, { ...record, expiresAt });
    if (records.size > RECORDS_MAX) records.delete(records.keys().next().value as string);
    return { verificationRecordId: record.id, expiresAt: new Date(expiresAt).toISOString() };
  };
  const guarded = <Result>(
    request: FastifyRequest,
    name: { type: string; value: string },
    check: () => Promise<Result>,
  ) =>
    withSentinel(
      {
        sentinel: servicesOf(context).sentinel,
        clock: context.clock,
        identifier: name,
        scope: context.scopeOf(request),
        languages: acceptedLanguages(request),
      },
      check,
    );

  scope.post('/api/verifications/password', async (request, reply) => {
    const access = await requireUser(context, request);
    const { password } = guardBody(bodies.password, request);
    requireFirstParty(context, access);
    await guarded(request, { type: 'userId', value: access.userId }, async () => {
      const user = userOf(access);
      assertThat(await fitsPassword(password, user.passwordHash), 'session.invalid_credentials', {
        status: 422,
      });
      assertThat(!user.isSuspended, 'user.suspended', { status: 401 });
    });
    const record = {
      id: newId.entity(),
      type: 'Password',
      value: access.userId,
      verified: true,
      userId: access.userId,
    } as const;
    return reply.code(201).send(keep(record, request));
  });

  scope.post('/api/verifications/verification-code', async (request, reply) => {
    const access = await requireUser(context, request);
    const { identifier: recipient, templateType } = guardBody(bodies.send, request);
    requireFirstParty(context, access);
    const user = userOf(access);
    const isNew = recipient.value !== (recipient.type === 'phone' ? user.primaryPhone : user.primaryEmail);
    if (isNew && recipient.type === 'email') await guardEmail(context.tenant, recipient.value);
    const template = isNew ? 'BindNewIdentifier' : (templateType ?? 'UserPermissionValidation');
    const id = newId.entity();
    const { fallbackLanguage = 'en' } = (context.tenant.signInExperience.languageInfo ?? {}) as {
      fallbackLanguage?: string;
    };
    await sendCode(context, {
      owner: id,
      template,
      recipient,
      scope: context.scopeOf(request),
      payload: { locale: pageLanguage(acceptedLanguages(request), fallbackLanguage) },
    });
    const { type, value } = recipient;
    return reply
      .code(201)
      .send(
        keep(
          { id, type, value, templateType: template, verified: false, userId: isNew ? undefined : user.id },
          request,
        ),
      );
  });

  scope.post('/api/verifications/verification-code/verify', async (request) => {
    const access = await requireUser(context, request);
    const { identifier: recipient, verificationId, code } = guardBody(bodies.verify, request);
    requireFirstParty(context, access);
    const record = recordOf(context, verificationId, request);
    assertThat(record?.type === recipient.type, 'verification_record.not_found');
    await guarded(request, recipient, async () => {
      assertThat(code, 'verification_code.not_found');
      servicesOf(context).passcodes.verify(
        record.id,
        record.templateType as string,
        recipient,
        code,
        context.scopeOf(request),
      );
    });
    record.verified = true;
    return { verificationRecordId: record.id };
  });

  const enter = (request: FastifyRequest) => enterAccount(context, request);
  const prove = (request: FastifyRequest, access: UserAccess) => requireProof(context, request, access);
  const requireField = (field: string): void =>
    assertThat(
      accountStateOf(context.tenant).center.fields[field] === 'Edit',
      'account_center.field_not_editable',
    );
  const change = async (request: FastifyRequest, { userId }: UserAccess, columns: Partial<User>) => {
    const now = context.clock.now(context.scopeOf(request));
    const user = await updateUser(context.tenant, userId, columns, now);
    noteUser(request, 'User.Data.Updated', user);
    return user;
  };
  const bind = async (
    request: FastifyRequest,
    access: UserAccess,
    type: 'phone' | 'email',
    value: string,
    recordId: string,
  ) => {
    prove(request, access);
    requireField(type);
    assertThat(access.scopes.has(type), 'auth.unauthorized');
    requireFirstParty(context, access);
    if (type === 'email') await guardEmail(context.tenant, value);
    const record = recordOf(context, recordId, request);
    assertThat(
      record?.type === type && record.verified && record.value === value,
      'verification_record.not_found',
    );
    await change(request, access, type === 'phone' ? { primaryPhone: value } : { primaryEmail: value });
  };

  scope.get('/api/my-account', async (request) => {
    const access = await enter(request);
    return accountView(userOf(access), access.scopes, accountStateOf(context.tenant).center.fields);
  });
  scope.patch('/api/my-account', async (request) => {
    const access = await enter(request);
    const body = guardBody(bodies.profile, request);
    for (const field of Object.keys(body)) requireField(field);
    assertThat(access.scopes.has('profile'), 'auth.unauthorized');
    assertThat(body.customData === undefined || access.scopes.has('custom_data'), 'auth.unauthorized');
    requireFirstParty(context, access);
    if (body.username !== undefined) prove(request, access);
    if (body.username === null) requireRemaining(userOf(access), { username: null });
    return accountView(
      await change(request, access, body),
      access.scopes,
      accountStateOf(context.tenant).center.fields,
    );
  });
  scope.post('/api/my-account/primary-phone', async (request, reply) => {
    const access = await enter(request);
    const { phone, newIdentifierVerificationRecordId: id } = guardBody(bodies.phone, request);
    await bind(request, access, 'phone', phone, id);
    return reply.code(204).send();
  });
  scope.post('/api/my-account/primary-email', async (request, reply) => {
    const access = await enter(request);
    const { email, newIdentifierVerificationRecordId: id } = guardBody(bodies.email, request);
    await bind(request, access, 'email', email, id);
    return reply.code(204).send();
  });
  for (const type of ['phone', 'email'] as const) {
    const member = type === 'phone' ? 'primaryPhone' : 'primaryEmail';
    scope.delete(`/api/my-account/primary-${type}`, async (request, reply) => {
      const access = await enter(request);
      prove(request, access);
      requireField(type);
      assertThat(access.scopes.has(type), 'auth.unauthorized');
      requireFirstParty(context, access);
      requireRemaining(userOf(access), { [member]: null });
      await change(request, access, { [member]: null });
      return reply.code(204).send();
    });
  }
  scope.patch('/api/my-account/profile', async (request) => {
    const access = await enter(request);
    const body = guardBody(profileGuard, request);
    requireField('profile');
    assertThat(access.scopes.has('profile'), 'auth.unauthorized');
    assertThat(body.address === undefined || access.scopes.has('address'), 'auth.unauthorized');
    requireFirstParty(context, access);
    const { profile } = await change(request, access, { profile: { ...userOf(access).profile, ...body } });
    const { address, ...rest } = profile as { address?: unknown };
    return { ...rest, ...(access.scopes.has('address') && { address }) };
  });
  scope.post('/api/my-account/password', async (request, reply) => {
    const access = await enter(request);
    const { password } = guardBody(bodies.password, request);
    requireFirstParty(context, access);
    const user = userOf(access);
    if (canProve(user)) prove(request, access);
    requireField('password');
    await checkPassword(password, context.tenant.signInExperience.passwordPolicy, {
      name: user.name ?? undefined,
      username: user.username ?? undefined,
      email: user.primaryEmail ?? undefined,
      phoneNumber: user.primaryPhone ?? undefined,
    });
    const same = user.passwordHash ? await fitsPassword(password, user.passwordHash) : false;
    assertThat(!same, 'user.same_password', { status: 422 });
    await change(request, access, { passwordHash: await hashPassword(password) });
    return reply.code(204).send();
  });
}
