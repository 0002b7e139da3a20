/**
 * The Management API of the Logto mock: the part that connector and app authors meet, and what users change themselves.
 *
 * Source: packages/core/src/routes; recordings 001 to 034, 177 to 182, 318 to 338, 387, 627 to 672.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import { apiRoutes } from '../api-routes.ts';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import { accountNotServed, managementNotServed, registerNotServed } from '../not-served.ts';
import { createSubjectToken, SUBJECT_TOKEN_TTL } from '../subject-tokens.ts';
import { findById } from '../users.ts';
import { triggerWebhooks } from '../webhooks/notes.ts';
import { requireManager } from './access.ts';
import { registerAccount } from './account.ts';
import { registerAccountCenter, registerPublicAccountCenter } from './account-center.ts';
import { registerApplicationExtras } from './application-extras.ts';
import { registerApplications } from './applications.ts';
import { registerConnectors } from './connectors.ts';
import { registerHooks } from './hooks.ts';
import { registerInvitations } from './invitations.ts';
import { registerOrganizationJit } from './organization-jit.ts';
import { registerOrganizationTemplate } from './organization-template.ts';
import { registerOrganizations } from './organizations.ts';
import { registerPersonalTokens } from './personal-access-tokens.ts';
import { registerRoles } from './roles.ts';
import { registerAccountSessions, registerUserSessions } from './sessions.ts';
import { registerPublicSettings, registerSignInExperience } from './sign-in-experience.ts';
import {
  registerConfigs,
  registerOneTimeTokens,
  registerResources,
  registerVerificationCodes,
} from './tenant-config.ts';
import { registerUserConsent } from './user-consent.ts';
import { registerUsers } from './users.ts';

/** Adds the routes of the Management API. */
export async function registerManagement(app: FastifyInstance, context: LogtoContext): Promise<void> {
  await apiRoutes(app, {}, (scope) => {
    triggerWebhooks(scope, context);
    scope.addHook('preHandler', async (request) => void (await requireManager(context, request)));
    for (const register of [
      registerConnectors,
      registerApplications,
      registerSignInExperience,
      registerUsers,
      registerRoles,
      registerOrganizations,
      registerOrganizationTemplate,
      registerInvitations,
      registerResources,
      registerConfigs,
      registerOneTimeTokens,
      registerVerificationCodes,
      registerAccountCenter,
      registerHooks,
      registerUserSessions,
      registerPersonalTokens,
      registerOrganizationJit,
      registerApplicationExtras,
      registerUserConsent,
    ]) {
      register(scope, context);
    }
    registerNotServed(scope, managementNotServed);
    scope.post('/api/subject-tokens', async (request, reply) => {
      const body = z.object({ userId: z.string(), context: z.record(z.string(), z.unknown()).optional() });
      const { userId } = guardBody(body, request);
      const found = findById(context.tenant, userId);
      assertThat(found, 'entity.relation_foreign_key_not_found', { status: 404 });
      const subjectToken = createSubjectToken(context.tenant, userId, context.clock.now(undefined));
      return reply.code(201).send({ subjectToken, expiresIn: SUBJECT_TOKEN_TTL });
    });
  });
  await apiRoutes(app, { crossOrigin: true }, (scope) => {
    triggerWebhooks(scope, context);
    registerAccount(scope, context);
    registerAccountSessions(scope, context);
    registerNotServed(scope, accountNotServed);
  });
  await apiRoutes(app, {}, (scope) => {
    registerPublicSettings(scope, context);
    registerPublicAccountCenter(scope, context);
  });
}
