/** One request to the Experience API: whose interaction it belongs to and what is known of it so far. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Interaction, LogtoContext } from '../context.ts';
import { askedAppId } from '../cookies.ts';
import { LogtoError } from '../errors.ts';
import { acceptedLanguages } from '../phrases.ts';
import { noteInteraction } from '../webhooks/notes.ts';
import { type ExperienceState, type InteractionEvent, newState, stateOf } from './state.ts';

/** Everything a step of the sign-in needs; `state` is replaced, never changed, and kept by `save`. */
export interface Call {
  context: LogtoContext;
  interaction: Interaction;
  request: FastifyRequest;
  scope: string | undefined;
  /** Wanted languages, best first. */
  languages: string[];
  state: ExperienceState;
}

/** @throws LogtoError session.not_found (400) when the browser has no interaction (recording 620), oidc.invalid_request (400) when it is another client's */
export async function openInteraction(
  context: LogtoContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Interaction> {
  const interaction = await context.interactionOf(request.raw, reply.raw);
  if (!interaction) {
    if (askedAppId(request.raw) && (await context.namesOtherClient(request.raw, reply.raw)))
      throw new LogtoError('oidc.invalid_request', {
        more: { error: 'invalid_request', error_description: 'interaction client_id mismatch' },
      });
    throw new LogtoError('session.not_found', {
      more: { error: 'invalid_request', error_description: 'interaction session not found' },
    });
  }
  return interaction;
}

const signInContextOf = ({ ip, headers }: FastifyRequest): Record<string, string> => ({
  ip,
  ...(headers['user-agent'] && { userAgent: headers['user-agent'] }),
});

const call = (
  context: LogtoContext,
  interaction: Interaction,
  request: FastifyRequest,
  state: ExperienceState,
): Call => {
  noteInteraction(request, interaction, state.interactionEvent);
  return {
    context,
    interaction,
    request,
    scope: context.scopeOf(request),
    languages: acceptedLanguages(request),
    state: { ...state, signInContext: signInContextOf(request) },
  };
};

/** @throws LogtoError session.not_found (400), session.interaction_not_found (404) */
export async function openCall(
  context: LogtoContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Call> {
  const interaction = await openInteraction(context, request, reply);
  return call(context, interaction, request, stateOf(interaction.result));
}

/** Starts over with an event: whatever was found out before is gone. */
export const startCall = (
  context: LogtoContext,
  interaction: Interaction,
  request: FastifyRequest,
  event: InteractionEvent,
): Call => call(context, interaction, request, newState(event, {}));

/** Keeps the state with the interaction. */
export async function save(current: Call): Promise<void> {
  current.interaction.result = { ...current.interaction.result, ...current.state } as never;
  await current.context.saveInteraction(current.interaction);
}
