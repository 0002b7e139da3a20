/** One visit to a page: the interaction behind it, its words, its form fields, and the addresses it leads to. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Interaction, LogtoContext } from '../context.ts';
import { LogtoError } from '../errors.ts';
import { type Call, openCall, openInteraction, startCall } from '../experience/call.ts';
import type { InteractionEvent } from '../experience/state.ts';
import { bodyOf } from '../guard.ts';
import { acceptedLanguages } from '../phrases.ts';
import type { SignInExperience } from '../tenant.ts';
import { type Texts, textsFor } from './texts.ts';

export interface Visit {
  context: LogtoContext;
  request: FastifyRequest;
  reply: FastifyReply;
  t: Texts;
  settings: SignInExperience;
  query: Record<string, string>;
  fields: Record<string, string>;
  /** A path with this visit's query, which names the app and the languages. */
  at(path: string): string;
}

const strings = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries((value ?? {}) as object).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

export function openVisit(
  context: LogtoContext,
  request: FastifyRequest,
  reply: FastifyReply,
  interaction: Interaction | undefined,
): Visit {
  const search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  return {
    context,
    request,
    reply,
    t: textsFor(context, request, interaction),
    settings: context.tenant.signInExperience,
    query: strings(request.query),
    fields: request.method === 'POST' ? strings(bodyOf(request)) : {},
    at: (path) => `${path}${search}`,
  };
}

/** Goes on with what the interaction knows. @throws LogtoError session.not_found, session.interaction_not_found */
export const goOn = ({ context, request, reply }: Visit): Promise<Call> => openCall(context, request, reply);

/** Starts over with an event, as Logto's pages do at each first form. */
export async function startOver({ context, request, reply }: Visit, event: InteractionEvent): Promise<Call> {
  return startCall(context, await openInteraction(context, request, reply), request, event);
}

/** Goes on when the interaction is at this event already, else starts over. */
export async function goOnWith(visit: Visit, event: InteractionEvent): Promise<Call> {
  try {
    const call = await goOn(visit);
    if (call.state.interactionEvent === event) return call;
  } catch (error) {
    if (!(error instanceof LogtoError && error.code === 'session.interaction_not_found')) throw error;
  }
  return startOver(visit, event);
}

export const seeOther = ({ reply }: Visit, url: string): FastifyReply =>
  reply.code(303).header('location', url).header('cache-control', 'no-store').send();

const htmlEscape = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A 302 as Koa writes it: HTML or text, as the client accepts (recordings 114, 115). */
export function koaRedirect(request: FastifyRequest, reply: FastifyReply, url: string): FastifyReply {
  const accepts = /text\/html|\*\/\*|text\/\*/.test(request.headers.accept ?? '*/*');
  return reply
    .code(302)
    .headers({
      vary: 'Accept-Encoding',
      location: url,
      'content-type': `text/${accepts ? 'html' : 'plain'}; charset=utf-8`,
    })
    .send(`Redirecting to ${accepts ? htmlEscape(url) : url}.`);
}

export const wantedLanguages = ({ request }: Visit): string[] => acceptedLanguages(request);
