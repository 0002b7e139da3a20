/**
 * Logto's envelope around the OAuth errors of the engine: `code, message, error_uri?` in front (facts:
 * middleware/koa-oidc-error-handler.ts; recordings 123–136, 402–463, 611, 676).
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import { acceptedLanguages, errorLanguage, phrase } from './phrases.ts';

const ERROR_URIS: Record<string, string> = { invalid_grant: 'https://openid.sh/debug/invalid_grant' };

/** Descriptions of the engine's SessionNotFound errors. */
const SESSION_NOT_FOUND =
  /^(authorization request has expired|(interaction |authorization )?session .*(not found|mismatch|changed)|interaction session .*|session not found)$/;

interface OAuthError {
  error: string;
  error_description?: string;
  [member: string]: unknown;
}

const isOAuthError = (body: unknown): body is OAuthError =>
  typeof body === 'object' && body !== null && typeof (body as OAuthError).error === 'string';

/** @returns the body that Logto sends for an OAuth error */
export function errorEnvelope(body: OAuthError, languages: readonly string[]): Record<string, unknown> {
  const code = SESSION_NOT_FOUND.test(body.error_description ?? '')
    ? 'session.not_found'
    : `oidc.${body.error}`;
  const language = errorLanguage(languages);
  const known = phrase('errors', language, code);
  const message =
    known === code ? phrase('errors', language, 'oidc.provider_error_fallback', { code }) : known;
  const uri = ERROR_URIS[body.error];
  return { code, message, ...(uri && { error_uri: uri }), ...body };
}

/**
 * Wraps the engine's JSON errors, and answers for routes it does not know (recording 677).
 * `?parse_error=false` asks for them as they are (recording 676).
 */
export async function wrapOAuthErrors(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next().catch((error: Error) => {
    // The engine has answered already, and stumbles over a session that was never stored when it tidies up.
    if (!/^persist can only be called/.test(error.message) || ctx.status >= 500) throw error;
  });
  if (ctx.status === 404 && ctx.body === undefined) {
    const description = `unrecognized route or not allowed method (${ctx.method} on ${ctx.path})`;
    ctx.body = { error: 'invalid_request', error_description: description };
    ctx.status = 404;
  }
  if (ctx.status >= 400 && isOAuthError(ctx.body) && ctx.query.parse_error !== 'false') {
    ctx.body = errorEnvelope(ctx.body, acceptedLanguages(ctx.request as never));
  }
}
