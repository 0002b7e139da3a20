/** /api/hooks: webhooks, their signing keys, tests and logs (packages/core routes/hook.ts). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod/v3';
import type { LogtoContext } from '../context.ts';
import { assertThat, LogtoError } from '../errors.ts';
import { guard, guardBody } from '../guard.ts';
import { byId } from '../rows.ts';
import { newId } from '../tenant.ts';
import { EndpointError, type Hook, newSigningKey, send, webhooksOf } from '../webhooks/deliveries.ts';
import { hookEvents } from '../webhooks/events.ts';
import { samplePayload } from '../webhooks/sample.ts';
import { type ById, drop } from './crud.ts';
import { page } from './paging.ts';

const event = z.enum(hookEvents);
const events = event
  .array()
  .nonempty()
  .transform((all) => [...new Set(all)]);
const config = z.object({
  url: z.string(),
  headers: z.record(z.string()).optional(),
  retries: z.number().gte(0).lte(3).optional(),
});
const name = z.string().min(1).max(256);
const bodies = {
  create: z.object({
    name: name.optional(),
    event: event.optional(),
    events: events.optional(),
    config,
    enabled: z.boolean().optional(),
  }),
  change: z.object({ name, event: event.nullable(), events, config, enabled: z.boolean() }).partial(),
  test: z.object({ events, config }),
};
const time = z.string().regex(/^\d+$/).transform(Number).optional();
const logQuery = z.object({ logKey: z.string().optional(), start_time: time, end_time: time });
const DAY_MS = 86_400_000;

export function registerHooks(scope: FastifyInstance, context: LogtoContext): void {
  const hooks = () => webhooksOf(context.tenant).hooks;
  const logsOf = ({ id }: Hook, since: number) =>
    webhooksOf(context.tenant).logs.filter(
      ({ payload, createdAt }) => payload.hookId === id && createdAt >= since,
    );
  const view = (row: Hook, withStats: boolean) => {
    const { id, name: called, event: only, events: all, config: to, signingKey, enabled, createdAt } = row;
    const logs = withStats ? logsOf(row, Date.now() - DAY_MS) : [];
    const successCount = logs.filter(({ payload }) => payload.result === 'Success').length;
    return {
      tenantId: 'default',
      id,
      name: called,
      event: only,
      events: all,
      config: to,
      signingKey,
      enabled,
      createdAt,
      ...(withStats && { executionStats: { successCount, requestCount: logs.length } }),
    };
  };
  const wantsStats = ({ query }: FastifyRequest) =>
    ['1', 'true', 'y', 'yes', 'yep', 'yeah'].includes(
      String((query as { includeExecutionStats?: string }).includeExecutionStats).toLowerCase(),
    );
  /** @throws LogtoError entity.not_exists (404), as every update of what is not there */
  const toChange = (id: string): Hook => {
    const row = hooks().find((one) => one.id === id);
    assertThat(row, 'entity.not_exists', { status: 404, values: { name: 'hook' } });
    return row;
  };

  scope.get('/api/hooks', async (request, reply) => {
    const rows = [...hooks()].reverse().map((row) => view(row, wantsStats(request)));
    return page(request, reply, rows, true);
  });
  scope.get<ById>('/api/hooks/:id', async (request) =>
    view(byId(hooks(), request.params.id, 'hooks'), wantsStats(request)),
  );
  scope.get<ById>('/api/hooks/:id/recent-logs', async (request, reply) => {
    const { logKey, start_time: start, end_time: end } = guard('query', logQuery, request.query);
    const since = start ?? (end === undefined ? Date.now() - DAY_MS : 0);
    const logs = webhooksOf(context.tenant).logs.filter(
      ({ key, payload, createdAt }) =>
        payload.hookId === request.params.id &&
        createdAt >= since &&
        (end === undefined || createdAt <= end) &&
        (!logKey || key === logKey),
    );
    return page(request, reply, logs.reverse(), false);
  });

  scope.post('/api/hooks', async (request, reply) => {
    const body = guardBody(bodies.create, request);
    assertThat(body.events ?? body.event, 'hook.missing_events');
    const row: Hook = {
      id: newId.entity(),
      name: body.name ?? '',
      event: body.event ?? null,
      events: body.events ?? [],
      config: body.config,
      signingKey: newSigningKey(),
      enabled: body.enabled ?? true,
      createdAt: Date.now(),
    };
    hooks().push(row);
    return reply.code(201).send(view(row, false));
  });
  scope.patch<ById>('/api/hooks/:id', async (request) => {
    const body = guardBody(bodies.change, request);
    return view(Object.assign(toChange(request.params.id), body), false);
  });
  scope.patch<ById>('/api/hooks/:id/signing-key', async ({ params }) =>
    view(Object.assign(toChange(params.id), { signingKey: newSigningKey() }), false),
  );
  scope.delete<ById>('/api/hooks/:id', async ({ params }, reply) => {
    const row = hooks().find(({ id }) => id === params.id);
    assertThat(row, 'entity.not_found', { status: 404 });
    drop(hooks(), row);
    return reply.code(204).send();
  });

  scope.post<ById>('/api/hooks/:id/test', async (request, reply) => {
    const { events: wanted, config: to } = guardBody(bodies.test, request);
    const { id, signingKey } = byId(hooks(), request.params.id, 'hooks');
    const sent = wanted.map((one) => send(to, samplePayload(id, one), signingKey));
    await Promise.all(sent).catch((error: Error) => {
      if (error instanceof EndpointError)
        throw new LogtoError('hook.endpoint_responded_with_error', {
          status: 422,
          data: { responseStatus: error.status, responseBody: error.body },
        });
      throw new LogtoError('hook.send_test_payload_failed', {
        status: 422,
        values: { message: String(error) },
      });
    });
    return reply.code(204).send();
  });
}
