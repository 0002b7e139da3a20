/** Sessions and grants of people, for managers and for themselves (packages/core routes/admin-user/session.ts, grants.ts, routes/account). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod/v3';
import { findApplication } from '../claims.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guard } from '../guard.ts';
import { sessionExtension } from '../session-extensions.ts';
import { requireFirstParty } from './access.ts';
import { enterAccount, requireProof } from './account-access.ts';
import { accountStateOf } from './account-center.ts';

const revokeQuery = z.object({ revokeGrantsTarget: z.enum(['all', 'firstParty']).optional() });
const grantQuery = z.object({ appType: z.enum(['firstParty', 'thirdParty']).optional() });

type Authorizations = Record<string, { grantId?: string }>;

function sessionsOf(context: LogtoContext, userId: string) {
  return context.artifactsOf('Session', userId).map(({ payload }) => {
    const extension = sessionExtension(context.tenant, String(payload.uid));
    const {
      interactionEvent,
      userId: of,
      verificationRecords,
      signInContext,
    } = extension?.lastSubmission ?? {};
    return {
      expiresAt: Number(payload.exp) * 1000,
      payload,
      lastSubmission: interactionEvent
        ? { interactionEvent, userId: of, verificationRecords, signInContext }
        : null,
      clientId: extension?.clientId ?? null,
      accountId: extension?.accountId ?? null,
    };
  });
}

function grantsOf(context: LogtoContext, userId: string, appType?: 'firstParty' | 'thirdParty') {
  return context.artifactsOf('Grant', userId).flatMap(({ id, payload }) => {
    const application = findApplication(context.tenant, String(payload.clientId));
    if (!application || (appType && application.isThirdParty !== (appType === 'thirdParty'))) return [];
    const expiresAt = Number(payload.exp) * 1000;
    return [{ id, payload, expiresAt, application: { id: application.id, name: application.name } }];
  });
}

/** Revokes a grant and everything that was given for it. */
export async function revokeGrant(context: LogtoContext, grantId: string): Promise<void> {
  const { AccessToken, RefreshToken, AuthorizationCode, DeviceCode, Grant } = context.provider;
  for (const model of [AccessToken, RefreshToken, AuthorizationCode, DeviceCode])
    await model.revokeByGrantId(grantId);
  await (await Grant.find(grantId, { ignoreExpiration: true }))?.destroy();
}

/** @throws LogtoError oidc.session_not_found, oidc.invalid_session_account_id (404) */
async function endSession(context: LogtoContext, userId: string, sessionId: string, query: unknown) {
  const { revokeGrantsTarget: target } = guard('query', revokeQuery, query);
  const session = await context.provider.Session.findByUid(sessionId);
  assertThat(session, 'oidc.session_not_found', { status: 404 });
  assertThat(session.accountId === userId, 'oidc.invalid_session_account_id', { status: 404 });
  for (const [clientId, { grantId }] of Object.entries((session.authorizations ?? {}) as Authorizations)) {
    const own = !findApplication(context.tenant, clientId)?.isThirdParty;
    if (grantId && (target === 'all' || (target === 'firstParty' && own)))
      await revokeGrant(context, grantId);
  }
  await session.destroy();
}

/** @throws LogtoError oidc.invalid_grant (404) */
async function endGrant(context: LogtoContext, userId: string, grantId: string): Promise<void> {
  const grant = await context.provider.Grant.find(grantId, { ignoreExpiration: true });
  assertThat(grant?.accountId === userId, 'oidc.invalid_grant', { status: 404 });
  await revokeGrant(context, grantId);
  // The session forgets the application, and is known by another identifier from now on.
  for (const { payload } of context.artifactsOf('Session', userId)) {
    const authorizations = Object.entries((payload.authorizations ?? {}) as Authorizations);
    const left = authorizations.filter(([, authorization]) => authorization.grantId !== grantId);
    if (left.length === authorizations.length) continue;
    const session = await context.provider.Session.findByUid(String(payload.uid));
    if (!session) continue;
    session.authorizations = Object.fromEntries(left) as never;
    session.resetIdentifier();
    await session.persist();
  }
}

export function registerUserSessions(scope: FastifyInstance, context: LogtoContext): void {
  type OfUser = { Params: { userId: string; sessionId: string; grantId: string } };
  scope.get<OfUser>('/api/users/:userId/sessions', async ({ params }) => ({
    sessions: sessionsOf(context, params.userId),
  }));
  scope.get<OfUser>('/api/users/:userId/sessions/:sessionId', async ({ params }) => {
    const found = sessionsOf(context, params.userId).find(({ payload }) => payload.uid === params.sessionId);
    assertThat(found, 'oidc.session_not_found', { status: 404 });
    return found;
  });
  scope.delete<OfUser>('/api/users/:userId/sessions/:sessionId', async ({ params, query }, reply) => {
    await endSession(context, params.userId, params.sessionId, query);
    return reply.code(204).send();
  });
  scope.get<OfUser>('/api/users/:userId/grants', async ({ params, query }) => ({
    grants: grantsOf(context, params.userId, guard('query', grantQuery, query).appType),
  }));
  scope.delete<OfUser>('/api/users/:userId/grants/:grantId', async ({ params }, reply) => {
    await endGrant(context, params.userId, params.grantId);
    return reply.code(204).send();
  });
}

/** What people see and end of their own. */
export function registerAccountSessions(scope: FastifyInstance, context: LogtoContext): void {
  const enter = async (request: FastifyRequest, toChange: boolean) => {
    const access = await enterAccount(context, request);
    requireProof(context, request, access);
    const control = accountStateOf(context.tenant).center.fields.session;
    if (toChange) assertThat(control === 'Edit', 'account_center.field_not_editable');
    else assertThat(control === 'Edit' || control === 'ReadOnly', 'account_center.field_not_enabled');
    assertThat(access.scopes.has('urn:logto:scope:sessions'), 'auth.unauthorized', { status: 401 });
    if (toChange) requireFirstParty(context, access);
    return access;
  };
  scope.get('/api/my-account/sessions', async (request) => {
    const { userId, sessionUid } = await enter(request, false);
    const sessions = sessionsOf(context, userId);
    return { sessions: sessions.map((one) => ({ ...one, isCurrent: one.payload.uid === sessionUid })) };
  });
  scope.delete<{ Params: { sessionId: string } }>(
    '/api/my-account/sessions/:sessionId',
    async (request, reply) => {
      const { userId } = await enter(request, true);
      await endSession(context, userId, request.params.sessionId, request.query);
      return reply.code(204).send();
    },
  );
  scope.get('/api/my-account/grants', async (request) => {
    const { userId } = await enter(request, false);
    return { grants: grantsOf(context, userId, guard('query', grantQuery, request.query).appType) };
  });
  scope.delete<{ Params: { grantId: string } }>('/api/my-account/grants/:grantId', async (request, reply) => {
    const { userId } = await enter(request, true);
    await endGrant(context, userId, request.params.grantId);
    return reply.code(204).send();
  });
}
