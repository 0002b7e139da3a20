/**
 * Notes of what happened in a request, and the events that are made of them when its answer leaves: of data only when it
 * succeeded, of limits in any case (packages/core middleware/koa-management-api-hooks.ts, koa-experience-interaction-hooks.ts).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findApplication } from '../claims.ts';
import type { Interaction, LogtoContext } from '../context.ts';
import type { LogtoError } from '../errors.ts';
import { userView } from '../management/user-views.ts';
import type { User } from '../tenant.ts';
import { findById } from '../users.ts';
import { trigger } from './deliveries.ts';
import { endOf, eventsByCall, exceptionEvents, type HookEvent } from './events.ts';

interface Note {
  event: HookEvent;
  /** Members of the event's payload. */
  more: Record<string, unknown>;
  /** Whether the call of the Management API is described, too. */
  ofCall: boolean;
}

interface Notes {
  all: Note[];
  /** Users whose interaction came to its end. */
  ended: string[];
  interaction?: { interactionEvent: keyof typeof endOf; sessionId: string; applicationId: string };
}

const kept = new WeakMap<FastifyRequest, Notes>();
function notesOf(request: FastifyRequest): Notes {
  const notes = kept.get(request) ?? { all: [], ended: [] };
  kept.set(request, notes);
  return notes;
}

/** A user as events show one: as the API does, but for what it says of the password. */
const userOf = (user: User) => {
  const { hasPassword: _, ...shown } = userView(user);
  return shown;
};

/** Notes a change of a user, by nobody's call in particular. */
export const noteUser = (request: FastifyRequest, event: HookEvent, user: User): void =>
  void notesOf(request).all.push({ event, more: { data: userOf(user) }, ofCall: false });

/** Notes an event of a call of the Management API. */
export const noteCall = (request: FastifyRequest, event: HookEvent, more: Record<string, unknown>): void =>
  void notesOf(request).all.push({ event, more, ofCall: true });

/** As `noteCall`, for a user who is no more. */
export const noteUserCall = (request: FastifyRequest, event: HookEvent, user: User): void =>
  noteCall(request, event, { data: userOf(user) });

/** As many ids as a payload may list (packages/core libraries/hook/utils.ts). */
const DELTA_MAX = 5000;
/** Who came and who went, without what is empty. */
export const membershipDelta = (delta: Record<string, readonly string[]>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(delta).flatMap(([name, ids]) => (ids.length > 0 ? [[name, ids.slice(0, DELTA_MAX)]] : [])),
  );

/** Notes that somebody became a member while signing in. */
export const noteMembership = (request: FastifyRequest, organizationId: string, userId: string): void =>
  void notesOf(request).all.push({
    event: 'Organization.Membership.Updated',
    more: { organizationId, ...membershipDelta({ addedUserIds: [userId] }) },
    ofCall: false,
  });

/** Notes that a user's interaction ended well. */
export const noteEnd = (request: FastifyRequest, userId: string): void =>
  void notesOf(request).ended.push(userId);

/** Says which interaction a request belongs to. */
export const noteInteraction = (
  request: FastifyRequest,
  interaction: Interaction,
  interactionEvent: keyof typeof endOf,
): void => {
  const applicationId = String(interaction.params.client_id);
  notesOf(request).interaction = { interactionEvent, sessionId: interaction.uid, applicationId };
};

/** Notes the limit that an error stands for, once. */
export function noteError(request: FastifyRequest, { options: { limit } }: LogtoError): void {
  const notes = notesOf(request);
  if (limit && !notes.all.some(({ event }) => event === limit.event))
    notes.all.push({ ...limit, ofCall: false });
}

const described = (request: FastifyRequest, reply: FastifyReply) => ({
  path: (request.url.split('?')[0] as string).replace(/^\/api/, ''),
  method: request.method,
  status: reply.statusCode,
  params: request.params,
  matchedRoute: request.routeOptions.url?.replace(/^\/api/, ''),
});

function flush(context: LogtoContext, request: FastifyRequest, reply: FastifyReply, body: unknown): void {
  const notes = notesOf(request);
  const worked = reply.statusCode < 400;
  const call = `${request.method} ${request.routeOptions.url?.replace(/^\/api/, '')}`;
  const registered = Object.hasOwn(eventsByCall, call) ? eventsByCall[call] : undefined;
  const all: Note[] = [
    ...notes.all,
    ...(registered ? [{ event: registered, more: { data: body }, ofCall: true }] : []),
  ].filter(({ event }) => worked || exceptionEvents.includes(event));
  if (all.length === 0 && !(worked && notes.ended.length > 0)) return;

  const userAgent = request.headers['user-agent'];
  const createdAt = new Date().toISOString();
  const { interaction } = notes;
  const row = interaction && findApplication(context.tenant, interaction.applicationId);
  const application = row && { id: row.id, type: row.type, name: row.name, description: row.description };
  const { tenant, journal } = context;
  if (worked && interaction)
    for (const userId of notes.ended) {
      const user = findById(tenant, userId);
      trigger(tenant, journal, {
        event: endOf[interaction.interactionEvent],
        interactionEvent: interaction.interactionEvent,
        createdAt,
        sessionId: interaction.sessionId,
        userAgent,
        userId,
        userIp: request.ip,
        user: user && userOf(user),
        application,
      });
    }
  for (const { event, more, ofCall } of all)
    trigger(tenant, journal, {
      event,
      createdAt,
      ...interaction,
      userAgent,
      ip: request.ip,
      ...(application && { application }),
      ...(ofCall && described(request, reply)),
      ...more,
    });
}

/** Makes events of the notes of every request of this part of the server. */
export function triggerWebhooks(scope: FastifyInstance, context: LogtoContext): void {
  const bodies = new WeakMap<FastifyRequest, unknown>();
  scope.addHook('preSerialization', async (request, _reply, payload) => {
    bodies.set(request, payload);
    return payload;
  });
  scope.addHook('onSend', async (request, reply) => flush(context, request, reply, bodies.get(request)));
}
