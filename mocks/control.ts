/**
 * The control server: how tests, the harness and people steer the mocks and read what they saw.
 *
 * Its own port, so that no path of Logto or Twilio is ever shadowed. It answers loopback hosts only.
 */
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { type FaultName, faults, isExclusive, isFaultName } from './faults.ts';
import type { Journal, JournalQuery } from './journal.ts';
import type { LogtoMock } from './logto/server.ts';
import { LOOPBACK } from './loopback.ts';
import { createPeople, personSchema } from './people.ts';
import type { Scopes } from './scope.ts';
import { chaosSchema } from './twilio/chaos.ts';
import type { TwilioMock } from './twilio/server.ts';

export interface ControlOptions {
  host: string;
  port: number;
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  issuer: LogtoMock;
  carrier: TwilioMock;
  /** Adds routes of the harness, before the server listens. */
  extend?(app: FastifyInstance): void;
}

const faultNames = z.array(
  z.string().refine(isFaultName, { error: (issue) => `there is no fault "${issue.input}"` }),
);
const scopeBody = z.strictObject({
  label: z.string().optional(),
  willArm: faultNames.optional(),
  leaseMs: z.number().positive().optional(),
});
const clockBody = z.strictObject({ seconds: z.number().min(0) });
const journalQuery = z.object({
  scope: z.string().optional(),
  since: z.coerce.number().optional(),
  endpoint: z.string().optional(),
  to: z.enum(['browser', 'app', 'issuer', 'carrier', 'harness']).optional(),
  waitMs: z.coerce.number().max(60_000).optional(),
});
const inboxQuery = z.object({
  to: z.string(),
  since: z.string().optional(),
  waitMs: z.coerce.number().max(60_000).default(5000),
});
const applicationBody = z.looseObject({
  secret: z.string().optional(),
  redirectUris: z.array(z.string()).optional(),
  postLogoutRedirectUris: z.array(z.string()).optional(),
  backchannelLogoutUri: z.string().optional(),
  customClientMetadata: z.record(z.string(), z.unknown()).optional(),
});

/** @returns the server, listening, and its origin */
export async function startControl(
  options: ControlOptions,
): Promise<{ origin: string; app: FastifyInstance }> {
  const { scopes, clock, journal, issuer, carrier } = options;
  const people = createPeople(issuer.context.tenant);
  const app = Fastify({ forceCloseConnections: true });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-conformance-mock', 'control');
    if (!LOOPBACK.test(request.headers.host ?? ''))
      return reply.code(421).send({ message: 'the control server answers loopback hosts only' });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    return reply
      .code(status)
      .send({ message: error instanceof z.ZodError ? z.prettifyError(error) : error.message });
  });

  app.get('/state', async () => ({
    issuer: issuer.issuer,
    issuerOrigin: issuer.origin,
    carrierOrigin: carrier.origin,
    scopes: scopes.all(),
    journal: journal.position,
  }));
  app.get('/faults', async () =>
    Object.entries(faults).map(([name, { title }]) => ({
      name,
      title,
      exclusive: isExclusive(name as FaultName),
    })),
  );

  app.post('/scopes', async (request) => scopes.open(scopeBody.parse(request.body ?? {}) as never));
  app.delete<{ Params: { id: string } }>('/scopes/:id', async ({ params }) => ({
    closed: scopes.close(params.id),
  }));
  app.put<{ Params: { id: string } }>('/scopes/:id/faults', async ({ params, body }) => {
    scopes.arm(params.id, faultNames.parse(body) as FaultName[]);
    return { armed: scopes.get(params.id)?.faults ?? [] };
  });
  app.post<{ Params: { id: string } }>('/scopes/:id/clock', async ({ params, body }) => {
    clock.advance(clockBody.parse(body).seconds, params.id);
    return { now: clock.now(params.id) };
  });
  app.post('/clock', async ({ body }) => {
    clock.advance(clockBody.parse(body).seconds);
    return { now: clock.now() };
  });

  app.get('/journal', async ({ query }) => {
    const { waitMs, ...wanted } = journalQuery.parse(query);
    if (waitMs) await journal.waitFor(wanted as JournalQuery, waitMs);
    return journal.query(wanted as JournalQuery);
  });
  app.get('/journal/stream', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const stop = journal.subscribe((entry) =>
      reply.raw.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`),
    );
    request.raw.on('close', stop);
  });

  app.post('/people', async ({ body }) => people.add(personSchema.parse(body ?? {})));
  app.patch<{ Params: { phone: string } }>('/people/:phone', async ({ params, body }) =>
    people.change(params.phone, personSchema.parse(body ?? {})),
  );

  app.put<{ Params: { id: string } }>('/applications/:id', async ({ params, body }) =>
    issuer.putApplication({ id: params.id, ...applicationBody.parse(body) }),
  );
  app.patch('/sign-in-experience', async ({ body }) =>
    Object.assign(issuer.context.tenant.signInExperience, body),
  );
  app.post('/keys/retire', async () => {
    await issuer.context.retireSigningKeys();
    return { keys: issuer.context.signingKeys.length };
  });
  app.post<{ Params: { type: 'EC' | 'RSA' } }>('/keys/rotate/:type', async ({ params }) => {
    await issuer.context.rotateSigningKey(z.enum(['EC', 'RSA']).parse(params.type));
    return { rotated: params.type };
  });
  /** Sends the connector test message: code 000000 with the Generic template, as Logto's console does. */
  app.post<{ Params: { id: string } }>('/scopes/:id/connector-test', async ({ params, body }) => {
    const { phone } = z.strictObject({ phone: z.string() }).parse(body);
    await issuer.context.sms.send({
      to: phone.replace(/\D/g, ''),
      type: 'Generic',
      payload: { code: '000000' },
      scope: params.id,
    });
    return { sent: true };
  });

  app.get('/inbox', async ({ query }) => {
    const { to, since, waitMs } = inboxQuery.parse(query);
    return carrier.inbox.waitFor({ to, since, limitMs: waitMs });
  });
  app.get('/inbox/messages', async ({ query }) => carrier.inbox.list(query as never));

  /** Seeded chaos of the carrier: `{percent, seed, faults?}`, or null to end it. */
  app.put('/chaos', async ({ body }) => ({
    chaos: carrier.setChaos(
      (body as { percent?: number } | null)?.percent === undefined ? null : chaosSchema.parse(body),
    ),
  }));

  app.post('/reset', async () => {
    scopes.reset();
    clock.reset();
    journal.reset();
    carrier.setChaos(null);
    carrier.inbox.clear();
    return { reset: true };
  });

  options.extend?.(app);
  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return { origin: `http://${options.host}:${port}`, app };
}
