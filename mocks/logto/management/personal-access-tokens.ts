/** /api/users/:userId/personal-access-tokens (packages/core routes/admin-user/personal-access-token.ts). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat } from '../errors.ts';
import { guardBody } from '../guard.ts';
import {
  createPersonalToken,
  personalTokensOf,
  removePersonalToken,
  renamePersonalToken,
} from '../personal-access-tokens.ts';
import { byId } from '../rows.ts';

const name = z.string().min(1).max(256);

export function registerPersonalTokens(scope: FastifyInstance, context: LogtoContext): void {
  type OfUser = { Params: { userId: string; name: string } };
  const path = '/api/users/:userId/personal-access-tokens';
  scope.get<OfUser>(path, async ({ params }) => {
    byId(context.tenant.users.findMany(), params.userId, 'users');
    return personalTokensOf(context.tenant).filter(({ userId }) => userId === params.userId);
  });
  scope.post<OfUser>(path, async (request, reply) => {
    const body = guardBody(z.object({ name, expiresAt: z.number().nullish() }), request);
    const { userId } = request.params;
    const now = context.clock.now(context.scopeOf(request));
    assertThat(!body.expiresAt || body.expiresAt > now, 'request.invalid_input', {
      values: { details: 'The value of `expiresAt` must be in the future.' },
    });
    const known = context.tenant.users.findFirst((q) => q.where((user) => user.id === userId));
    assertThat(known, 'entity.relation_foreign_key_not_found', { status: 404 });
    const row = { userId, name: body.name, expiresAt: body.expiresAt ?? null };
    return reply.code(201).send(createPersonalToken(context.tenant, row, now));
  });
  scope.post<OfUser>(`${path}/delete`, async (request, reply) => {
    const body = guardBody(z.object({ name: z.string() }), request);
    removePersonalToken(context.tenant, request.params.userId, body.name);
    return reply.code(204).send();
  });
  scope.delete<OfUser>(`${path}/:name`, async ({ params }, reply) => {
    removePersonalToken(context.tenant, params.userId, params.name);
    return reply.code(204).send();
  });
  scope.patch<OfUser>(path, async (request) => {
    const body = guardBody(z.object({ name, currentName: z.string().optional() }), request);
    const { userId } = request.params;
    return renamePersonalToken(context.tenant, userId, body.currentName ?? body.name, body.name);
  });
  scope.patch<OfUser>(`${path}/:name`, async (request) => {
    const body = guardBody(z.object({ name }), request);
    const { params } = request;
    return renamePersonalToken(context.tenant, params.userId, params.name, body.name);
  });
}
