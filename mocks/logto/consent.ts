/** GET /consent: first-party applications are consented to without a page (middleware/koa-auto-consent.ts; recordings 227, 497, 617). */
import type { FastifyInstance } from 'fastify';
import type { Interaction, LogtoContext } from './context.ts';

interface Missing {
  missingOIDCScope?: string[];
  missingOIDCClaims?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

/** Grants what the prompt found missing and tells where the browser goes next. */
async function grantMissing(context: LogtoContext, interaction: Interaction): Promise<string> {
  const { Grant } = context.provider;
  const known = interaction.grantId ? await Grant.find(interaction.grantId) : undefined;
  const grant =
    known ??
    new Grant({ accountId: interaction.session?.accountId, clientId: String(interaction.params.client_id) });
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = interaction.prompt
    .details as Missing;
  if (missingOIDCScope?.length) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims?.length) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return context.finishInteraction(interaction, { consent: { grantId: await grant.save() } });
}

export function registerConsent(app: FastifyInstance, context: LogtoContext): void {
  app.get('/consent', async (request, reply) => {
    const interaction = await context.interactionOf(request.raw, reply.raw);
    const waits = interaction?.prompt.name === 'consent' && interaction.session?.accountId;
    const next = waits
      ? await grantMissing(context, interaction)
      : (context.tenant.signInExperience.unknownSessionRedirectUrl ?? `${context.endpoint}/unknown-session`);
    return sendRedirect(reply, next);
  });
}

const htmlEscape = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] as string,
  );

/** A 302 as Koa writes it, with the address in the body (recording 114). */
export const sendRedirect = (
  reply: {
    code(status: number): { headers(values: Record<string, string>): { send(body: string): unknown } };
  },
  url: string,
) =>
  reply
    .code(302)
    .headers({ location: url, 'content-type': 'text/html; charset=utf-8' })
    .send(`Redirecting to ${htmlEscape(url)}.`);
