/** One-time tokens of the Management API: made for an email address, used once (recordings 646 to 648). */
import type { Clock } from '../clock.ts';
import { assertThat, LogtoError } from './errors.ts';
import { newId } from './tenant.ts';

/** Seconds that a token is good for when the request names none. */
export const DEFAULT_TOKEN_TTL = 600;
const TOKENS_MAX = 10_000;

export type OneTimeTokenStatus = 'active' | 'consumed' | 'revoked' | 'expired';

export interface OneTimeToken {
  tenantId: 'default';
  id: string;
  email: string;
  token: string;
  context: { jitOrganizationIds?: string[]; interactionEvent?: string };
  status: OneTimeTokenStatus;
  createdAt: number;
  expiresAt: number;
}

export interface OneTimeTokens {
  create(
    input: { email: string; expiresIn?: number; context?: OneTimeToken['context'] },
    scope?: string,
  ): OneTimeToken;
  list(filter: Partial<Pick<OneTimeToken, 'email' | 'status'>>, scope?: string): OneTimeToken[];
  /** @throws LogtoError entity.not_exists_with_id (404) */
  byId(id: string, scope?: string): OneTimeToken;
  setStatus(id: string, status: OneTimeTokenStatus, scope?: string): OneTimeToken;
  remove(id: string): void;
  /**
   * Uses a token up.
   *
   * @throws LogtoError one_time_token.token_not_found (404), email_mismatch, token_expired, token_consumed, token_revoked, interaction_event_mismatch
   */
  verify(token: string, email: string, interactionEvent: string | undefined, scope?: string): OneTimeToken;
}

export function createOneTimeTokens(clock: Clock): OneTimeTokens {
  const tokens = new Map<string, OneTimeToken>();
  const seen = (token: OneTimeToken, scope?: string): OneTimeToken =>
    token.status === 'active' && token.expiresAt < clock.now(scope) ? { ...token, status: 'expired' } : token;
  const held = (id: string): OneTimeToken => {
    const token = tokens.get(id);
    if (!token)
      throw new LogtoError('entity.not_exists_with_id', {
        status: 404,
        values: { name: 'one_time_tokens', id },
      });
    return token;
  };
  return {
    create({ email, expiresIn = DEFAULT_TOKEN_TTL, context = {} }, scope) {
      const now = clock.now(scope);
      const made: OneTimeToken = {
        tenantId: 'default',
        id: newId.entity(),
        email,
        token: newId.secret(),
        context,
        status: 'active',
        createdAt: now,
        expiresAt: now + expiresIn * 1000,
      };
      tokens.set(made.id, made);
      if (tokens.size > TOKENS_MAX) tokens.delete(tokens.keys().next().value as string);
      return made;
    },
    list: ({ email, status }, scope) =>
      [...tokens.values()]
        .filter((token) => (!email || token.email === email) && (!status || token.status === status))
        .map((token) => seen(token, scope))
        .reverse(),
    byId: (id, scope) => seen(held(id), scope),
    setStatus(id, status, scope) {
      assertThat(status !== 'active', 'one_time_token.cannot_reactivate_token');
      held(id).status = status;
      return seen(held(id), scope);
    },
    remove(id) {
      assertThat(tokens.delete(id), 'entity.not_found', { status: 404 });
    },
    verify(token, email, interactionEvent, scope) {
      const found = [...tokens.values()].find((known) => known.token === token);
      if (!found) throw new LogtoError('one_time_token.token_not_found', { status: 404, values: { token } });
      assertThat(found.email === email, 'one_time_token.email_mismatch');
      assertThat(
        found.expiresAt > clock.now(scope) && found.status !== 'expired',
        'one_time_token.token_expired',
      );
      assertThat(found.status !== 'consumed', 'one_time_token.token_consumed');
      assertThat(found.status !== 'revoked', 'one_time_token.token_revoked');
      const wanted = found.context.interactionEvent;
      assertThat(
        !interactionEvent || !wanted || wanted === interactionEvent,
        'one_time_token.interaction_event_mismatch',
      );
      found.status = 'consumed';
      return found;
    },
  };
}
